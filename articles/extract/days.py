"""Stretches of days: what a year, a month, a quarter, a season, a week or a part of one covers.

A `Days` is (first, last), both included. Everything here is arithmetic on dates; reading them in text is `dates`.
"""

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]

_QUARTER_OF_SEASON = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_YEARS = (1900, 2100)


def day(year: int, month: int, number: int) -> Days | None:
    """One day, or None where the calendar has no such day."""
    if not (_YEARS[0] <= year < _YEARS[1] and 1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]):
        return None
    return date(year, month, number), date(year, month, number)


def months(year: int, month: int, count: int = 1) -> Days:
    """`count` whole months from a month on; the month may lie outside 1 to 12 and then moves the year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last_year, last_month = year + (month + count - 2) // 12, (month + count - 2) % 12 + 1
    return date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])


def year(number: int) -> Days:
    return date(number, 1, 1), date(number, 12, 31)


def decade(number: int) -> Days:
    return date(number - number % 10, 1, 1), date(number - number % 10 + 9, 12, 31)


def season(name: str, number: int) -> Days:
    """A northern season; the winter of a year begins in its December."""
    return months(number, _QUARTER_OF_SEASON[name], 3)


def around(anchor: date, unit: str, step: int = 0) -> Days:
    """The whole unit that lies `step` units after the one that holds the anchor (weeks begin on Monday)."""
    if unit == "day":
        return anchor + timedelta(step), anchor + timedelta(step)
    if unit == "week":
        monday = anchor - timedelta(anchor.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(6)
    if unit == "fortnight":
        return around(anchor, "week", 2 * step)
    if unit == "weekend":
        monday, sunday = around(anchor, "week", step)
        return monday + timedelta(5), sunday
    if unit == "month":
        return months(anchor.year, anchor.month + step)
    if unit == "quarter":
        return months(anchor.year, anchor.month - (anchor.month - 1) % 3 + 3 * step, 3)
    if unit == "decade":
        return decade(anchor.year + 10 * step)
    if unit in _QUARTER_OF_SEASON:
        return season(unit, anchor.year + step)
    return year(anchor.year + step)


def shifted(anchor: date, unit: str, step: int) -> date:
    """The same day `step` units on; the last of the month where that month is shorter."""
    if unit == "hour":
        return anchor + timedelta(-(-step // 24) if step > 0 else step // 24)
    if unit in ("day", "week", "fortnight", "weekend"):
        return anchor + timedelta(step * {"week": 7, "weekend": 7, "fortnight": 14}.get(unit, 1))
    count = step * {"month": 1, "quarter": 3, "decade": 120}.get(unit, 12)
    first, last = months(anchor.year, anchor.month + count)
    return first.replace(day=min(anchor.day, last.day))


def part(name: str, whole: Days, unit: str) -> Days:
    """The early, mid or late part, the first or the second half of a whole year, month, week or other unit."""
    first, last = whole
    length = (last - first).days + 1
    if name in ("first half", "second half"):
        if unit == "year":
            return months(first.year, 1 if name == "first half" else 7, 6)
        middle = first + timedelta(length // 2)
        return (first, middle - timedelta(1)) if name == "first half" else (middle, last)
    if unit == "year":
        return {"early": months(first.year, 1, 3), "mid": months(first.year, 5, 4), "late": months(first.year, 10, 3)}[
            name
        ]
    if unit == "month":
        cuts = {"early": (1, 10), "mid": (11, 20), "late": (21, last.day)}[name]
        return first.replace(day=cuts[0]), first.replace(day=cuts[1])
    one, two = first + timedelta(length // 3), first + timedelta(2 * length // 3)
    if unit == "decade":
        one, two = date(first.year + 4, 1, 1), date(first.year + 7, 1, 1)
    return {"early": (first, one - timedelta(1)), "mid": (one, two - timedelta(1)), "late": (two, last)}[name]
