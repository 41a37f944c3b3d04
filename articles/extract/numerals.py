"""Numerals of English and Indonesian, in digits and in words, read as numbers.

The words stand in `articles/reference/number_words.csv`:

- `number` twenty, sebelas; `scale` hundred, ribu (what it multiplies by)
- `plural` dozens, ribuan (the least number that it may mean)
- `counted` the nouns that are counted as materiel, with the unit they are counted in
- `other` the nouns that are not (people, states, money, time, measures)
- `label` the words before a number that only names something (resolution 1718, Block 52)
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "id")
_TABLE = Path(__file__).resolve().parent.parent / "reference" / "number_words.csv"


def _plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith(("s", "x", "ch", "sh")) or not noun[-1].isalpha():
        return (noun,)
    if noun.endswith("y") and noun[-2] not in "aeou":
        return noun, noun[:-1] + "ies"
    return noun, noun + "s"


def _read_table() -> dict[str, dict[str, dict[str, str]]]:
    """`{language: {kind: {word: value}}}`, words in lower case, English nouns with their plurals."""
    table: dict[str, dict[str, dict[str, str]]] = {language: {} for language in LANGUAGES}
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            language, kind, word = row["language"], row["kind"], row["word"].lower()
            nouns = _plurals(word) if language == "en" and kind in ("counted", "other", "measure") else (word,)
            for noun in nouns:
                table[language].setdefault(kind, {}).setdefault(noun, row["value"])
    return table


_WORDS = _read_table()


def words(language: str, kind: str) -> dict[str, str]:
    """The words of one kind, in lower case, each with its value."""
    return _WORDS[language][kind]


NUMBERS = {language: {word: int(value) for word, value in words(language, "number").items()} for language in LANGUAGES}
SCALES = {language: {word: int(value) for word, value in words(language, "scale").items()} for language in LANGUAGES}
PLURALS = {language: {word: int(value) for word, value in words(language, "plural").items()} for language in LANGUAGES}


class Numeral(NamedTuple):
    """A number as read: its value, where it ends, its last scale word (1 without one), and whether in digits."""

    value: float
    end: int
    scale: int
    digits: bool


_DIGITS = {
    "en": re.compile(r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d+)?(?![\d,])|\d{1,12}(?:[.,]\d{1,12})?(?!\d)"),
    "id": re.compile(r"\d{1,3}(?:\.\d{3}){1,4}(?:,\d+)?(?![\d.]\d)|\d{1,12}(?:[.,]\d{1,12})?(?!\d)"),
}


def _choice(options) -> str:
    return "|".join(sorted(map(re.escape, options), key=len, reverse=True))


_SCALE = {
    language: re.compile(rf"[ \u00a0-]?[ \u00a0]*({_choice(SCALES[language])})(?!\w)", re.IGNORECASE)
    for language in LANGUAGES
}
_WORDED = {
    "en": re.compile(
        rf"(?:(?:half[ ]an?|an?)[ ](?={_choice(SCALES['en'])})|(?:half[ ]))?"
        rf"(?:{_choice({**NUMBERS['en'], **SCALES['en']})})(?!\w)"
        rf"(?:(?:[ -]|[ ]and[ ](?<=hundred and ))(?:{_choice({**NUMBERS['en'], **SCALES['en']})})(?!\w))*",
        re.IGNORECASE,
    ),
    "id": re.compile(
        rf"(?:setengah[ ])?(?:{_choice({**NUMBERS['id'], **SCALES['id']})})(?!\w)"
        rf"(?:[ ](?:{_choice({**NUMBERS['id'], **SCALES['id']})})(?!\w))*",
        re.IGNORECASE,
    ),
}


def _worded_value(phrase: str, language: str) -> float:
    """The value of a numeral in words: `twenty-four`, `seratus dua puluh lima ribu`."""
    total = group = 0.0
    half = False
    for word in re.findall(r"[^\W\d_]+", phrase.lower()):
        if word in ("half", "setengah"):
            half = True
        elif word == "belas":
            group += 10
        elif word == "puluh":
            group += (group % 10 or 1) * 9
        elif word in SCALES[language]:
            scale = SCALES[language][word]
            if scale < 1000:
                group = (group or 1) * scale if group < scale else group - group % 100 + (group % 100 or 1) * scale
            else:
                total += (group or 1) * scale
                group = 0
        elif word in NUMBERS[language]:
            group += NUMBERS[language][word]
    return (total + group) / 2 if half else total + group


def read_numeral(text: str, position: int, language: str) -> Numeral | None:
    """The numeral that starts at `position`, or None.

    Separators follow the language (1,500 in English is 1.500 in Indonesian); one separator with three digits after it
    and no scale word is read as thousands in both, for outlets mix them.
    """
    if text[position].isdigit():
        found = _DIGITS[language].match(text, position)
        if not found:
            return None
        digits = found[0]
        end = found.end()
        scaled = _SCALE[language].match(text, end)
        scale = SCALES[language][scaled[1].lower()] if scaled else 1
        thousands, decimal = (",", ".") if language == "en" else (".", ",")
        if not scaled and re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
            return Numeral(int(re.sub(r"\D", "", digits)), end, 1, True)
        if digits.count(thousands) == 1 and not re.search(rf"{re.escape(thousands)}\d\d\d(?!\d)", digits):
            thousands, decimal = decimal, thousands
        value = float(digits.replace(thousands, "").replace(decimal, "."))
        if scaled:
            value, end = round(value * scale, 3), scaled.end()
            again = _SCALE[language].match(text, end)
            if again:
                value, end, scale = value * SCALES[language][again[1].lower()], again.end(), scale
        return Numeral(value, end, scale, True)
    found = _WORDED[language].match(text, position)
    if not found:
        return None
    last = re.findall(r"[^\W\d_]+", found[0].lower())[-1]
    return Numeral(_worded_value(found[0], language), found.end(), SCALES[language].get(last, 1), False)
