"""The values to choose from in one facet, each with the number of rows that it would leave under the other filters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet
from django.http import QueryDict

from tracker.browse.counted import CLAIM_DIMENSIONS, TRANSFER_DIMENSIONS, Counted, claims_by, transfers_by
from tracker.browse.facets import NONE, AnyOf, ListFilter, Option, YesNo
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Claim, KeptLanguages, KeptTellers

# Options that a menu shows at once; the others are found by their names.
SHOWN = 50
# Rows that are read for one menu. Where there are more, and no summary of them, the values that they show bear no
# numbers.
READ = 20_000

# Who tells of a transfer is kept, a row for each.
TOLD: dict[str, tuple[Any, str]] = {"language": (KeptLanguages, "language"), "outlet": (KeptTellers, "outlet")}


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
        counts = _numbers(others, name, declared, rows)[0] if count else None
        numbers = None if counts is None else {str(key): number for key, number in counts.items()}
    else:
        rows = _called(declared, rows, find) if find else rows
        counts, some = _numbers(others, name, declared, rows) if count else (None, None)
        keys = counts if counts is not None else some or _some(declared, rows)
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


def _some(declared: AnyOf, rows: QuerySet[Any]) -> dict[Any, int]:
    """The keys of the first rows of very many."""
    if _plain(declared):
        return _first(declared, rows)
    read = _read(declared, rows)
    return _grouped(declared, read.model._default_manager.filter(pk__in=read.values("pk")[:READ]))


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


def _numbers(
    others: Any, name: str, declared: AnyOf, rows: QuerySet[Any]
) -> tuple[dict[Any, int] | None, dict[Any, int] | None]:
    """The number of rows by key, None where there are too many to count; and the keys of the first, if read already."""
    if isinstance(others, TransferFilter) and name in TOLD:
        model, column = TOLD[name]
        told = model._default_manager.filter(transfer__in=rows.values("pk"))
        return _by(_keyed(told, column), Count("*")), None
    kept = _kept(others, name)
    if _plain(declared) and not kept:
        first = _first(declared, rows)
        return (first if sum(first.values()) <= READ else None), first
    read = _read(declared, rows)
    if read.values("pk")[: READ + 1].count() <= READ:
        if isinstance(declared, YesNo):
            yes = rows.filter(declared.holds).count()
            return {"yes": yes, "no": rows.count() - yes}, None
        return _grouped(declared, read), None
    counted = kept(others, name) if kept else None
    if counted is None or counted.sample is not None:
        return None, None
    return {_key(row[0]): row.n for row in counted.rows}, None


def _kept(others: Any, name: str) -> Callable[..., Counted] | None:
    """What counts any number of rows by this facet."""
    if isinstance(others, ClaimFilter) and name in CLAIM_DIMENSIONS:
        return claims_by
    return transfers_by if isinstance(others, TransferFilter) and name in TRANSFER_DIMENSIONS else None


def _plain(declared: AnyOf) -> bool:
    """Whether each row has one key, of its own."""
    by = declared.by
    return not (
        isinstance(declared, YesNo)
        or declared.of_claims
        or isinstance(by, tuple)
        or getattr(by, "set_returning", False)
    )


def _first(declared: AnyOf, rows: QuerySet[Any]) -> dict[Any, int]:
    """The number by key of the first READ rows and one more: they are counted while they are read, in one pass."""
    keyed = _keyed(rows, declared.by).order_by().values_list("facet_key")[: READ + 1]
    try:
        sql, values = keyed.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT facet_key, count(*) FROM ({sql}) AS read (facet_key) GROUP BY 1", values)
        return _added(cursor.fetchall())


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
    return _added(counted.values_list("facet_key", "facet_n"))


def _added(counted: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    """The numbers by key: what is not said may be written in more than one way."""
    found: dict[Any, int] = {}
    for written, n in counted:
        key = _key(written)
        found[key] = found.get(key, 0) + n
    return found


def _key(written: Any) -> Any:
    """What a counted value stands for: nothing is NONE, and true is "yes"."""
    if isinstance(written, bool):
        return "yes" if written else "no"
    return NONE if written in (None, "", 0) else written
