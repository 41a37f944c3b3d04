"""How fast claims leave: the CSV over HTTP beside psql's \\copy of the same query, and beside Datasette.

python -m bench.exporting [--database NAME] [--runs N] [--datasette PATH] [--forms jsonl,zip,xlsx]

It needs `manage.py make_volume` and what bench/requirements.txt names; without an anchor it fails.
"""

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench import beside, served
from bench.browsing import signed_in
from tracker import backups, localdb

DATABASE = "volume"
BUDGET = 0.7
FIRST_BYTE = 1.0
READ = 64 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """One file as it came: seconds to its first byte and to its last, its size and SHA-256."""

    first: float
    seconds: float
    size: int
    digest: str


def taken(chunks: Callable[[], Iterable[bytes]]) -> Taken:
    """Read a file to its end, and keep nothing of it."""
    began, first, size, digest = time.perf_counter(), 0.0, 0, hashlib.sha256()
    for chunk in chunks():
        first = first or time.perf_counter() - began
        size += len(chunk)
        digest.update(chunk)
    return Taken(first, time.perf_counter() - began, size, digest.hexdigest())


def over_http(client: httpx.Client, address: str) -> Iterator[bytes]:
    """The bytes of an answer as they come, uncompressed."""
    with client.stream("GET", address, headers={"Accept-Encoding": "identity"}, timeout=3600) as answer:
        answer.raise_for_status()
        yield from answer.iter_raw(READ)


def by_psql(database: str, copy: str) -> Iterator[bytes]:
    """What psql's \\copy of the query writes."""
    there = copy.replace("\n", " ").replace("COPY (", r"\copy (", 1)
    arguments = ("--quiet", "--no-psqlrc", "-c", "SET statement_timeout = 0", "-c", there)
    command, environment = backups.client(localdb.url("app", database), "psql", *arguments)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while chunk := process.stdout.read(READ):
            yield chunk
    if process.returncode:
        sys.exit("psql, the anchor, has failed.")


def statement(database: str) -> str:
    """The COPY that the program runs for claims.csv."""
    os.environ |= {"DATABASE_URL": localdb.url("app", database), "DATABASE_POOLED": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    import django

    django.setup()
    from django.db import connection
    from django.http import QueryDict

    from tracker.export.statements import Selection
    from tracker.export.tables import TABLES

    table = TABLES["claims"]
    written = Selection(table.filtered(QueryDict("")), table.columns).csv()
    connection.close()
    return written


@contextmanager
def watched(server: int) -> Iterator[list[int]]:
    """The resident memory of the process of the server that has grown most, in bytes, looked at 10 times a second.

    The list holds what it grew by, and what it reached.
    """
    processes = [process for process in psutil.Process(server).children(recursive=True) if process.is_running()]
    before = {process.pid: process.memory_info().rss for process in processes}
    peak, over, found = dict(before), threading.Event(), [0, 0]

    def look() -> None:
        while not over.wait(0.1):
            for process in processes:
                try:
                    peak[process.pid] = max(peak[process.pid], process.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
        most = max(peak, key=lambda pid: peak[pid] - before[pid])
        found[:] = [peak[most] - before[most], peak[most]]


def line(name: str, rows: int, found: Taken, rest: str = "") -> None:
    """One row of the table."""
    rate, size = rows / found.seconds, found.size / 1e6
    print(
        f"{name:<22} {found.seconds:8.1f} {rate:11,.0f} {size / found.seconds:8.1f} {found.first:8.2f}  {rest}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--forms", default="jsonl,zip", help="further forms to take once, joined by commas; xlsx takes long"
    )
    parser.add_argument("--datasette", type=Path, default=Path(sys.executable).with_name("datasette"))
    args = parser.parse_args()
    if words := beside.missing(args.datasette):
        sys.exit(words)
    if not served.exists(args.database):
        sys.exit("The data is missing: run `python manage.py make_volume` first.")
    copy = statement(args.database)
    ours, theirs, grown = [], [], []
    with served.serving(args.database) as at, signed_in(at) as client:
        (rows,) = at.ask("SELECT count(*) FROM tracker_claim WHERE state = 'active'")
        print(f"{rows:,} claims of make_volume (seed 7 if none was given), {args.runs} runs in turns, warmed up by one")
        print(f"{'':<22} {'seconds':>8} {'rows/s':>11} {'MB/s':>8} {'1st byte':>8}")
        for number in range(args.runs + 1):
            with watched(at.process) as memory:
                here = taken(lambda: over_http(client, "/exports/claims.csv"))
            there = taken(lambda: by_psql(args.database, copy))
            if here.digest != there.digest:
                sys.exit("The file over HTTP is not the one that psql has written.")
            if number:
                ours.append(here)
                theirs.append(there)
                grown.append(memory)
                line("claims.csv over HTTP", rows, here, f"+{memory[0] / 1e6:.1f} MB, peak {memory[1] / 1e6:.0f} MB")
                line("psql \\copy", rows, there)
        for form in filter(None, args.forms.split(",")):
            with watched(at.process) as memory:
                found = taken(lambda form=form: over_http(client, f"/exports/claims.{form}"))  # type: ignore[misc]
            line(f"claims.{form}", rows, found, f"+{memory[0] / 1e6:.1f} MB, peak {memory[1] / 1e6:.0f} MB")
    with beside.serving(args.datasette, args.database) as address, httpx.Client(base_url=address) as reader:
        aside = taken(lambda: over_http(reader, "/volume/claims.csv?_stream=on"))
        line("Datasette, streaming", rows, aside)
    median, anchor = (statistics.median(one.seconds for one in those) for those in (ours, theirs))
    first, most = max(one.first for one in ours), max(memory[0] for memory in grown)
    print(f"{anchor / median:.2f} of psql's rate (budget {BUDGET}), {aside.seconds / median:.1f} of Datasette's")
    print(
        f"first byte within {first:.2f} s (budget {FIRST_BYTE:.0f}), memory of the server +{most / 1e6:.1f} MB at most"
    )
    if anchor / median < BUDGET or first > FIRST_BYTE:
        sys.exit("The budget is not kept.")


if __name__ == "__main__":
    main()
