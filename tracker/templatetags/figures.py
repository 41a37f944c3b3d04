"""How numbers, dates and queries are written on a page."""

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from tracker import units

register = template.Library()


@register.filter
def figure(number: int | None) -> str:
    """A number that people read, with the separators of their language: 1,284 or 1.284. Never for ids or URLs."""
    if number is None:
        return ""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if get_language() == "id" else grouped


@register.filter
def plain(row: object, column: Any) -> Any:
    """What the CSV holds in this column, of a row that a list has annotated with it."""
    return getattr(row, f"plain_{column.name}")


@register.filter
def days(row: object) -> str:
    """The first and last day of a claim or transfer, as short as they can be said: 2022, Oct–Dec 2022, 5 Sep 2023."""
    first, last = getattr(row, "date_from", None), getattr(row, "date_to", None)
    return period(first, last) if first and last else ""


def period(first: date, last: date) -> str:
    """A span of days in words of the reader's language."""
    if first == last:
        return _day(first, "j M Y")
    if (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    whole_months = first.day == 1 and date.fromordinal(last.toordinal() + 1).day == 1
    pattern = "M Y" if whole_months else "j M Y"
    begin, end = _day(first, pattern), _day(last, pattern)
    if begin == end:
        return begin
    if first.year == last.year:
        begin = _day(first, pattern.removesuffix(" Y"))
    return f"{begin} – {end}"


def _day(day: date, pattern: str) -> str:
    return _day_in(day, pattern, get_language())


@lru_cache(maxsize=10_000)
def _day_in(day: date, pattern: str, _language: str | None) -> str:
    """A day in the reader’s language: pages name the same days again and again, and writing one takes its time."""
    return date_format(day, pattern)


@register.filter
def amount(row: object) -> str:
    """The quantity of an event, claim or transfer: 42 tanks, at least 200 → "200+", 20,000–99,999."""
    low, high = getattr(row, "quantity_min", None), getattr(row, "quantity_max", None)
    if low is None and high is None:
        return ""
    if low is None:
        number = f"≤ {figure(high)}"
    elif high is None:
        number = f"{figure(low)}+"
    else:
        number = figure(low) if low == high else f"{figure(low)}–{figure(high)}"
    unit = units.named(getattr(row, "quantity_unit", "") or "", high or low or 0)
    return f"{number} {unit}".strip()


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The query string of this page with `changes`: None takes a parameter out. Begins with "?"."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{urlencode(list(values.lists()), doseq=True)}" if values else "?"
