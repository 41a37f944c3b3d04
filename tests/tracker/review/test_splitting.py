"""One event becomes several claims by one decision, with one undo."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_item, make_user
from tests.tracker.review.test_views import filled_in
from tracker.decisions import last_undoable, undo
from tracker.models import Claim, Decision, ReviewItem, Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


def sent(item: ReviewItem, *parts: dict, **more) -> dict:
    fields = {"version": item.version, "key": uuid4(), "verdict": "split", "parts": len(parts), "line": "order=oldest"}
    for number, changes in enumerate(parts, 1):
        card = {name: value for name, value in filled_in(item, **changes).items() if name not in {"version", "key"}}
        fields |= {f"part{number}-{name}": value for name, value in card.items()}
    return fields | more


def test_the_page_repeats_the_card_for_each_part(desk):
    item = make_item()
    page = desk.get(reverse("split", args=[item.event_id])).content.decode()
    assert page.count('name="part1-supplier" value="Norway"') == page.count('name="part2-supplier" value="Norway"') == 1
    assert 'name="part3-supplier"' not in page
    # Without a script another part is a button, and what was entered stays.
    more = sent(item, {"note": "kept"}, {}) | {"parts": ["2", "3"]}
    del more["verdict"]
    page = desk.post(reverse("split", args=[item.event_id]), more).content.decode()
    assert "kept" in page
    assert 'name="part3-supplier" value="Norway"' in page
    assert not Decision.objects.exists()


def test_the_parts_become_claims_of_the_event_and_one_undo_takes_them_back(desk, reviewer):
    item, following = make_item(), make_item()
    parts = ({"quantity_min": "4", "transfer": "new"}, {"stage": "order", "transfer": "first"}, {"materiel": "trucks"})
    data = sent(item, *parts)
    for _ in range(2):
        answer = desk.post(reverse("split", args=[item.event_id]), data)
        assert answer.url == f"{reverse('workbench', args=[following.event_id])}?order=oldest"
    claims = list(Claim.objects.order_by("pk"))
    assert [claim.event_id for claim in claims] == [item.event_id] * 3
    assert [(claim.quantity_min, claim.stage, claim.materiel_text) for claim in claims] == [
        (4, "shipment", "tanks"),
        (None, "order", "tanks"),
        (None, "shipment", "trucks"),
    ]
    transfer = Transfer.objects.get()
    assert [claim.transfer for claim in claims] == [transfer, transfer, None]
    decision = Decision.objects.get()
    assert (decision.verdict, decision.item) == ("split", item)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert not Claim.objects.shown().exists()
    assert not Transfer.objects.standing().exists()
    item.refresh_from_db()
    assert item.state == "pending"


def test_a_wrong_part_stores_none_and_says_where(desk):
    item = make_item()
    answer = desk.post(reverse("split", args=[item.event_id]), sent(item, {}, {"supplier": "Atlantis", "note": "kept"}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "No actor is called “Atlantis”" in page
    assert "kept" in page
    assert not Claim.objects.exists()


def test_selected_words_fill_a_field_of_one_part(desk):
    item = make_item()
    text = item.event.article.text
    start = text.index("Peru")
    data = sent(item, {}, {}) | {"fill": "supplier", "part": "part2", "start": start, "end": start + 4}
    page = desk.post(reverse("split", args=[item.event_id]), data, headers={"hx-request": "true"}).content.decode()
    assert 'name="part1-supplier" value="Norway"' in page
    assert 'name="part2-supplier" value="Peru"' in page
    assert f'name="part2-supplier_spans" value="{start}-{start + 4}"' in page


def test_an_event_decided_meanwhile_is_a_conflict_that_keeps_the_first_part(desk):
    item = make_item()
    data = sent(item, {"note": "my words"}, {})
    ReviewItem.objects.update(
        state="rejected", reason=1, version=2, reviewed_by=make_user(), reviewed_at="2024-01-01T00:00Z"
    )
    answer = desk.post(reverse("split", args=[item.event_id]), data)
    assert answer.status_code == 409
    assert "my words" in answer.content.decode()


def test_one_new_actor_named_in_two_parts_is_added_once(desk):
    item = make_item()
    new = {"supplier": "Acme Arms", "supplier_kind": "company"}
    desk.post(reverse("split", args=[item.event_id]), sent(item, new, new))
    assert len({claim.supplier for claim in Claim.objects.all()}) == 1
    assert Claim.objects.count() == 2
