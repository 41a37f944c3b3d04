"""The values to choose from in one facet, each with the number of rows that it would leave under the other filters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import QueryDict

from tracker.browse.counted import CLAIM_DIMENSIONS, TRANSFER_DIMENSIONS, claims_by, transfers_by
from tracker.browse.facets import NONE, AnyOf, ListFilter, Option, YesNo
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Claim

# Options that a menu shows at once; the others are found by their names.
SHOWN = 50
# Rows that are read for one menu. Where there are more, and no summary of them, the values that they show bear no
# numbers.
READ = 20_000


@dataclass(frozen=True, slots=True)
class Options:
    """Some values of a facet. `more` says that there are others, `counted` that they bear numbers."""

    options: list[Option]
    more: bool
    counted: bool


def options(found: ListFilter, name: str, *, find: str = "", count: bool = True) -> Options:
    """The values of the facet `name`, those that are filtered by first; with `find` those that are called so.

    A facet of few values has all of them, in their order. Without `count` they bear no numbers.
    """
    declared = found.filters[name]
    on, off = found.sent(name), found.sent(f"not_{name}")
    others = _others(found, name)
    rows = _bare(others)
    if not declared.named:
        labels = {str(value): str(label) for value, label in declared.choices if find.lower() in str(label).lower()}
        counts = _numbers(others, name, declared, rows) if count else None
        numbers = None if counts is None else {str(key): number for key, number in counts.items()}
    else:
        rows = _called(declared, rows, find) if find else rows
        counts = _numbers(others, name, declared, rows) if count else None
        keys = _grouped(declared, _some(_read(declared, rows))) if counts is None else counts
        fitting = declared.named.called(find, keys) if find else keys
        values = declared.named.of([key for key in fitting if key != NONE]) | {NONE: (NONE, found.said(name, NONE))}
        # The most frequent first, and those of one number by name.
        ranked = sorted(
            (key for key in fitting if key in keys and key in values),
            key=lambda key: (-keys[key], values[key][1].lower()),
        )
        labels = {values[key][0]: values[key][1] for key in ranked}
        numbers = None if counts is None else {values[key][0]: keys[key] for key in ranked}
        asked = [value for value in dict.fromkeys(on + off) if not find or value in labels]
        labels = {value: labels.get(value) or found.said(name, value) for value in asked} | labels
    shown = list(labels.items())[:SHOWN]
    return Options(
        [
            Option(value, label, value in on, value in off, None if numbers is None else numbers.get(value, 0))
            for value, label in shown
        ],
        more=len(labels) > len(shown) or bool(declared.named) and numbers is None,
        counted=numbers is not None,
    )


def _others(found: ListFilter, name: str) -> Any:
    """The same list under all filters but this."""
    query = QueryDict(mutable=True)
    for other in found.filters:
        if other not in (name, f"not_{name}"):
            query.setlist(other, found.sent(other))
    return type(found)(query, queryset=found.queryset)


def _bare(filters: ListFilter) -> QuerySet[Any]:
    """The rows, without what a list shows of each."""
    rows = filters.qs.order_by()
    return rows.model._default_manager.filter(pk__in=rows.values("pk")) if rows.query.annotations else rows


def _some(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.model._default_manager.filter(pk__in=rows.values("pk")[:READ])


def _called(declared: AnyOf, rows: QuerySet[Any], find: str) -> QuerySet[Any]:
    """Those of the rows that have a value which is called so, where that spares reading the others."""
    named: Any = declared.named
    if isinstance(declared.by, tuple):
        return rows.filter(named.like(declared.by[0], find) | named.like(declared.by[1], find))
    if declared.of_claims or getattr(declared.by, "set_returning", False):
        return rows
    return _keyed(rows, declared.by).filter(named.like("facet_key", find))


def _keyed(rows: Any, by: Any) -> QuerySet[Any]:
    """The rows with what they are counted by."""
    return rows.annotate(facet_key=F(by) if isinstance(by, str) else by)


def _numbers(others: Any, name: str, declared: AnyOf, rows: QuerySet[Any]) -> dict[Any, int] | None:
    """The number of rows by key; None where there are too many to count."""
    read = _read(declared, rows)
    if read.values("pk")[: READ + 1].count() <= READ:
        if isinstance(declared, YesNo):
            yes = rows.filter(declared.holds).count()
            return {"yes": yes, "no": rows.count() - yes}
        return _grouped(declared, read)
    if isinstance(others, ClaimFilter) and name in CLAIM_DIMENSIONS:
        kept = claims_by(others, name)
    elif isinstance(others, TransferFilter) and name in TRANSFER_DIMENSIONS:
        kept = transfers_by(others, name)
    else:
        return None
    return {_key(row[0]): row.n for row in kept.rows} if kept.sample is None else None


def _read(declared: AnyOf, rows: Any) -> QuerySet[Any]:
    """What is read to count the rows: they themselves, or their claims."""
    return Claim.objects.shown().filter(transfer__in=rows.values("pk")) if declared.of_claims else rows


def _grouped(declared: AnyOf, rows: Any) -> dict[Any, int]:
    """The number of rows by key, from what `_read` says."""
    if declared.of_claims:
        return _by(_keyed(rows, declared.by), Count("transfer", distinct=True))
    if not isinstance(declared.by, tuple):
        return _by(_keyed(rows, declared.by), Count("pk"))
    one, other = declared.by
    found = _by(_keyed(rows, one), Count("pk"))
    # A row that has the same key twice counts once.
    for key, number in _by(_keyed(rows.exclude(**{one: F(other)}), other), Count("pk")).items():
        found[key] = found.get(key, 0) + number
    return found


def _by(rows: QuerySet[Any], number: Count) -> dict[Any, int]:
    counted = rows.order_by().values("facet_key").annotate(facet_n=number).order_by()
    found: dict[Any, int] = {}
    for written, n in counted.values_list("facet_key", "facet_n"):
        key = _key(written)
        found[key] = found.get(key, 0) + n
    return found


def _key(written: Any) -> Any:
    """What a counted value stands for: nothing is NONE, and true is "yes"."""
    if isinstance(written, bool):
        return "yes" if written else "no"
    return NONE if written in (None, "", 0) else written
