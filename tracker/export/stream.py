"""Rows as CSV, as fast as PostgreSQL writes them and in constant memory."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.http import QueryDict

from tracker.browse.as_of import Moment, Shadow, as_of
from tracker.browse.columns import LIST, TEXT, Column
from tracker.export.tables import Table

logger = logging.getLogger(__name__)

AT_ONCE = 2
LOCK = 0x41747278
CHUNK = 64 * 1024
BOM = "\ufeff".encode()
# What a spreadsheet may take for a formula, behind anything that it does not show.
UNSEEN = r"\s\u00a0\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
FORMULA = rf"^[{UNSEEN}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"


class Busy(Exception):
    """Two exports are under way; a third would take the connections that pages need."""


def statement(
    rows: QuerySet[Any], columns: Iterable[Column], *, guarded: bool = False, moment: Moment | None = None
) -> str:
    """The COPY statement of the rows, its parameters filled in: as they stood at `moment`, or as they stand.

    `guarded` text never begins like a formula.
    """
    # The names of columns are also names of fields, so the inner query has names of its own.
    named = {f"c{place}": column for place, column in enumerate(columns)}
    found = rows.annotate(**{alias: column.sql for alias, column in named.items()}).values_list(*named)
    # Filters that can leave nothing make an empty file, and no error of the compiler.
    inner, params = found.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    if moment:
        inner = Shadow(moment).shadowed(inner)
    outer = ", ".join(
        f'{_guard(alias, column) if guarded else alias} AS "{column.name}"' for alias, column in named.items()
    )
    sql = f"COPY (SELECT {outer.replace('%', '%%')} FROM ({inner}) AS found) TO STDOUT WITH (FORMAT csv, HEADER)"
    return str(cast(Any, connection).ops.compose_sql(sql, params))


def _guard(alias: str, column: Column) -> str:
    if column.kind not in {TEXT, LIST}:
        return alias
    return f"CASE WHEN {alias} ~ '{FORMULA}' THEN '''' || {alias} ELSE {alias} END"


class BrokenOff(Exception):
    """The reader left before the end."""


class Export:
    """One export under way: an iterator of bytes that holds a place among those at once until it is closed.

    It has a connection of its own, since a streamed answer outlives the request that began it; within a transaction
    it shows what that transaction sees. Raises Busy where no place is free.
    """

    def __init__(self, table: Table, query: QueryDict, *, guarded: bool = False, by: str = "") -> None:
        self.table, self.query, self.by = table, query, by
        self.guarded = guarded
        self.moment = table.moment(query)
        with as_of(self.moment):
            sql = statement(table.filtered(query), table.columns, guarded=guarded, moment=self.moment)
        self.rows = 0
        self.finished = False
        self._held = ExitStack()
        with self._held:
            self._chunks = self._begin(sql)
            self._held = self._held.pop_all()

    def _begin(self, sql: str) -> Iterator[bytes]:
        database: BaseDatabaseWrapper = connection
        if connection.in_atomic_block:
            self._held.enter_context(transaction.atomic())
        else:
            database = connection.copy()
            # A server may write the answer in another thread than the one that the view ran in.
            database.inc_thread_sharing()
            self._held.callback(database.close)
            database.set_autocommit(False)
            self._held.callback(database.rollback)
        cursor = self._held.enter_context(database.cursor())
        if not _place(cursor):
            raise Busy
        cursor.execute("SET LOCAL statement_timeout = 0")
        copy = self._held.enter_context(cursor.copy(sql))
        return self._read(copy)

    def _read(self, copy: Any) -> Iterator[bytes]:
        chunk = bytearray(BOM if self.guarded else b"")
        for row in copy:
            chunk += row
            self.rows += 1
            if len(chunk) >= CHUNK:
                yield bytes(chunk)
                chunk = bytearray()
        # COPY writes the head as a row of its own.
        self.rows -= 1
        self.finished = True
        if chunk:
            yield bytes(chunk)

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        """Give the place back, and write down who took what."""
        # psycopg cancels the query only where the block of its copy ends with an exception.
        broken_off = None if self.finished else BrokenOff()
        self._held.__exit__(type(broken_off) if broken_off else None, broken_off, None)
        logger.info(
            "export %s by %s, filter %r: %s rows%s",
            self.table.name,
            self.by or "the command line",
            self.query.urlencode(),
            self.rows,
            "" if self.finished else ", broken off",
        )


def _place(cursor: Any) -> bool:
    """Take one of the places for exports until the transaction ends."""
    for place in range(AT_ONCE):
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, place])
        if cursor.fetchone()[0]:
            return True
    return False
