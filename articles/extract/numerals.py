"""Numerals, in digits and in words, read as numbers.

The words stand in `articles/reference/number_words.csv`:

- `number` twenty, sebelas; `scale` hundred, ribu (what it multiplies by); `teen` belas, `tens` puluh (behind a number)
- `half` half, setengah; `article` a (before a scale); `joiner` and, y (its value: the words that it may follow)
- `plural` dozens, ribuan (the least number that it may mean); `below` what it stays below before a scale,
  `always below` and without one; `plural scale` the scale behind it, `of plural` the word between
- `few` several (before a `few of`, dozen, with the least that both mean; `few of scale` may follow)
- `counted` the nouns that are counted as materiel, with the unit they are counted in
- `other` the nouns that are not (people, states, money, time, measures)
- `label` the words before a number that only names something (resolution 1718, Block 52)
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from articles.extract.alternatives import compiled
from articles.extract.languages import Language, any_of, known

_LETTERS = re.compile(r"[^\W\d_]+")
_ONE_MARK = re.compile(r"\d{1,3}[.,]\d{3}")
_INFLECTED = ("counted", "other", "measure")


@dataclass(frozen=True, slots=True, eq=False)
class NumberWords:
    """The number words of one language, in lower case and by kind, and the patterns made of them."""

    language: Language
    words: dict[str, dict[str, str]]
    numbers: dict[str, int]
    scales: dict[str, int]
    digits: re.Pattern[str]
    scale: re.Pattern[str]
    worded: re.Pattern[str]

    def of(self, kind: str) -> dict[str, str]:
        """The words of one kind, each with its value; none where the language has none."""
        return self.words.get(kind, {})

    def values(self, kind: str) -> dict[str, int]:
        return {word: int(value) for word, value in self.of(kind).items()}


class Numeral(NamedTuple):
    """A number as read: its value, where it ends, its last scale word (1 without one), and whether in digits."""

    value: float
    end: int
    scale: int
    digits: bool


@cache
def number_words(language: Language) -> NumberWords:
    """The rows of number_words.csv of one language, nouns with their plurals."""
    table: dict[str, dict[str, str]] = {}
    for row in language.rows("number_words"):
        kind, word = row["kind"], row["word"].lower()
        inflected = language.marks_plural and kind in _INFLECTED
        for noun in _plurals(word, language) if inflected else (word,):
            table.setdefault(kind, {}).setdefault(noun, row["value"])
    numbers = {word: int(value) for word, value in table.get("number", {}).items()}
    scales = {word: int(value) for word, value in table.get("scale", {}).items()}
    thousands, decimal = (re.escape(mark) for mark in _marks(language))
    return NumberWords(
        language,
        table,
        numbers,
        scales,
        re.compile(
            rf"\d{{1,3}}(?:{thousands}\d{{3}}){{1,4}}(?:{decimal}\d+)?(?![\d{thousands}]\d)|\d{{1,12}}(?:[.,]\d{{1,12}})?(?!\d)"
        ),
        compiled(rf"[ \u00a0-]?[ \u00a0]*({any_of(scales)})(?!\w)", re.IGNORECASE),
        _worded(table),
    )


def words(language: str | Language, kind: str) -> dict[str, str]:
    """The words of one kind, in lower case, each with its value."""
    return number_words(known(language)).of(kind)


def _plurals(noun: str, language: Language) -> tuple[str, ...]:
    if not noun[-1].isalpha():
        return (noun,)
    return tuple(dict.fromkeys((noun, pluralised(noun, language))))


def pluralised(word: str, language: Language) -> str:
    """The regular plural of a word by the language's endings; the word itself where none fits."""
    for ending, plural in language.plurals:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + plural
    return word


def _marks(language: Language) -> tuple[str, str]:
    """The marks of thousands and of decimals."""
    return (",", ".") if language.thousands == "," else (".", ",")


def _worded(table: dict[str, dict[str, str]]) -> re.Pattern[str]:
    number = any_of({**table.get("number", {}), **table.get("scale", {})})
    scale, half, article = (any_of(table.get(kind, {})) for kind in ("scale", "half", "article"))
    joined = "|".join(["[ ]", *(_joiner(word, after) for word, after in table.get("joiner", {}).items())])
    return compiled(
        rf"(?:(?:(?:{half})[ ])?(?:{article})[ ](?={scale})|(?:{half})[ ])?"
        rf"(?:{number})(?!\w)(?:(?:{joined})(?:{number})(?!\w))*",
        re.IGNORECASE,
    )


def _joiner(word: str, after: str) -> str:
    """ "-" anywhere, "and" only behind "hundred", "y" only behind the tens."""
    if not word[0].isalpha():
        return re.escape(word)
    behind = "|".join(rf"(?<={re.escape(one)}[ ]{re.escape(word)}[ ])" for one in after.split("|"))
    return rf"[ ]{re.escape(word)}[ ](?:{behind})"


def _worded_value(phrase: str, known_words: NumberWords) -> float:
    """The value of a numeral in words: `twenty-four`, `seratus dua puluh lima ribu`."""
    total = group = 0.0
    half = False
    for word in _LETTERS.findall(phrase.lower()):
        if word in known_words.of("half"):
            half = True
        elif word in known_words.of("teen"):
            group += 10
        elif word in known_words.of("tens"):
            group += (group % 10 or 1) * 9
        elif word in known_words.scales:
            scale = known_words.scales[word]
            if scale < 1000:
                group = (group or 1) * scale if group < scale else group - group % 100 + (group % 100 or 1) * scale
            else:
                total += (group or 1) * scale
                group = 0
        elif word in known_words.numbers:
            group += known_words.numbers[word]
    return (total + group) / 2 if half else total + group


def read_numeral(text: str, position: int, language: str | Language) -> Numeral | None:
    """The numeral that starts at `position`, or None.

    Separators follow the language (1,500 in English is 1.500 in Indonesian); one separator with three digits after it
    and no scale word is read as thousands in both, for outlets mix them.
    """
    own = number_words(known(language))
    if text[position].isdigit():
        found = own.digits.match(text, position)
        if not found:
            return None
        digits = found[0]
        end = found.end()
        scaled = own.scale.match(text, end)
        scale = own.scales[scaled[1].lower()] if scaled else 1
        thousands, decimal = _marks(own.language)
        if not scaled and _ONE_MARK.fullmatch(digits):
            return Numeral(int(re.sub(r"\D", "", digits)), end, 1, True)
        if digits.count(thousands) == 1 and not re.search(rf"{re.escape(thousands)}\d\d\d(?!\d)", digits):
            thousands, decimal = decimal, thousands
        value = float(digits.replace(thousands, "").replace(decimal, "."))
        if scaled:
            value, end = round(value * scale, 3), scaled.end()
            again = own.scale.match(text, end)
            if again:
                value, end, scale = value * own.scales[again[1].lower()], again.end(), scale
        return Numeral(value, end, scale, True)
    found = own.worded.match(text, position)
    if not found:
        return None
    last = _LETTERS.findall(found[0].lower())[-1]
    return Numeral(_worded_value(found[0], own), found.end(), own.scales.get(last, 1), False)
