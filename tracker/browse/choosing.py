"""Which columns a list shows, and the way from a list to its files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import QuerySet

from tracker.browse.columns import Column, chosen


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that a list can show, and whether it does."""

    column: Column
    on: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The menu of columns: the choices, what else its address keeps, and whether it differs from the list's own."""

    columns: list[Choice]
    kept: list[tuple[str, str]]
    own: bool
    reset_url: str


def asked_for(columns: tuple[Column, ...], page: tuple[str, ...], written: Iterable[str]) -> tuple[list[Column], bool]:
    """The columns that an address asks for, and whether they are others than those of the `page`.

    Raises UnknownColumn.
    """
    own = [next(column for column in columns if column.name == name) for name in page] if page else list(columns)
    names = [part for part in written if part.strip(", ")]
    if not names:
        return own, False
    found = chosen(columns, names)
    return list(found), {column.name for column in found} != {column.name for column in own}


def with_plain(rows: QuerySet[Any], shown: Iterable[Column]) -> QuerySet[Any]:
    """The rows with what the CSV holds for the columns that have no cell of their own."""
    return rows.annotate(**{f"plain_{column.name}": column.sql for column in shown if not column.own_cell})


def choices(columns: Iterable[Column], shown: Iterable[Column], own: bool, address: str) -> Choices:
    """The menu of a list at an `address`, a query string without its columns."""
    kept = parse_qsl(address, keep_blank_values=True)
    names = {column.name for column in shown}
    return Choices([Choice(column, column.name in names) for column in columns], kept, own, f"?{address}")
