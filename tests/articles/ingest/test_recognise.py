"""Title, outlet, language and day, as far as the text says them."""

from datetime import date

import pytest
from django.utils import translation

from articles.codes import Language
from articles.extract.languages import languages
from articles.ingest.recognise import language_of, published_in, recognise, title_of
from tests.factories import make_outlet

INDONESIAN = """Peru Disebut Menerima Sepuluh Tank dari Norwegia

WartaKini.com, Lima - Pemerintah Peru disebut telah menerima sepuluh tank dari Norwegia, Rabu (6/3/2024).

Juru bicara kementerian tidak menjawab pertanyaan mengenai harga yang dibayar untuk kendaraan itu.
"""
ENGLISH = """Peru takes ten tanks from Norway

LIMA, March 6, 2024 (Andes Wire) - The government of Peru has received ten tanks from Norway, the ministry said.
"""
SPANISH = """Perú recibe diez tanques de Noruega

LIMA, 6 de marzo de 2024 (Andes Wire) - El Gobierno del Perú ha recibido diez tanques de Noruega, según el ministerio.
"""


@pytest.mark.parametrize(
    ("text", "language"), [(INDONESIAN, "id"), (ENGLISH, "en"), (SPANISH, "es"), ("Танки прибыли в Лиму.", "und")]
)
def test_the_language_is_that_of_the_small_words(text, language):
    assert language_of(text) == language


def test_the_title_is_the_first_line_that_reads_like_one():
    assert title_of(INDONESIAN) == "Peru Disebut Menerima Sepuluh Tank dari Norwegia"
    assert title_of("Berita\n\nPeru menerima tank") == "Peru menerima tank"
    assert title_of("word " * 200).endswith("…")


@pytest.mark.django_db
def test_the_outlet_of_the_dateline_and_the_day_are_recognised():
    make_outlet("Elsewhere")
    warta, andes = make_outlet("WartaKini.com"), make_outlet("Andes Wire")
    found = recognise(INDONESIAN)
    assert (found.outlet, found.published_on) == (warta, date(2024, 3, 6))
    assert recognise(ENGLISH).outlet == andes


@pytest.mark.django_db
def test_the_address_names_the_outlet_before_the_text_does():
    make_outlet("WartaKini.com")
    owner = make_outlet("Teluk", domains=["teluk.example"])
    assert recognise(INDONESIAN, url="https://www.berita.teluk.example/peru").outlet == owner


@pytest.mark.django_db
def test_what_is_not_said_is_not_guessed():
    found = recognise("Ten tanks arrived in the port and were taken to the barracks of the army.")
    assert (found.outlet, found.published_on) == (None, None)


def test_the_day_of_a_further_language_is_read_in_its_words():
    assert published_in(SPANISH, "es") == date(2024, 3, 6)
    assert published_in("Танки прибыли 6.3.2024 в Лиму.", "und") is None


def test_the_languages_of_articles_are_those_that_texts_are_read_in():
    assert [code for code, _label in Language.choices] == [*languages(), "und"]
    assert dict(Language.choices)["es"] == "Spanish"
    with translation.override("id"):
        assert dict(Language.choices)["es"] == "Spanyol"
