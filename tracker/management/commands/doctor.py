"""Look at everything the program needs, and say what to mend."""

import importlib.metadata
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from articles.models import Outlet
from tracker import localdata, localdb, roles
from tracker.management.commands.start import REFERENCE, Stamp, fingerprint
from tracker.models import Actor, Materiel

OK, WARN, FAIL = "ok", "warn", "FAIL"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, and for a warning or failure what to do."""

    level: str
    what: str
    remedy: str = ""


class Command(BaseCommand):
    help = "Check the set-up and say what to mend. Exit code 1 where something fails."
    requires_system_checks: list[str] = []

    def handle(self, **options):
        styles = {OK: self.style.SUCCESS, WARN: self.style.WARNING, FAIL: self.style.ERROR}
        failed = False
        for finding in examine():
            failed |= finding.level == FAIL
            self.stdout.write(f"{styles[finding.level](finding.level.ljust(5))} {finding.what}")
            if finding.remedy:
                self.stdout.write(f"      -> {finding.remedy}")
        if failed:
            sys.exit(1)


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which things depend on each other."""
    yield python()
    yield packages()
    yield from production()
    yield from data_folder()
    yield chromium()
    reached = database()
    yield reached
    if reached.level == FAIL:
        return
    yield app_role()
    yield timeouts()
    yield extensions()
    migrated = migrations()
    yield migrated
    if migrated.level == FAIL:
        return
    yield history()
    yield reference()
    yield from worker()


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= (3, 15):
        return Finding(WARN, f"Python {version}", "Django 5.2 is tested on Python 3.11 to 3.14.")
    return Finding(OK, f"Python {version}")


def packages() -> Finding:
    """Compare what is installed with what requirements.txt pins."""
    missing, other = [], []
    for line in (settings.BASE_DIR / "requirements.txt").read_text().splitlines():
        if not (pin := re.match(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", line)):
            continue
        try:
            installed = importlib.metadata.version(pin[1])
        except importlib.metadata.PackageNotFoundError:
            missing.append(pin[1])
            continue
        if installed != pin[2]:
            other.append(f"{pin[1]} {installed} instead of {pin[2]}")
    if missing:
        return Finding(FAIL, f"Packages missing: {', '.join(missing)}", "Run `pip install -r requirements.txt`.")
    if other:
        return Finding(WARN, f"Packages differ: {', '.join(other)}", "Run `pip install -r requirements.txt`.")
    return Finding(OK, "Packages are those of requirements.txt")


def production() -> Iterator[Finding]:
    """The settings that an installation which others can reach must have."""
    if settings.DEBUG:
        yield Finding(WARN, "DEBUG is on", "Unset DEBUG where others can reach the program: its errors tell too much.")
    else:
        yield Finding(OK, "DEBUG is off")
    if len(settings.SECRET_KEY) < 50:
        yield Finding(FAIL, "SECRET_KEY is short", "Give it 50 characters or more, or unset it to have one made.")
    else:
        yield Finding(OK, "SECRET_KEY is long enough")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(WARN, "ALLOWED_HOSTS has *", "Name the hosts that people use.")
    if settings.HTTPS:
        yield Finding(OK, "HTTPS is on: cookies are secure, plain http is redirected")
    else:
        yield Finding(
            WARN, "HTTPS is off", "Fine on this machine alone; for others set HTTPS=1 behind a proxy that speaks TLS."
        )


def data_folder() -> Iterator[Finding]:
    """Whether the data folder can be written, has room, and keeps its secrets."""
    folder = localdata.folder()
    if not os.access(folder, os.W_OK):
        yield Finding(FAIL, f"{folder} cannot be written", "Run as its owner, or set TRACKER_DATA.")
        return
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < 100:
        yield Finding(FAIL, f"{folder} has {free} MB free", "Make room: the database stops before it is damaged.")
    elif free < 1000:
        yield Finding(WARN, f"{folder} has {free} MB free", "Make room soon.")
    else:
        yield Finding(OK, f"{folder} has {free / 1000:.0f} GB free")
    secrets = folder / "secrets"
    found = [secrets, *secrets.iterdir()] if secrets.is_dir() else []
    if open_ones := [path.name for path in found if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]:
        yield Finding(FAIL, f"Others can read secrets: {', '.join(open_ones)}", f"Run `chmod -R go-rwx '{secrets}'`.")


def chromium() -> Finding:
    if found := os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None):
        return Finding(OK, f"Chromium for the tests: {found}")
    return Finding(WARN, "No Chromium: the browser tests are skipped", "Debian, Ubuntu: `sudo apt install chromium`.")


def database() -> Finding:
    if not os.environ.get("DATABASE_URL") and localdb.status().process is None:
        return Finding(FAIL, "The embedded database does not run", "Run `python manage.py db start`.")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        remedy = "Check DATABASE_URL, or unset it to use the embedded database."
        return Finding(FAIL, f"The database cannot be reached: {str(error).splitlines()[0]}", remedy)
    version = int(query("SHOW server_version_num")[0][0])
    shown = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < 150000:
        return Finding(FAIL, shown, "The program needs PostgreSQL 15 or newer.")
    return Finding(OK, shown)


def query(statement: str, parameters: Sequence[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall()


def app_role() -> Finding:
    """The app's role must own nothing and be no superuser, or it could switch the history's guards off."""
    [(name, superuser, owned)] = query(
        "SELECT rolname, rolsuper, (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) "
        "FROM pg_roles WHERE rolname = current_user"
    )
    if superuser:
        return Finding(FAIL, f"The app connects as the superuser {name}", "Give it a role of its own.")
    if owned:
        return Finding(
            FAIL, f"The app's role {name} owns {owned} tables and indexes, and could change the history",
            "Migrate as another role: set DATABASE_OWNER_URL (docs/operations.md).",
        )  # fmt: skip
    return Finding(OK, f"The app connects as {name}, which owns nothing")


def timeouts() -> Finding:
    [(statement, lock)] = query("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    if "0" in (statement, lock):
        role = query("SELECT current_user")[0][0]
        remedy = "; ".join(f"ALTER ROLE {role} SET {name} = '{value}'" for name, value in roles.APP_SETTINGS.items())
        return Finding(WARN, "Statements or locks may wait for ever", f"As a superuser: {remedy};")
    return Finding(OK, f"Statements end after {statement}, waits for a lock after {lock}")


def extensions() -> Finding:
    found = {name for (name,) in query("SELECT extname FROM pg_extension")}
    if missing := [name for name in roles.EXTENSIONS if name not in found]:
        commands = " ".join(f"CREATE EXTENSION {name};" for name in missing)
        return Finding(FAIL, f"Extensions missing: {', '.join(missing)}", f"As a superuser: {commands}")
    return Finding(OK, f"Extensions: {', '.join(roles.EXTENSIONS)}")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding(FAIL, f"{len(plan)} migrations are missing", "Run `python manage.py migrate`.")
    return Finding(OK, "All migrations are applied")


def history() -> Finding:
    """Every append-only table has its guard on, and the app may not change its rows."""
    tables = [name for (name,) in query(roles.APPEND_ONLY_TABLES)]
    if not tables:
        return Finding(FAIL, "No table is append-only", "Run `python manage.py pgtrigger install`.")
    loose = query(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE has_table_privilege(name, 'UPDATE') "
        "OR has_table_privilege(name, 'DELETE') OR has_table_privilege(name, 'TRUNCATE') OR EXISTS ("
        "SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgname LIKE 'pgtrigger%%' AND tgenabled = 'D')",
        [tables],
    )
    if loose:
        names = ", ".join(name for (name,) in loose)
        return Finding(
            FAIL, f"The app may change the history in {names}", "Run `python manage.py migrate` as the owner."
        )
    return Finding(OK, f"The history is append-only in {len(tables)} tables")


def reference() -> Finding:
    rows = {"actors": Actor.objects.all(), "materiel": Materiel.objects.all(), "outlets": Outlet.objects.all()}
    if empty := [name for name, kind in rows.items() if not kind.exists()]:
        return Finding(FAIL, f"No {', '.join(empty)} in the reference data", "Run `python manage.py load_reference`.")
    if Stamp().get("reference") != fingerprint(REFERENCE):
        return Finding(WARN, "The reference data is not that of the files", "Run `python manage.py start`.")
    return Finding(OK, "Reference data is loaded")


def worker() -> Iterator[Finding]:
    """Whether a worker is alive, and whether jobs are left lying."""
    [(alive,)] = query(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
    )
    if alive:
        yield Finding(OK, f"{alive} workers are alive")
    else:
        yield Finding(WARN, "No worker is alive: imports and readings wait", "`python manage.py start` runs one.")
    [(failed,)] = query("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if failed:
        yield Finding(WARN, f"{failed} jobs have failed", "The log of the worker says why.")
