"""The day of a visit, a meeting or a fair that is named again: what was asked for there was asked for on that day."""

import re
from collections.abc import Sequence
from datetime import date

from articles.extract.clauses import Sentence
from articles.extract.events import EventDate
from articles.extract.languages import Pattern, Words
from articles.extract.slots import dates_of, of_noun, of_saying

REACH = 8
_OCCASION = Pattern(r"\b(?:«occasions»)\b", re.I)
_WENT = Pattern(r"\b(?:«verbs of an occasion»)\b", re.I)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]{2,}")
_NAMED = 60
_TITLES = Words("titles and openers")


def occasion_day(sentences: Sequence[Sentence], own: int, before: int, published: date | None) -> EventDate | None:
    """The date of the occasion that a sentence names in front of `before`, from an earlier one with the same people."""
    sentence = sentences[own]
    named = _OCCASION[sentence.language].search(sentence.text, sentence.start, before)
    if named is None:
        return None
    people = _people(sentence, *named.span(), sentence.language.head_first)
    forms = [(_OCCASION, True), (_WENT, False)] + ([] if sentence.language.head_first else [(_OCCASION, False)])
    for earlier in reversed(sentences[max(0, own - REACH) : own]) if people else ():
        for form, behind in forms:
            for other in form[sentence.language].finditer(earlier.text, earlier.start, earlier.end):
                same = people & _people(earlier, *other.span(), behind)
                if same and (found := _nearest(earlier, *other.span(), published)):
                    return found
    return None


def _people(sentence: Sentence, start: int, end: int, behind: bool) -> set[str]:
    """The names beside an occasion, behind it or before, without titles and without the names of states."""
    own = sentence.language
    span = (end, min(sentence.end, end + _NAMED)) if behind else (max(sentence.start, start - _NAMED), start)
    states = {(side.start, side.end) for group in sentence.groups for side in group.sides if side.actor.kind == "state"}
    return {
        re.sub(r"['’]s?$", "", name[0])
        for name in _NAME.finditer(sentence.text, *span)
        if name[0] not in _TITLES[own] and not any(begin <= name.start() < stop for begin, stop in states)
    }


def _nearest(sentence: Sentence, start: int, end: int, published: date | None) -> EventDate | None:
    """The date behind the occasion that says when it was, else the one before it, with no trigger between."""
    days = [
        day
        for day in dates_of(sentence, published)
        if day.first is not None
        and not of_saying(sentence, day.start, day.end)
        and not of_noun(sentence, day.start, day.end)
        and not any(min(end, day.end) <= frame.start < max(start, day.start) for frame in sentence.frames)
    ]
    behind = [day for day in days if day.start >= end]
    return behind[0] if behind else days[-1] if days else None
