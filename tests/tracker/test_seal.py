"""The seal of the history: whatever is changed in it later is found, and what commits late is not."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Outlet
from tests.factories import make_claim, make_outlet, make_transfer, make_user
from tracker import localdb, seal
from tracker.models import Claim, Seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Nobody waits for a transaction that the test holds open."""
    monkeypatch.setattr(seal, "PATIENCE", 0.2)


def connect(role: str) -> psycopg.Connection:
    """Another connection to the database of the test."""
    return psycopg.connect(localdb.url(role, connection.settings_dict["NAME"]))


def tamper(statement: str, *parameters) -> None:
    """What somebody with the rights of a superuser can do to the history."""
    with connect("superuser") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(statement, parameters)


@pytest.fixture
def history():
    """Twenty changes of an outlet and a claim of a transfer, sealed; returns the ids of the outlet's rows."""
    make_claim(make_transfer())
    outlet = make_outlet("Kabar")
    for number in range(20):
        Outlet.objects.filter(pk=outlet.pk).update(name=f"Kabar {number}")
    seal.seal()
    rows = Outlet.pgh_event_model.objects.filter(pgh_obj=outlet.pk)
    return list(rows.order_by("pgh_id").values_list("pgh_id", flat=True))


def named(found) -> tuple[str, int | None, str]:
    misfit = found.misfit
    return misfit.table, misfit.id, misfit.what


def test_an_untouched_history_fits_and_goes_on(history):
    first = seal.verify()
    assert (first.misfit, first.unsealed) == (None, 0)
    assert first.rows >= 21
    assert seal.seal() == []
    Outlet.objects.update(country="MY")
    assert seal.verify().unsealed == Outlet.objects.count()
    (link,) = seal.seal()
    assert link.previous == first.head
    second = seal.verify()
    assert (second.misfit, second.unsealed, second.head) == (None, 0, link.head)
    assert second.rows == first.rows + Outlet.objects.count()


def test_a_changed_row_is_named(history):
    tamper("UPDATE articles_outletevent SET reliability = 'A' WHERE pgh_id = %s", history[7])
    assert named(seal.verify()) == ("articles_outletevent", history[7], "was changed")


def test_who_did_it_is_sealed_too(history):
    tamper("""UPDATE articles_outletevent SET pgh_context = '{"user": 1}' WHERE pgh_id = %s""", history[3])
    assert named(seal.verify()) == ("articles_outletevent", history[3], "was changed")


@pytest.mark.parametrize("place", [0, 9, -1])
def test_a_deleted_row_is_named(history, place):
    tamper("DELETE FROM articles_outletevent WHERE pgh_id = %s", history[place])
    assert named(seal.verify()) == ("articles_outletevent", history[place], "was deleted")


def test_a_row_that_is_inserted_behind_the_seal_is_named():
    outlet = make_outlet("Kabar")
    with transaction.atomic():
        Outlet.objects.update(name="Taken back")
        transaction.set_rollback(True)
    Outlet.objects.update(name="Kabar 2")
    seal.seal()
    rows = Outlet.pgh_event_model.objects.filter(pgh_obj=outlet.pk).order_by("pgh_id")
    before, after = rows.values_list("pgh_id", flat=True)
    assert after == before + 2
    # The app's own role may add rows to the history, into the gap that was left, or before the first.
    for free in (before + 1, -5):
        with connect("app") as app:
            app.execute(
                """INSERT INTO articles_outletevent
                   SELECT (jsonb_populate_record(e, jsonb_build_object('pgh_id', %s::int))).*
                   FROM articles_outletevent e WHERE pgh_id = %s""",
                [free, before],
            )
        assert named(seal.verify()) == ("articles_outletevent", free, "was inserted after it was sealed")
        seal.seal()
        assert seal.verify().misfit
        tamper("DELETE FROM articles_outletevent WHERE pgh_id = %s", free)
    assert seal.verify().misfit is None


def test_a_seal_that_is_changed_or_taken_away_is_named(history):
    Outlet.objects.update(country="MY")
    seal.seal()
    first, second = Seal.objects.order_by("pk").values_list("pk", flat=True)
    head = Seal.objects.get(pk=second).head
    tamper("UPDATE tracker_seal SET head = %s WHERE id = %s", "a" * 64, second)
    assert named(seal.verify()) == ("tracker_seal", second, "has another head than its rows come to")
    tamper("UPDATE tracker_seal SET head = %s WHERE id = %s", head, second)
    assert seal.verify().misfit is None
    tamper("DELETE FROM tracker_seal WHERE id = %s", first)
    assert named(seal.verify()) == ("tracker_seal", second, "does not follow the seal before it")


def test_a_row_that_commits_late_is_sealed_later_and_breaks_nothing(history):
    """Ids are given out before they are committed: an open transaction holds a lower one than what is sealed."""
    table = Outlet.pgh_event_model
    with connect("app") as late:
        late.execute("UPDATE articles_outlet SET name = 'Late' WHERE name = 'Kabar 19'")
        other = make_outlet("Early")
        (link,) = seal.seal()
        assert link.rows == 0
        assert seal.verify().unsealed == 1
        assert seal.seal() == []
        make_outlet("Another")
        assert [link.rows for link in seal.seal()] == [0]
        late.commit()
    late_row, early_row = (table.objects.get(name=name).pgh_id for name in ("Late", "Early"))
    assert late_row < early_row
    assert seal.verify().misfit is None
    (link,) = seal.seal()
    assert link.rows == 3
    done = seal.verify()
    assert (done.misfit, done.unsealed) == (None, 0)
    tamper("UPDATE articles_outletevent SET name = 'Later' WHERE pgh_id = %s", late_row)
    assert named(seal.verify())[1] == late_row
    assert other.pk


def test_what_was_settled_at_the_last_seal_is_sealed_though_another_transaction_is_open(history):
    with connect("app") as first:
        first.execute("UPDATE articles_outlet SET name = 'First' WHERE name = 'Kabar 19'")
        make_outlet("Early")
        assert [link.rows for link in seal.seal()] == [0]
        with connect("app") as second:
            second.execute("UPDATE articles_outlet SET name = 'Second' WHERE name = 'Early'")
            first.commit()
            # The first has ended, and what it could still write behind is known; the second is open.
            assert [link.rows for link in seal.seal()] == [2]
            assert seal.verify().unsealed == 0
            second.rollback()
    assert seal.verify().misfit is None


def test_a_transaction_in_another_database_holds_nothing_back(history):
    with psycopg.connect(localdb.url("superuser", "postgres")) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        make_outlet("Early")
        assert [link.rows for link in seal.seal()] == [1]


def test_two_never_seal_at_once(history):
    with connect("app") as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [seal.LOCK])
        with pytest.raises(seal.Busy):
            seal.seal()
        assert seal.seal_history(0) == 0
    Outlet.objects.update(country="MY")
    assert seal.seal_history(0) == Outlet.objects.count()


def test_a_long_history_is_sealed_in_links(history, monkeypatch):
    monkeypatch.setattr(seal, "LINK", 7)
    monkeypatch.setattr(seal, "BATCH", 3)
    claim = Claim.objects.get()
    for number in range(30):
        Claim.objects.filter(pk=claim.pk).update(note=str(number))
    links = seal.seal()
    assert [link.rows for link in links] == [7, 7, 7, 7, 2]
    assert seal.verify().misfit is None
    row = Claim.pgh_event_model.objects.get(note="17").pgh_id
    tamper("UPDATE tracker_claimevent SET note = 'x' WHERE pgh_id = %s", row)
    assert named(seal.verify()) == ("tracker_claimevent", row, "was changed")


def test_a_column_that_comes_later_breaks_nothing_and_one_that_goes_is_named(history):
    with connect("superuser") as superuser:
        superuser.execute("ALTER TABLE articles_outletevent ADD COLUMN later text DEFAULT 'new'")
    assert seal.verify().misfit is None
    make_outlet("Another")
    seal.seal()
    assert seal.verify().misfit is None
    with connect("superuser") as superuser:
        superuser.execute("ALTER TABLE articles_outletevent DROP COLUMN later")
    assert named(seal.verify()) == ("articles_outletevent", None, "the column later is gone")


def test_every_append_only_table_is_sealed():
    assert {table.name for table in seal.tables()} >= {
        "articles_articleevent", "articles_outletevent", "tracker_actorevent", "tracker_actornameevent",
        "tracker_claimevent", "tracker_decision", "tracker_materielevent", "tracker_noteevent",
        "tracker_opinionevent", "tracker_reportevent", "tracker_reviewitemevent", "tracker_transferevent",
        "tracker_userevent",
    }  # fmt: skip
    assert "tracker_seal" not in {table.name for table in seal.tables()}


def test_the_app_may_not_change_a_seal(history):
    with connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM tracker_seal")


def test_the_head_goes_to_the_log(caplog):
    make_outlet("Kabar")
    with caplog.at_level("INFO", "tracker.seal"):
        (link,) = seal.seal()
    assert f"head {link.head}" in caplog.text


def test_the_commands_say_what_they_find(history, capsys):
    head = Seal.objects.get().head
    call_command("audit", "seal")
    assert "Nothing is new since the last seal." in capsys.readouterr().out
    call_command("audit", "verify", head)
    assert f"fit; 0 are not sealed yet. Head: {head}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No seal has the head") as caught:
        call_command("audit", "verify", "b" * 64)
    assert caught.value.returncode == 1
    tamper("UPDATE articles_outletevent SET name = 'x' WHERE pgh_id = %s", history[2])
    with pytest.raises(CommandError, match=f"articles_outletevent {history[2]} does not fit: was changed") as caught:
        call_command("audit", "verify")
    assert caught.value.returncode == 1


def test_an_export_cites_the_last_seal_and_writes_nothing(client, history):
    client.force_login(make_user("analyst"), "tracker.account.backends.RoleBackend")
    newest = Seal.objects.get()
    for name in ("claims", "transfers", "events"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/exports/{name}.csv")
            content = b"".join(answer)
            answer.close()
        assert answer["Tracker-Seal"] == f"{newest.pk} {newest.head}"
        assert newest.head.encode() not in content
        assert not [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert newest.head in client.get("/exports/").content.decode()
