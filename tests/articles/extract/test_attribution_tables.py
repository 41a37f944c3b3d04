"""Who says it, for which body, by way of which outlet: sentences of our own, in the tables beside this file."""

from datetime import date
from pathlib import Path

import pytest

from articles.extract import Article, extract


def _rows(language: str):
    for line in Path(__file__).with_name(f"attribution_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            *wanted, text = line.split(" | ", 3)
            yield pytest.param(language, wanted, text, id=text)


def test_the_tables_are_broad():
    assert all(len(list(_rows(language))) >= 60 for language in ("en", "id"))


@pytest.mark.parametrize(("language", "wanted", "text"), [*_rows("en"), *_rows("id")])
def test_source(language, wanted, text, small_lexicon):
    events = extract(Article(text, language=language, published=date(2024, 5, 14)), small_lexicon)
    said = max(events, key=lambda event: event.evidence[0].start).attribution
    sources = (said.speaker, said.institution, said.relayed_by) if said else (None, None, None)
    assert [source.text if source else "-" for source in sources] == wanted
    for source in sources:
        assert source is None or text[source.start : source.end] == source.text
