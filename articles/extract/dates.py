"""Dates of events as news texts word them, resolved against the day of publication.

A date is what the words say and no more: "in July" is the whole month, "late last year" October to December, "recently"
words without days. An open side is closed by the publication: "since 2019" runs up to it, "by 2027" from it on.
"""

import datetime
import re
from dataclasses import dataclass, replace

from articles.extract.date_forms import grammar
from articles.extract.date_rules import Answer, Context, group
from articles.extract.days import Days
from articles.extract.languages import Language, Words, known

_TOKEN = re.compile(r"[^\W_]+")
_EARLIEST, _LATEST = datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)
_DAY = datetime.timedelta(days=1)
_ENDS = Words("ends of a stretch")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """Words that say when.

    `first` and `last` are the days they cover, both included; None where no day follows from the words, or where one
    side stays open because the publication is not known. `precision` is 'precise' for exactly one day, else
    'imprecise'. `basis` names the rule that read them. `since` is the last day of the stretch named behind "since",
    None without that word. `start` and `end` are code points of the text.
    """

    start: int
    end: int
    text: str
    first: datetime.date | None
    last: datetime.date | None
    precision: str
    basis: str
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class _Point:
    """A date by itself, without what stands before it (in, since) or joins it to another (to, and)."""

    match: re.Match[str]
    days: Days | None
    basis: str
    lead: re.Match[str] | None


def find_dates(text: str, published: datetime.date | None, language: str | Language) -> list[FoundDate]:
    """The dates of a text in its order, none overlapping, each as long as its words go."""
    if published and not _EARLIEST <= published < _LATEST:
        published = None
    language = known(language)
    rules = grammar(language).rules
    found: list[FoundDate] = []
    floor = 0
    anchor: Days | None = None
    for token in _TOKEN.finditer(text):
        word = token[0]
        if not (word in rules or word[0] in "0123456789") or token.start() < floor:
            continue
        point = _point(text, token.start(), word, published, language, floor, anchor=anchor)
        date = point and _with_its_surroundings(text, point, published, language, floor)
        if date:
            found.append(date)
            floor = date.end
            anchor = (date.first, date.last) if date.first and date.last else None
    return found


def _point(
    text: str,
    start: int,
    word: str,
    published: datetime.date | None,
    language: Language,
    floor: int,
    joined: bool = False,
    anchor: Days | None = None,
) -> _Point | None:
    """The longest date that begins exactly at `start`, with `word`."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "-_/$€£¥" and start > floor):
        return None
    forms = grammar(language)
    best: _Point | None = None
    context: Context | None = None
    for rule in forms.rules_of(word):
        match = rule.pattern.match(text, start)
        if not match or (best and match.end() <= best.match.end()):
            continue
        if context is None:
            context = Context(text, start, published, language, forms.lead(text, start, floor), joined, anchor)
        answer = rule.resolve(match, context)
        if answer is Answer.WORDS_ONLY:
            best = _Point(match, None, rule.basis, context.lead)
        elif not isinstance(answer, Answer):
            best = _Point(match, answer, rule.basis, context.lead)
    return best


def _with_its_surroundings(
    text: str, point: _Point, published: datetime.date | None, language: Language, floor: int
) -> FoundDate | None:
    lead = point.lead
    start = lead.start() if lead and not group(lead, "only") else point.match.start()
    end, joined = point.match.end(), grammar(language).join.match(text, point.match.end())
    if joined:
        word = _TOKEN.match(text, joined.end())
        other = word and _point(text, word.start(), word[0], published, language, word.start(), joined=True)
        days = other and _range(point, other)
        listed = group(joined, "and") and not (lead and group(lead, "between"))
        if other and days and not (listed and not _adjoin(point, other)):
            return _found(text, start, other.match.end(), days[0], days[1], "range")
    if point.basis == "now":
        return None
    if point.days is None:
        return _found(text, start, end, None, None, point.basis)
    ends = point.basis == "year end" or group(point.match, "part") in _ENDS[language]
    first, last = _closed(lead, point.days, published, ends)
    found = _found(text, start, end, first, last, point.basis)
    return replace(found, since=point.days[1]) if lead and lead["since"] else found


def _adjoin(one: _Point, other: _Point) -> bool:
    """Whether one date ends where the other begins: "in November or December" is both months."""
    if one.days is None or other.days is None:
        return False
    return datetime.timedelta() < other.days[0] - one.days[1] <= _DAY


def _range(one: _Point, other: _Point) -> Days | None:
    """From the first day of one date to the last of the other; a month without its year takes it from the other."""
    if one.days is None or other.days is None:
        return None
    first, last = one.days[0], other.days[1]
    if _lacks_year(one) and group(other.match, "y"):
        first = _in_year(first, last.year)
        first = first if first <= last else _in_year(first, last.year - 1)
    elif _lacks_year(other) and last < first:
        last = _in_year(last, first.year)
        last = last if first <= last else _in_year(last, first.year + 1)
    return (first, last) if first <= last else None


def _lacks_year(point: _Point) -> bool:
    return bool(group(point.match, "mon")) and not any(group(point.match, name) for name in ("y", "y2", "yrel"))


def _in_year(day: datetime.date, year: int) -> datetime.date:
    """The same day of another year; 29 February becomes the 28th where there is none."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _closed(
    lead: re.Match[str] | None, days: Days, published: datetime.date | None, ends: bool = False
) -> tuple[datetime.date | None, datetime.date | None]:
    """The days that a date with its preposition covers (since, by, before, after); before an end is up to it."""
    first, last = days
    if lead is None:
        return days
    if group(lead, "since") or group(lead, "after"):
        begin = last + _DAY if group(lead, "after") else first
        if published is None:
            return begin, None
        if lead["after"] and begin > published:
            return begin, None
        return (begin, published) if begin <= published else (begin, max(begin, last))
    if (group(lead, "by") or group(lead, "before") and ends) and published and last >= published:
        return published, last
    if group(lead, "before"):
        return (published if published and published < first else None), first - _DAY
    return days


def _found(
    text: str, start: int, end: int, first: datetime.date | None, last: datetime.date | None, basis: str
) -> FoundDate:
    precision = "precise" if first is not None and first == last else "imprecise"
    return FoundDate(start, end, text[start:end], first, last, precision, basis)
