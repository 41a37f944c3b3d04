"""What the forms that dates take in news texts mean: one set of resolvers over the rules of every language.

A rule is a pattern that begins at a known word, and a resolver that turns its named groups into days. The vocabulary is
`articles/reference/date_words.csv`. Groups have one meaning in all languages: `d`, `d2` days, `mon` month, `y` year,
`wd` weekday, `part` early to late, `rel` last, this or next, `yrel` the same of the year, `unit`, `n` a count.
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
from articles.extract.numerals import number_words, read_numeral

# A month or day named without its year is the one this near, ahead or past: the other one is a year off.
_NEAR = timedelta(days=45)
_SEASONS = {"spring", "summer", "autumn", "winter"}


class Answer(Enum):
    """What a resolver says when it gives no days."""

    NOT_A_DATE = "the words are something else"
    WORDS_ONLY = "the words say when, but no days follow from them"


# Words for a month that are also other words: alone, they need a preposition before them.
_ALSO_WORDS = Words("months that are also words")
_BACK = Words("stretches that lie back")
_HALVES = Words("halves of a year")
_WEEKEND = Words("end of a week")
_FUTURE = Pattern(r"\b(?:«words of the future»)\b", re.IGNORECASE)
_REPORTING = Pattern(r"\b(?:«words of reporting»)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;][\"”’)]*\s+(?=[\"“‘(]*[A-Z])|\n")


@dataclass(slots=True)
class Context:
    """What a resolver may know besides its own words; `joined` marks the second end of a range."""

    text: str
    start: int
    published: date | None
    language: Language
    lead: re.Match[str] | None = None
    joined: bool = False

    @property
    def words(self) -> DateWords:
        return date_words(self.language)

    def led_by(self, *kinds: str) -> bool:
        return self.lead is not None and any(self.lead[kind] for kind in kinds)

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


Resolver = Callable[[re.Match[str], Context], Days | Answer]


@dataclass(frozen=True, slots=True)
class Rule:
    basis: str
    pattern: re.Pattern[str]
    resolve: Resolver


def _group(match: re.Match[str], name: str) -> str | None:
    value = match.groupdict().get(name)
    return " ".join(value.lower().split()) if value else None


def _nearest(context: Context, end: int, make: Callable[[int], Days | None], direction: int = 0) -> Days | Answer:
    """Of the years around the publication, the one meant: the last past, or the next where the text looks ahead."""
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    choices = [made for number in range(published.year - 4, published.year + 5) if (made := make(number))]
    past = [choice for choice in choices if choice[0] <= published]
    ahead = [choice for choice in choices if choice[1] >= published]
    if direction < 0:
        past = [choice for choice in choices if choice[1] < published]
    if direction == 0 and past and ahead and past[-1] != ahead[0]:
        if published - past[-1][1] > _NEAR and (ahead[0][0] - published <= _NEAR or context.future(end)):
            return ahead[0]
        return past[-1]
    if direction > 0:
        return ahead[0] if ahead else Answer.NOT_A_DATE
    return past[-1] if past else Answer.NOT_A_DATE


def _year(match: re.Match[str], context: Context) -> int | None | Answer:
    """The year that the words give, None where they give none."""
    named = _group(match, "y") or _group(match, "y2")
    if named:
        return int(named) if len(named) == 4 else 2000 + int(named)
    relation = _group(match, "yrel")
    if relation is None:
        return None
    return context.published.year + context.words.relation[relation] if context.published else Answer.WORDS_ONLY


def _dated(match: re.Match[str], context: Context, make: Callable[[int], Days | None]) -> Days | Answer:
    """Days that need a year: the one said, else the nearest."""
    number = _year(match, context)
    if isinstance(number, Answer):
        return number
    if number is not None:
        return make(number) or Answer.NOT_A_DATE
    relation = _group(match, "rel")
    if relation is None:
        return _nearest(context, match.end(), make)
    step = context.words.relation[relation]
    if step == 0 and context.published:
        return make(context.published.year) or Answer.NOT_A_DATE
    return _nearest(context, match.end(), make, step)


def _in_part(match: re.Match[str], context: Context, whole: Days | Answer, unit: str) -> Days | Answer:
    part = _group(match, "part")
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
    month = context.words.month.get(_group(match, "mon") or "") or int(_group(match, "m") or 0)
    number, last = int(match["d"]), _group(match, "d2")
    weekday = _group(match, "wd")

    def make(year: int) -> Days | None:
        one = days.day(year, month, number)
        other = days.day(year, month, int(last)) if last else one
        return (one[0], other[1]) if one and other and one[0] <= other[1] else None

    if weekday and not last and _year(match, context) is None:
        fitting = context.words.weekday[weekday.rstrip(".")]
        if context.published and not any(
            (found := make(context.published.year + step)) and found[0].weekday() == fitting for step in (0, -1, 1)
        ):
            return _dated(match, context, make)
        return _dated(
            match, context, lambda year: found if (found := make(year)) and found[0].weekday() == fitting else None
        )
    return _dated(match, context, make)


def numeric_day(match: re.Match[str], context: Context) -> Days | Answer:
    """12/10/2024 has its day first in most languages; in English the reading nearest to the publication is taken."""
    one, two = int(match["d"]), int(match["m"])
    if not match["y"] and not (match["wd"] and match["open"]):
        return Answer.NOT_A_DATE
    if context.language.day_first or two > 12 or one > 12:
        if two > 12:
            one, two = two, one
        return _dated(match, context, lambda year: days.day(year, two, one))
    american = _dated(match, context, lambda year: days.day(year, one, two))
    european = _dated(match, context, lambda year: days.day(year, two, one))
    published = context.published
    if published is None or isinstance(american, Answer) or isinstance(european, Answer):
        return american
    return min(american, european, key=lambda reading: abs(reading[0] - published))


def iso_day(match: re.Match[str], context: Context) -> Days | Answer:
    return days.day(int(match["y"]), int(match["m"]), int(match["d"])) or Answer.NOT_A_DATE


def month(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["mon"]
    word = named.lower()
    bare = not any(_group(match, name) for name in ("part", "y", "y2", "yrel", "rel", "said"))
    small = named[0].islower() and not context.language.small_dates
    also = word in _ALSO_WORDS[context.language]
    if bare and (small or also and not context.led_by("since", "by", "before", "after", "between", "in")):
        return Answer.NOT_A_DATE
    if bare and context.words.short(word):
        return Answer.NOT_A_DATE
    number = context.words.month[word]
    return _in_part(match, context, _dated(match, context, lambda year: days.months(year, number)), "month")


_NEXT_WORD = re.compile(r"\s?([^\W\d_]+|%)")
_LAST_WORD = re.compile(r"(?:([^\W_]+\.?)\s?|[$€£¥–/.,-])$")


def _is_year(match: re.Match[str], context: Context) -> bool:
    """A number from 1900 to 2099 that nothing around it makes a count or a label (2000 alone is a round number)."""
    if context.lead or context.joined or _group(match, "part") or _group(match, "said"):
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
    short = match["to"]
    if short:
        last = first - first % 100 + int(short)
        if first < last <= first + 20:
            return date(first, 1, 1), date(last, 12, 31)
        return days.months(first, int(short)) if 1 <= int(short) <= 12 else Answer.NOT_A_DATE
    return _in_part(match, context, days.year(first), "year")


def decade(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["y"]
    number = int(named) if len(named) == 4 else 1900 + int(named)
    return _in_part(match, context, days.decade(number), "decade")


def quarter(match: re.Match[str], context: Context) -> Days | Answer:
    said = match["ord"].lower()
    number = int(said) if said.isdigit() else context.words.ordinal[said]
    half = _group(match, "whole") in _HALVES[context.language]
    if half and number > 2:
        return Answer.NOT_A_DATE
    size = 6 if half else 3
    return _dated(match, context, lambda year: days.months(year, 1 + size * (number - 1), size))


def season(match: re.Match[str], context: Context) -> Days | Answer:
    name = context.words.of("unit")[_group(match, "season") or ""]
    return _in_part(match, context, _dated(match, context, lambda year: days.season(name, year)), name)


def unit(match: re.Match[str], context: Context) -> Days | Answer:
    """Last month, the end of the year, akhir pekan lalu; "over the next year" runs from the publication on."""
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    relation, unit = _group(match, "rel"), context.words.of("unit")[_group(match, "unit") or ""]
    step = context.words.relation[relation] if relation else 0
    part = _group(match, "part")
    if unit == "hour":
        return Answer.NOT_A_DATE
    if unit == "day" and relation in (None, "last", "this", "past"):
        return Answer.NOT_A_DATE
    if unit in _SEASONS:
        whole = _nearest(context, match.end(), lambda year: days.season(unit, year), step)
        if step == 0 and not isinstance(whole, Answer):
            whole = days.season(unit, published.year)
        return _in_part(match, context, whole, unit)
    if step and not part and context.lead and context.lead["the"]:
        other = days.shifted(published, unit, step)
        return (published, other) if step > 0 else (other, published)
    if part in _WEEKEND[context.language] and unit == "week":
        return days.around(published, "weekend", step)
    return _in_part(match, context, days.around(published, unit, step), unit)


def _count(match: re.Match[str], context: Context) -> int | None:
    """How many units; None where the words leave it open (several, beberapa)."""
    phrase = _group(match, "n")
    if phrase is None:
        return 1
    vague = context.words.of("vague count").get(phrase)
    if vague is not None:
        return int(vague) or None
    numeral = read_numeral(phrase, 0, context.language)
    return int(numeral.value) if numeral and 0 < numeral.value <= 100 else None


def ago(match: re.Match[str], context: Context) -> Days | Answer:
    count, unit = _count(match, context), context.words.of("unit")[_group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if unit == "hour":
        return days.shifted(context.published, unit, -count), context.published
    return days.around(context.published, unit, -count)


def stretch(match: re.Match[str], context: Context) -> Days | Answer:
    """The last or the next so many units, counted from the publication."""
    count, unit = _count(match, context), context.words.of("unit")[_group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if _group(match, "rel") in _BACK[context.language]:
        return days.shifted(context.published, unit, -count), context.published
    return context.published, days.shifted(context.published, unit, count)


def within(match: re.Match[str], context: Context) -> Days | Answer:
    """Within 18 months; "in two years" only where the sentence looks ahead, for it may be a duration."""
    if not context.led_by("within") and not (context.led_by("in") and context.future(match.end())):
        return Answer.NOT_A_DATE
    return stretch(match, context)


def weekday(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["wd"]
    if named[0].islower() and not context.language.small_dates:
        return Answer.NOT_A_DATE
    # "Minggu" is Sunday, "minggu" is a week: at the head of a sentence only the words around it can tell.
    if (
        named.lower() in context.words.of("unit")
        and not context.lead
        and (match["rel"] or match["wrel"] is None and not context.before().strip())
    ):
        return Answer.NOT_A_DATE
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    number = context.words.weekday[named.lower()]
    week, relation = _group(match, "wrel"), _group(match, "rel")
    if week:
        monday = days.around(published, "week", context.words.relation[week])[0]
        return monday + timedelta(number), monday + timedelta(number)
    step = context.words.relation[relation] if relation else 0
    back = (published.weekday() - number) % 7
    if step > 0 or (not step and context.future(match.end())):
        one = published + timedelta((number - published.weekday()) % 7 or (7 if step else 0))
    elif relation and step == 0:
        one = days.around(published, "week")[0] + timedelta(number)
    else:
        one = published - timedelta(back or (7 if step else 0))
    return one, one


def named_day(match: re.Match[str], context: Context) -> Days | Answer:
    if not context.published:
        return Answer.WORDS_ONLY
    return days.around(context.published, "day", context.words.day[_group(match, "day") or ""])


def year_end(match: re.Match[str], context: Context) -> Days | Answer:
    return days.months(context.published.year, 10, 3) if context.published else Answer.WORDS_ONLY


def coming_hours(match: re.Match[str], context: Context) -> Days | Answer:
    published = context.published
    return (published, published + timedelta(1)) if published else Answer.WORDS_ONLY


def now(match: re.Match[str], context: Context) -> Days | Answer:
    """Only as one end of a range."""
    return (context.published, context.published) if context.published else Answer.NOT_A_DATE


def words_only(match: re.Match[str], context: Context) -> Days | Answer:
    return Answer.WORDS_ONLY


RESOLVERS: dict[str, Resolver] = {
    "iso day": iso_day,
    "day": calendar_day,
    "numeric day": numeric_day,
    "month": month,
    "year": whole_year,
    "decade": decade,
    "quarter": quarter,
    "season": season,
    "unit": unit,
    "year end": year_end,
    "ago": ago,
    "stretch": stretch,
    "within": within,
    "weekday": weekday,
    "named day": named_day,
    "now": now,
    "coming hours": coming_hours,
    "words only": words_only,
}
