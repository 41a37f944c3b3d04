"""Phrases of every form that numbers of things take in news texts; the tables stand beside this file."""

from pathlib import Path

import pytest

from articles.extract.numerals import read_numeral
from articles.extract.quantities import find_quantities


def _number(text: str) -> int | None:
    return None if text == "-" else int(text)


def _rows(language: str):
    """`(language, sentence, [(phrase, min, max, unit, qualifier), …])` of a table."""
    for line in Path(__file__).with_name(f"quantity_phrases_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        marked, *values = line.split(" | ")
        phrases = [piece.split("}")[0] for piece in marked.split("{")[1:]]
        wanted = [
            (phrase, _number(least), _number(most), unit, qualifier)
            for phrase, (least, most, unit, qualifier) in zip(
                phrases, (values[i : i + 4] for i in range(0, len(values), 4)), strict=True
            )
        ]
        yield pytest.param(language, marked.replace("{", "").replace("}", ""), wanted, id=marked)


def test_the_tables_are_broad():
    assert all(len(list(_rows(language))) >= 80 for language in ("en", "id"))


@pytest.mark.parametrize(("language", "sentence", "wanted"), [*_rows("en"), *_rows("id")])
def test_phrase(language, sentence, wanted):
    found = find_quantities(sentence, language)
    assert [(one.text, one.min, one.max, one.unit, one.qualifier) for one in found] == wanted
    for one in found:
        assert sentence[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "1,500", 1500),
        ("en", "1.5 million", 1_500_000),
        ("en", "1.500", 1500),
        ("en", "1,234,567", 1_234_567),
        ("en", "two hundred thousand", 200_000),
        ("en", "ninety-nine", 99),
        ("id", "1.500", 1500),
        ("id", "1,5 juta", 1_500_000),
        ("id", "1,500", 1500),
        ("id", "1.234.567", 1_234_567),
        ("id", "dua ratus ribu", 200_000),
        ("id", "sembilan puluh sembilan", 99),
        ("id", "seratus dua puluh lima ribu", 125_000),
        ("id", "dua ribu tiga ratus", 2300),
    ],
)
def test_numerals_follow_the_separators_and_words_of_the_language(language, text, value):
    numeral = read_numeral(text, 0, language)
    assert numeral is not None
    assert (numeral.value, numeral.end) == (value, len(text))


def test_offsets_are_code_points_of_the_text_as_given():
    text = "İİ 🚀 Mereka membeli enam kapal selam."
    [one] = find_quantities(text, "id")
    assert (one.start, one.end) == (text.index("enam"), text.index(" kapal"))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12",
        "12 ",
        "1.",
        "1,,2",
        "$",
        "-5 tanks",
        "² tanks",
        "٣ tanks",
        "3-",
        "half",
        "12 tanks",
        "1" * 500,
        "1," * 500,
    ],
)
def test_nothing_odd_breaks_it(language, text):
    for one in find_quantities(text, language):
        assert text[one.start : one.end] == one.text
