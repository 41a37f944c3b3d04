"""A server on a database of invented data, and users who may sign in to it, for the length of a measurement."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from tracker import localdb

CHECKOUT = Path(__file__).resolve().parent.parent
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens, who may sign in, with one password, and how to ask its database as the superuser.

    `process` is the number of the process that started the server and its workers.
    """

    address: str
    users: list[str]
    password: str
    database: str
    process: int

    def ask(self, statement: str) -> tuple:
        """The first row of a statement."""
        with psycopg.connect(localdb.url("superuser", self.database)) as connection:
            return connection.execute(statement).fetchone()  # type: ignore[return-value]


def manage(database: str, *arguments: str, given: str | None = None) -> None:
    """Run a command of manage.py on the database; `given` is what it reads from standard input."""
    environment = os.environ | {"DATABASE_URL": localdb.url("app", database), "DATABASE_POOLED": "0"}
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=CHECKOUT, env=environment, input=given, text=True, check=True
    )


def exists(database: str) -> bool:
    """Whether the embedded server has this database."""
    localdb.ensure_running()
    with localdb.connect() as superuser:
        found = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    return found is not None


def make(database: str, **sizes: int) -> None:
    """Make the database of invented data anew."""
    options = [f"--{name}={size}" for name, size in sizes.items()]
    command = [sys.executable, "manage.py", "make_volume", f"--database={database}", *options]
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)


MAKE_USERS = """
from django.contrib.auth.hashers import make_password
from tracker.models import User
hashed = make_password({password!r})
for name in {names!r}:
    User.objects.update_or_create(username=name, defaults={{"password": hashed, "role": "reviewer"}})
"""


@contextmanager
def serving(database: str, users: int = 1) -> Iterator[Served]:
    """The program as it is served, web server and worker, with `users` reviewers who may sign in."""
    names = [f"bench-{number:02}" for number in range(1, users + 1)]
    password = secrets.token_urlsafe(12)
    manage(database, "shell", "--no-imports", given=MAKE_USERS.format(password=password, names=names))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": localdb.url("app", database),
        "DATABASE_OWNER_URL": localdb.url("owner", database),
        "PORT": str(port),
        "DEMO": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start"], cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield Served(address, names, password, database, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(address: str, process: subprocess.Popen) -> None:
    for _ in range(PATIENCE * 10):
        if process.poll() is not None:
            sys.exit("The server has stopped before it answered; what it said stands above.")
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit(f"The server has not answered within {PATIENCE} s.")
