"""Backups of the whole database, in the custom format of pg_dump: written whole or not at all, restored beside the
present database and swapped with it in one step.
"""

import os
import subprocess
from pathlib import Path

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tracker import localdata, localdb, pgwheel
from tracker.localdata import LocalDatabaseError

PREVIOUS = f"{localdb.DATABASE}_previous"
RESTORED = f"{localdb.DATABASE}_restored"


def client(url: str, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment that run a program of PostgreSQL on the database at `url`.

    The password goes by the environment: every user of the machine can read a command line.
    """
    parts = conninfo_to_dict(url)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment["PGPASSWORD"] = str(parts.pop("password", ""))
    return [str(pgwheel.program(name)), f"--dbname={make_conninfo('', **parts)}", *arguments], environment


def run(url: str, name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; LocalDatabaseError says in its own words what went wrong."""
    command, environment = client(url, name, "--no-password", *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise LocalDatabaseError(f"{name} failed: {localdb.last_line(done.stderr)}")


def backup(url: str, file: Path) -> None:
    """Write the database at `url` to a new file that only its owner reads."""
    if file.exists():
        raise LocalDatabaseError(f"{file} is there already: name a new file, so that no backup is lost.")
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            run(url, "pg_dump", "--format=custom", f"--file={draft}")
            require_backup(draft)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            os.link(draft, file)
        finally:
            draft.unlink()
    except OSError as error:
        raise LocalDatabaseError(localdata.explained(error, file)) from error


def require_backup(file: Path) -> None:
    """Raise LocalDatabaseError if the file is not a whole backup."""
    done = subprocess.run(
        [pgwheel.program("pg_restore"), "--list", file], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise LocalDatabaseError(f"{file} is no backup of this program: {localdb.last_line(done.stderr)}")


def restore(file: Path) -> None:
    """Put the backup in the place of the embedded database, which stays beside it under the name PREVIOUS.

    Nobody may be connected: what they write now would be lost.
    """
    if not file.is_file():
        raise LocalDatabaseError(f"There is no file {file}.")
    require_backup(file)
    require_nobody()
    localdata.require_space(localdb.cluster_folder(), 300 + 10 * file.stat().st_size // 1_000_000)
    with localdb.connect() as superuser:
        drop = sql.SQL("DROP DATABASE IF EXISTS {}")
        superuser.execute(drop.format(sql.Identifier(RESTORED)))
        localdb.create_database(RESTORED)
        url = localdb.url("superuser", RESTORED)
        run(url, "pg_restore", "--exit-on-error", "--single-transaction", str(file))
        with localdb.connect(RESTORED) as restored:
            restored.execute("ANALYZE")
        require_nobody()
        superuser.execute(drop.format(sql.Identifier(PREVIOUS)))
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        present = sql.Identifier(localdb.DATABASE)
        with superuser.transaction():
            superuser.execute(rename.format(present, sql.Identifier(PREVIOUS)))
            superuser.execute(rename.format(sql.Identifier(RESTORED), present))


def require_nobody() -> None:
    """Raise LocalDatabaseError while a program is connected to the embedded database."""
    with localdb.connect() as superuser:
        count = localdb.value(
            superuser,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            [localdb.DATABASE],
        )
    if count:
        raise LocalDatabaseError(
            f"{count} connections are open: stop the web server and the worker first, and what they write is kept."
        )
