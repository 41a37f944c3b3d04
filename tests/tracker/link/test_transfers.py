"""Transfers are merged, brought back, and given other claims; the export shows nothing of what was undone."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_actor, make_article, make_claim, make_transfer, make_user
from tests.tracker.link.together import at_once, check_links, exported
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated, last_undoable, undo
from tracker.link import not_same, preview, transfers
from tracker.models import Claim, Decision, Note, NotSame, Transfer
from tracker.review import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def pair():
    """Two transfers between the same two, with claims of every state and several origins."""
    one, two = make_transfer(), make_transfer()
    make_claim(one, stage="talks", origin=make_actor("US", "United States"), published_on=date(2024, 1, 1))
    make_claim(one, stage="order", quantity_min=10, quantity_max=10, published_on=date(2024, 2, 1))
    make_claim(two, stage="delivery", quantity_min=12, quantity_max=14, origin=make_actor("UA", "Ukraine"))
    make_claim(two, stage="delivery", modality="denied", published_on=date(2024, 5, 1))
    make_claim(two, stage="delivery", state="retracted")
    return one, two


def merge(gone, into, by, **options):
    gone.refresh_from_db()
    options.setdefault("key", uuid4())
    transfers.merge(transfer=gone, into=into, by=by, version=gone.version, **options)
    for row in (gone, into):
        row.refresh_from_db()


def unmerge(gone, by, **options):
    gone.refresh_from_db()
    transfers.unmerge(transfer=gone, by=by, version=gone.version, key=uuid4(), **options)
    gone.refresh_from_db()


def test_all_claims_move_and_the_values_follow(pair, reviewer):
    one, two = pair
    expected = preview.together(two, one)
    merge(two, one, reviewer)
    assert (two.state, two.merged_into, two.claims.count()) == ("merged", one, 0)
    assert (one.state, one.claim_count, one.stage, one.contested, one.origins) == ("standing", 4, "delivery", True, 2)
    assert (one.quantity_min, one.quantity_max, one.last_published) == (10, 14, date(2024, 5, 1))
    assert one.claims.filter(state="retracted").count() == 1
    assert [line.values for line in preview.lines(expected)] == [line.values for line in preview.lines(one)]


@pytest.mark.parametrize("back", ["undo", "unmerge"])
def test_a_merge_and_its_way_back_leave_the_export_as_it_was_byte_for_byte(pair, reviewer, back):
    before = exported()
    merge(*reversed(pair), reviewer)
    assert exported() != before
    if back == "undo":
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    else:
        unmerge(pair[1], reviewer)
    assert exported() == before
    assert {row.state for row in Transfer.objects.all()} == {"standing"}


def test_an_unmerge_can_be_undone_and_done_again(pair, reviewer):
    before = exported()
    one, two = pair
    merge(two, one, reviewer)
    merged = exported()
    unmerge(two, reviewer)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert exported() == merged
    unmerge(two, reviewer)
    assert exported() == before
    merge(one, two, reviewer)
    assert (two.claim_count, one.merged_into) == (4, two)


def test_merge_and_unmerge_are_undone_one_after_the_other_at_the_same_cost_for_any_number_of_claims(reviewer):
    costs = []
    for number in (2, 6):
        one, two = make_transfer(), make_transfer()
        make_claim(one)
        for _ in range(number):
            make_claim(two)
        before = exported()
        merge(two, one, reviewer)
        unmerge(two, reviewer)
        for verdict in ("unmerge", "merge"):
            decision = last_undoable(reviewer)
            assert decision.verdict == verdict
            with CaptureQueriesContext(connection) as captured:
                undo(decision, by=reviewer, key=uuid4())
            costs.append(len(captured))
        assert exported() == before
    assert costs[:2] == costs[2:]


def test_only_claims_that_are_still_there_come_back(pair, reviewer):
    one, two = pair
    third = make_transfer()
    own, new = make_claim(third), make_claim(one)
    merge(two, one, reviewer)
    left, corrected = Claim.objects.filter(stage="delivery", state="active").order_by("pk")
    actions.edit(claim=left, values={"transfer": third}, by=reviewer, version=left.version, key=uuid4())
    actions.edit(claim=corrected, values={"note": "seen"}, by=reviewer, version=corrected.version, key=uuid4())
    after = preview.apart(two)
    assert after.elsewhere == {left.pk}
    unmerge(two, reviewer)
    assert set(two.claims.values_list("pk", "state")) == {
        (corrected.pk, "active"),
        (Claim.objects.get(state="retracted").pk, "retracted"),
    }
    assert after.back == set(two.claims.values_list("pk", flat=True))
    assert Claim.objects.get(pk=left.pk).transfer == third
    assert set(third.claims.values_list("pk", flat=True)) == {own.pk, left.pk}
    assert new.pk in one.claims.values_list("pk", flat=True)
    assert [line.values[0] for line in preview.lines(after.transfer)] == [
        line.values[0] for line in preview.lines(Transfer.objects.get(pk=two.pk))
    ]


def test_the_undo_of_a_merge_refuses_where_somebody_has_built_on_it(pair, reviewer):
    one, two = pair
    merge(two, one, reviewer)
    claim, other = Claim.objects.filter(stage="delivery", state="active").first(), make_user(username="wulan")
    actions.edit(claim=claim, values={"note": "seen"}, by=other, version=claim.version, key=uuid4())
    with pytest.raises(CannotUndo, match="wulan has changed it since"):
        undo(Decision.objects.get(verdict="merge"), by=reviewer, key=uuid4())
    two.refresh_from_db()
    assert two.state == "merged"


def test_one_step_leads_from_a_chain_of_merges_to_what_stands_and_each_comes_back_to_where_it_was(reviewer):
    rows = [make_transfer() for _ in range(3)]
    for row in rows:
        make_claim(row)
    first, second, third = rows
    before = exported()
    merge(first, second, reviewer)
    between = exported()
    merge(second, third, reviewer)
    first.refresh_from_db()
    assert (first.survivor, second.survivor, third.claim_count) == (third, third, 3)
    unmerge(second, reviewer)
    assert exported() == between
    first.refresh_from_db()
    assert first.merged_into == second
    merge(second, third, reviewer)
    unmerge(first, reviewer)
    second.refresh_from_db(), third.refresh_from_db()
    assert (first.state, first.claim_count, second.survivor, third.claim_count) == ("standing", 1, third, 2)
    unmerge(second, reviewer)
    assert (second.claim_count, Transfer.objects.standing().count()) == (1, 3)
    assert b"".join(exported()).count(b"\n") == b"".join(before).count(b"\n")


def test_no_circle_and_nothing_into_itself_or_into_what_does_not_stand(pair, reviewer):
    one, two = pair
    with pytest.raises(Refused, match="Choose another"):
        merge(one, one, reviewer)
    merge(two, one, reviewer)
    for gone, into in ((one, two), (two, one)):
        with pytest.raises(Refused, match=f"{two} is merged"):
            merge(gone, into, reviewer)
    with pytest.raises(Refused, match="is not merged"):
        unmerge(one, reviewer)
    assert Decision.objects.count() == 1


def test_a_merge_is_refused_where_somebody_told_the_two_apart_until_that_is_taken_back(pair, reviewer):
    one, two = pair
    other = make_user(username="wulan")
    third = make_transfer()
    make_claim(third)
    not_same.say(transfer=third, other=one, by=other, key=uuid4())
    merge(third, two, reviewer)
    with pytest.raises(transfers.ToldApart, match="wulan has said that they are not the same"):
        merge(two, one, reviewer)
    merge(two, one, reviewer, despite=True)
    assert NotSame.objects.get().withdrawn
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert not NotSame.objects.get().withdrawn


def test_notes_move_and_come_back(pair, reviewer):
    one, two = pair
    note = Note.objects.create(transfer=two, text="Look again.", written_by=reviewer)
    merge(two, one, reviewer)
    note.refresh_from_db()
    assert note.transfer == one
    unmerge(two, reviewer)
    note.refresh_from_db()
    assert note.transfer == two


def test_nothing_is_linked_to_a_merged_transfer(pair, reviewer):
    one, two = pair
    claim = make_claim()
    merge(two, one, reviewer)
    with pytest.raises(Refused, match=f"{two} was merged into {one}"):
        actions.edit(claim=claim, values={"transfer": two}, by=reviewer, version=1, key=uuid4())
    claim.refresh_from_db()
    assert claim.transfer is None


def test_an_undo_that_would_link_to_a_transfer_that_was_merged_since_says_so(pair, reviewer):
    one, two = pair
    third = make_transfer()
    claim = make_claim(two)
    actions.edit(claim=claim, values={"transfer": third}, by=reviewer, version=1, key=uuid4())
    merge(two, one, make_user())
    with pytest.raises(CannotUndo, match=f"{two} was merged into {one}"):
        undo(Decision.objects.get(verdict="edit"), by=reviewer, key=uuid4())


def test_an_unmerge_can_be_undone_after_a_link_to_what_came_back_was_undone(pair, reviewer):
    one, two = pair
    merge(two, one, reviewer)
    unmerge(two, reviewer)
    claim = make_claim(two, reviewed_by=reviewer)
    claim.refresh_from_db()
    actions.retract(claim=claim, by=reviewer, version=claim.version, key=uuid4())
    away = Decision.objects.get(verdict="unmerge")
    undo(away, by=reviewer, key=uuid4())
    two.refresh_from_db()
    assert two.merged_into == one
    # The retracted claim comes back to no transfer that is merged.
    with pytest.raises(CannotUndo, match="was merged into"):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())


def test_an_unmerge_is_not_undone_where_an_undo_has_given_a_claim_back_to_what_came_back(pair, reviewer):
    one, two = pair
    away = two.claims.filter(state="active").first()
    transfers.move(claims={away.pk: away.version}, transfer=None, by=reviewer, key=uuid4())
    merge(two, one, make_user())
    unmerge(two, make_user())
    undo(Decision.objects.get(user=reviewer), by=reviewer, key=uuid4())
    with pytest.raises(CannotUndo, match=f"has linked another claim to {two} since"):
        undo(Decision.objects.get(verdict="unmerge"), by=reviewer, key=uuid4())
    two.refresh_from_db()
    assert (two.merged_into, set(two.claims.filter(state="active")) >= {away}) == (None, True)


def test_an_unmerge_goes_by_the_merge_that_holds_and_not_by_a_later_one_that_was_undone(pair, reviewer):
    one, two = pair
    three = make_transfer()
    make_claim(three)
    claims = set(two.claims.filter(state="active"))
    merge(two, one, reviewer)
    unmerge(two, reviewer)
    first = min(claims, key=lambda claim: claim.pk)
    first.refresh_from_db()
    transfers.move(claims={first.pk: first.version}, transfer=three, by=reviewer, key=uuid4())
    merge(two, three, reviewer)
    for _ in range(3):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    two.refresh_from_db()
    assert two.merged_into == one
    unmerge(two, reviewer)
    assert set(two.claims.filter(state="active")) == claims


def test_the_same_key_merges_once(pair, reviewer):
    one, two = pair
    key = uuid4()
    version = two.version
    for _ in range(2):
        try:
            transfers.merge(transfer=two, into=one, by=reviewer, version=version, key=key)
        except Repeated as repeated:
            again = repeated.decision
    assert again == Decision.objects.get()


# Several claims at once


def test_ticked_claims_are_linked_in_one_decision_and_one_undo_takes_them_back(pair, reviewer):
    one, _two = pair
    claims = [make_claim() for _ in range(3)]
    before = exported()
    transfers.move(claims={claim.pk: 1 for claim in claims}, transfer=one, by=reviewer, key=uuid4())
    one.refresh_from_db()
    assert (one.claim_count, Decision.objects.count()) == (5, 1)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert exported() == before


def test_ticked_claims_make_a_new_transfer(reviewer):
    claims = [make_claim() for _ in range(2)]
    transfer = transfers.move(claims={claim.pk: 1 for claim in claims}, by=reviewer, key=uuid4())
    transfer.refresh_from_db()
    assert (transfer.state, transfer.claim_count, transfer.supplier.code) == ("standing", 2, "NO")
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    transfer.refresh_from_db()
    assert transfer.state == "withdrawn"


def test_claims_between_others_are_named_and_nothing_is_linked(pair, reviewer):
    one, _two = pair
    claim, stranger = make_claim(), make_claim(recipient=make_actor("CL", "Chile"))
    for transfer in (one, None):
        with pytest.raises(Refused, match=f"other parties: {stranger.pk}\\."):
            transfers.move(claims={claim.pk: 1, stranger.pk: 1}, transfer=transfer, by=reviewer, key=uuid4())
    assert not Claim.objects.filter(pk__in=[claim.pk, stranger.pk], transfer__isnull=False).exists()
    assert Transfer.objects.count() == 2


def test_a_claim_that_was_changed_meanwhile_is_a_conflict_and_one_that_is_gone_is_said(pair, reviewer):
    one, _two = pair
    claim = make_claim()
    with pytest.raises(Conflict):
        transfers.move(claims={claim.pk: 2}, transfer=one, by=reviewer, key=uuid4())
    with pytest.raises(Refused, match="not there any more"):
        transfers.move(claims={claim.pk: 1, 10**9: 1}, transfer=one, by=reviewer, key=uuid4())
    with pytest.raises(Refused, match="A sanction is no transfer"):
        transfers.move(claims={make_claim(stage="sanction").pk: 1}, by=reviewer, key=uuid4())


# Two at once, each with a connection of its own


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_transfer_at_once_get_one_merge_and_one_conflict():
    users = [make_user(), make_user()]
    for _ in range(4):
        one, two, three = (make_transfer() for _ in range(3))
        for row in (one, two, three):
            make_claim(row)

        def merging(into, user, gone=two):
            return lambda: transfers.merge(transfer=gone, into=into, by=user, version=gone.version, key=uuid4())

        answers = at_once(merging(one, users[0]), merging(three, users[1]))
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
        check_links()


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_two_transfers_into_each_other_at_once_make_no_circle():
    users = [make_user(), make_user()]
    for _ in range(4):
        one, two = make_transfer(), make_transfer()
        for row in (one, two):
            make_claim(row)

        def merging(gone, into, user):
            return lambda: transfers.merge(transfer=gone, into=into, by=user, version=1, key=uuid4())

        answers = at_once(merging(one, two, users[0]), merging(two, one, users[1]))
        assert answers.count(None) == 1
        assert {Transfer.objects.get(pk=row.pk).state for row in (one, two)} == {"merged", "standing"}
        check_links()


@pytest.mark.django_db(transaction=True)
def test_a_double_submit_merges_once():
    user = make_user()
    one, two = make_transfer(), make_transfer()
    make_claim(one), make_claim(two)
    key = uuid4()

    def merging():
        transfers.merge(transfer=two, into=one, by=user, version=1, key=key)

    answers = at_once(merging, merging)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Repeated"]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_at_the_time_of_a_merge_moves_along_or_is_refused_and_never_hangs_on_what_is_merged():
    merger, linker = make_user(), make_user()
    seen = set()
    for _ in range(12):
        one, two = make_transfer(), make_transfer()
        make_claim(one), make_claim(two)
        claim = make_claim(article=make_article(text=f"A further claim {uuid4()}"))

        def linking(claim=claim, two=two):
            actions.edit(claim=claim, values={"transfer": two}, by=linker, version=1, key=uuid4())

        def merging(one=one, two=two):
            transfers.merge(transfer=two, into=one, by=merger, version=1, key=uuid4())

        linked, merged = at_once(linking, merging)
        assert merged is None
        claim.refresh_from_db()
        assert claim.transfer == (None if isinstance(linked, Refused) else one)
        seen.add(type(linked).__name__)
        check_links()
    assert seen <= {"NoneType", "Refused"}


@pytest.mark.django_db(transaction=True)
def test_two_who_link_to_one_transfer_at_once_both_count():
    users = [make_user(), make_user()]
    for _ in range(8):
        transfer = make_transfer()
        make_claim(transfer)
        claims = [make_claim(article=make_article(text=f"A further claim {uuid4()}")) for _ in users]

        def linking(claim, user, to=transfer):
            return lambda: actions.edit(claim=claim, values={"transfer": to}, by=user, version=1, key=uuid4())

        assert at_once(*map(linking, claims, users)) == [None, None]
        transfer.refresh_from_db()
        assert transfer.claim_count == 3
        check_links()


@pytest.mark.django_db(transaction=True)
def test_a_link_that_waits_for_a_merge_is_refused():
    """The merge holds the transfer, the link waits for it, and finds it merged."""
    user = make_user()
    one, two = make_transfer(), make_transfer()
    make_claim(one), make_claim(two)
    claim = make_claim(article=make_article(text="A further claim."))
    holding, waiting = threading.Event(), threading.Event()
    derive = Transfer.objects.derive

    def merge_slowly():
        try:
            patch = pytest.MonkeyPatch()
            patch.setattr(Transfer.objects, "derive", lambda pks: (holding.set(), waiting.wait(5), derive(pks)))
            transfers.merge(transfer=two, into=one, by=user, version=1, key=uuid4())
            patch.undo()
        finally:
            connection.close()

    thread = threading.Thread(target=merge_slowly)
    thread.start()
    assert holding.wait(5)
    threading.Timer(0.5, waiting.set).start()
    with pytest.raises(Refused, match="was merged into"):
        actions.edit(claim=claim, values={"transfer": two}, by=user, version=1, key=uuid4())
    thread.join(10)
    check_links()
