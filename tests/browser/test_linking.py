"""Merging, bringing back, telling apart and linking in a real browser: with the keys, and without a script."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.factories import make_article, make_claim, make_event, make_transfer, make_user
from tracker.models import Claim, Decision, NotSame, Transfer

pytestmark = pytest.mark.django_db(transaction=True)


def claim_of(transfer=None, **values) -> Claim:
    return make_claim(transfer, article=make_article(f"Norway sent ten tanks to Peru, {uuid4()}."), **values)


@pytest.fixture
def pair(sign_in):
    """Two transfers between the same two, and a reviewer who has signed in."""
    sign_in(user=make_user(username="sari"))
    rows = make_transfer(), make_transfer()
    claim_of(rows[0], quantity_min=10, quantity_max=10)
    claim_of(rows[1], quantity_min=12, quantity_max=12)
    return rows


def test_the_card_forgets_what_is_not_the_same_keeps_its_input_and_leads_to_the_merge_by_a_key(
    watched, pair, live_server
):
    one, two = pair
    make_event(make_article("Norway sent ten tanks to Peru."))
    watched.goto(f"{live_server.url}/review/next/")
    watched.get_by_label("Supplier").fill("Norge")
    match = watched.locator(".match")
    expect(match).to_have_count(2)
    match.filter(has_text=one.public_id).get_by_role("button", name="Not the same").click()
    expect(match).to_have_count(0)
    expect(watched.get_by_label("Supplier")).to_have_value("Norge")
    assert NotSame.objects.get().transfer == one
    watched.reload()
    watched.locator("#card-title").focus()
    expect(match).to_have_count(1)
    watched.keyboard.press("m")
    watched.wait_for_url(f"**/transfers/{two.public_id}/merge/")


def test_x_ticks_the_row_that_has_the_focus_and_the_bar_counts(watched, pair, live_server):
    claims = [claim_of() for _ in range(3)]
    watched.goto(f"{live_server.url}/claims/?linked=no")
    bar = watched.locator(".ticked")
    expect(bar).to_be_hidden()
    for claim in claims[:2]:
        watched.get_by_role("link", name=str(claim.pk), exact=True).focus()
        watched.keyboard.press("x")
    counted = "getComputedStyle(document.querySelector('.ticked p'), '::before').content"
    assert "counter" in watched.evaluate(counted)
    expect(watched.locator(".tick :checked")).to_have_count(2)
    bar.get_by_role("button").click()
    expect(watched.get_by_role("heading", name="Link 2 claims")).to_be_visible()
    watched.get_by_label("A new transfer").check()
    watched.get_by_role("button", name="Link them").click()
    expect(watched.get_by_text("2 claims are linked to")).to_be_visible()
    assert Transfer.objects.order_by("-pk").first().claim_count == 2


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_a_script_a_merge_is_done_undone_and_done_and_brought_back(watched, pair, live_server):
    one, two = pair

    def merge() -> None:
        watched.goto(f"{live_server.url}{two.get_absolute_url()}")
        watched.get_by_role("link", name="Merge").click()
        watched.get_by_role("link", name="Compare").click()
        watched.get_by_role("button", name="Merge").click()
        expect(watched.get_by_text(f"{two} is merged into {one}.")).to_be_visible()

    merge()
    watched.goto(f"{live_server.url}/review/")
    watched.get_by_role("button", name="Undo").click()
    assert Transfer.objects.standing().count() == 2
    merge()
    watched.get_by_role("link", name="Bring it back").click()
    watched.get_by_role("button", name="Bring").click()
    expect(watched.get_by_text(f"{two} is back.")).to_be_visible()
    assert Transfer.objects.standing().count() == 2
    assert Decision.objects.count() == 4


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_a_script_the_card_forgets_what_is_not_the_same_and_enter_says_nothing(watched, pair, live_server):
    make_event(make_article("Norway sent ten tanks to Peru."))
    watched.goto(f"{live_server.url}/review/next/")
    watched.get_by_label("Supplier").fill("Norge")
    watched.get_by_label("Supplier").press("Enter")
    assert not Decision.objects.exists()
    watched.locator(".match").first.get_by_role("button", name="Not the same").click()
    expect(watched.get_by_label("Supplier")).to_have_value("Norge")
    assert NotSame.objects.count() == 1
