"""Plain lists of words that rules ask for ("after which words is a trigger a noun?"), kept as data."""

import csv
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).resolve().parent.parent / "reference" / "word_lists.csv"


@cache
def _lists() -> dict[str, frozenset[str]]:
    with _LISTS.open(encoding="utf-8", newline="") as file:
        return {row["list"]: frozenset(row["words"].split("|")) for row in csv.DictReader(file)}


def word_list(name: str) -> frozenset[str]:
    """The words of one list. KeyError where word_lists.csv does not have it."""
    return _lists()[name]


def alternatives(name: str) -> str:
    """The words of one list as alternatives of a regular expression, the longest first."""
    return "|".join(sorted(word_list(name), key=lambda word: (-len(word), word)))
