"""Dates that count from the publication: last month, two weeks ago, on Tuesday, dalam 18 bulan."""

import re
from datetime import timedelta

from articles.extract import days
from articles.extract.date_rules import Answer, Context, group, in_part, nearest
from articles.extract.days import Days
from articles.extract.languages import Words
from articles.extract.numerals import read_numeral

_BACK = Words("stretches that lie back")
_WEEKEND = Words("end of a week")
_SEASONS = {"spring", "summer", "autumn", "winter"}


def unit(match: re.Match[str], context: Context) -> Days | Answer:
    """Last month, the end of the year, akhir pekan lalu; "over the next year" runs from the publication on."""
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    relation, unit = group(match, "rel"), context.words.of("unit")[group(match, "unit") or ""]
    step = context.words.relation[relation] if relation else 0
    part = group(match, "part")
    if unit == "hour":
        return Answer.NOT_A_DATE
    if unit == "day" and relation in (None, "last", "this", "past"):
        return Answer.NOT_A_DATE
    if unit in _SEASONS:
        whole = nearest(context, match.end(), lambda year: days.season(unit, year), step)
        if step == 0 and not isinstance(whole, Answer):
            whole = days.season(unit, published.year)
        return in_part(match, context, whole, unit)
    if step and not part and context.lead and group(context.lead, "the"):
        other = days.shifted(published, unit, step)
        return (published, other) if step > 0 else (other, published)
    if part in _WEEKEND[context.language] and unit == "week":
        return days.around(published, "weekend", step)
    return in_part(match, context, days.around(published, unit, step), unit)


def _count(match: re.Match[str], context: Context) -> int | None:
    """How many units; None where the words leave it open (several, beberapa)."""
    phrase = group(match, "n")
    if phrase is None:
        return 1
    vague = context.words.of("vague count").get(phrase)
    if vague is not None:
        return int(vague) or None
    numeral = read_numeral(phrase, 0, context.language)
    return int(numeral.value) if numeral and 0 < numeral.value <= 100 else None


def ago(match: re.Match[str], context: Context) -> Days | Answer:
    count, unit = _count(match, context), context.words.of("unit")[group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if unit == "hour":
        return days.shifted(context.published, unit, -count), context.published
    return days.around(context.published, unit, -count)


def stretch(match: re.Match[str], context: Context) -> Days | Answer:
    """The last or the next so many units, counted from the publication."""
    count, unit = _count(match, context), context.words.of("unit")[group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if group(match, "rel") in _BACK[context.language]:
        return days.shifted(context.published, unit, -count), context.published
    return context.published, days.shifted(context.published, unit, count)


def within(match: re.Match[str], context: Context) -> Days | Answer:
    """Within 18 months; "in two years" only where the sentence looks ahead, for it may be a duration."""
    if not context.led_by("within") and not (context.led_by("in") and context.future(match.end())):
        return Answer.NOT_A_DATE
    return stretch(match, context)


_LENGTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 31, "quarter": 92, "year": 366, "decade": 3653}


def anchored(match: re.Match[str], context: Context) -> Days | Answer:
    """The previous day, a year later, tahun itu: counted from the date before it, no longer than the unit itself."""
    count, unit = _count(match, context), context.words.of("unit")[group(match, "unit") or ""]
    if context.anchor is None or count is None:
        return Answer.NOT_A_DATE
    first, last = context.anchor
    if (last - first).days >= _LENGTHS.get(unit, 0):
        return Answer.NOT_A_DATE
    return days.around(first, unit, count * int(context.words.of("anchored")[group(match, "arel") or ""]))


def weekend(match: re.Match[str], context: Context) -> Days | Answer:
    """The last one that has begun, or the one to come."""
    if not context.published:
        return Answer.WORDS_ONLY
    begun = context.published.weekday() >= 5 or context.future(match.end())
    return days.around(context.published, "weekend", 0 if begun else -1)


def weekday(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["wd"]
    if named[0].islower() and not context.language.small_dates:
        return Answer.NOT_A_DATE
    # "Minggu" is Sunday, "minggu" is a week: at the head of a sentence only the words around it can tell.
    if (
        named.lower() in context.words.of("unit")
        and not context.lead
        and (group(match, "rel") or group(match, "wrel") is None and not context.before().strip())
    ):
        return Answer.NOT_A_DATE
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    number = context.words.weekday[named.lower()]
    week, relation = group(match, "wrel"), group(match, "rel")
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
    return days.around(context.published, "day", context.words.day[group(match, "day") or ""])


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
