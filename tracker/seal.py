"""The seal of the history: a chain of hashes over every row of the append-only tables.

Ids commit out of order, so a row is sealed once no transaction runs any more that could still write one with a lower
id. Up to there a table is closed: a row that is changed, deleted or added later breaks the chain. A seal proves itself
only against somebody who cannot rewrite the seals too; that is why the head goes to the log and with every export.
"""

import hashlib
import logging
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from tracker.models import Seal
from tracker.roles import APPEND_ONLY_TABLES

logger = logging.getLogger(__name__)

LOCK = 0x5EA1
# Rows of one link, so that neither its prints nor what it takes to make it grow without end.
LINK = 50_000
BATCH = 5_000
# How long to wait for transactions that are just being written. Longer ones are left to the next seal.
PATIENCE = 5.0
PRINT = struct.Struct(">q8s")
# Below every id: the end of what is sealed of a table of which nothing is.
NONE = -(2**63)


# Transactions older than a horizon that may still write here. A snapshot knows those of the whole server; one that
# holds its lock in another database is none of ours, and one whose lock is not seen yet counts as ours.
RUNNING = """
    SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS running(id)
    WHERE id::text::bigint < %s AND NOT EXISTS (
        SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
          AND l.transactionid::text::bigint = running.id::text::bigint & 4294967295
          AND a.datname <> current_database()
    )
"""


class Busy(Exception):
    """Another process is sealing."""


@dataclass(frozen=True, slots=True)
class Table:
    """One append-only table, its key, and the columns that were sealed."""

    name: str
    key: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first row that does not fit: `what` happened to it. `seal` is the link that says so."""

    seal: int
    table: str
    id: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole chain found. `unsealed` counts the rows that are not sealed yet."""

    seals: int
    rows: int
    unsealed: int
    head: str
    misfit: Misfit | None


def last() -> Seal | None:
    """The newest link, without its prints."""
    return Seal.objects.defer("prints", "columns").order_by("-pk").first()


def tables() -> list[Table]:
    """Every append-only table but that of the seals, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.relname, array_agg(a.attname::text ORDER BY a.attname)
                FROM ({APPEND_ONLY_TABLES}) t JOIN pg_attribute a ON a.attrelid = ('public.' || t.relname)::regclass
                WHERE a.attnum > 0 AND NOT a.attisdropped
                GROUP BY t.relname"""
        )
        found = sorted((name, columns) for name, columns in cursor.fetchall() if name != Seal._meta.db_table)
    return [Table(name, "pgh_id" if "pgh_id" in columns else "id", columns) for name, columns in found]


def seal() -> list[Seal]:
    """Seal what is settled and not sealed yet; returns the new links, none where nothing is new.

    Raises Busy while another process seals.
    """
    made: list[Seal] = []
    while not made or made[-1].rows == LINK:
        with transaction.atomic():
            if not _scalar("SELECT pg_try_advisory_xact_lock(%s)", LOCK):
                raise Busy
            link = _next()
        if link is None:
            break
        logger.info("seal %s: head %s over %s rows", link.pk, link.head, link.rows)
        made.append(link)
    return made


def _next() -> Seal | None:
    """The next link, or None where nothing has been written since the last."""
    found, before = tables(), last()
    seen = {table.name: _scalar(f"SELECT max({table.key}) FROM {table.name}") or 0 for table in found}
    if before and before.upto == seen:
        return None
    # Every id in `seen` was given out before this transaction had an id of its own.
    horizon = int(_scalar("SELECT pg_current_xact_id()::text"))
    upto = seen if _settled(horizon) else _settled_before(before)
    if before and before.upto == upto and before.seen == seen:
        return None
    # A link may have no rows: while a transaction is open that may write behind what is seen, it remembers what that
    # was, for the next link.
    return _link(before, found, upto, seen, horizon)


def _settled(horizon: int) -> bool:
    """Wait until no transaction runs that is older than `horizon`; False where one goes on for too long."""
    until = time.monotonic() + PATIENCE
    while _scalar(RUNNING, horizon):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _settled_before(before: Seal | None) -> dict[str, int]:
    """What the last seal has seen, where all transactions of that time have ended; else what it has sealed."""
    if before is None:
        return {}
    return before.upto if _scalar(RUNNING, before.horizon) else before.seen


def _link(before: Seal | None, found: list[Table], upto: dict[str, int], seen: dict[str, int], horizon: int) -> Seal:
    """Store one link over at most LINK rows beyond those of the link before."""
    chain = Chain(before.head if before else "")
    sealed = dict(before.upto) if before else {}
    counts: dict[str, int] = {}
    prints = bytearray()
    left = LINK
    for table in found:
        first, last = sealed.get(table.name, NONE), upto.get(table.name, NONE)
        number = 0
        for pk, row in _rows(table, first, last, left):
            prints += PRINT.pack(pk, chain.add(table.name, row))
            number, sealed[table.name] = number + 1, pk
        left -= number
        if number:
            counts[table.name] = number
        if left:
            # Up to here there is nothing more, and nothing may come in between.
            sealed[table.name] = max(first, last)
    return Seal.objects.create(
        previous=before.head if before else "",
        head=chain.head,
        upto=sealed,
        counts=counts,
        columns={table.name: table.columns for table in found if table.name in counts},
        prints=bytes(prints),
        rows=LINK - left,
        seen=seen,
        horizon=horizon,
    )


class Chain:
    """A SHA-256 that goes on from the head of the link before, row by row."""

    def __init__(self, head: str) -> None:
        self.link = hashlib.sha256(bytes.fromhex(head)).digest()

    def add(self, table: str, row: str) -> bytes:
        """Carry the chain on over a row; returns the beginning of where it then stands."""
        self.link = hashlib.sha256(self.link + f"{table} {row}".encode()).digest()
        return self.link[:8]

    @property
    def head(self) -> str:
        """Where the chain stands."""
        return self.link.hex()


def _rows(table: Table, first: int, last: int, limit: int = sys.maxsize) -> Iterator[tuple[int, str]]:
    """Up to `limit` rows with an id beyond `first` and up to `last`, as id and canonical JSON, by id."""
    columns = ", ".join(connection.ops.quote_name(name) for name in table.columns)
    while limit > 0:
        with connection.cursor() as cursor:
            # Times in JSON are those of the session's zone.
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            cursor.execute(
                f"""SELECT r.{table.key}, to_jsonb(r)::text
                    FROM (SELECT {columns} FROM {table.name} WHERE {table.key} > %s AND {table.key} <= %s
                          ORDER BY {table.key} LIMIT %s) r ORDER BY 1""",
                [first, last, min(BATCH, limit)],
            )
            found = cursor.fetchall()
        yield from found
        if not found:
            return
        limit -= len(found)
        first = found[-1][0]


def verify() -> Verified:
    """Recompute the whole chain from the rows."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        there = {table.name: table for table in tables()}
        head, rows, seals = "", 0, 0
        upto: dict[str, int] = {}
        misfit: Misfit | None = None
        for pk in list(Seal.objects.order_by("pk").values_list("pk", flat=True)):
            link = Seal.objects.get(pk=pk)
            misfit = _check(link, head, upto, there)
            if misfit:
                break
            head, rows, seals, upto = link.head, rows + link.rows, seals + 1, link.upto
        unsealed = sum(
            _scalar(f"SELECT count(*) FROM {table.name} WHERE {table.key} > %s", upto.get(table.name, NONE))
            for table in there.values()
        )
    return Verified(seals, rows, unsealed, head, misfit)


def _check(link: Seal, head: str, upto: dict[str, int], there: dict[str, Table]) -> Misfit | None:
    """The first row of a link that does not fit, or None."""
    if link.previous != head:
        return Misfit(link.pk, Seal._meta.db_table, link.pk, "does not follow the seal before it")
    prints = PRINT.iter_unpack(bytes(link.prints))
    chain = Chain(head)
    for name in sorted(link.upto.keys() | upto.keys()):
        table = there.get(name)
        if table is None:
            return Misfit(link.pk, name, None, "the table is gone")
        columns = link.columns.get(name, table.columns)
        if missing := set(columns) - set(table.columns):
            return Misfit(link.pk, name, None, f"the column {min(missing)} is gone")
        sealed = Table(name, table.key, columns)
        rows = _rows(sealed, upto.get(name, NONE), link.upto.get(name, NONE))
        left = link.counts.get(name, 0)
        for pk, row in rows:
            was, behind = next(prints, (None, b"")) if left else (None, b"")
            left -= 1
            if was is None or pk < was:
                return Misfit(link.pk, name, pk, "was inserted after it was sealed")
            if pk > was:
                return Misfit(link.pk, name, was, "was deleted")
            if chain.add(name, row) != behind:
                return Misfit(link.pk, name, pk, "was changed")
        if left > 0:
            return Misfit(link.pk, name, next(prints)[0], "was deleted")
    if chain.head != link.head:
        return Misfit(link.pk, Seal._meta.db_table, link.pk, "has another head than its rows come to")
    return None


def _scalar(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


@app.periodic(cron="*/10 * * * *")
@app.task(queue="upkeep", queueing_lock="seal-history")
def seal_history(timestamp: int) -> int:
    """The job that seals the history. Returns how many rows it sealed."""
    try:
        return sum(link.rows for link in seal())
    except Busy:
        return 0
