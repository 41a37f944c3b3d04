"""Which kept summary answers a question about claims, and the filters of a page in its words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tracker.browse.facets import AnyOf
from tracker.browse.filters import ClaimFilter
from tracker.models import Claim
from tracker.models.summaries import SUMMARIES, dimensions

# What a column of a claim is called in the summaries.
NAMES = {
    "supplier_id": "supplier",
    "recipient_id": "recipient",
    "category": "category",
    "stage": "stage",
    "modality": "modality",
    "article__outlet": "outlet",
    "article__outlet_id": "outlet",
    "article__language": "language",
    "transfer__contested": "contested",
}
LOOKUPS = {"", "exact", "in", "isnull"}


class NotKept(Exception):
    """A filter asks for what the summaries do not tell apart."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows of summaries, whose `n` add up to the answer together with the claims of `edges`.

    Those with the sign -1 were counted twice. The edges are the claims of months of which the filters ask for some
    days only.
    """

    kept: list[tuple[int, QuerySet[Any]]]
    edges: list[QuerySet[Claim]] = field(default_factory=list)


def plan(filters: ClaimFilter, asked: Iterable[str]) -> Plan:
    """How the summaries answer a count by the dimensions `asked` for. Raises NotKept where they cannot."""
    if filters.queryset.query.where != Claim.objects.shown().query.where or not filters.form.is_valid():
        raise NotKept
    conditions = Q()
    values = {name: value for name, value in filters.form.cleaned_data.items() if value not in (None, "", [])}
    first, last = values.pop("published_from", None), values.pop("published_to", None)
    for name, value in values.items():
        declared = filters.filters[name]
        if not isinstance(declared, AnyOf):
            raise NotKept
        condition = declared.condition(value)
        if condition is not None:
            conditions &= _translated(condition)
    months, edges = _months(filters, first, last)
    conditions &= Q(**months)
    needed = {*asked} | ({"month"} if first or last else set())
    whole = _rows(conditions, needed)
    apart = [(sign, _rows(part, needed)) for sign, part in _apart(conditions)]
    # Not worth it where some part needs the summary that the whole needs, unless it asks for one pair.
    smaller = [rows.model is not whole.model for _sign, rows in apart[:2]]
    return Plan(apart if apart and all(smaller) else [(1, whole)], edges)


def _rows(conditions: Q, needed: set[str]) -> QuerySet[Any]:
    """The rows of the smallest summary that tells what is needed and what the conditions name apart."""
    used = needed | _named(conditions)
    summary = next((summary for summary in SUMMARIES if used <= {*dimensions(summary)}), None)
    if summary is None:
        raise NotKept
    return summary._default_manager.filter(conditions)


def _apart(conditions: Q) -> list[tuple[int, Q]]:
    """Conditions of which one asks for either of two things as three that ask for one: this, that, less both."""
    either = next((one for one in _parts(conditions) if _is_either(one)), None)
    if either is None:
        return []
    others = Q(*(one for one in _parts(conditions) if one is not either))
    this, that = (one if isinstance(one, Q) else Q(one) for one in either.children)
    return [(1, others & this), (1, others & that), (-1, others & this & that)]


def _parts(conditions: Q) -> list[Any]:
    """What has to hold together."""
    plain = conditions.connector == Q.AND and not conditions.negated
    return list(conditions.children) if plain else [conditions]


def _is_either(condition: Any) -> bool:
    """Whether it asks for either of two things in different dimensions, such as the two sides of a transfer."""
    if not isinstance(condition, Q) or condition.connector != Q.OR or condition.negated or len(condition.children) != 2:
        return False
    this, that = map(_named, condition.children)
    return this != that and bool(this and that)


def _named(condition: Any) -> set[str]:
    """The dimensions that a condition on a summary names."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _named(child)}
    lookup, _value = condition
    name = lookup.partition("__")[0]
    return set() if name == "pk" else {name}


def _translated(condition: Any) -> Any:
    """A condition on claims as one on a summary."""
    if isinstance(condition, Q):
        children = [_translated(child) for child in condition.children]
        return Q(*children, _connector=condition.connector, _negated=condition.negated)
    if not isinstance(condition, tuple):
        raise NotKept
    lookup, value = condition
    if lookup == "pk__in" and not value:
        return condition
    for path, name in NAMES.items():
        if lookup == path or lookup.startswith(f"{path}__"):
            how = lookup.removeprefix(path).removeprefix("__")
            if how in LOOKUPS:
                return f"{name}__{how}" if how else name, value
    raise NotKept


def _months(
    filters: ClaimFilter, first: date | None, last: date | None
) -> tuple[dict[str, Any], list[QuerySet[Claim]]]:
    """The whole months between two days, as filters of a summary, and the claims of the days at both ends."""
    found: dict[str, Any] = {}
    edges: list[QuerySet[Claim]] = []
    if (first and first.year == date.min.year) or (last and last.year == date.max.year):
        # What has no date sorts as the first day of all; behind the last there is no month.
        raise NotKept
    if first:
        found["month__gte"] = start = first if first.day == 1 else _next(first)
        if first < start:
            edges.append(filters.qs.filter(published_key__lt=start))
    if last:
        following = last + timedelta(days=1)
        found["month__lt"] = end = following if following.day == 1 else last.replace(day=1)
        if end <= last:
            edges.append(filters.qs.filter(published_key__gte=end))
    if first and last and start > end:
        # Some days of one month: either edge would be all of them.
        return {"month__in": []}, [filters.qs]
    return found, edges


def _next(day: date) -> date:
    """The first day of the month behind that of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
