"""The forms that dates take in news texts: one table of rules a language, over one set of resolvers.

A rule is a pattern that begins at a known word, and a resolver that turns its named groups into days. The vocabulary is
`articles/reference/date_words.csv`. Groups have one meaning in both languages: `d`, `d2` days, `mon` month, `y` year,
`wd` weekday, `part` early to late, `rel` last, this or next, `yrel` the same of the year, `unit`, `n` a count.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

from articles.extract import days
from articles.extract.days import Days
from articles.extract.numerals import LANGUAGES, SCALES, read_numeral, words

_TABLE = Path(__file__).resolve().parent.parent / "reference" / "date_words.csv"
# A month or day named without its year is the one this near, ahead or past: the other one is a year off.
_NEAR = timedelta(days=45)
_SEASONS = {"spring", "summer", "autumn", "winter"}


class Answer(Enum):
    """What a resolver says when it gives no days."""

    NOT_A_DATE = "the words are something else"
    WORDS_ONLY = "the words say when, but no days follow from them"


def _read_words() -> dict[str, dict[str, dict[str, str]]]:
    table: dict[str, dict[str, dict[str, str]]] = {language: {} for language in LANGUAGES}
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            table[row["language"]].setdefault(row["kind"], {})[row["word"]] = row["value"]
    return table


WORDS = _read_words()


def _meaning(kind: str) -> dict[str, str]:
    return {word: value for language in LANGUAGES for word, value in WORDS[language][kind].items()}


_MONTH = {word: int(value) for word, value in _meaning("month").items()}
_WEEKDAY = {word: int(value) for word, value in {**_meaning("weekday"), **WORDS["en"]["short weekday"]}.items()}
_RELATION = {word: int(value) for word, value in _meaning("relation").items()}
_ORDINAL = {word: int(value) for word, value in _meaning("ordinal").items()}
_DAY = {word: int(value) for word, value in _meaning("day").items()}
_UNIT = _meaning("unit")
_PART = _meaning("part")
# Words for a month or weekday that are also other words: alone, they need a preposition before them.
_ALSO_WORDS = {"may", "march", "mei"}

_FUTURE = re.compile(
    r"\b(?:will|would|shall|could|(?:is|are|was|were) to|to be|expected|scheduled|due|slated|set to|plans? to"
    r"|planning to|intends? to|going to|as (?:early|soon) as|beginning|starting|upcoming|ready to"
    r"|akan|bakal|nanti|mendatang|dijadwalkan|direncanakan|rencananya|berencana|diharapkan|diperkirakan|ditargetkan"
    r"|menargetkan|paling cepat|selambatnya)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:said|says|saying|told|tells|announced|reported|reports|confirmed|stated|warned|added|wrote|according"
    r"|kata|ujar|ucap|tutur|ungkap|jelas|tegas|menurut|(?:me|di)[a-z]+kan|disebut|dikutip|dilansir|mengutip|menyebut)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;][\"”’)]*\s+(?=[\"“‘(]*[A-Z])|\n")


@dataclass(slots=True)
class Context:
    """What a resolver may know besides its own words; `joined` marks the second end of a range."""

    text: str
    start: int
    published: date | None
    language: str
    lead: re.Match[str] | None = None
    joined: bool = False

    def led_by(self, *kinds: str) -> bool:
        return self.lead is not None and any(self.lead[kind] for kind in kinds)

    def before(self) -> str:
        """The sentence so far, up to the date and the preposition before it."""
        stop = self.lead.start() if self.lead else self.start
        return _SENTENCE_END.split(self.text[max(0, stop - 160) : stop])[-1]

    def future(self, end: int) -> bool:
        """Whether the sentence puts the date ahead: what is reported on a day has happened, what will be has not."""
        before = self.before()
        cues = list(_FUTURE.finditer(before))
        if cues:
            return not _REPORTING.search(before, cues[-1].end())
        if before.strip(" \"“‘'(") or not self.published:
            return False
        after = _SENTENCE_END.split(self.text[end : end + 80])[0]
        cue = _FUTURE.search(after)
        return bool(cue and not _REPORTING.search(after, 0, cue.start()))


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
    return context.published.year + _RELATION[relation] if context.published else Answer.WORDS_ONLY


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
    if _RELATION[relation] == 0 and context.published:
        return make(context.published.year) or Answer.NOT_A_DATE
    return _nearest(context, match.end(), make, _RELATION[relation])


def _in_part(match: re.Match[str], context: Context, whole: Days | Answer, unit: str) -> Days | Answer:
    part = _group(match, "part")
    if part is None or isinstance(whole, Answer):
        return whole
    name = _PART[part]
    if name not in ("earlier", "later"):
        return days.part(name, whole, unit)
    published = context.published
    if not published or not whole[0] <= published <= whole[1]:
        return whole
    return (whole[0], published) if name == "earlier" else (published, whole[1])


def calendar_day(match: re.Match[str], context: Context) -> Days | Answer:
    month = _MONTH.get(_group(match, "mon") or "") or int(_group(match, "m") or 0)
    number, last = int(match["d"]), _group(match, "d2")
    weekday = _group(match, "wd")

    def make(year: int) -> Days | None:
        one = days.day(year, month, number)
        other = days.day(year, month, int(last)) if last else one
        return (one[0], other[1]) if one and other and one[0] <= other[1] else None

    if weekday and not last and _year(match, context) is None:
        fitting = _WEEKDAY[weekday.rstrip(".")]
        if context.published and not any(
            (found := make(context.published.year + step)) and found[0].weekday() == fitting for step in (0, -1, 1)
        ):
            return _dated(match, context, make)
        return _dated(
            match, context, lambda year: found if (found := make(year)) and found[0].weekday() == fitting else None
        )
    return _dated(match, context, make)


def numeric_day(match: re.Match[str], context: Context) -> Days | Answer:
    """12/10/2024 has its day first in Indonesian; in English the reading nearest to the publication is taken."""
    one, two = int(match["d"]), int(match["m"])
    if not match["y"] and not (match["wd"] and match["open"]):
        return Answer.NOT_A_DATE
    if context.language == "id" or two > 12 or one > 12:
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
    if bare and (
        named[0].islower()
        or (word in _ALSO_WORDS and not context.led_by("since", "by", "before", "after", "between", "in"))
    ):
        return Answer.NOT_A_DATE
    if bare and len(word) < 5 and word not in ("may", "mei", "june", "july", "juni", "juli") and word[-1] != ".":
        return Answer.NOT_A_DATE
    return _in_part(match, context, _dated(match, context, lambda year: days.months(year, _MONTH[word])), "month")


_LABELS = {language: frozenset(words(language, "label")) for language in LANGUAGES}
_NOUNS = {
    language: frozenset(words(language, "counted")) | frozenset(words(language, "other")) for language in LANGUAGES
}
_NEXT_WORD = re.compile(r"\s?([^\W\d_]+|%)")
_LAST_WORD = re.compile(r"(?:([^\W_]+\.?)\s?|[$€£¥–/.,-])$")


def _is_year(match: re.Match[str], context: Context) -> bool:
    """A number from 1900 to 2099 that nothing around it makes a count or a label (2000 alone is a round number)."""
    if context.lead or context.joined or _group(match, "part") or _group(match, "said"):
        return True
    if match["y"] == "2000":
        return False
    before = _LAST_WORD.search(context.text, max(0, context.start - 24), context.start)
    if before and (before[1] is None or before[1].lower() in _LABELS[context.language]):
        return False
    after = _NEXT_WORD.match(context.text, match.end())
    if not after:
        return True
    word = after[1].lower()
    plural = context.language == "id" or word.endswith("s")
    return not (word == "%" or word in SCALES[context.language] or (plural and word in _NOUNS[context.language]))


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
    number = _ORDINAL[_group(match, "ord") or ""]
    half = (_group(match, "whole") or "").startswith(("h", "semester", "paruh"))
    if half and number > 2:
        return Answer.NOT_A_DATE
    size = 6 if half else 3
    return _dated(match, context, lambda year: days.months(year, 1 + size * (number - 1), size))


def season(match: re.Match[str], context: Context) -> Days | Answer:
    name = _UNIT[_group(match, "season") or ""]
    return _in_part(match, context, _dated(match, context, lambda year: days.season(name, year)), name)


def unit(match: re.Match[str], context: Context) -> Days | Answer:
    """Last month, the end of the year, akhir pekan lalu; "over the next year" runs from the publication on."""
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    relation, unit = _group(match, "rel"), _UNIT[_group(match, "unit") or ""]
    step = _RELATION[relation] if relation else 0
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
    if part in ("akhir", "end") and unit == "week":
        return days.around(published, "weekend", step)
    return _in_part(match, context, days.around(published, unit, step), unit)


def _count(match: re.Match[str], context: Context) -> int | None:
    """How many units; None where the words leave it open (several, beberapa)."""
    phrase = _group(match, "n")
    if phrase is None:
        return 1
    vague = WORDS[context.language]["vague count"].get(phrase)
    if vague is not None:
        return int(vague) or None
    numeral = read_numeral(phrase, 0, context.language)
    return int(numeral.value) if numeral and 0 < numeral.value <= 100 else None


def ago(match: re.Match[str], context: Context) -> Days | Answer:
    count, unit = _count(match, context), _UNIT[_group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if unit == "hour":
        return days.shifted(context.published, unit, -count), context.published
    return days.around(context.published, unit, -count)


def stretch(match: re.Match[str], context: Context) -> Days | Answer:
    """The last or the next so many units, counted from the publication."""
    count, unit = _count(match, context), _UNIT[_group(match, "unit") or ""]
    if not context.published or count is None:
        return Answer.WORDS_ONLY
    if _group(match, "rel") in ("last", "past", "previous", "terakhir", "belakangan", "belakangan ini"):
        return days.shifted(context.published, unit, -count), context.published
    return context.published, days.shifted(context.published, unit, count)


def within(match: re.Match[str], context: Context) -> Days | Answer:
    """Within 18 months; "in two years" only where the sentence looks ahead, for it may be a duration."""
    if not context.led_by("within") and not (context.led_by("in") and context.future(match.end())):
        return Answer.NOT_A_DATE
    return stretch(match, context)


def weekday(match: re.Match[str], context: Context) -> Days | Answer:
    named = match["wd"]
    if named[0].islower():
        return Answer.NOT_A_DATE
    # "Minggu" is Sunday, "minggu" is a week: at the head of a sentence only the words around it can tell.
    if (
        named.lower() == "minggu"
        and not context.lead
        and (match["rel"] or match["wrel"] is None and not context.before().strip())
    ):
        return Answer.NOT_A_DATE
    published = context.published
    if not published:
        return Answer.WORDS_ONLY
    number = _WEEKDAY[named.lower()]
    week, relation = _group(match, "wrel"), _group(match, "rel")
    if week:
        monday = days.around(published, "week", _RELATION[week])[0]
        return monday + timedelta(number), monday + timedelta(number)
    step = _RELATION[relation] if relation else 0
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
    return days.around(context.published, "day", _DAY[_group(match, "day") or ""])


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
