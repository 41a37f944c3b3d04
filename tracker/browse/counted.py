"""How many claims or transfers there are by month, stage, pair and the like, under the filters of a page.

Claims are counted from the kept summaries where these tell apart what is asked for, and the numbers are exact. Under
any other filter the rows themselves are read, or, where very many are left, a sample of them.
"""

from collections import Counter, namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Func, IntegerField, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth

from tracker.browse import as_of, kept, keyset
from tracker.browse.charts import months
from tracker.browse.facets import ListFilter
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Claim
from tracker.models.summaries import KeptMonths, KeptOutlets, KeptPairs

# The columns that claims and transfers are counted by. A month is its first day, None where nothing is dated; parties
# and outlets are ids, None where nobody is named; a claim without a transfer is not contested. The kind is that of the
# chart of months.
CLAIM_DIMENSIONS: dict[str, Any] = {
    "month": TruncMonth("published_on"),
    "stage": F("stage"),
    "modality": F("modality"),
    "supplier": F("supplier_id"),
    "recipient": F("recipient_id"),
    "category": F("category"),
    "outlet": F("article__outlet_id"),
    "language": F("article__language"),
    "contested": Coalesce("transfer__contested", False),
    "kind": months.KIND,
}
# What is told from other dimensions, in a summary too.
TOLD_FROM = {"kind": ("stage", "modality")}
TRANSFER_DIMENSIONS: dict[str, Any] = {
    name: F(column)
    for name, column in {
        "stage": "stage",
        "outlook": "outlook",
        "status": "status",
        "supplier": "supplier_id",
        "recipient": "recipient_id",
        "category": "category",
        "contested": "contested",
    }.items()
}
# The filters of claims whose rows summaries count faster than the table does.
SMALL = {"contested", "language", "outlet", "category", "stage", "modality", "supplier", "recipient"}
# What the index claim_of_materiel tells of the claims of a materiel: all of them are sooner read there than a sample.
OF_MATERIEL = {"month", "stage", "modality", "supplier", "recipient", "kind"}
# Rows that a sample reads, about; and the number below which all rows are read in its stead.
SAMPLED, FEW = 50_000, 30_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Named tuples of the values of the dimensions and their number `n`, the largest first.

    `total` counts what the filters leave, the rows beyond a limit too. `sample` is None where all is exact; else the
    share of the rows that were read, from 0 to 1, and the numbers are estimates.
    """

    rows: list[Any]
    total: int
    sample: float | None = None


def claims_by(filters: ClaimFilter, *dimensions: str, limit: int | None = None) -> Counted:
    """Claims by some of CLAIM_DIMENSIONS; with a limit the largest numbers alone. Without a dimension: one row."""
    if as_of.is_past():
        return _of_rows(filters.qs, CLAIM_DIMENSIONS, dimensions, limit)
    try:
        needed = {part for name in dimensions for part in TOLD_FROM.get(name, (name,))}
        plan = kept.plan(filters, needed)
    except kept.NotKept:
        asked = {name for name in filters.filters if filters.sent(name)}
        indexed = asked == {"materiel"} and {*dimensions} <= OF_MATERIEL
        found = None if indexed else _sampled(filters, dimensions, limit)
        return found or _of_rows(filters.qs, CLAIM_DIMENSIONS, dimensions, limit)
    columns = {name: CLAIM_DIMENSIONS[name] if name in TOLD_FROM else F(name) for name in dimensions}
    # Sums of whole numbers of this size take a third of the time of those of any size.
    number = Sum(Cast("n", IntegerField()))
    if not plan.edges and len(plan.kept) == 1:
        return _counted(plan.kept[0][1], columns, limit, number)
    parts = [(sign, _counted(rows, columns, None, number)) for sign, rows in plan.kept]
    parts += [(1, _of_rows(edge, CLAIM_DIMENSIONS, dimensions, None)) for edge in plan.edges]
    return _together(parts, dimensions, limit)


def transfers_by(filters: TransferFilter, *dimensions: str, limit: int | None = None) -> Counted:
    """Transfers by some of TRANSFER_DIMENSIONS; with a limit the largest numbers alone. Without one: one row."""
    return _of_rows(filters.qs, TRANSFER_DIMENSIONS, dimensions, limit)


def number(filters: ListFilter, rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many `rows` the filters of a list leave, and whether that is all.

    Of claims it is, wherever a small summary or the pairs of a party know them; else nothing is counted beyond
    `keyset.COUNTED`. How many rows hold the words that are sought, or that more do than that, is known already.
    """
    asked = {name.removeprefix("not_") for name in filters.filters if filters.sent(name)}
    if asked <= {"q", "exact"}:
        if filters.common and filters.filters["q"].few > keyset.COUNTED:
            return keyset.COUNTED, False
        if filters.found is not None:
            return min(filters.found, keyset.COUNTED), filters.found <= keyset.COUNTED
    if isinstance(filters, ClaimFilter) and asked <= SMALL and not as_of.is_past():
        with suppress(kept.NotKept):
            plan = kept.plan(filters, ())
            [(_sign, kept_rows), *further] = plan.kept
            # The pairs of a party are found by it; all pairs take longer than the claims that are counted.
            of_party = kept_rows.model is KeptPairs and (filters.sent("supplier") or filters.sent("recipient"))
            if not further and (of_party or kept_rows.model in (KeptOutlets, KeptMonths)):
                return _counted(kept_rows, {}, None, Sum(Cast("n", IntegerField()))).total, True
    return keyset.count(rows)


@cache
def row(dimensions: tuple[str, ...]) -> Any:
    """The kind of tuple that holds a number by these dimensions."""
    return namedtuple("Row", (*dimensions, "n"))  # noqa: PYI024


def _of_rows(rows: QuerySet[Any], known: dict[str, Any], dimensions: tuple[str, ...], limit: int | None) -> Counted:
    return _counted(rows, {name: known[name] for name in dimensions}, limit, Count("*"))


def _counted(rows: QuerySet[Any], columns: dict[str, Any], limit: int | None, number: Any) -> Counted:
    made = row(tuple(columns))
    if not columns:
        total = int(rows.order_by().aggregate(number=number)["number"] or 0)
        return Counted([made(total)], total)
    by = {f"by_{name}": column for name, column in columns.items()}
    # What has come and gone adds up to nothing in a summary.
    grouped = rows.order_by().annotate(**by).values(*by).annotate(number=number).filter(number__gt=0)
    # Counted before the limit is cut off, so that one query knows what the limit leaves out.
    of_all = Func(F("number"), template="sum(%(expressions)s) OVER ()", output_field=BigIntegerField())
    ordered = grouped.annotate(total=of_all).order_by("-number", *by)
    found = list(ordered.values_list(*by, "number", "total")[:limit])
    rows_found = [made(*values, int(n)) for *values, n, _total in found]
    return Counted(rows_found, int(found[0][-1]) if found else 0)


def _together(parts: list[tuple[int, Counted]], dimensions: tuple[str, ...], limit: int | None) -> Counted:
    """One answer of several by their signs, in the order in which the database gives one."""
    numbers: Counter[tuple[Any, ...]] = Counter()
    for sign, part in parts:
        for *values, n in part.rows:
            numbers[tuple(values)] += sign * n

    def place(entry: tuple[tuple[Any, ...], int]) -> tuple[Any, ...]:
        values, n = entry
        return -n, [(value is None, value) for value in values]

    made = row(dimensions)
    told = [(values, n) for values, n in numbers.items() if n or not dimensions]
    rows = [made(*values, n) for values, n in sorted(told, key=place)[:limit]]
    return Counted(rows, sum(sign * part.total for sign, part in parts))


def _sampled(filters: ClaimFilter, dimensions: tuple[str, ...], limit: int | None) -> Counted | None:
    """An estimate from some pages of the table; None where so few rows are left that all can be read."""
    size = _size()
    if size <= 2 * SAMPLED:
        return None
    share = SAMPLED / size
    with _pages(share):
        found = _of_rows(filters.qs, CLAIM_DIMENSIONS, dimensions, limit)
    if found.total < FEW * share:
        return None
    rows = [one._replace(n=round(one.n / share)) for one in found.rows]
    return replace(found, rows=rows, total=round(found.total / share), sample=share)


def _size() -> float:
    """The number of claims of any state, as the database estimates it without counting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Claim._meta.db_table])
        return cursor.fetchone()[0]


@contextmanager
def _pages(share: float) -> Iterator[None]:
    """Within it, queries about claims read that share of the pages of the table, always the same ones."""
    table = f'FROM "{Claim._meta.db_table}"'

    def some(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sql = sql.replace(table, f"{table} TABLESAMPLE SYSTEM ({100 * share:.6f}) REPEATABLE (1)", 1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(some):
        yield
