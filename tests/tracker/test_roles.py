"""What the app's role may not do, tried with the role itself."""

import psycopg
import pytest
from django.db import DatabaseError, connection

from tracker import localdb, roles

pytestmark = pytest.mark.django_db


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_tests_run_as_the_app():
    assert rows("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user") == [("tracker_app", False)]


@pytest.mark.parametrize(("name", "value"), roles.APP_SETTINGS.items())
def test_settings_of_the_app_hold_when_it_connects(name, value):
    with psycopg.connect(localdb.url("app", connection.settings_dict["NAME"])) as fresh:
        assert fresh.execute(f"SHOW {name}").fetchone() == (value,)


def test_app_owns_nothing():
    assert rows("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []


def test_history_tables_are_known():
    tables = {name for (name,) in rows(roles.APPEND_ONLY_TABLES)}
    assert "tracker_decision" in tables
    assert "tracker_claimevent" in tables or "tracker_claimhistory" in tables
    events = {
        name for (name,) in rows("SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_id'")
    }
    assert events <= tables


@pytest.mark.parametrize("ignore", [False, True], ids=["plain", "with pgtrigger told to ignore"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tracker_decision SET seconds = 1",
        "DELETE FROM tracker_decision",
        "TRUNCATE tracker_decision",
        "ALTER TABLE tracker_decision DISABLE TRIGGER ALL",
        "DROP TABLE tracker_decision",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (number int)",
        "TRUNCATE tracker_claim",
        "SET ROLE tracker_owner",
    ],
)
def test_app_may_not(statement, ignore):
    with connection.cursor() as cursor:
        if ignore:
            cursor.execute("SET LOCAL pgtrigger.ignore = '{tracker_decision:append_only}'")
        with pytest.raises(DatabaseError) as caught:
            cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_app_reads_and_writes_rows_of_the_job_queue():
    assert rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    rows("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() RETURNING id")


def test_statements_of_the_app_end_in_time():
    assert rows("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')") == [("5s", "2s")]


def test_passwords_never_reach_the_log():
    log = localdb.cluster_folder() / "log"
    passwords = [localdb.secret(f"postgres_{role}") for role in localdb.ROLES]
    for file in log.iterdir():
        text = file.read_text(errors="replace")
        assert not any(password in text for password in passwords)
