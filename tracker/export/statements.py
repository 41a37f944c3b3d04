"""The SQL of an export: what COPY is told to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, QuerySet

from tracker.browse.as_of import Moment, Shadow
from tracker.browse.columns import FORMULA, LIST, SWITCH, TEXT, Column

# PostgreSQL writes both as escapes inside JSON, so they never occur in a line, and COPY adds nothing to it. Its text
# format would double every backslash.
RAW = r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'"


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows whose id is greater than `low` and not greater than `high`; None is no bound."""

    low: int | None = None
    high: int | None = None

    @property
    def where(self) -> str:
        """The condition on the id."""
        bounds = [f"ident > {self.low:d}"] if self.low is not None else []
        bounds += [f"ident <= {self.high:d}"] if self.high is not None else []
        return f" WHERE {' AND '.join(bounds)}" if bounds else ""


WHOLE = Slice()


class Selection:
    """The rows of an export with their columns, as they stood at `moment`, or as they stand."""

    def __init__(self, rows: QuerySet[Any], columns: Iterable[Column], moment: Moment | None = None) -> None:
        # The names of columns are also names of fields, so the inner query has names of its own.
        self.named = {f"c{place}": column for place, column in enumerate(columns)}
        self.moment = moment
        found = rows.annotate(ident=F("id"), **{alias: column.sql for alias, column in self.named.items()})
        self.sql = self._compiled(found.values_list("ident", *self.named))
        self.ids = self._compiled(rows.annotate(ident=F("id")).values_list("ident"))
        # To find which rows stood at a time takes as long as to read them: slices of the past are cut by all ids.
        self.cuts = f"SELECT id AS ident FROM {rows.model._meta.db_table}" if moment else self.ids

    def _compiled(self, rows: QuerySet[Any]) -> str:
        # Filters that can leave nothing make an empty file, and no error of the compiler.
        sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
        if self.moment:
            sql = Shadow(self.moment).shadowed(sql)
        return str(cast(Any, connection).ops.compose_sql(sql, params))

    def csv(self, part: Slice = WHOLE, *, guarded: bool = False) -> str:
        """The COPY of a CSV, with its head where it begins. `guarded` text never begins like a formula."""
        outer = ", ".join(
            f'{_guard(alias, column) if guarded else alias} AS "{column.name}"' for alias, column in self.named.items()
        )
        head = ", HEADER" if part.low is None else ""
        return f"COPY (SELECT {outer} FROM ({self.sql}) AS found{part.where}) TO STDOUT WITH (FORMAT csv{head})"

    def json(self, part: Slice = WHOLE) -> str:
        """The COPY of JSON Lines: an object a row, numbers as numbers, lists as arrays, null for an empty cell."""
        outer = ", ".join(f'{_value(alias, column)} AS "{column.name}"' for alias, column in self.named.items())
        row = f"SELECT row_to_json(line) FROM (SELECT {outer} FROM ({self.sql}) AS found{part.where}) AS line"
        return f"COPY ({row}) TO STDOUT WITH ({RAW})"

    def count(self, limit: int) -> str:
        """The statement that counts the rows, up to `limit`."""
        return f"SELECT count(*) FROM (SELECT 1 FROM ({self.ids}) AS found LIMIT {limit:d}) AS counted"

    def end(self, low: int | None, size: int) -> str:
        """The statement that finds the last id of a slice of about `size` rows; no row where fewer are left."""
        return f"SELECT ident FROM ({self.cuts}) AS found{Slice(low).where} ORDER BY ident LIMIT 1 OFFSET {size - 1:d}"


def _guard(alias: str, column: Column) -> str:
    if column.kind not in {TEXT, LIST}:
        return alias
    return f"CASE WHEN {alias} ~ '{FORMULA}' THEN '''' || {alias} ELSE {alias} END"


def _value(alias: str, column: Column) -> str:
    if column.kind == TEXT:
        return f"NULLIF({alias}, '')"
    if column.kind == SWITCH:
        return f"{alias}::boolean"
    if column.kind != LIST:
        return alias
    # A "|" inside a text is escaped, so the blanks around a bare one are never part of it.
    several = (
        rf"SELECT json_agg(replace(word, '\|', '|') ORDER BY place)"
        f" FROM unnest(string_to_array({alias}, ' | ')) WITH ORDINALITY AS part(word, place)"
    )
    return (
        f"CASE WHEN {alias} = '' THEN NULL WHEN strpos({alias}, '|') = 0 THEN json_build_array({alias})"
        f" ELSE ({several}) END"
    )
