"""Sentences: never split at an abbreviation, a decimal point or inside a quotation that goes on."""

import re
from collections.abc import Iterable
from functools import cache

from articles.extract.languages import Language, Words

_STOP = re.compile(r"([.!?…]+)([\"'”’»)\]]*)(\s+|(?=[\"“”]?[A-ZÀ-Þ][a-zà-ÿ]))")
_LAST_WORD = re.compile(r"(?:.*[\s\"“”'‘’(\[])?([^\s\"“”'‘’(\[]+)$", re.DOTALL)
_FIRST_WORD = re.compile(r"[\"“]?(\w+)")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]$")
MOST = 1500


@cache
def abbreviations(language: Language) -> frozenset[str]:
    """Words, in lower case, whose final point ends no sentence."""
    return frozenset(row["form"].rstrip(".").lower() for row in language.rows("abbreviations"))


def sentences(text: str, lines: Iterable[tuple[int, int]], language: Language) -> list[tuple[int, int]]:
    """[start, end) of every sentence of the given lines, without the blanks around it."""
    found = []
    for line_start, line_end in lines:
        start = line_start
        for stop in _STOP.finditer(text, line_start, line_end):
            if stop.end() >= line_end:
                break
            if _goes_on(text, start, stop, language):
                continue
            found.append((start, stop.end(2)))
            start = stop.end()
        found.append((start, line_end))
    return [trimmed for span in found if (trimmed := _trim(text, *span))]


def _goes_on(text: str, start: int, stop: re.Match[str], language: Language) -> bool:
    following = text[stop.end() : stop.end() + 1]
    if following.islower() or following in ",;:)–-":
        return True
    if stop.group(1) == "." and not stop.group(2):
        word = _LAST_WORD.match(text, max(start, stop.start() - 30), stop.start())
        if word:
            bare = word[1]
            if (
                not stop.group(3)
                and "." not in bare
                and not bare.islower()
                and len(bare) < (3 if bare.isupper() else 4)
            ):
                return True
            if bare.lower() in abbreviations(language):
                return True
            if _INITIALS.match(bare) and (len(bare) == 1 or not _starts_sentence(text, stop.end(), language)):
                return True
    return False


_BEGINNINGS = Words("openers of a sentence")


def _starts_sentence(text: str, at: int, language: Language) -> bool:
    """After "U.S." only a word that cannot follow it inside a sentence begins a new one."""
    word = _FIRST_WORD.match(text, at, at + 30)
    return word is not None and word.group(1) in _BEGINNINGS[language]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
