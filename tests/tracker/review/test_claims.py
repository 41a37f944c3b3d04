"""An accepted claim is corrected, moved and retracted outside the queue, and all of it can be undone."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_claim, make_transfer, make_user
from tracker.decisions import last_undoable, undo
from tracker.models import Claim, Decision, Transfer
from tracker.review.forms import ClaimForm, initial_of_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def claim():
    transfer = make_transfer()
    claim = make_claim(transfer, spans={"evidence": [[0, 20]]})
    return Claim.objects.select_related("article", "transfer").get(pk=claim.pk)


def save(desk, claim, **changes):
    form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
    fields = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    sent |= {"version": claim.version, "key": uuid4(), "verdict": "save"}
    sent["transfer"] = claim.transfer.public_id if claim.transfer else ""
    return desk.post(reverse("claim_edit", args=[claim.pk]), sent | changes)


def test_the_page_shows_the_claim_as_it_stands(desk, claim):
    page = desk.get(reverse("claim_edit", args=[claim.pk])).content.decode()
    assert 'value="Norway"' in page
    assert claim.transfer.public_id in page


def test_a_corrected_claim_derives_its_transfer_again_and_undo_restores_both(desk, claim, reviewer):
    before = Claim.objects.values().get(), Transfer.objects.values().get()
    answer = save(desk, claim, stage="delivery", quantity_min="10", quantity_max="10")
    assert answer.url == claim.get_absolute_url()
    assert Transfer.objects.get().stage == "delivery"
    (change,) = Decision.objects.get().changes
    assert set(change["after"]) >= {"stage", "quantity_min", "quantity_max", "updated_at"}
    assert "supplier" not in change["after"]
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Claim.objects.values().get() == before[0] | {"version": 3}
    assert Transfer.objects.values().get() == before[1]


@pytest.mark.parametrize("where", ["new", ""])
def test_a_claim_moves_to_a_new_transfer_or_to_none_and_an_empty_one_is_withdrawn(desk, claim, where):
    old = claim.transfer
    save(desk, claim, transfer=where)
    old.refresh_from_db()
    assert old.state == "withdrawn"
    moved = Claim.objects.get().transfer
    assert (moved is not None) == (where == "new")
    assert Transfer.objects.standing().count() == (1 if where == "new" else 0)


def test_a_claim_moves_to_another_transfer(desk, claim):
    other = make_transfer(supplier=make_actor("NO"), recipient=make_actor("CL", "Chile"))
    make_claim(other)
    save(desk, claim, transfer=other.public_id)
    other.refresh_from_db()
    assert other.claim_count == 2


def test_a_retracted_claim_leaves_every_list_and_undo_brings_it_back(desk, claim, reviewer):
    save(desk, claim, verdict="retract")
    assert not Claim.objects.shown().exists()
    assert not Transfer.objects.standing().exists()
    assert desk.get(reverse("claim_edit", args=[claim.pk])).status_code == 404
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Claim.objects.shown().count() == 1
    assert Transfer.objects.standing().count() == 1


def test_what_somebody_else_changed_meanwhile_is_a_conflict_that_keeps_the_input(desk, claim):
    Claim.objects.update(version=2, note="theirs")
    answer = save(desk, claim, note="mine")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody has changed this claim" in page
    assert "mine" in page
    assert 'name="version" value="2"' in page
    assert Claim.objects.get().note == "theirs"


def test_a_wrong_value_is_said_and_nothing_is_written(desk, claim):
    answer = save(desk, claim, supplier="Atlantis")
    assert answer.status_code == 422
    assert "No actor is called “Atlantis”" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_sanction_makes_no_transfer(desk, claim):
    answer = save(desk, claim, stage="sanction", transfer="new")
    assert answer.status_code == 422
    assert "A sanction is no transfer" in answer.content.decode()


def test_sending_twice_saves_once(desk, claim):
    key = uuid4()
    for _ in range(2):
        assert save(desk, claim, note="once", key=key).status_code == 302
    assert Decision.objects.count() == 1
