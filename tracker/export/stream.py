"""Rows as fast as PostgreSQL writes them, in constant memory: who may take how many files at once."""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import QueryDict

from tracker.browse.as_of import as_of
from tracker.browse.columns import BOM
from tracker.export.statements import Selection, Slice
from tracker.export.tables import Table
from tracker.seal import last

logger = logging.getLogger(__name__)

AT_ONCE = 2
LOCK = 0x41747278
CHUNK = 64 * 1024
# Rows of the first slice, and how much larger each is than the one before. By id in one piece, a million rows are
# joined and sorted before the first of them is sent; in many pieces, the joins begin anew for each.
FIRST, GROWTH = 2_000, 10


class Busy(Exception):
    """Two exports are under way; a third would take the connections that pages need."""


class TooMany(Exception):
    """The form of the file holds fewer rows than there are; the message is how many it holds."""


class BrokenOff(Exception):
    """The reader left before the end."""


class Export:
    """One file under way: an iterator of bytes that holds a place among those at once until it is closed.

    `write` makes the bytes from the export. It has a connection of its own, since a streamed answer outlives the
    request that began it, and all that it reads is of one moment; within a transaction it shows what that transaction
    sees. `rows` counts the rows that were written, over all `tables`; `said` is the filter in words, `seal` the
    last of the history.
    Raises NotUnderstood for a filter or column, Busy where no place is free, TooMany for more rows than `limit`.
    """

    def __init__(
        self,
        tables: "Table | tuple[Table, ...]",
        query: QueryDict,
        write: "Callable[[Export], Generator[bytes, None, None]] | None" = None,
        *,
        limit: int | None = None,
        by: str = "",
    ) -> None:
        self.tables = tables if isinstance(tables, tuple) else (tables,)
        self.query, self.by = query, by
        self.moment = self.tables[0].moment(query)
        self.columns = {table.name: table.chosen(query) for table in self.tables}
        with as_of(self.moment):
            self.selections = {
                table.name: Selection(table.filtered(query), self.columns[table.name], self.moment)
                for table in self.tables
            }
            self.said = self.tables[0].said(query)
        self.seal = last()
        self.rows = 0
        self.finished = False
        self._held = ExitStack()
        with self._held:
            self._cursor = self._begin()
            if limit:
                self._refuse_more_than(limit)
            self._chunks = self._read((write or csv)(self))
            # What fails at once fails before an answer has begun.
            self._first = next(self._chunks, b"")
            self._held = self._held.pop_all()

    @property
    def table(self) -> Table:
        """The one that it is of, or the first of several."""
        return self.tables[0]

    def copied(self, table: Table, statement: Callable[[Selection, Slice], str]) -> Generator[bytes, None, None]:
        """The rows that COPY statements of a table write, slice by slice, each with its line end."""
        selection, part = self.selections[table.name], Slice()
        size = FIRST
        while True:
            part = Slice(part.high, self._end(selection, part.high, size))
            with self._cursor.copy(statement(selection, part)) as copy:
                yield from copy
            if part.high is None:
                return
            size *= GROWTH

    def _end(self, selection: Selection, low: int | None, size: int) -> int | None:
        self._cursor.execute(selection.end(low, size))
        found = self._cursor.fetchone()
        return found[0] if found else None

    def _begin(self) -> Any:
        database: BaseDatabaseWrapper = connection
        alone = not connection.in_atomic_block
        if alone:
            database = connection.copy()
            # A server may write the answer in another thread than the one that the view ran in.
            database.inc_thread_sharing()
            self._held.callback(database.close)
            database.set_autocommit(False)
            self._held.callback(database.rollback)
        else:
            self._held.enter_context(transaction.atomic())
        cursor: Any = self._held.enter_context(database.cursor())
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if not _place(cursor):
            raise Busy
        cursor.execute("SET LOCAL statement_timeout = 0")
        return cursor

    def _refuse_more_than(self, limit: int) -> None:
        for selection in self.selections.values():
            self._cursor.execute(selection.count(limit + 1))
            if self._cursor.fetchone()[0] > limit:
                raise TooMany(limit)

    def _read(self, parts: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
        yield from parts
        self.finished = True

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._chunks

    def close(self) -> None:
        """Give the place back, and write down who took what."""
        # What is being copied ends first: psycopg cancels a query only where the block of its copy is left early.
        self._chunks.close()
        broken_off = None if self.finished else BrokenOff()
        self._held.__exit__(type(broken_off) if broken_off else None, broken_off, None)
        logger.info(
            "export %s by %s, filter %r: %s rows%s",
            "+".join(table.name for table in self.tables),
            self.by or "the command line",
            self.query.urlencode(),
            self.rows,
            "" if self.finished else ", broken off",
        )


def chunked(
    rows: Generator[bytes, None, None], export: Export, *, begin: bytes = b"", head: int = 0
) -> Generator[bytes, None, None]:
    """Rows in pieces of a good size, counted; the first `head` of them are no rows, and `begin` comes before all."""
    chunk = bytearray(begin)
    export.rows -= head
    # Closed with this, so that a query goes no further than its reader.
    with closing(rows):
        for row in rows:
            chunk += row
            export.rows += 1
            if len(chunk) >= CHUNK:
                yield bytes(chunk)
                chunk = bytearray()
    if chunk:
        yield bytes(chunk)


def csv(export: Export) -> Generator[bytes, None, None]:
    """The exact file: every value reads back as it was."""
    return chunked(export.copied(export.table, Selection.csv), export, head=1)


def guarded_csv(export: Export) -> Generator[bytes, None, None]:
    """The file for spreadsheets: a byte order mark, and no text that begins like a formula."""
    guarded = partial(Selection.csv, guarded=True)
    return chunked(export.copied(export.table, guarded), export, begin=BOM.encode(), head=1)


def json_lines(export: Export) -> Generator[bytes, None, None]:
    """An object a row."""
    return chunked(export.copied(export.table, Selection.json), export)


def _place(cursor: Any) -> bool:
    """Take one of the places for exports until the transaction ends."""
    for place in range(AT_ONCE):
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, place])
        if cursor.fetchone()[0]:
            return True
    return False
