"""Spanish, which came as data alone: who to whom and how surely, when, how many; the tables stand beside this file."""

import datetime
from pathlib import Path

import pytest

from articles.extract import Article, extract
from articles.extract.dates import find_dates
from articles.extract.lexicon import Lexicon, load_lexicon
from articles.extract.quantities import find_quantities
from articles.extract.text import language_of

PUBLISHED = datetime.date(2024, 5, 15)
TITLE = "Noruega entrega diez tanques a Perú"
ARTICLE = "\n\n".join(
    [
        TITLE,
        "LIMA, 14 de mayo (Agencia Andes) - Noruega entregó el lunes diez tanques Leopard 2 a Perú, informó el "
        "Ministerio de Defensa peruano.",
        "“El envío de munición comenzará en julio”, dijo la ministra noruega de Defensa, Anne Lund. Añadió que ambos "
        "países negocian la venta de obuses.",
        "Bolivia negó haber pedido misiles a Noruega.",
    ]
)


def _lines(table: str):
    for line in Path(__file__).with_name(f"{table}_es.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line


def _transfers():
    for line in _lines("transfers"):
        told, text = line.split(" | ", 1)
        events = set()
        for event in told.split("; ") if told != "-" else []:
            parties, category, stage, modality = event.rsplit(" ", 3)
            events.add((*parties.split(">"), category, stage, modality))
        yield pytest.param(events, text, id=text)


def _dates():
    for line in _lines("date_phrases"):
        marked, *days = line.split(" | ")
        phrase = marked[marked.index("{") + 1 : marked.index("}")] if days else None
        first, last = (None if day == "-" else datetime.date.fromisoformat(day) for day in days or "--")
        yield pytest.param(
            marked.replace("{", "").replace("}", ""), [(phrase, first, last)] if phrase else [], id=marked
        )


def _quantities():
    for line in _lines("quantity_phrases"):
        marked, *values = line.split(" | ")
        wanted = []
        if values:
            phrase = marked[marked.index("{") + 1 : marked.index("}")]
            least, most = (None if value == "-" else int(value) for value in values[:2])
            wanted = [(phrase, least, most, *values[2:])]
        yield pytest.param(marked.replace("{", "").replace("}", ""), wanted, id=marked)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_the_tables_are_broad():
    assert [len(list(rows())) >= least for rows, least in ((_transfers, 100), (_dates, 40), (_quantities, 30))] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(("events", "text"), [*_transfers()])
def test_transfer(events, text, lexicon):
    read = {
        (event.supplier.code if event.supplier else "-", event.recipient.code, category, event.stage, event.modality)
        for event in extract(Article(text, language="es", published=datetime.date(2026, 6, 1)), lexicon)
        for category in {item.category for item in event.materiel} or {"unspecified"}
    }
    assert read == events


@pytest.mark.parametrize(("sentence", "wanted"), [*_dates()])
def test_date(sentence, wanted):
    found = find_dates(sentence, PUBLISHED, "es")
    assert [(date.text, date.first, date.last) for date in found] == wanted


@pytest.mark.parametrize(("sentence", "wanted"), [*_quantities()])
def test_quantity(sentence, wanted):
    found = find_quantities(sentence, "es")
    assert [(one.text, one.min, one.max, one.unit, one.qualifier) for one in found] == wanted


def test_a_whole_article_carries_its_sides_and_names_its_sources(lexicon):
    events = extract(Article(ARTICLE, title=TITLE, published=PUBLISHED), lexicon)
    told = [
        (event.supplier.code, event.recipient.code, event.materiel[0].category, event.stage, event.modality)
        for event in events
    ]
    assert told == [
        ("NO", "PE", "armoured_vehicles", "delivery", "asserted"),
        ("NO", "PE", "ammunition", "shipment", "planned"),
        ("NO", "PE", "artillery", "talks", "asserted"),
        ("NO", "BO", "missiles", "request", "denied"),
    ]
    tanks, rounds = events[:2]
    assert (tanks.quantity.min, tanks.date.first) == (10, datetime.date(2024, 5, 13))
    assert tanks.attribution.institution.text == "Ministerio de Defensa peruano"
    assert (rounds.attribution.speaker.text, rounds.date.first) == ("Anne Lund", datetime.date(2024, 7, 1))
    for event in events:
        for span in event.evidence:
            assert ARTICLE[span.start : span.end] == span.text


def test_an_article_without_its_language_is_recognised():
    assert language_of(ARTICLE).code == "es"


def test_words_that_only_look_alike_after_folding_keep_their_reading(lexicon):
    """ "dé" is no "de", and a noun with an accent is told from the verb by the article before it."""
    [event] = extract(Article("El envío de misiles de Irán a Rusia inquieta a Kiev.", language="es"), lexicon)
    assert event.stage_span.text == "envío"
