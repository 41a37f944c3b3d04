"""doctor finds what is wrong, and says what to do."""

import io

import pytest
from django.core.management import call_command
from django.db import connection, connections

from tests import databases
from tracker import localdb
from tracker.management.commands import doctor

pytestmark = pytest.mark.django_db


def report() -> dict[str, doctor.Finding]:
    return {finding.what: finding for finding in doctor.examine()}


def levels(word: str) -> set[str]:
    return {finding.level for what, finding in report().items() if word in what}


def test_every_failure_and_warning_has_a_remedy():
    for finding in doctor.examine():
        assert (finding.level == doctor.OK) == (finding.remedy == ""), finding


def test_sound_set_up():
    assert levels("PostgreSQL 18") == {doctor.OK}
    assert levels("owns nothing") == {doctor.OK}
    assert levels("append-only") == {doctor.OK}
    assert levels("migrations") == {doctor.OK}
    assert levels("Statements end after 5s") == {doctor.OK}


def test_empty_reference_data_fails_with_exit_code_1():
    output = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=output, no_color=True)
    assert end.value.code == 1
    assert "FAIL  No actors, materiel, outlets" in output.getvalue()
    assert "load_reference" in output.getvalue()


def test_worker_is_found_by_its_heartbeat():
    assert levels("No worker is alive") == {doctor.WARN}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert levels("1 workers are alive") == {doctor.OK}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert levels("No worker is alive") == {doctor.WARN}


def test_debug_and_short_secret_are_told(settings):
    settings.DEBUG = True
    settings.SECRET_KEY = "short"
    settings.ALLOWED_HOSTS = ["*"]
    found = report()
    assert found["DEBUG is on"].level == doctor.WARN
    assert found["SECRET_KEY is short"].level == doctor.FAIL
    assert found["ALLOWED_HOSTS has *"].level == doctor.WARN


def test_readable_secret_fails():
    secret = databases.localdata.folder() / "secrets" / "postgres_app"
    secret.chmod(0o644)
    try:
        assert levels("Others can read secrets: postgres_app") == {doctor.FAIL}
    finally:
        secret.chmod(0o600)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "GRANT UPDATE ON tracker_decision TO tracker_app",
        "GRANT TRUNCATE ON tracker_decision TO tracker_app",
        "ALTER TABLE tracker_decision DISABLE TRIGGER ALL",
    ],
)
def test_history_that_can_be_changed_fails(statement):
    with localdb.connect(connection.settings_dict["NAME"]) as superuser:
        superuser.execute(statement)
    assert levels("may change the history in tracker_decision") == {doctor.FAIL}


@pytest.mark.django_db(transaction=True)
def test_missing_migration_and_extension_fail():
    with localdb.connect(connection.settings_dict["NAME"]) as superuser:
        superuser.execute("DELETE FROM django_migrations WHERE app = 'axes'")
        superuser.execute("DROP EXTENSION btree_gist CASCADE")
    assert levels("migrations are missing") == {doctor.FAIL}
    assert levels("Extensions missing: btree_gist") == {doctor.FAIL}


@pytest.mark.django_db(transaction=True)
def test_app_that_owns_a_table_fails():
    with localdb.connect(connection.settings_dict["NAME"]) as superuser:
        superuser.execute("ALTER TABLE tracker_claim OWNER TO tracker_app")
    assert levels("could change the history") == {doctor.FAIL}


def test_unreachable_database_fails_without_a_traceback(monkeypatch):
    settings = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": "1"}
    other = connections.create_connection("default")
    other.settings_dict = settings
    monkeypatch.setattr(doctor, "connection", other)
    assert levels("cannot be reached") == {doctor.FAIL}
