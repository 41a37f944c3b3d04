"""Every decision can be undone, again and again, unless somebody has built on it."""

from uuid import uuid4

import pytest

from tests.factories import make_claim, make_item, make_user
from tracker.decisions import CannotUndo, Conflict, Repeated, last_undoable, undo
from tracker.models import Claim, Decision, ReviewItem, Transfer
from tracker.review import actions
from tracker.review.forms import ClaimForm, initial_of_event

pytestmark = pytest.mark.django_db


def values_of(item: ReviewItem) -> dict:
    """The claim values of an event that a reviewer accepts as it is."""
    unsent = ClaimForm(initial=initial_of_event(item.event, item), article=item.event.article)
    data = {name: unsent[name].field.prepare_value(unsent[name].value()) or "" for name in unsent.fields}
    form = ClaimForm(data, article=item.event.article)
    assert form.is_valid(), form.errors
    return form.claim_values()


def accept(item: ReviewItem, **options) -> Claim:
    options.setdefault("by", make_user())
    return actions.accept(item=item, values=values_of(item), version=item.version, key=uuid4(), **options)


def test_accepting_as_a_new_transfer_and_undoing_it_withdraws_both_and_opens_the_event():
    item = make_item()
    claim = accept(item, new_transfer=True)
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.stage, transfer.supports, transfer.claim_count) == ("standing", "shipment", 1, 1)
    decision = Decision.objects.get()
    undo(decision, by=claim.reviewed_by, key=uuid4())
    item.refresh_from_db(), claim.refresh_from_db(), transfer.refresh_from_db()
    assert (item.state, item.reviewed_by, item.reviewed_at) == ("pending", None, None)
    assert (claim.state, transfer.state, transfer.claim_count) == ("retracted", "withdrawn", 0)
    assert item.version == 3


def test_undo_puts_back_what_a_correction_overwrote_and_leaves_the_row_as_it_was():
    claim = make_claim(note="first", quantity_min=10)
    before = Claim.objects.values().get()
    reviewer = make_user()
    actions.edit(claim=claim, values={"note": "second", "quantity_min": 12}, by=reviewer, version=1, key=uuid4())
    assert Claim.objects.get().quantity_min == 12
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Claim.objects.values().get() == before | {"version": 3}


def test_undo_goes_back_again_and_again():
    reviewer = make_user()
    items = [make_item() for _ in range(3)]
    for item in items:
        accept(item, by=reviewer)
    for item in reversed(items):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
        item.refresh_from_db()
        assert item.state == "pending"
    assert last_undoable(reviewer) is None


def test_undo_refuses_where_somebody_has_changed_the_row_since_and_names_them():
    first, second = make_user(), make_user(username="wulan")
    claim = accept(make_item(), by=first)
    actions.edit(claim=claim, values={"note": "corrected"}, by=second, version=1, key=uuid4())
    with pytest.raises(CannotUndo, match="wulan"):
        undo(last_undoable(first), by=first, key=uuid4())
    assert Claim.objects.get().state == "active"


def test_undo_refuses_where_somebody_has_linked_to_the_new_transfer_since():
    first, second = make_user(), make_user(username="wulan")
    accept(make_item(), by=first, new_transfer=True)
    accept(make_item(), by=second, transfer=Transfer.objects.get())
    with pytest.raises(CannotUndo, match="wulan has linked another claim to T-"):
        undo(last_undoable(first), by=first, key=uuid4())
    assert Transfer.objects.get().claim_count == 2


def test_a_decision_is_undone_once():
    reviewer = make_user()
    accept(make_item(), by=reviewer)
    decision = Decision.objects.get()
    undo(decision, by=reviewer, key=uuid4())
    with pytest.raises(CannotUndo, match="already undone"):
        undo(Decision.objects.get(pk=decision.pk), by=reviewer, key=uuid4())


def test_the_same_key_acts_once():
    item, reviewer, key = make_item(), make_user(), uuid4()
    values = values_of(item)
    actions.accept(item=item, values=values, by=reviewer, version=1, key=key)
    with pytest.raises(Repeated):
        actions.accept(item=item, values=values, by=reviewer, version=1, key=key)
    assert Claim.objects.count() == 1


def test_an_older_version_is_a_conflict_and_writes_nothing():
    item = make_item()
    accept(item)
    with pytest.raises(Conflict):
        actions.reject(item=item, reason=1, by=make_user(), version=1, key=uuid4())
    assert Decision.objects.count() == 1


def test_a_decision_can_neither_be_changed_nor_deleted():
    from django.db import DatabaseError, transaction

    accept(make_item())
    for attempt in (Decision.objects.all().delete, lambda: Decision.objects.update(verdict="reject")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Decision.objects.get().verdict == "accept"


def test_undo_goes_back_over_several_decisions_about_one_row_and_leaves_it_as_it_was():
    reviewer = make_user()
    claim = accept(make_item(), by=reviewer)
    before = Claim.objects.values().get()
    for number in (1, 2):
        claim.refresh_from_db()
        actions.edit(claim=claim, values={"quantity_min": number}, by=reviewer, version=number, key=uuid4())
    for _ in range(2):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Claim.objects.values().get() == before | {"version": 5}
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert (Claim.objects.get().state, ReviewItem.objects.get().state) == ("retracted", "pending")


def test_undo_refuses_over_a_change_that_no_decision_made():
    reviewer = make_user()
    claim = accept(make_item(), by=reviewer)
    claim.refresh_from_db()
    actions.edit(claim=claim, values={"note": "mine"}, by=reviewer, version=1, key=uuid4())
    Claim.objects.update(note="by hand", version=3)
    claim.refresh_from_db()
    actions.edit(claim=claim, values={"note": "mine again"}, by=reviewer, version=3, key=uuid4())
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    with pytest.raises(CannotUndo):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Claim.objects.get().note == "by hand"
