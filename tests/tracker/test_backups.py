"""A backup gives back what was there, and nothing is lost on the way."""

import os
import subprocess
import sys

import psycopg
import pytest

from tests.tracker.servers import scratch_server
from tracker import backups, localdata, localdb
from tracker.localdb import LocalDatabaseError


@pytest.fixture(scope="module")
def server():
    with scratch_server() as folder:
        localdb.ensure_running()
        with psycopg.connect(localdb.url("owner")) as owner:
            owner.execute("CREATE TABLE story (number serial PRIMARY KEY, words text NOT NULL)")
        yield folder


def write(words: str) -> None:
    with psycopg.connect(localdb.url("app")) as app:
        app.execute("INSERT INTO story (words) VALUES (%s)", [words])


def read(database: str = localdb.DATABASE) -> list[str]:
    with psycopg.connect(localdb.url("app", database)) as app:
        return [words for (words,) in app.execute("SELECT words FROM story ORDER BY number").fetchall()]


def test_restore_brings_back_rows_and_grants_and_keeps_what_it_replaces(server, tmp_path):
    write("kept – é 中")
    file = tmp_path / "first.dump"
    backups.backup(localdb.url("superuser"), file)
    assert file.stat().st_mode & 0o777 == 0o600
    write("written later")
    backups.restore(file)
    assert read() == ["kept – é 中"]
    assert read(backups.PREVIOUS) == ["kept – é 中", "written later"]
    write("after")
    with psycopg.connect(localdb.url("app")) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("TRUNCATE story")
    again = tmp_path / "second.dump"
    backups.backup(localdb.url("superuser"), again)
    backups.restore(again)
    assert read() == ["kept – é 中", "after"]


def test_backup_never_overwrites(server, tmp_path):
    file = tmp_path / "there"
    file.write_text("precious")
    with pytest.raises(LocalDatabaseError, match="there already"):
        backups.backup(localdb.url("superuser"), file)
    assert file.read_text() == "precious"


def test_failed_backup_leaves_no_file(server, tmp_path):
    with pytest.raises(LocalDatabaseError, match="pg_dump failed"):
        backups.backup(localdb.url("superuser", "nowhere"), tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_truncated_backup_is_refused_and_the_database_stays(server, tmp_path):
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    backups.backup(localdb.url("superuser"), whole)
    before = read()
    for size in (0, 20, whole.stat().st_size - 40):
        torn.write_bytes(whole.read_bytes()[:size])
        with pytest.raises(LocalDatabaseError):
            backups.restore(torn)
        assert read() == before


def test_restore_is_refused_while_somebody_is_connected(server, tmp_path):
    file = tmp_path / "file"
    backups.backup(localdb.url("superuser"), file)
    with (
        psycopg.connect(localdb.url("app")),
        pytest.raises(LocalDatabaseError, match="1 connections are open"),
    ):
        backups.restore(file)


def test_password_is_not_on_the_command_line(server):
    command, environment = backups.client(localdb.url("app"), "psql")
    password = localdb.secret("postgres_app")
    assert password not in " ".join(command)
    assert environment["PGPASSWORD"] == password


def manage(*arguments: str, role: str = "app") -> str:
    """What a command of the program says, run on the scratch server."""
    environment = os.environ | {"TRACKER_DB_ROLE": role, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=localdata.CHECKOUT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def publish(name: str) -> None:
    with psycopg.connect(localdb.url("app")) as app:
        app.execute(
            """INSERT INTO articles_outlet
                   (key, name, names, domains, country, language, kind, reliability, demo, version)
               VALUES (%(name)s, %(name)s, '{}', '{}', '', 'en', 'agency', 'F', false, 1)""",
            {"name": name},
        )


def test_the_seal_verifies_after_backup_and_restore_and_goes_on(tmp_path):
    file = tmp_path / "sealed.dump"
    with scratch_server():
        localdb.ensure_running()
        manage("migrate", "--no-input", "--verbosity", "0", role="owner")
        publish("first")
        assert "head" in manage("audit", "seal")
        sealed = manage("audit", "verify")
        head = sealed.split()[-1]
        # Written before the backup, and not sealed yet.
        publish("second")
        manage("db", "backup", str(file))
        publish("lost")
        assert "over 2 rows" in manage("audit", "seal")
        manage("db", "restore", str(file))
        assert f"1 are not sealed yet. Head: {head}" in manage("audit", "verify", head)
        publish("third")
        manage("audit", "seal")
        assert "2 seals fit; 0 are not sealed yet." in manage("audit", "verify", head)
