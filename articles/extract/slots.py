"""The date of one event, out of all that its sentence holds."""

import re
from datetime import date
from functools import lru_cache

from articles.extract.clauses import Sentence
from articles.extract.dates import FoundDate, find_dates
from articles.extract.events import EventDate
from articles.extract.languages import Language, Pattern
from articles.extract.readings import Reading


@lru_cache(maxsize=64)
def _dates(text: str, published: date | None, language: Language) -> tuple[FoundDate, ...]:
    return tuple(find_dates(text, published, language))


def dates_of(sentence: Sentence, published: date | None) -> list[EventDate]:
    """Every date of a sentence, in its order."""
    offset, text = sentence.start, sentence.text
    return [
        EventDate(one.first, one.last, one.precision, one.text, one.start + offset, one.end + offset)
        for one in _dates(text[sentence.start : sentence.end], published, sentence.language)
    ]


# What is done on one day and lasts: "has banned arms since 2014" says when the ban was made.
_DONE_ONCE = frozenset({"request", "order", "agreement", "sanction", "halted", "cancelled"})
_DECIDED = _DONE_ONCE - {"request"}
_ANNOUNCING = Pattern(r"\b(?:«announcing»)\b", re.I)
_SINCE = Pattern(r"\b(?:«since in front of a clause»)\s[^.;,:()]*$", re.I)


def event_date(sentence: Sentence, reading: Reading, stage: str, published: date | None) -> EventDate | None:
    """The date nearest to the frame, leaving out the one that says when somebody spoke.

    A decision that is announced is taken to fall on the day of the announcement where no other day is told.
    """
    offset = sentence.start
    best: tuple[int, EventDate] | None = None
    announced: EventDate | None = None
    for found in _dates(sentence.text[sentence.start : sentence.end], published, sentence.language):
        start, end = found.start + offset, found.end + offset
        if start >= reading.end or of_noun(sentence, start, end):
            continue
        if of_saying(sentence, start, end) and not _of_both(sentence, start, found):
            if announced is None and stage in _DECIDED and found.first is not None and _is_news(sentence, start, end):
                announced = _as_said(sentence, found, found.last)
            continue
        distance = min(
            sentence.words_between(end, reading.mark.start) if end <= reading.mark.start else 99,
            sentence.words_between(reading.mark.end, start) if start >= reading.mark.end else 99,
        )
        if best is None or distance < best[0]:
            best = (distance, _as_said(sentence, found, _last(sentence, found, stage, published)))
    return best[1] if best else announced


def _last(sentence: Sentence, found: FoundDate, stage: str, published: date | None) -> date | None:
    """The last day of an event: what lasts goes on from "since 2019", and from "since it was attacked in May"."""
    if stage in _DONE_ONCE:
        return found.since or found.last
    start = found.start + sentence.start
    over = found.first is not None and published is not None and found.first <= published
    lasts = over and _SINCE[sentence.language].search(sentence.text, max(sentence.start, start - 90), start)
    return published if lasts else found.last


def _as_said(sentence: Sentence, found: FoundDate, last: date | None) -> EventDate:
    start, end = found.start + sentence.start, found.end + sentence.start
    precision = "precise" if found.first is not None and found.first == last else "imprecise"
    return EventDate(found.first, last, precision, sentence.text[start:end], start, end)


def _is_news(sentence: Sentence, start: int, end: int) -> bool:
    return bool(_ANNOUNCING[sentence.language].search(sentence.text, max(sentence.start, start - 60), end + 60))


def _of_both(sentence: Sentence, start: int, found: FoundDate) -> bool:
    """ "Late last year Berlin said that …": a stretch so long holds the statement and what it tells of."""
    long = found.first is not None and found.last is not None and (found.last - found.first).days >= _LONG
    return long and sentence.words_between(sentence.start, start) == 0


_LONG = 80
_DATED = Pattern(r"(?:«things with a day»)\s+$", re.I)
_NOUN = Pattern(r"\s+(?!(?:«no noun behind a day»)\b)[A-Za-z]")
_IN_THE = Pattern(r"(?:«in the») (?=\w+ )", re.I)


def of_noun(sentence: Sentence, start: int, end: int) -> bool:
    """The day of another thing, that it is a part of the name of: "an Oct. 13 report", "serangan 7 Oktober"."""
    own = sentence.language
    named = _DATED[own].search(sentence.text, max(sentence.start, start - 12), start)
    if own.head_first:
        return named is not None
    dated = named is not None or _IN_THE[own].match(sentence.text, start, end) is not None
    numbered = any(char.isdigit() for char in sentence.text[start:end])
    return dated and numbered and _NOUN[own].match(sentence.text, end) is not None


_THAT = Pattern(r"\b(?:«that»)\b|[\"“”]")


def of_saying(sentence: Sentence, start: int, end: int) -> bool:
    """The day of the statement, not of the event: "said on Tuesday", "kata Kirby, Selasa (5/9)"."""
    for mark, value in sentence.words_in(sentence.start, sentence.end, "speech"):
        if value == "to":
            continue
        if mark.end <= start:
            gap = sentence.gap(mark.end, start)
            if (
                sentence.words_between(mark.end, start) <= 8
                and not _THAT[sentence.language].search(gap)
                and not _told(sentence, mark.end, start)
            ):
                return True
        elif end <= mark.start and not _told(sentence, end, mark.start):
            opening = sentence.words_between(sentence.start, start) <= 1
            near = sentence.words_between(end, mark.start)
            if near <= (14 if opening else 4) and (opening or "," not in sentence.gap(end, mark.start)):
                return True
    return False


def _told(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= frame.start < end for frame in sentence.frames)
