"""Who to whom, what and at which stage, read with the whole reference lexicon; the tables stand beside this file."""

from datetime import date
from pathlib import Path

import pytest

from articles.extract import Article, extract
from articles.extract.lexicon import Lexicon, load_lexicon

PUBLISHED = date(2026, 6, 1)


def _rows(language: str):
    """`(language, events, text)` of a table; an event is `(supplier, recipient, category, stage)`."""
    for line in Path(__file__).with_name(f"transfers_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        told, text = line.split(" | ", 1)
        events = set()
        for event in told.split("; ") if told != "-" else []:
            parties, category, stage = event.rsplit(" ", 2)
            events.add((*parties.split(">"), category, stage))
        yield pytest.param(language, frozenset(events), text, id=text)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_the_tables_are_broad():
    assert all(len(list(_rows(language))) >= 150 for language in ("en", "id"))


@pytest.mark.parametrize(("language", "events", "text"), [*_rows("en"), *_rows("id")])
def test_transfer(language, events, text, lexicon):
    read = {
        (event.supplier.code if event.supplier else "-", event.recipient.code, category, event.stage)
        for event in extract(Article(text, language=language, published=PUBLISHED), lexicon)
        for category in {item.category for item in event.materiel} or {"unspecified"}
    }
    assert read == events
