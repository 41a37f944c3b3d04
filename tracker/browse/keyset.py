"""Pages of a long list by key: page 2,000 costs what the first one does, and no row is lost or shown twice."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from tracker.browse import as_of

SIZE = 50
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: a column that is never NULL, and the id in the same direction.

    Both run the same way, so that one index serves it; with NULL a comparison of rows would lose some.
    """

    key: str
    descending: bool = False

    def names(self, *, backwards: bool = False) -> list[str]:
        """What order_by takes."""
        sign = "-" if self.descending != backwards else ""
        return [f"{sign}{self.key}"] if self.key == "id" else [f"{sign}{self.key}", f"{sign}id"]

    def place(self, row: Model) -> str:
        """Where a row stands, as the address of a page carries it."""
        return json.dumps([str(getattr(row, self.key)), row.pk], ensure_ascii=False, separators=(",", ":"))


class Beyond(Func):
    """(key, id) > (value, number): a comparison of rows, which an index answers at once."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, *expressions: Any, sign: str, **extra: Any) -> None:
        super().__init__(*expressions, sign=sign, **extra)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        key, pk, value, number = (sql for sql, _params in compiled)
        params = tuple(param for _sql, params in compiled for param in params)
        return f"({key}, {pk}) {self.extra['sign']} ({value}, {number})", params


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the places before and after them; None where the list ends."""

    rows: list[Any]
    previous: str | None
    next: str | None


def page(queryset: QuerySet[Any], order: Order, *, after: str = "", before: str = "", size: int = SIZE) -> Page:
    """The rows after or before a place that `Order.place` gave. A place that is not understood is the beginning."""
    place = _read(queryset.model, order, after or before)
    backwards = bool(place and before and not after)
    rows = queryset.order_by(*order.names(backwards=backwards))
    if place:
        sign = "<" if order.descending != backwards else ">"
        rows = rows.filter(Beyond(F(order.key), F("id"), Value(place[0]), Value(place[1]), sign=sign))
    if as_of.is_past():
        # No index gives tables of the past in order. Sorted by itself, a page of ids is picked in one pass; with all
        # that is shown beside them, every row would be sorted.
        rows = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[: size + 1]))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], None, None)
    return Page(
        found,
        previous=order.place(found[0]) if (more if backwards else place) else None,
        next=order.place(found[-1]) if (more or backwards) else None,
    )


def count(queryset: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows there are, and whether that is all: nothing is counted beyond COUNTED."""
    # Without the other columns, what a page counts for each of its rows is not counted here.
    found = queryset.order_by().values("pk")[: COUNTED + 1].count()
    return min(found, COUNTED), found <= COUNTED


def _read(model: type[Model], order: Order, written: str) -> tuple[Any, int] | None:
    field: Any = model._meta.get_field(order.key)
    try:
        key, number = json.loads(written)
        # A lone surrogate and a NUL are JSON, and no text of the database.
        if "\0" in key.encode().decode():
            return None
        return (field.output_field if field.generated else field).to_python(key), int(number)
    except (ValueError, TypeError, AttributeError, ValidationError):
        return None
