"""What was decided in one copy of a text is offered for the others, as one decision with one undo."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_article, make_event, make_item, make_outlet, make_user
from tests.tracker.review.test_views import decide
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


@pytest.fixture
def copied():
    """The same event in one text at three outlets, and another event."""
    first = make_article(outlet=make_outlet("Andes Wire"))
    copies = [
        make_article(text=first.text, copy_of=first, outlet=make_outlet(name)) for name in ("Teluk Post", "Rawa Daily")
    ]
    items = [make_item(make_event(article)) for article in (first, *copies)]
    return [*items, make_item()]


def ticked(*items: ReviewItem) -> list[str]:
    return [f"{item.pk}:{item.version}" for item in items]


def test_after_a_decision_the_next_card_offers_the_copies_that_say_the_same(desk, copied):
    first, second, third, other = copied
    make_item(make_event(second.event.article, extraction=second.event.extraction, stage="delivery"))
    page = decide(desk, first, verdict="new").url
    assert f"also={first.event_id}" in page
    shown = desk.get(page).content.decode()
    assert "Also in 2 copies of the text:" in shown
    for item in (second, third):
        assert f'value="{item.pk}:{item.version}" checked' in shown
    assert shown.count('name="twin"') == 2


def test_one_decision_accepts_the_ticked_copies_and_one_undo_takes_them_back(desk, reviewer, copied):
    first, second, third, _other = copied
    decide(desk, first, verdict="new", note="seen", stage="delivery")
    sent = {"key": uuid4(), "twin": ticked(second, third), "line": "order=oldest"}
    for _ in range(2):
        desk.post(reverse("decide_copies", args=[first.event_id]), sent)
    transfer = Transfer.objects.get()
    assert (transfer.claim_count, transfer.stage) == (3, "delivery")
    claims = Claim.objects.order_by("pk")
    assert [claim.event_id for claim in claims] == [item.event_id for item in (first, second, third)]
    assert [claim.article_id for claim in claims] == [item.event.article_id for item in (first, second, third)]
    assert {(claim.note, claim.quote, claim.supplier.code) for claim in claims} == {("seen", claims[0].quote, "NO")}
    # The same text is one voice, whoever prints it.
    assert transfer.origins == 1
    assert Decision.objects.count() == 2
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Transfer.objects.get().claim_count == 1
    assert ReviewItem.objects.filter(state="pending").count() == 3


def test_a_rejection_is_offered_too_and_keeps_its_reason(desk, copied):
    first, second, third, _other = copied
    decide(desk, first, reason="6", note="a toy")
    desk.post(reverse("decide_copies", args=[first.event_id]), {"key": uuid4(), "twin": ticked(second)})
    second.refresh_from_db(), third.refresh_from_db()
    assert (second.state, second.reason, second.note) == ("rejected", 6, "a toy")
    assert third.state == "pending"


def test_what_is_not_the_same_text_or_was_decided_meanwhile_stays_as_it_is(desk, copied):
    first, second, third, other = copied
    decide(desk, first)
    ReviewItem.objects.filter(pk=third.pk).update(version=2)
    answer = desk.post(
        reverse("decide_copies", args=[first.event_id]), {"key": uuid4(), "twin": ticked(second, third)}, follow=True
    )
    assert "decided in the meantime" in answer.content.decode()
    desk.post(reverse("decide_copies", args=[first.event_id]), {"key": uuid4(), "twin": ticked(other)})
    assert Claim.objects.count() == 1


def test_what_another_reviewer_holds_or_has_flagged_is_not_offered(desk, copied):
    first, second, third, _other = copied
    ReviewItem.objects.filter(pk=second.pk).update(leased_by=make_user(), leased_until="2999-01-01T00:00Z")
    ReviewItem.objects.filter(pk=third.pk).update(flagged=True)
    assert "also=" not in decide(desk, first).url


def test_the_offer_costs_one_query_and_only_where_there_are_copies(desk, copied):
    first, _second, _third, other = copied
    make_item()
    counts = []
    for item in (other, first):
        with CaptureQueriesContext(connection) as captured:
            decide(desk, item)
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    assert counts[1] == counts[0] + 1
