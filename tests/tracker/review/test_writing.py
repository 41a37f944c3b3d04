"""A claim that the machine missed is written by hand, with a quote of the article's own words."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_article, make_item, make_transfer, make_user
from tests.tracker.review.test_views import filled_in
from tracker.decisions import last_undoable, undo
from tracker.models import Claim, Decision, Transfer

pytestmark = pytest.mark.django_db
TEXT = "😀 Norway sent ten tanks to Peru.\nNorway sent\n  five more  in May, officials said."


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def article():
    return make_article(text=TEXT)


def sent(**changes) -> dict:
    fields = {
        "supplier": "Norway",
        "recipient": "Peru",
        "category": "armoured_vehicles",
        "stage": "delivery",
        "modality": "asserted",
        "evidence_spans": "2-32",
        "verdict": "save",
        "key": uuid4(),
    }
    make_transfer()
    return fields | changes


def test_the_selected_words_are_the_quote(desk, article):
    page = desk.get(reverse("claim_write", args=[article.pk]), {"start": 2, "end": 32}).content.decode()
    assert 'name="evidence_spans" value="2-32"' in page
    assert '<span class="evidence">Norway sent ten tanks to Peru.</span>' in page


def test_a_written_claim_has_no_event_and_is_a_decision_with_an_undo(desk, reviewer, article):
    data = sent(transfer="new")
    for _ in range(2):
        answer = desk.post(reverse("claim_write", args=[article.pk]), data)
        claim = Claim.objects.get()
        assert answer.url == claim.get_absolute_url()
    assert (claim.event, claim.article, claim.quote) == (None, article, "Norway sent ten tanks to Peru.")
    assert (claim.published_on, claim.origin_outlet) == (article.published_on, article.outlet)
    assert claim.transfer.stage == "delivery"
    assert Decision.objects.get().verdict == "write"
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert not Claim.objects.shown().exists()
    assert not Transfer.objects.standing().exists()


def test_pasted_words_are_found_whatever_the_white_space(desk, article):
    data = sent(evidence_spans="", words="Norway sent five more in May")
    desk.post(reverse("claim_write", args=[article.pk]), data)
    claim = Claim.objects.get()
    assert claim.quote == TEXT[claim.quote_start : claim.quote_end] == "Norway sent\n  five more  in May"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("Norway sent", "These words are there several times"),
        ("Sweden sent", "These words are not in the article."),
        ("", "A claim needs a quote"),
    ],
)
def test_words_that_are_not_there_once_are_refused_and_stay(desk, article, words, message):
    answer = desk.post(reverse("claim_write", args=[article.pk]), sent(evidence_spans="", words=words, note="kept"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert words in page
    assert "kept" in page
    assert not Claim.objects.exists()


def test_it_links_to_a_transfer_that_is_looked_for_or_typed(desk, article):
    transfer = make_transfer()
    from tests.factories import make_claim

    make_claim(transfer)
    page = desk.post(reverse("claim_write", args=[article.pk]), sent(verdict="suggest")).content.decode()
    assert transfer.public_id in page
    assert Claim.objects.count() == 1
    desk.post(reverse("claim_write", args=[article.pk]), sent(transfer_id=transfer.public_id.lower()))
    assert Claim.objects.latest("pk").transfer == transfer
    wrong = desk.post(reverse("claim_write", args=[article.pk]), sent(transfer_id="T-999999"))
    assert wrong.status_code == 422


def test_words_fill_a_field_of_the_new_claim(desk, article):
    start = TEXT.index("ten")
    data = sent(fill="quantity", start=start, end=start + 3)
    page = desk.post(reverse("claim_write", args=[article.pk]), data, headers={"hx-request": "true"}).content.decode()
    assert 'name="quantity_min" value="10"' in page
    assert f'name="quantity_spans" value="{start}-{start + 3}"' in page


def test_from_a_card_it_leads_back_to_the_card(desk):
    item = make_item()
    page = reverse("claim_write", args=[item.event.article_id])
    assert f'name="event" value="{item.event_id}"' in desk.get(page, {"event": item.event_id}).content.decode()
    data = filled_in(item, verdict="save", event=item.event_id)
    assert desk.post(page, data).url == reverse("workbench", args=[item.event_id])
    answer = desk.post(page, data | {"key": uuid4()}, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == reverse("workbench", args=[item.event_id])


def test_nothing_is_written_about_a_withheld_article(desk, article):
    article.withheld_at, article.withheld_reason = "2024-01-01T00:00Z", "court order"
    article.save(update_fields=["withheld_at", "withheld_reason"])
    assert desk.get(reverse("claim_write", args=[article.pk])).status_code == 404
