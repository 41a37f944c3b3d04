"""The day and the number of one event, among the other days and numbers of its sentence; the tables stand beside."""

from datetime import date
from pathlib import Path

import pytest

from articles.extract import Article, extract

PUBLISHED = date(2024, 5, 14)


def _rows(language: str):
    for line in Path(__file__).with_name(f"slots_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            first, last, least, text = line.split(" | ", 3)
            days = (None, None) if first == "-" else (date.fromisoformat(first), date.fromisoformat(last))
            yield pytest.param(language, days, None if least == "-" else int(least), text, id=text)


@pytest.mark.parametrize(("language", "days", "least", "text"), [*_rows("en"), *_rows("id")])
def test_one_event(language, days, least, text, small_lexicon):
    (event,) = extract(Article(text, language=language, published=PUBLISHED), small_lexicon)
    assert ((event.date.first, event.date.last) if event.date else (None, None)) == days
    assert (event.quantity.min if event.quantity else None) == least
