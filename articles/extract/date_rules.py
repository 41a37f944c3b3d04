"""What the forms that dates take in news texts mean: one set of resolvers over the rules of every language.

A rule is a pattern that begins at a known word, and a resolver that turns its named groups into days. The vocabulary is
`articles/reference/date_words.csv`. Groups have one meaning in all languages: `d`, `d2` days, `mon` month, `y` year,
`wd` weekday, `part` early to late, `rel` last, this or next, `yrel` the same of the year, `ysame` the year named
before, `unit`, `n` a count.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from articles.extract import days
from articles.extract.date_words import DateWords, date_words
from articles.extract.days import Days
from articles.extract.languages import Language, Pattern, Words
from articles.extract.numerals import number_words

# A month or day named without its year is the one this near, ahead or past: the other one is a year off.
_NEAR = timedelta(days=45)


class Answer(Enum):
    """What a resolver says when it gives no days."""

    NOT_A_DATE = "the words are something else"
    WORDS_ONLY = "the words say when, but no days follow from them"


# Words for a month that are also other words: alone, they need a preposition before them.
_ALSO_WORDS = Words("months that are also words")
_HALVES = Words("halves of a year")
_FUTURE = Pattern(r"\b(?:«words of the future»)\b", re.IGNORECASE)
_REPORTING = Pattern(r"\b(?:«words of reporting»)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;][\"”’)]*\s+(?=[\"“‘(]*[A-Z])|\n")


@dataclass(slots=True)
class Context:
    """What a resolver may know besides its own words: `joined` marks the second end of a range, `anchor` holds the
    days of the date before it, that "the year before" counts from."""

    text: str
    start: int
    published: date | None
    language: Language
    lead: re.Match[str] | None = None
    joined: bool = False
    anchor: Days | None = None

    @property
    def words(self) -> DateWords:
        return date_words(self.language)

    def led_by(self, *kinds: str) -> bool:
        return self.lead is not None and any(group(self.lead, kind) for kind in kinds)

    def before(self) -> str:
        """The sentence so far, up to the date and the preposition before it."""
        stop = self.lead.start() if self.lead else self.start
        return _SENTENCE_END.split(self.text[max(0, stop - 160) : stop])[-1]

    def future(self, end: int) -> bool:
        """Whether the sentence puts the date ahead: what is reported on a day has happened, what will be has not."""
        before = self.before()
        cues = list(_FUTURE[self.language].finditer(before))
        if cues:
            return not _REPORTING[self.language].search(before, cues[-1].end())
        if before.strip(" \"“‘'(") or not self.published:
            return False
        after = _SENTENCE_END.split(self.text[end : end + 80])[0]
        cue = _FUTURE[self.language].search(after)
        return bool(cue and not _REPORTING[self.language].search(after, 0, cue.start()))


def group(match: re.Match[str], name: str) -> str | None:
    """The words of a group in lower case; None where they are not there, or the form has no such group."""
    index = match.re.groupindex.get(name)
    value = match[index] if index else None
    return " ".join(value.lower().split()) if value else None


def nearest(context: Context, end: int, make: Callable[[int], Days | None], direction: int = 0) -> Days | Answer:
    """Of the years around the publication, the one meant: the last past, or the next where the text looks ahead."""
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    year = published.year
    ahead = _first(make, range(year - 1, year + 5), lambda one: one[1] >= published) if direction >= 0 else None
    if direction > 0:
        return ahead or Answer.NOT_A_DATE
    past = _first(make, range(year, year - 5, -1), lambda one: one[1] < published if direction else one[0] <= published)
    if past and ahead and past != ahead and published - past[1] > _NEAR:
        return ahead if ahead[0] - published <= _NEAR or context.future(end) else past
    return past or Answer.NOT_A_DATE


def _first(make: Callable[[int], Days | None], years: range, fits: Callable[[Days], bool]) -> Days | None:
    """The first of some years whose days fit; they begin in their year and end in it or in the next."""
    for number in years:
        made = make(number)
        if made and fits(made):
            return made
    return None


def year_said(match: re.Match[str], context: Context) -> int | None | Answer:
    """The year that the words give, None where they give none."""
    named = group(match, "y") or group(match, "y2")
    if named:
        return int(named) if len(named) == 4 else 2000 + int(named)
    if group(match, "ysame"):
        return context.anchor[0].year if context.anchor else Answer.WORDS_ONLY
    relation = group(match, "yrel")
    if relation is None:
        return None
    return context.published.year + context.words.relation[relation] if context.published else Answer.WORDS_ONLY


def dated(match: re.Match[str], context: Context, make: Callable[[int], Days | None]) -> Days | Answer:
    """Days that need a year: the one said, else the nearest."""
    number = year_said(match, context)
    if isinstance(number, Answer):
        return number
    if number is not None:
        return make(number) or Answer.NOT_A_DATE
    relation = group(match, "rel")
    if relation is None:
        return nearest(context, match.end(), make)
    step = context.words.relation[relation]
    if step == 0 and context.published:
        return make(context.published.year) or Answer.NOT_A_DATE
    return nearest(context, match.end(), make, step)


def in_part(match: re.Match[str], context: Context, whole: Days | Answer, unit: str) -> Days | Answer:
    part = group(match, "part")
    if part is None or isinstance(whole, Answer):
        return whole
    name = context.words.of("part")[part]
    if name not in ("earlier", "later"):
        return days.part(name, whole, unit)
    published = context.published
    if not published or not whole[0] <= published <= whole[1]:
        return whole
    return (whole[0], published) if name == "earlier" else (published, whole[1])


def calendar_day(match: re.Match[str], context: Context) -> Days | Answer:
    month = context.words.month.get(group(match, "mon") or "") or int(group(match, "m") or 0)
    number, last = int(match["d"]), group(match, "d2")
    weekday = group(match, "wd")

    def make(year: int) -> Days | None:
        one = days.day(year, month, number)
        other = days.day(year, month, int(last)) if last else one
        return (one[0], other[1]) if one and other and one[0] <= other[1] else None

    if weekday and not last and year_said(match, context) is None:
        fitting = context.words.weekday[weekday.rstrip(".")]
        if context.published and not any(
            (found := make(context.published.year + step)) and found[0].weekday() == fitting for step in (0, -1, 1)
        ):
            return dated(match, context, make)
        return dated(
            match, context, lambda year: found if (found := make(year)) and found[0].weekday() == fitting else None
        )
    return dated(match, context, make)


def numeric_day(match: re.Match[str], context: Context) -> Days | Answer:
    """12/10/2024 has its day first in most languages; in English the reading nearest to the publication is taken."""
    one, two = int(match["d"]), int(match["m"])
    if not group(match, "y") and not (group(match, "wd") and group(match, "open")):
        return Answer.NOT_A_DATE
    if context.language.day_first or two > 12 or one > 12:
        if two > 12:
            one, two = two, one
        return dated(match, context, lambda year: days.day(year, two, one))
    american = dated(match, context, lambda year: days.day(year, one, two))
    european = dated(match, context, lambda year: days.day(year, two, one))
    published = context.published
    if published is None or isinstance(american, Answer) or isinstance(european, Answer):
        return american
    return min(american, european, key=lambda reading: abs(reading[0] - published))


def iso_day(match: re.Match[str], context: Context) -> Days | Answer:
    return days.day(int(match["y"]), int(match["m"]), int(match["d"])) or Answer.NOT_A_DATE


def month(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["mon"]
    word = named.lower()
    bare = not any(group(match, name) for name in ("part", "y", "y2", "yrel", "ysame", "rel", "said"))
    small = named[0].islower() and not context.language.small_dates
    also = word in _ALSO_WORDS[context.language]
    if bare and (small or also and not context.led_by("since", "by", "before", "after", "between", "in")):
        return Answer.NOT_A_DATE
    if bare and context.words.short(word):
        return Answer.NOT_A_DATE
    number = context.words.month[word]
    return in_part(match, context, dated(match, context, lambda year: days.months(year, number)), "month")


_NEXT_WORD = re.compile(r"\s?([^\W\d_]+|%)")
_LAST_WORD = re.compile(r"(?:([^\W_]+\.?)\s?|[$€£¥–/.,-])$")


def _is_year(match: re.Match[str], context: Context) -> bool:
    """A number from 1900 to 2099 that nothing around it makes a count or a label (2000 alone is a round number)."""
    if context.lead or context.joined or group(match, "part") or group(match, "said"):
        return True
    if match["y"] == "2000":
        return False
    own = number_words(context.language)
    before = _LAST_WORD.search(context.text, max(0, context.start - 24), context.start)
    if before and (before[1] is None or before[1].lower() in own.of("label")):
        return False
    after = _NEXT_WORD.match(context.text, match.end())
    if not after:
        return True
    word = after[1].lower()
    plural = not context.language.marks_plural or word.endswith("s")
    noun = word in own.of("counted") or word in own.of("other")
    return not (word == "%" or word in own.scales or (plural and noun))


def whole_year(match: re.Match[str], context: Context) -> Days | Answer:
    if not _is_year(match, context):
        return Answer.NOT_A_DATE
    first = int(match["y"])
    short = group(match, "to")
    if short:
        last = first - first % 100 + int(short)
        if first < last <= first + 20:
            return date(first, 1, 1), date(last, 12, 31)
        return days.months(first, int(short)) if 1 <= int(short) <= 12 else Answer.NOT_A_DATE
    return in_part(match, context, days.year(first), "year")


def decade(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["y"]
    number = int(named) if len(named) == 4 else 1900 + int(named)
    return in_part(match, context, days.decade(number), "decade")


def quarter(match: re.Match[str], context: Context) -> Days | Answer:
    said = match["ord"].lower()
    number = int(said) if said.isdigit() else context.words.ordinal[said]
    half = group(match, "whole") in _HALVES[context.language]
    if half and number > 2:
        return Answer.NOT_A_DATE
    size = 6 if half else 3
    return dated(match, context, lambda year: days.months(year, 1 + size * (number - 1), size))


def season(match: re.Match[str], context: Context) -> Days | Answer:
    name = context.words.of("unit")[group(match, "season") or ""]
    return in_part(match, context, dated(match, context, lambda year: days.season(name, year)), name)
