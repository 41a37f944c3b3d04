"""Datasette over SQLite with the rows of our own CSV: what many would put such a table on line with."""

import csv
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench import served

PATIENCE = 60
# What the pages that it is compared with sort, filter and search by.
INDEXES = {
    "claims": ("published_on", "supplier_code", "recipient_code", "transfer_id", "outlet", "category", "stage"),
    "transfers": ("last_published", "supplier_code", "recipient_code", "category", "stage"),
}
KEYS = {"claims": "claim_id", "transfers": "transfer_id"}


def missing(datasette: Path) -> str:
    """What to do where the program is not there, or nothing."""
    if datasette.exists():
        return ""
    return f"Datasette is missing at {datasette}: install bench/requirements.txt, or give --datasette PATH."


def load(database: str, into: Path) -> None:
    """The exports of the database as tables of SQLite, with indexes and full-text search over the quotes."""
    with sqlite3.connect(into) as connection, tempfile.TemporaryDirectory() as folder:
        connection.execute("PRAGMA journal_mode = off")
        for table, key in KEYS.items():
            path = Path(folder) / f"{table}.csv"
            served.manage(database, "export", table, "-o", str(path))
            with path.open(newline="", encoding="utf-8") as file:
                rows = csv.reader(file)
                columns = next(rows)
                named = ", ".join(f"{name} TEXT{' PRIMARY KEY' if name == key else ''}" for name in columns)
                connection.execute(f"CREATE TABLE {table} ({named})")
                connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
            for column in INDEXES[table]:
                connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        connection.execute("CREATE VIRTUAL TABLE claims_fts USING fts5 (quote, content='claims')")
        connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('rebuild')")


@contextmanager
def serving(datasette: Path, database: str) -> Iterator[str]:
    """The address at which Datasette serves the rows of the database, for the length of a measurement."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "volume.db"
        load(database, file)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {"sql_time_limit_ms": 120_000, "facet_time_limit_ms": 1, "max_csv_mb": 0, "suggest_facets": "off"}
        command = [str(datasette), "serve", "--immutable", str(file), "--port", str(port)]
        for name, value in settings.items():
            command += ["--setting", name, str(value)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(address: str, process: subprocess.Popen) -> None:
    for _ in range(PATIENCE * 10):
        if process.poll() is not None:
            sys.exit("Datasette has stopped before it answered.")
        try:
            if httpx.get(f"{address}/-/versions.json", timeout=PATIENCE).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit(f"Datasette has not answered within {PATIENCE} s.")
