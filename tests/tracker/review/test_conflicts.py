"""Two people at one claim: mine, theirs and what both began from, field by field; nothing that was entered is lost."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_article, make_claim, make_item, make_transfer, make_user
from tests.tracker.review.test_claims import save
from tests.tracker.review.test_views import filled_in
from tracker.models import Claim, Decision, ReviewItem

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def mine():
    return signed_in(make_user(username="sari"))


@pytest.fixture
def theirs():
    return signed_in(make_user(username="wulan"))


@pytest.fixture
def claim():
    claim = make_claim(make_transfer(), spans={"evidence": [[0, 20]]}, quantity_min=10, note="first")
    return Claim.objects.select_related("article", "transfer").get(pk=claim.pk)


def answers(page: str) -> dict[str, dict[str, str]]:
    """The fields that differ, each with its answers in words, and "ticked"."""
    found = {}
    for block in re.findall(r'<fieldset class="choices">(.*?)</fieldset>', page, re.S):
        radios = re.findall(
            r'name="choose-(\w+)" value="(\w+)"( checked)?><span><small>\w+</small> (.*?)</span>', block, re.S
        )
        name = radios[0][0]
        found[name] = {value: words.strip() for _name, value, _checked, words in radios}
        found[name]["ticked"] = next(value for _name, value, checked, _words in radios if checked)
    return found


def posted(page: str, **changes) -> dict:
    """The form of a page as a browser would send it."""
    form = page[page.index('<form id="decision"') :].split("</form>")[0]
    sent = dict(re.findall(r'<input type="(?:hidden|text|number|date)" name="([\w-]+)"(?: value="([^"]*)")?', form))
    for name, body in re.findall(r'<select name="([\w-]+)".*?>(.*?)</select>', form, re.S):
        sent[name] = next(iter(re.findall(r'value="([^"]*)" selected', body)), "")
    for name, body in re.findall(r'<textarea name="([\w-]+)".*?>(.*?)</textarea>', form, re.S):
        sent[name] = body.strip()
    for tag in re.findall(r"<input [^>]*checked[^>]*>", form):
        sent[re.search(r'name="([\w-]+)"', tag)[1]] = re.search(r'value="([^"]*)"', tag)[1]
    return sent | {"verdict": "save"} | changes


def test_only_what_differs_is_shown_with_mine_theirs_and_the_base(mine, theirs, claim):
    save(theirs, claim, note="theirs", quantity_min="12")
    answer = save(mine, claim, note="mine", stage="delivery")
    assert answer.status_code == 409
    assert answers(answer.content.decode()) == {
        "quantity": {"mine": "10", "theirs": "12", "base": "10", "ticked": "theirs"},
        "stage": {"mine": "delivery", "theirs": "shipment", "base": "shipment", "ticked": "mine"},
        "note": {"mine": "mine", "theirs": "theirs", "base": "first", "ticked": "mine"},
    }
    assert Claim.objects.get().note == "theirs"


def test_what_is_ticked_is_what_is_stored(mine, theirs, claim):
    save(theirs, claim, note="theirs", quantity_min="12", stage="order")
    page = save(mine, claim, note="mine", quantity_min="14", stage="delivery").content.decode()
    sent = posted(page, **{"choose-note": "base", "choose-quantity": "mine", "choose-stage": "theirs"})
    assert mine.post(reverse("claim_edit", args=[claim.pk]), sent).status_code == 302
    stored = Claim.objects.get()
    assert (stored.note, stored.quantity_min, stored.stage, stored.version) == ("first", 14, "order", 3)


def test_a_third_change_meanwhile_is_another_conflict(mine, theirs, claim):
    save(theirs, claim, note="theirs")
    page = save(mine, claim, note="mine").content.decode()
    claim.refresh_from_db()
    save(theirs, claim, note="theirs again")
    answer = mine.post(reverse("claim_edit", args=[claim.pk]), posted(page, **{"choose-note": "mine"}))
    assert answer.status_code == 409
    assert answers(answer.content.decode())["note"] == {
        "mine": "mine",
        "theirs": "theirs again",
        "base": "theirs",
        "ticked": "mine",
    }


def test_a_claim_that_was_retracted_meanwhile_keeps_the_input_and_can_be_written_anew(mine, theirs, claim):
    save(theirs, claim, verdict="retract")
    answer = save(mine, claim, note="my words")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody has retracted this claim" in page
    assert "my words" in page
    written = mine.post(reverse("claim_write", args=[claim.article_id]), posted(page))
    assert written.status_code == 302
    fresh = Claim.objects.shown().get()
    assert (fresh.note, fresh.event, fresh.article) == ("my words", None, claim.article)


def test_an_event_accepted_by_somebody_else_shows_their_claim_beside_my_input(mine, theirs):
    item = make_item()
    page = reverse("decide", args=[item.event_id])
    theirs.post(page, filled_in(item, stage="delivery", verdict="new"))
    for headers in ({}, {"hx-request": "true"}):
        answer = mine.post(page, filled_in(item, stage="order", note="my words"), headers=headers)
        assert answer.status_code == 409
        shown = answer.content.decode()
        assert "wulan has accepted this event in the meantime" in shown
        assert ("<html" in shown) == (not headers)
        found = answers(shown)
        assert found["stage"] == {"mine": "order", "theirs": "delivery", "base": "shipment", "ticked": "mine"}
        assert found["note"] == {"mine": "my words", "theirs": "–", "base": "–", "ticked": "mine"}
        assert found["transfer"]["ticked"] == "theirs"
        assert set(found) == {"stage", "note", "transfer"}
    claim = Claim.objects.get()
    assert mine.post(reverse("claim_edit", args=[claim.pk]), posted(shown)).status_code == 302
    claim.refresh_from_db()
    assert (claim.stage, claim.note) == ("order", "my words")
    assert claim.transfer is not None


def test_an_event_rejected_by_somebody_else_keeps_my_input(mine, theirs):
    item = make_item()
    page = reverse("decide", args=[item.event_id])
    theirs.post(page, filled_in(item, reason="1"))
    answer = mine.post(page, filled_in(item, note="my words"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "my words" in shown
    assert "(rejected, wulan)" in shown
    assert f'formaction="{reverse("claim_write", args=[item.event.article_id])}"' in shown
    assert not Claim.objects.exists()


def test_a_flag_meanwhile_leaves_the_card_ready_for_the_same_decision(mine, theirs):
    item = make_item()
    page = reverse("decide", args=[item.event_id])
    theirs.post(reverse("assign"), {})
    ReviewItem.objects.filter(pk=item.pk).update(version=2)
    answer = mine.post(page, filled_in(item, note="my words"))
    assert answer.status_code == 409
    mine.post(page, filled_in(ReviewItem.objects.select_related("event__article").get(), note="my words"))
    assert Claim.objects.get().note == "my words"


def test_a_repeated_key_of_another_form_never_passes_for_a_decision(mine):
    first, second = make_item(), make_item()
    key = uuid4()
    mine.post(reverse("decide", args=[first.event_id]), filled_in(first, key=key))
    answer = mine.post(reverse("decide", args=[second.event_id]), filled_in(second, key=key, note="my words"))
    assert answer.status_code == 409
    assert "my words" in answer.content.decode()
    assert Decision.objects.count() == 1


def test_a_base_that_is_no_version_shows_two_answers(mine, theirs, claim):
    save(theirs, claim, note="theirs")
    answer = save(mine, claim, note="mine", version=99999)
    assert answers(answer.content.decode())["note"] == {"mine": "mine", "theirs": "theirs", "ticked": "mine"}


def test_the_quote_is_compared_by_its_words(mine, theirs):
    article = make_article(text="Norway sent ten tanks to Peru. Peru thanked Norway.")
    claim = make_claim(make_transfer(), article=article, spans={"evidence": [[0, 29]]})
    claim = Claim.objects.select_related("article", "transfer").get(pk=claim.pk)
    save(theirs, claim, evidence_spans="31-50")
    answer = save(mine, claim, evidence_spans="0-6")
    quote = answers(answer.content.decode())["evidence"]
    assert (quote["mine"], quote["theirs"]) == ("“Norway”", "“Peru thanked Norway”")
