"""Set up what is missing, then serve: the database, its migrations, the reference data, the demo, web and worker."""

import errno
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from tracker import localdata, localdb
from tracker.account import demo
from tracker.models import User
from tracker.processes import Process, run_until_told

REFERENCE = settings.BASE_DIR / "articles" / "reference"
# Each web process serves this many requests at once; its pool holds two connections more, for two exports.
THREADS = min(10, 2 * (os.cpu_count() or 1) + 1)


class Command(BaseCommand):
    help = "Set up what is missing, then serve the tracker until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--dev", action="store_true", help="DEBUG on, and start again when a file changes")

    def handle(self, *, host, port, dev, **options):
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise CommandError(f"PORT is {port!r}: give a number from 1 to 65535.")
        port = int(port)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # In a log file too, each line stands between those of the programs that it is about.
            sys.stdout.reconfigure(line_buffering=True)
        require_free(host, port)
        if not os.environ.get("DATABASE_URL"):
            localdb.ensure_running()
        self.migrate()
        stamp = Stamp()
        self.load_reference(stamp)
        self.load_demo(stamp, host)
        if not dev:
            self.collect_static(stamp)
        connection.close()
        code = self.serve(host, port, dev)
        if code:
            sys.exit(code)
        self.stdout.write("Stopped. All data stays.")
        if not os.environ.get("DATABASE_URL"):
            self.stdout.write("The database keeps running; `python manage.py db stop` ends it too.")

    def migrate(self) -> None:
        """Run the migrations that are missing, as the owner."""
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {str(error).splitlines()[0]}") from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database")
            self.manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0", TRACKER_DB_ROLE="owner")

    def load_reference(self, stamp: "Stamp") -> None:
        """Load actors, materiel and outlets where their files have changed since they were last loaded."""
        digest = fingerprint(REFERENCE)
        if stamp.get("reference") != digest:
            self.stdout.write("Loading the reference data")
            self.manage("load_reference")
            stamp.put("reference", digest)

    def collect_static(self, stamp: "Stamp") -> None:
        """Compress and name the static files by their content, where they or the packages have changed."""
        digest = fingerprint(settings.BASE_DIR / "static") + fingerprint_of_file(settings.BASE_DIR / "requirements.txt")
        folder = Path(os.environ.setdefault("STATIC_ROOT", str(localdata.folder() / "static")))
        os.environ["STATIC_COLLECTED"] = "1"
        if stamp.get("static") != digest or not (folder / "staticfiles.json").exists():
            self.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
            stamp.put("static", digest)

    def load_demo(self, stamp: "Stamp", host: str) -> None:
        """Load the demo articles on the first start, unless DEMO=0. Their sign-in is for this machine alone."""
        if not stamp.get("demo"):
            wanted = os.environ.get("DEMO", "1") != "0" and not User.objects.exists()
            if wanted:
                refuse_beyond_loopback(host, "start with DEMO=0 for an empty database, or with HOST=127.0.0.1")
                self.stdout.write("Loading the demo articles")
                self.manage("demo", "load")
            stamp.put("demo", "loaded" if wanted else "none")
        if User.objects.filter(demo=True, is_active=True).exists():
            refuse_beyond_loopback(
                host, "remove the demo with `python manage.py demo remove`, or start with HOST=127.0.0.1"
            )

    def manage(self, *arguments: str, **environment: str) -> None:
        """Run another command of manage.py; it has already said what is wrong when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=os.environ | environment
        )
        if done.returncode:
            raise CommandError(f"`manage.py {' '.join(arguments)}` failed; the lines above say why.")

    def serve(self, host: str, port: int, dev: bool) -> int:
        """Run web and worker until told to stop."""
        environment = dict(os.environ)
        if dev:
            environment["DEBUG"] = "1"
        announced = False

        def start() -> list[Process]:
            nonlocal announced
            processes = [
                Process("web server", web_command(host, port), web_environment(environment, host), settings.BASE_DIR),
                Process("worker", worker_command(), worker_environment(environment), settings.BASE_DIR),
            ]
            if not announced:
                announced = True
                wait_until_open(host, port, processes[0])
                self.announce(host, port)
            return processes

        base = settings.BASE_DIR
        watched = [base / "articles", base / "tracker", base / "templates"] if dev else []
        return run_until_told(start, self.stdout.write, self.tend_database, watched)

    def tend_database(self) -> None:
        """Start an embedded server again that was killed; one that somebody has stopped stays stopped."""
        if os.environ.get("DATABASE_URL") or not localdb.crashed():
            return
        self.stdout.write("The database was killed; starting it again.")
        try:
            localdb.ensure_running()
        except localdb.LocalDatabaseError as error:
            self.stderr.write(str(error))

    def announce(self, host: str, port: int) -> None:
        """Print the address, and how to sign in."""
        name = f"[{host}]" if ":" in host else host
        self.stdout.write(f"\nTransfers, as reported: http://{name}:{port}/")
        users = User.objects.filter(demo=True, is_active=True).order_by("id")
        if users:
            names = ", ".join(f"{user.username} ({user.get_role_display()})" for user in users)
            self.stdout.write(f"Demo sign-in: {names}; password {demo.password()}")
        elif not User.objects.filter(is_active=True).exists():
            python = Path(sys.executable)
            shown = python.relative_to(settings.BASE_DIR) if python.is_relative_to(settings.BASE_DIR) else python
            self.stdout.write(f"Nobody can sign in yet: run `{shown} manage.py createsuperuser`.")
        self.stdout.write("Ctrl-C stops it; the data stays.\n")
        connection.close()


class Stamp:
    """What has been done to this very database, kept in the data folder; another database begins with nothing."""

    def __init__(self) -> None:
        self.path: Path = localdata.folder() / "start.json"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
            )
            self.database = "-".join(map(str, cursor.fetchone()))

    def _all(self) -> dict[str, str]:
        try:
            found = json.loads(self.path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found if found.get("database") == self.database else {}

    def get(self, name: str) -> str | None:
        """The value kept under this name for this database."""
        return self._all().get(name)

    def put(self, name: str, value: str) -> None:
        """Keep a value for this database."""
        try:
            localdata.make_folder(self.path.parent, 0o755)
            draft = self.path.with_suffix(".new")
            draft.write_text(json.dumps(self._all() | {"database": self.database, name: value}))
            draft.replace(self.path)
        except OSError as error:
            raise CommandError(localdata.explained(error, self.path)) from error


def fingerprint(folder: Path) -> str:
    """Changes whenever a file in the folder does."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def fingerprint_of_file(path: Path) -> str:
    """Changes whenever the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_beyond_loopback(host: str, remedy: str) -> None:
    """Raise CommandError where others than this machine could use the demo sign-in."""
    if not is_loopback(host):
        raise CommandError(f"At {host} the demo sign-in would be open to others: {remedy}.")


def require_free(host: str, port: int) -> None:
    """Raise CommandError if the address cannot be served. The web server itself would share a taken port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CommandError(f"HOST is {host!r}, which is no address of this machine.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is taken by another program: stop that one, or choose another with PORT={port + 1}."
            ) from error
        if error.errno == errno.EACCES:
            raise CommandError(f"Port {port} is for root alone: choose one above 1023, such as PORT=8000.") from error
        raise CommandError(f"{host}:{port} cannot be served: {error.strerror}.") from error


def wait_until_open(host: str, port: int, web: Process) -> None:
    """Wait until the web server takes connections; one that dies is left to whoever watches it."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + 30
    while web.alive() and time.monotonic() < deadline:
        try:
            socket.create_connection((target, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)


def web_command(host: str, port: int) -> list[str]:
    """The web server: one process a core, four at most."""
    count = os.environ.get("WEB_PROCESSES") or str(min(os.cpu_count() or 1, 4))
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", count, "--blocking-threads", str(THREADS), "--respawn-failed-workers",
        "--no-ws", "--log-level", "warning", "tracker.wsgi:application",
    ]  # fmt: skip


def web_environment(environment: Mapping[str, str], host: str) -> dict[str, str]:
    """The web server's variables: it keeps its connections, and answers to the name it is reached by."""
    found = {"DATABASE_POOLED": "1", "DATABASE_POOL": str(THREADS + 2), **environment}
    if not is_loopback(host) and "ALLOWED_HOSTS" not in environment:
        found["ALLOWED_HOSTS"] = f"{host},127.0.0.1,localhost"
    return found


def worker_command() -> list[str]:
    """The worker that does the jobs."""
    return [sys.executable, "manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", "10"]


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The worker's variables: it listens for jobs, for which it needs the database itself and no PgBouncer."""
    direct = environment.get("DATABASE_DIRECT_URL")
    return {**environment, "DATABASE_POOLED": "0", **({"DATABASE_URL": direct} if direct else {})}
