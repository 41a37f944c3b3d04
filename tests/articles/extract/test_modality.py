"""How surely sentences of our own say what they say; the tables stand beside this file."""

from datetime import date
from pathlib import Path

import pytest

from articles.extract import Article, extract

VALUES = {"asserted", "alleged", "planned", "potential", "denied", "no_evidence"}


def _rows(language: str):
    for line in Path(__file__).with_name(f"modality_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            modality, sentence = line.split(" | ", 1)
            yield pytest.param(language, modality, sentence, id=sentence)


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tables_are_broad(language):
    rows = [row.values for row in _rows(language)]
    assert len(rows) >= 150
    assert {modality for _, modality, _ in rows} == VALUES


@pytest.mark.parametrize(("language", "modality", "sentence"), [*_rows("en"), *_rows("id")])
def test_one_sentence(language, modality, sentence, small_lexicon):
    events = extract(Article(sentence, language=language, published=date(2024, 5, 14)), small_lexicon)
    assert {event.modality for event in events} == {modality}
    for event in events:
        span = event.modality_span
        assert span is None or sentence[span.start : span.end] == span.text
