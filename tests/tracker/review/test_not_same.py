"""What a reviewer says is not the same is suggested no more, for the event and for the claim that comes from it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_claim, make_item, make_transfer, make_user
from tests.tracker.review.test_views import filled_in
from tracker.decisions import CannotUndo, last_undoable, undo
from tracker.link import not_same
from tracker.link.candidates import suggest
from tracker.models import Claim, Decision, NotSame

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def transfer():
    row = make_transfer()
    make_claim(row)
    return row


def offered(page) -> bool:
    return b'name="transfer" value="T-' in page.content


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_the_card_comes_back_with_its_input_and_without_the_transfer(desk, transfer, headers):
    item = make_item()
    address = reverse("workbench", args=[item.event_id])
    assert offered(desk.get(address))
    sent = filled_in(item, note="Half a thought", supplier="Norwegia", not_same=transfer.public_id)
    page = desk.post(reverse("event_not_same", args=[item.event_id]), sent, headers=headers)
    assert page.status_code == 200
    for kept in (b"Half a thought", b'value="Norwegia"'):
        assert kept in page.content
    assert not offered(desk.get(address))
    assert b"</html>" in page.content or headers
    item.refresh_from_db()
    assert (item.state, item.version) == ("pending", 1)


def test_the_claim_of_the_event_is_not_offered_it_either_and_undo_offers_it_again(desk, transfer, reviewer):
    item = make_item()
    desk.post(reverse("event_not_same", args=[item.event_id]), {"not_same": transfer.public_id, "key": uuid4()})
    desk.post(reverse("decide", args=[item.event_id]), filled_in(item))
    claim = Claim.objects.get(event=item.event)
    ids = {"supplier_id": claim.supplier_id, "recipient_id": claim.recipient_id, "category": claim.category}
    assert suggest(**ids, claim_id=claim.pk, event_id=claim.event_id).candidates == []
    assert suggest(**ids, claim_id=make_claim().pk).first == transfer
    for _ in range(2):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert NotSame.objects.get().withdrawn
    assert suggest(**ids, claim_id=claim.pk, event_id=claim.event_id).first == transfer


def test_the_page_of_a_claim_says_it_keeps_its_input_and_takes_it_back(desk, transfer):
    claim = make_claim(spans={"evidence": [[0, 20]]})
    address = reverse("claim_edit", args=[claim.pk])
    sent = {"not_same": transfer.public_id, "key": uuid4(), "note": "Half a thought", "version": 1}
    page = desk.post(reverse("claim_not_same", args=[claim.pk]), sent)
    assert b"Half a thought" in page.content
    assert not offered(page)
    assert f"Not {transfer.public_id}, says sari.".encode() in page.content
    said = NotSame.objects.get()
    answer = desk.post(reverse("not_same_take_back", args=[said.pk]), {"version": said.version, "key": uuid4()})
    assert answer.url == address
    assert offered(desk.get(address))
    desk.post(reverse("not_same_take_back", args=[said.pk]), {"version": said.version, "key": uuid4()})
    assert Decision.objects.count() == 2


def test_saying_it_twice_says_it_once_and_a_wrong_number_nothing(desk, transfer):
    item = make_item()
    address = reverse("event_not_same", args=[item.event_id])
    for number in (transfer.public_id, transfer.public_id, "T-999999", ""):
        assert desk.post(address, {"not_same": number, "key": uuid4()}).status_code == 200
    assert (NotSame.objects.count(), Decision.objects.count()) == (1, 1)


def test_what_was_said_of_a_transfer_holds_for_what_it_was_merged_into(transfer, reviewer):
    from tracker.link import transfers

    item, other = make_item(), make_transfer()
    make_claim(other)
    NotSame.objects.create(transfer=transfer, item=item, said_by=reviewer)
    transfers.merge(transfer=transfer, into=other, by=reviewer, version=1, key=uuid4())
    ids = {"supplier_id": other.supplier_id, "recipient_id": other.recipient_id, "category": "armoured_vehicles"}
    assert suggest(**ids, event_id=item.event_id).candidates == []
    assert suggest(**ids).first == other


def test_taking_back_is_not_undone_where_it_was_said_again_since():
    reviewer, item, transfer = make_user(), make_item(), make_transfer()
    not_same.say(transfer=transfer, item=item, by=reviewer, key=uuid4())
    said = NotSame.objects.get()
    not_same.take_back(said=said, by=reviewer, version=said.version, key=uuid4())
    taken_back = Decision.objects.first()
    not_same.say(transfer=transfer, item=item, by=make_user(), key=uuid4())
    with pytest.raises(CannotUndo, match="said again"):
        undo(taken_back, by=reviewer, key=uuid4())
    assert NotSame.objects.filter(withdrawn=False).count() == 1
