"""The embedded server, killed, broken and started twice at once. Real processes, no mocks."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg
import pytest

from tests.tracker.servers import python, scratch_server
from tracker import localdb
from tracker.localdb import LocalDatabaseError

START = "from tracker import localdb; localdb.ensure_running(); print(localdb.status().process)"


@pytest.fixture(scope="module")
def server():
    with scratch_server() as folder:
        localdb.ensure_running()
        yield folder


@pytest.fixture
def cluster(server) -> Path:
    """The cluster of the module's server, running before the test and after it."""
    localdb.ensure_running()
    yield server / "postgres"
    localdb.ensure_running()


def as_superuser(statement: str) -> object:
    with localdb.connect() as connection:
        return connection.execute(statement).fetchone()[0]


def test_first_use_makes_a_closed_server(cluster):
    assert as_superuser("SHOW data_directory") == str(cluster)
    assert as_superuser("SHOW listen_addresses") == ""
    assert as_superuser("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == 0
    assert (
        as_superuser("SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'tracker'")
        == "bC.UTF-8"
    )
    assert (cluster.stat().st_mode & 0o777) == 0o700
    assert (localdb.current_socket_folder().stat().st_mode & 0o777) == 0o700
    secrets = cluster.parent / "secrets"
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}
    assert not list(cluster.parent.glob(".initial"))


@pytest.mark.parametrize(
    ("machine", "shared", "cache"),
    [(256, "128MB", "256MB"), (2048, "256MB", "1024MB"), (65536, "512MB", "32768MB")],
)
def test_memory_follows_the_machine_within_limits(monkeypatch, machine, shared, cache):
    monkeypatch.setattr(localdb.psutil, "virtual_memory", lambda: SimpleNamespace(total=machine * 2**20))
    assert localdb.memory() == {"shared_buffers": shared, "effective_cache_size": cache}


def test_server_runs_with_the_memory_that_was_worked_out(cluster):
    assert as_superuser("SHOW shared_buffers") == localdb.memory()["shared_buffers"]


def test_wrong_password_is_refused(cluster):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(localdb.url("app"), password="guess")


def reload(superuser: psycopg.Connection) -> None:
    loaded = "SELECT pg_conf_load_time()"
    before = superuser.execute(loaded).fetchone()
    superuser.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 10
    while superuser.execute(loaded).fetchone() == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_server_that_asks_for_the_bare_password_does_not_get_it(cluster):
    rules = cluster / "pg_hba.conf"
    kept = rules.read_text()
    with localdb.connect() as superuser:
        rules.write_text("local all all password\n")
        try:
            reload(superuser)
            with pytest.raises(psycopg.OperationalError, match='requirement "scram-sha-256" failed'):
                psycopg.connect(localdb.url("app"))
        finally:
            rules.write_text(kept)
            reload(superuser)


def test_url_takes_passwords_and_paths_with_any_character(cluster):
    with psycopg.connect(localdb.url("app")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("tracker_app",)


def test_started_server_is_found_and_not_started_again(cluster):
    before = localdb.status().process
    localdb.ensure_running()
    assert localdb.status().process == before


def test_cluster_of_an_earlier_release_gets_the_settings_of_this_one(cluster):
    with localdb.connect() as connection:
        connection.execute("ALTER ROLE tracker_app RESET work_mem")
        connection.execute("ALTER ROLE tracker_app SET lock_timeout = '1min'")
    localdb.ensure_running()
    with psycopg.connect(localdb.url("app")) as app:
        assert app.execute("SELECT current_setting('work_mem'), current_setting('lock_timeout')").fetchone() == (
            "16MB",
            "2s",
        )


def test_server_outlives_the_process_that_started_it(cluster):
    localdb.stop()
    assert localdb.status().process is None
    assert not localdb.crashed()
    started = python(START)
    output, _ = started.communicate(timeout=60)
    assert started.returncode == 0, output
    assert localdb.status().process == int(output)


def test_killed_server_comes_back_with_what_was_committed(cluster):
    with psycopg.connect(localdb.url("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        owner.execute("INSERT INTO kept VALUES (7)")
    assert not localdb.crashed()
    os.kill(localdb.status().process, signal.SIGKILL)
    while not localdb.crashed():
        time.sleep(0.01)
    localdb.ensure_running()
    with psycopg.connect(localdb.url("owner")) as owner:
        assert owner.execute("SELECT number FROM kept").fetchone() == (7,)


def test_lock_file_that_names_another_program_is_stale(cluster):
    localdb.stop()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (cluster / "postmaster.pid").write_text(f"{other.pid}\n{cluster}\n")
        assert localdb.running_process(cluster) is None
        localdb.ensure_running()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_lock_file_that_names_a_zombie_is_stale(cluster):
    process = os.fork()
    if process == 0:
        os._exit(0)
    try:
        while psutil.Process(process).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        localdb.stop()
        (cluster / "postmaster.pid").write_text(f"{process}\n{cluster}\n")
        localdb.ensure_running()
        assert localdb.status().process not in (None, process)
    finally:
        os.waitpid(process, 0)


def test_server_whose_socket_was_cleaned_away_is_started_again(cluster):
    before = localdb.status().process
    shutil.rmtree(localdb.current_socket_folder())
    localdb.ensure_running()
    assert localdb.status().process not in (None, before)


def test_socket_folder_that_is_a_link_is_refused(cluster, tmp_path):
    localdb.stop()
    folder = localdb.socket_folder(cluster.parent)
    shutil.rmtree(folder)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(LocalDatabaseError, match="remove it"):
            localdb.ensure_running()
    finally:
        folder.unlink()


def test_socket_folder_is_short_however_long_the_path_is():
    folder = localdb.socket_folder(Path("/" + "long " * 60))
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 100


def test_cluster_of_another_version_is_refused_with_the_way_out(cluster):
    localdb.stop()
    version = cluster / "PG_VERSION"
    written = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(LocalDatabaseError, match="written by PostgreSQL 17.*db backup"):
            localdb.ensure_running()
    finally:
        version.write_text(written)


def test_lost_passwords_are_named(cluster):
    secrets, aside = cluster.parent / "secrets", cluster.parent / "aside"
    secrets.rename(aside)
    try:
        with pytest.raises(LocalDatabaseError, match="bring back the folder"):
            localdb.ensure_running()
    finally:
        shutil.rmtree(secrets)
        aside.rename(secrets)


def test_broken_configuration_is_quoted(cluster):
    localdb.stop()
    configuration = cluster / "postgresql.conf"
    kept = configuration.read_text()
    configuration.write_text(kept + "\nport = banana\n")
    try:
        with pytest.raises(
            LocalDatabaseError, match=r'did not start: FATAL: .*postgresql.conf" contains errors\. More'
        ):
            localdb.ensure_running()
    finally:
        configuration.write_text(kept)


def test_first_starts_at_once_make_one_server():
    with scratch_server() as folder:
        # What a broken-off initdb leaves.
        (folder / "postgres.new" / "base").mkdir(parents=True)
        starts = [python(START) for _ in range(3)]
        outputs = [start.communicate(timeout=120)[0] for start in starts]
        assert [start.returncode for start in starts] == [0, 0, 0], outputs
        assert len(set(outputs)) == 1
        assert not (folder / "postgres.new").exists()
