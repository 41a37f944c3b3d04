"""How many claims or transfers there are by month, stage, pair and the like, under the filters of a page."""

from collections import namedtuple
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from tracker.browse.facets import ListFilter
from tracker.browse.filters import ClaimFilter, TransferFilter

# The columns that claims and transfers are counted by. A month is its first day, None where nothing is dated; parties
# and outlets are ids, None where nobody is named; a claim without a transfer is not contested.
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
}
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
    return _read(filters, CLAIM_DIMENSIONS, dimensions, limit)


def transfers_by(filters: TransferFilter, *dimensions: str, limit: int | None = None) -> Counted:
    """Transfers by some of TRANSFER_DIMENSIONS; with a limit the largest numbers alone. Without one: one row."""
    return _read(filters, TRANSFER_DIMENSIONS, dimensions, limit)


def _read(filters: ListFilter, known: dict[str, Any], dimensions: tuple[str, ...], limit: int | None) -> Counted:
    return _counted(filters.qs, known, dimensions, limit, Count("pk"))


def _counted(
    rows: QuerySet[Any], known: dict[str, Any], dimensions: tuple[str, ...], limit: int | None, number: Any
) -> Counted:
    made = row(dimensions)
    if not dimensions:
        total = rows.order_by().aggregate(n=number)["n"] or 0
        return Counted([made(total)], total)
    columns = {f"by_{name}": known[name] for name in dimensions}
    grouped = rows.order_by().annotate(**columns).values(*columns).annotate(n=number)
    # Counted before the limit is cut off, so that one query knows what the limit leaves out.
    total = Func(F("n"), template="sum(%(expressions)s) OVER ()", output_field=BigIntegerField())
    ordered = grouped.annotate(total=total).order_by("-n", *columns)
    found = list(ordered.values_list(*columns, "n", "total")[:limit])
    return Counted([made(*values) for *values, _total in found], int(found[0][-1]) if found else 0)


@cache
def row(dimensions: tuple[str, ...]) -> Any:
    """The kind of tuple that holds a number by these dimensions."""
    return namedtuple("Row", (*dimensions, "n"))  # noqa: PYI024
