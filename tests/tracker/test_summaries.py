"""The kept summaries are what a recount says, whatever is decided, by however many at once, folded or not."""

import threading
import time
from collections.abc import Callable
from datetime import date
from io import StringIO
from random import Random
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_item,
    make_outlet,
    make_transfer,
    make_user,
)
from tests.tracker.decisions.test_undo import values_of
from tests.tracker.link.together import at_once, exported
from tracker import localdb, summaries
from tracker.decisions import CannotUndo, Conflict, Refused, last_undoable, undo
from tracker.link import actors, transfers
from tracker.models import (
    Actor,
    Claim,
    KeptCells,
    KeptLanguages,
    KeptMonths,
    KeptPairs,
    KeptQueue,
    KeptTellers,
    ReviewItem,
    Transfer,
    User,
)
from tracker.models.summaries import SUMMARIES, dimensions
from tracker.review import actions

COUNTS = ("months", "pairs", "outlets", "cells", "suppliers", "recipients", "outlet_months", "outlet_pairs")
NOTHING_WRONG = dict.fromkeys((*COUNTS, "queue", "languages", "tellers"), 0)


def kept(model, *names: str) -> dict[tuple, int]:
    rows = model.objects.values_list(*names).annotate(sum=Sum("n")).exclude(sum=0)
    return {tuple(values): int(number) for *values, number in rows}


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracker_kept_changes")
        return cursor.fetchone()[0]


def rewrite(claim: Claim, **values: object) -> None:
    """An edit of the claim as it stands now."""
    claim.refresh_from_db()
    actions.edit(claim=claim, values=values, by=User.objects.first(), version=claim.version, key=uuid4())


# What counts


@pytest.mark.django_db
def test_active_claims_count_and_no_others():
    claim = make_claim(None)
    make_claim(None, state="provisional")
    make_claim(None, state="retracted")
    assert kept(KeptMonths, "month", "stage") == {(date(2024, 3, 1), "shipment"): 1}
    actions.retract(claim=claim, by=claim.reviewed_by, version=1, key=uuid4())
    assert kept(KeptMonths, "month", "stage") == {}
    undo(last_undoable(claim.reviewed_by), by=claim.reviewed_by, key=uuid4())
    assert kept(KeptMonths, "month", "stage") == {(date(2024, 3, 1), "shipment"): 1}


@pytest.mark.django_db
def test_all_claims_of_a_transfer_move_when_it_becomes_contested():
    transfer = make_transfer()
    make_claim(transfer), make_claim(transfer)
    summaries.fold()
    denial = make_claim(transfer, modality="denied")
    assert kept(KeptMonths, "contested", "modality") == {(True, "asserted"): 2, (True, "denied"): 1}
    rewrite(denial, modality="alleged")
    assert kept(KeptMonths, "contested") == {(False,): 3}


@pytest.mark.django_db
def test_a_claim_without_outlet_date_or_recipient_counts_as_such():
    make_claim(None, article=make_article(outlet=None, published_on=None), recipient=None)
    assert kept(KeptCells, "outlet", "month", "recipient") == {(None, None, None): 1}
    make_claim(None, article=make_article(outlet=None, published_on=None), recipient=None)
    summaries.fold()
    assert kept(KeptCells, "outlet", "month", "recipient") == {(None, None, None): 2}


@pytest.mark.django_db
def test_an_article_that_turns_out_to_be_another_outlet_s_takes_its_claims_along():
    claim = make_claim(make_transfer())
    outlet = make_outlet("Kabar")
    Article.objects.filter(pk=claim.article_id).update(outlet=outlet, language="id")
    assert kept(KeptCells, "outlet", "language") == {(outlet.pk, "id"): 1}
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db
def test_an_edit_of_what_does_not_count_writes_nothing():
    claim = make_claim(make_transfer())
    summaries.fold()
    rewrite(claim, note="read again")
    assert waiting() == 0


# Random sequences


def some_transfer(random: Random) -> Transfer | None:
    return random.choice([None, *Transfer.objects.filter(state="standing")])


def accept(random: Random) -> None:
    item = make_item(an_event(random))
    transfer = some_transfer(random)
    options = {"transfer": transfer} if transfer and random.random() < 0.6 else {"new_transfer": random.random() < 0.7}
    by = User.objects.first()
    actions.accept(item=item, values=values_of(item), by=by, version=item.version, key=uuid4(), **options)


def an_event(random: Random):
    day = random.choice([None, date(2024, 1, 31), date(2024, 2, 1)])
    article = make_article(published_on=day, language=random.choice(["en", "id"]))
    modality = random.choice(["asserted", "denied", "no_evidence", "planned"])
    return make_event(article, modality=modality, stage=random.choice(["talks", "order", "halted"]))


def write(random: Random) -> None:
    make_claim(some_transfer(random), state=random.choice(["active", "provisional"]))


def edit(random: Random) -> None:
    if claim := some_claim(random):
        values = random.choice([{"stage": "use"}, {"modality": "denied"}, {"category": "naval"}, {"note": "x"}])
        rewrite(claim, **values)


def some_claim(random: Random) -> Claim | None:
    return random.choice([None, *Claim.objects.filter(state="active")])


def retract(random: Random) -> None:
    if claim := some_claim(random):
        actions.retract(claim=claim, by=User.objects.first(), version=claim.version, key=uuid4())


def link(random: Random) -> None:
    if claim := some_claim(random):
        transfers.move(
            claims={claim.pk: claim.version},
            transfer=some_transfer(random),
            by=User.objects.first(),
            key=uuid4(),
        )


def merge(random: Random) -> None:
    gone, into = some_transfer(random), some_transfer(random)
    if gone and into:
        transfers.merge(transfer=gone, into=into, by=User.objects.first(), version=gone.version, key=uuid4())


def unmerge(random: Random) -> None:
    for gone in Transfer.objects.filter(state="merged")[:1]:
        transfers.unmerge(transfer=gone, by=User.objects.first(), version=gone.version, key=uuid4())


def merge_actors(random: Random) -> None:
    peru, chile = (Actor.objects.get(code=code) for code in ("PE", "CL"))
    if peru.merged_into_id:
        actors.unmerge(actor=peru, by=User.objects.first(), version=peru.version, key=uuid4())
    else:
        actors.merge(actor=peru, into=chile, by=User.objects.first(), version=peru.version, key=uuid4())


def take_back(random: Random) -> None:
    if decision := last_undoable(User.objects.first()):
        undo(decision, by=decision.user, key=uuid4())


def fold(random: Random) -> None:
    summaries.fold()


STEPS: tuple[Callable[[Random], None], ...] = (
    *(accept, accept, write, edit, edit, retract, link, merge, unmerge, merge_actors, take_back, take_back, fold),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False), steps=st.lists(st.sampled_from(STEPS), min_size=5, max_size=20))
def test_a_recount_says_the_same_after_any_decisions(db, random, steps):
    with transaction.atomic():
        make_user("admin")
        make_actor("NO", "Norway"), make_actor("PE", "Peru"), make_actor("CL", "Chile")
        for step in (accept, accept, *steps):
            try:
                step(random)
            except (Refused, CannotUndo, Conflict):
                continue
            assert summaries.wrong() == NOTHING_WRONG, step
        summaries.fold()
        assert waiting() == 0
        assert summaries.wrong() == NOTHING_WRONG
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_undone_leaves_the_same_export_and_the_same_numbers():
    reviewer = make_user()
    transfer = make_transfer()
    first = make_claim(transfer)
    before = exported(), kept(KeptCells, *dimensions(KeptCells))
    rewrite(first, modality="denied", category="naval")
    summaries.fold()
    decider = last_undoable(User.objects.first()) or last_undoable(reviewer)
    undo(decider, by=decider.user, key=uuid4())
    assert (exported(), kept(KeptCells, *dimensions(KeptCells))) == before


# Several at once


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_do_not_wait_for_each_other():
    reviewer, article = make_user(), make_article()
    make_actor("NO", "Norway"), make_actor("PE", "Peru")
    ready, other_done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            make_claim(None, article=article, reviewed_by=reviewer)
            ready.set()
            assert other_done.wait(10), "the other had to wait for this one"

    def quick() -> None:
        assert ready.wait(10)
        # The very same cell of every summary.
        with transaction.atomic():
            make_claim(None, article=article, reviewed_by=reviewer)
        other_done.set()

    at_once(slow, quick)
    assert other_done.is_set()
    assert kept(KeptMonths, "stage") == {("shipment",): 2}
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_linked_while_its_transfer_becomes_contested_counts_as_contested():
    """The claim is written before the other has decided, and derived after it: what it was when written is stale."""
    reviewer, transfer, article = make_user(), make_transfer(), make_article()
    make_claim(transfer, reviewed_by=reviewer)
    linked, denied = threading.Event(), threading.Event()

    def one() -> None:
        with transaction.atomic():
            claim = make_claim(None, article=article, reviewed_by=reviewer)
            Claim.objects.filter(pk=claim.pk).update(transfer=transfer)
            linked.set()
            assert denied.wait(10)
            Transfer.objects.derive([transfer.pk])

    def other() -> None:
        assert linked.wait(10)
        with transaction.atomic():
            make_claim(transfer, modality="denied", reviewed_by=reviewer, article=article)
        denied.set()

    at_once(one, other)
    assert denied.is_set()
    assert kept(KeptMonths, "contested") == {(True,): 3}
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db(transaction=True)
def test_folding_while_others_decide_loses_nothing():
    reviewer = make_user()
    transfer = make_transfer()
    articles = [make_article() for _ in range(3)]
    done = threading.Event()
    seen: list[dict[str, int]] = []

    def decide(article: Article) -> None:
        for turn in range(12):
            claim = make_claim(transfer, article=article, reviewed_by=reviewer)
            if turn % 3 == 0:
                Claim.objects.filter(pk=claim.pk).update(modality="denied")
            if turn % 4 == 0:
                Claim.objects.filter(pk=claim.pk).update(state="retracted")
            Transfer.objects.derive([transfer.pk])

    def keep_folding() -> None:
        while not done.is_set():
            summaries.fold()
            # Claims are written here before their transfer is derived, in a transaction of their own: what tells of it
            # is kept by whoever derives it.
            seen.append(summaries.wrong() | {"languages": 0, "tellers": 0})

    folding = threading.Thread(target=lambda: (keep_folding(), connections.close_all()))
    folding.start()
    at_once(*(lambda article=article: decide(article) for article in articles))
    done.set()
    folding.join(20)
    assert seen
    # A recount and the summaries are read in one statement, so they never differ, whoever is writing.
    assert all(found == NOTHING_WRONG for found in seen)
    summaries.fold()
    assert waiting() == 0
    assert sum(kept(KeptPairs, "category").values()) == Claim.objects.shown().count()
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db(transaction=True)
def test_what_is_not_settled_waits_for_whoever_derives_its_transfer():
    """A claim is written past the program, and folded, while its transfer becomes contested unseen."""
    reviewer, transfer = make_user(), make_transfer()
    claim = make_claim(transfer, reviewed_by=reviewer)
    summaries.fold()
    derived, folded = threading.Event(), threading.Event()

    def contest() -> None:
        with transaction.atomic():
            make_claim(transfer, modality="denied", reviewed_by=reviewer)
            derived.set()
            assert folded.wait(10), "the fold had to wait"

    def write_and_fold() -> None:
        assert derived.wait(10)
        Claim.objects.filter(pk=claim.pk).update(stage="order")
        summaries.fold()
        folded.set()

    at_once(contest, write_and_fold)
    assert summaries.wrong() == NOTHING_WRONG
    summaries.fold()
    assert waiting() == 0
    assert summaries.wrong() == NOTHING_WRONG


# Who tells of a transfer, and what waits


def told(transfer: Transfer) -> tuple[set[str], set[int | None]]:
    """The languages and the outlets in which a transfer is told."""
    languages = KeptLanguages.objects.filter(transfer=transfer.pk).values_list("language", flat=True)
    return set(languages), set(KeptTellers.objects.filter(transfer=transfer.pk).values_list("outlet", flat=True))


@pytest.mark.django_db
def test_a_transfer_is_told_where_an_active_claim_tells_it():
    transfer, kabar, antara = make_transfer(), make_outlet("Kabar"), make_outlet("Antara")
    assert told(transfer) == (set(), set())
    claim = make_claim(transfer, article=make_article(outlet=kabar, language="id"))
    for outlet in (kabar, antara, None):
        make_claim(transfer, article=make_article(outlet=outlet, language="en"))
    make_claim(transfer, article=make_article(outlet=make_outlet("Tempo"), language="ms"), state="provisional")
    assert told(transfer) == ({"id", "en"}, {kabar.pk, antara.pk, None})
    actions.retract(claim=claim, by=claim.reviewed_by, version=1, key=uuid4())
    assert told(transfer) == ({"en"}, {kabar.pk, antara.pk, None})
    undo(last_undoable(claim.reviewed_by), by=claim.reviewed_by, key=uuid4())
    assert told(transfer) == ({"id", "en"}, {kabar.pk, antara.pk, None})


@pytest.mark.django_db
def test_a_claim_that_is_linked_elsewhere_takes_its_outlet_along():
    here, there, outlet = make_transfer(), make_transfer(), make_outlet()
    claim = make_claim(here, article=make_article(outlet=outlet, language="en"))
    transfers.move(claims={claim.pk: claim.version}, transfer=there, by=claim.reviewed_by, key=uuid4())
    assert (told(here), told(there)) == ((set(), set()), ({"en"}, {outlet.pk}))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moved_first", [True, False])
def test_an_article_that_moves_while_its_transfer_is_derived_is_told_where_it_went(moved_first):
    reviewer, transfer = make_user(), make_transfer()
    article, outlet = make_article(language="en"), make_outlet("Kabar")
    make_claim(transfer, article=article, reviewed_by=reviewer)
    begun = threading.Event()

    def move() -> None:
        assert moved_first or begun.wait(10)
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(outlet=outlet, language="id")
            if moved_first:
                begun.set()
                time.sleep(0.3)

    def derive() -> None:
        assert not moved_first or begun.wait(10)
        with transaction.atomic():
            Transfer.objects.derive([transfer.pk])
            if not moved_first:
                begun.set()
                time.sleep(0.3)

    at_once(move, derive)
    assert told(transfer) == ({"id"}, {outlet.pk})
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db
def test_an_item_waits_until_it_is_decided_and_again_when_that_is_undone():
    item = make_item(make_event(make_article()))
    waits = KeptQueue.objects.filter(article=item.event.article_id).values_list("item", flat=True)
    assert [*waits.all()] == [item.pk]
    by = make_user()
    actions.accept(item=item, values=values_of(item), by=by, version=item.version, key=uuid4())
    assert [*waits.all()] == []
    undo(last_undoable(by), by=by, key=uuid4())
    assert [*waits.all()] == [item.pk]
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db
def test_an_item_that_goes_with_its_event_waits_no_longer():
    item = make_item(make_event(make_article()))
    item.event.delete()
    assert not KeptQueue.objects.exists()


# Putting right, and who may write


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_is_found_and_put_right():
    make_claim(make_transfer()), make_claim(None, stage="order")
    missing, decided = make_item(make_event(make_article())), make_item(make_event(make_article()))
    ReviewItem.objects.filter(pk=decided.pk).update(state="superseded")
    summaries.fold()
    said = StringIO()
    call_command("summaries", "check", stdout=said)
    assert "are what a recount says" in said.getvalue()
    with psycopg.connect(localdb.url("owner", connection.settings_dict["NAME"])) as owner:
        owner.execute("UPDATE tracker_kept_cells_folded SET n = n + 4 WHERE stage = 'order'")
        owner.execute("DELETE FROM tracker_kept_pairs_folded")
        owner.execute("DELETE FROM tracker_kept_languages")
        owner.execute("UPDATE tracker_kept_tellers SET outlet = outlet + 1")
        owner.execute("DELETE FROM tracker_kept_queue WHERE item = %s", [missing.pk])
        owner.execute("INSERT INTO tracker_kept_queue VALUES (%s, %s)", [decided.pk, decided.event.article_id])
    wrong = "pairs: 2 rows, cells: 1 rows, queue: 2 rows, languages: 1 rows, tellers: 2 rows"
    with pytest.raises(CommandError, match=wrong):
        call_command("summaries", "check")
    call_command("summaries", "rebuild", stdout=said)
    assert summaries.wrong() == NOTHING_WRONG


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO tracker_kept_changes (contested, n) VALUES (false, 1)",
        "DELETE FROM tracker_kept_changes",
        "UPDATE tracker_kept_cells_folded SET n = n + 1",
        "DELETE FROM tracker_kept_months_folded",
        "TRUNCATE tracker_kept_pairs_folded",
        "UPDATE tracker_kept_suppliers_folded SET n = n + 1",
        "DELETE FROM tracker_kept_queue",
        "INSERT INTO tracker_kept_languages VALUES (1, 'en')",
        "UPDATE tracker_kept_tellers SET outlet = NULL",
        "ALTER TABLE tracker_claim DISABLE TRIGGER keep_claims_insert",
    ],
)
def test_the_app_may_not_write_them(statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as caught:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_models_have_the_columns_of_their_views():
    for model in SUMMARIES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert {column.name for column in cursor.description} == {*dimensions(model), "n"}
