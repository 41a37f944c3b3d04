"""The databases that the tests use: one template that the owner migrates, and a clone of it for every worker.

They live in a server of their own, beside the data folder of the program, which no test ever touches. It is left
running, and the template is kept until a migration changes: the second run of the tests starts in seconds.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psutil
from psycopg import sql

from tracker import localdata, localdb

CHECKOUT = localdata.CHECKOUT
# What is lost in a crash is made again.
SERVER_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def move_to_test_server() -> None:
    """Point this process, and those that it starts, to the server of the tests."""
    if "TRACKER_TEST_DATA" not in os.environ:
        os.environ["TRACKER_TEST_DATA"] = str(localdata.folder() / "test")
    os.environ["TRACKER_DATA"] = os.environ["TRACKER_TEST_DATA"]
    use("none")


def use(name: str) -> None:
    """Make the database of that name the one that programs started by a test find in their environment."""
    os.environ["DATABASE_URL"] = localdb.url("app", name)
    os.environ["DATABASE_OWNER_URL"] = localdb.url("owner", name)
    os.environ["DATABASE_POOLED"] = "0"


def template() -> str:
    """The name of the migrated template, which is built where it is missing."""
    name = f"template_{fingerprint()}"
    localdb.ensure_running(SERVER_OPTIONS)
    with (localdata.folder() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with localdb.connect() as superuser:
            found = [row[0] for row in superuser.execute("SELECT datname FROM pg_database").fetchall()]
            for old in found:
                if abandoned(old) or (old.startswith("template_") and old != name):
                    drop(old)
            if name not in found:
                build(name)
    return name


def fingerprint() -> str:
    """Changes with everything that shapes the template: migrations, roles, and the versions of the packages."""
    files = [*CHECKOUT.glob("*/migrations/*.py"), CHECKOUT / "requirements.txt", Path(localdb.roles.__file__)]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def build(name: str) -> None:
    """Migrate a new database as its owner, and give it its name when it is finished."""
    draft = f"draft_{os.getpid()}"
    drop(draft)
    localdb.create_database(draft)
    environment = os.environ | {
        "TRACKER_DB_ROLE": "owner",
        "DATABASE_URL": localdb.url("app", draft),
        "DATABASE_OWNER_URL": localdb.url("owner", draft),
    }
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)
    with localdb.connect() as superuser:
        superuser.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def clone(source: str, name: str) -> None:
    """Make the database anew as a copy of the template."""
    drop(name)
    with localdb.connect() as superuser:
        localdb.roles.make_database(superuser, name, source)


def drop(name: str) -> None:
    """Drop the database if it is there, whoever is connected to it."""
    with localdb.connect() as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def abandoned(name: str) -> bool:
    """Whether a run of the tests that is over has left this database."""
    kind, _, rest = name.partition("_")
    return kind in {"clone", "draft"} and not psutil.pid_exists(int(rest.split("_")[0]))
