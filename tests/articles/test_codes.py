"""The codes and what they are called."""

import pytest
from django.utils.translation import override

from articles.codes import Category, Modality, Stage
from articles.models import ExtractedEvent
from tracker.models import Claim, Transfer


@pytest.mark.parametrize("model", [Claim, ExtractedEvent])
def test_a_code_is_shown_in_the_language_of_the_reader(model):
    row = model(stage="order", modality=Modality.DENIED, category="aircraft")
    for language in ("en", "id"):
        with override(language):
            assert row.get_stage_display() == str(Stage.ORDER.label)
            assert row.get_modality_display() == str(Modality.DENIED.label)
            assert row.get_category_display() == str(Category.AIRCRAFT.label)


def test_what_is_no_code_is_shown_as_it_is():
    assert Transfer(stage="").get_stage_display() == ""
    assert Transfer(status="unheard").get_status_display() == "unheard"


def test_a_code_is_shown_as_django_shows_it():
    for model, names in (
        (Transfer, ("stage", "outlook", "status", "category", "credibility")),
        (Claim, ("credibility",)),
    ):
        for name in names:
            field = model._meta.get_field(name)
            for value, _label in field.choices:
                row = model(**{name: value})
                assert getattr(row, f"get_{name}_display")() == row._get_FIELD_display(field)
