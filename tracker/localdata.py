"""The folder of this installation's own data - secrets, the embedded database, stamps of the launcher - and the
account of the operating system under which the embedded database runs.

The folder is `var/` of the checkout; `TRACKER_DATA` names another. PostgreSQL refuses to run as root, so root hands
the database to an unprivileged account. A checkout that this account cannot enter (`/root` is 0700) keeps its data
under /var/lib instead, and `var/data-folder` remembers where: no mode of a parent folder is ever changed.
"""

import errno
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SYSTEM_FOLDER = Path("/var/lib/arms-transfer-tracker")
SERVICE_ACCOUNT = "arms-tracker"


class LocalDatabaseError(RuntimeError):
    """The embedded database, or the data folder that holds it, cannot be used. The message says what to do."""


def open_to_all(path: Path) -> bool:
    """Whether every account may pass through `path` and all folders above it; missing ones are not counted."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents) if step.exists() and step.is_dir())


def folder() -> Path:
    """The data folder, absolute. It may not exist yet."""
    chosen = os.environ.get("TRACKER_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    var = CHECKOUT / "var"
    if os.geteuid() != 0 or open_to_all(CHECKOUT) or (var / "postgres").exists():
        return var
    pointer = var / "data-folder"
    if not pointer.exists():
        write_once(pointer, str(SYSTEM_FOLDER / f"{CHECKOUT.name}-{secrets.token_hex(4)}"))
    return Path(pointer.read_text().strip())


def secret(name: str, size: int = 48) -> str:
    """The secret of that name, made of `size` random bytes at first use and kept where only its owner reads it."""
    path = folder() / "secrets" / name
    try:
        if not path.exists():
            write_once(path, secrets.token_urlsafe(size))
        return path.read_text().strip()
    except OSError as error:
        raise LocalDatabaseError(explained(error, path)) from error


def write_once(path: Path, content: str) -> None:
    """Write a file that only its owner reads. Whoever comes first wins; a file that is there stays as it is."""
    try:
        make_folder(path.parent, 0o700 if path.parent.name == "secrets" else 0o755)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(content + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise LocalDatabaseError(explained(error, path)) from error


def make_folder(path: Path, mode: int) -> None:
    """Make the folder and those above it; only those that it makes get a mode, whatever the umask is."""
    if path.is_dir():
        return
    make_folder(path.parent, 0o755)
    try:
        path.mkdir()
        path.chmod(mode)
    except FileExistsError:
        if not path.is_dir():
            raise


def explained(error: OSError, path: Path) -> str:
    """One sentence for a person: what went wrong with the path, and what to do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"No space is left on the disk of {path}: make room and try again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"{path} cannot be read or written by this user: run as the user who owns the folder, "
            "or set TRACKER_DATA to a folder of your own."
        )
    return f"{path}: {error.strerror}."


def require_space(path: Path, megabytes: int) -> None:
    """Refuse to go on with a disk that is nearly full."""
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free // 1_000_000
    if free < megabytes:
        raise LocalDatabaseError(
            f"The disk of {path} has {free} MB free and the database needs {megabytes} MB: make room and try again."
        )


def account(cluster: Path) -> pwd.struct_passwd:
    """Who runs the server: this user; for root the owner of the existing cluster, else an account of its own."""
    user = os.geteuid()
    if user == 0 and cluster.exists():
        user = cluster.stat().st_uid
    if user != 0:
        try:
            return pwd.getpwuid(user)
        except KeyError as error:
            raise LocalDatabaseError(
                f"The user id {user} has no entry in /etc/passwd, which PostgreSQL needs: add one, or set DATABASE_URL."
            ) from error
    try:
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError:
        return make_account()


def make_account() -> pwd.struct_passwd:
    """Make the service account, as root."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT], check=True, capture_output=True, timeout=30
        )
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        raise LocalDatabaseError(
            f"PostgreSQL does not run as root, and the account {SERVICE_ACCOUNT} could not be made: make it with "
            f"`useradd --system {SERVICE_ACCOUNT}`, run as an ordinary user, or set DATABASE_URL."
        ) from error
