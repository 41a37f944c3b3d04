"""What quantities are counted in, in the reader's language."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from articles.extract.numerals import words
from tracker import units
from tracker.review.forms import UnitField
from tracker.templatetags.figures import amount


def test_every_unit_that_the_extractor_counts_in_has_a_name():
    counted = {unit for language in ("en", "id") for unit in words(language, "counted").values()}
    assert len(counted) > 30
    assert counted - units.UNITS.keys() == {"unit"}


@pytest.mark.parametrize(
    ("low", "high", "unit", "english", "indonesian"),
    [
        (1, 1, "missile", "1 missile", "1 rudal"),
        (400, 400, "missile", "400 missiles", "400 rudal"),
        (1, 2, "submarine", "1–2 submarines", "1–2 kapal selam"),
        (5000, None, "weapon", "5,000+ weapons", "5.000+ senjata"),
        (None, 1, "aircraft", "≤ 1 aircraft", "≤ 1 pesawat"),
        (12, 12, "unit", "12", "12"),
        (12, 12, "", "12", "12"),
        (3, 3, "widget", "3 widget", "3 widget"),
        (None, None, "missile", "", ""),
    ],
)
def test_an_amount_names_its_unit(low, high, unit, english, indonesian):
    row = SimpleNamespace(quantity_min=low, quantity_max=high, quantity_unit=unit)
    for language, written in (("en", english), ("id", indonesian)):
        with translation.override(language):
            assert amount(row) == written


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_unit_that_a_form_shows_is_read_back_as_the_same_one(language):
    field = UnitField(required=False)
    with translation.override(language):
        for unit in (*units.UNITS, "unit", "widget", ""):
            assert field.clean(field.prepare_value(unit)) == unit


def test_a_form_shows_and_reads_units_in_the_language_of_the_reader():
    field = UnitField(required=False)
    with translation.override("id"):
        assert field.prepare_value("missile") == "rudal"
        assert field.clean(" Kapal selam ") == "submarine"
        assert field.clean("missile") == "missile"
    with translation.override("en"):
        assert field.prepare_value("missile") == "missile"
        assert field.clean("Missiles") == "missile"
        assert field.clean("rudal") == "rudal"
