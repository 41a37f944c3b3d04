"""The workbench by keyboard, with a real browser against the real server."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import ExtractedEvent
from tests.factories import make_article, make_event, make_user
from tracker.models import Claim, Decision, ReviewItem, Transfer

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = """Ten tanks for Peru

😀 Norway sent ten tanks to Peru in March, officials said.

Sweden has asked Chile for radars."""


def event_of(article, words: str, **values) -> ExtractedEvent:
    start = article.text.index(words)
    return make_event(article, evidence=[[start, start + len(words)]], **values)


@pytest.fixture
def desk(watched: Page, sign_in, live_server) -> Page:
    """The workbench with two events of one article, opened by a reviewer."""
    article = make_article(text=TEXT)
    norway = TEXT.index("Norway")
    first = event_of(article, "😀 Norway sent ten tanks to Peru in March", spans={"supplier": [[norway, norway + 6]]})
    event_of(
        article,
        "Sweden has asked Chile for radars",
        extraction=first.extraction,
        supplier_code="CL",
        supplier_name="Chile",
        recipient_code="SE",
        recipient_name="Sweden",
        category="sensors",
        materiel_text="radars",
        stage="request",
    )
    sign_in(user=make_user(username="sari"))
    watched.goto(f"{live_server.url}/review/next/")
    return watched


def title(page: Page):
    return page.locator("#card-title")


def test_one_key_decides_links_and_moves_on(desk):
    expect(title(desk)).to_have_text("Norway → Peru")
    desk.keyboard.press("n")
    expect(title(desk)).to_have_text("Chile → Sweden")
    expect(title(desk)).to_be_focused()
    assert Transfer.objects.get().public_id
    assert Claim.objects.get().reviewed_by.username == "sari"
    assert Decision.objects.get().seconds > 0
    desk.keyboard.press("r")
    desk.keyboard.press("2")
    expect(desk.get_by_text("Nothing is left in this queue.")).to_be_visible()
    assert ReviewItem.objects.get(event__supplier_code="CL").reason == 2


def test_undo_brings_the_event_back_again_and_again(desk):
    desk.keyboard.press("a")
    expect(title(desk)).to_have_text("Chile → Sweden")
    desk.keyboard.press("r")
    desk.keyboard.press("1")
    expect(desk.get_by_role("heading", name="Review")).to_be_visible()
    desk.keyboard.press("u")
    expect(title(desk)).to_have_text("Chile → Sweden")
    desk.keyboard.press("u")
    expect(title(desk)).to_have_text("Norway → Peru")
    assert set(ReviewItem.objects.values_list("state", flat=True)) == {"pending"}


def test_skip_and_back_and_the_browsers_own_back(desk):
    first = desk.url
    desk.keyboard.press("j")
    expect(title(desk)).to_have_text("Chile → Sweden")
    desk.keyboard.press("k")
    expect(title(desk)).to_have_text("Norway → Peru")
    desk.keyboard.press("j")
    expect(title(desk)).to_have_text("Chile → Sweden")
    desk.go_back()
    expect(title(desk)).to_have_text("Norway → Peru")
    assert desk.url.split("?")[0] == first.split("?")[0]
    expect(desk.locator("html")).to_have_count(1)


def test_selected_words_fill_a_field_with_their_code_points(desk):
    desk.locator("mark.f-supplier").dblclick()
    desk.keyboard.press("2")
    expect(desk.locator("#field-recipient")).to_have_value("Norway")
    start = TEXT.index("Norway")
    expect(desk.locator("[name=recipient_spans]")).to_have_value(f"{start}-{start + 6}")


def test_keys_are_text_while_typing_and_digits_focus_fields(desk):
    desk.keyboard.press("1")
    expect(desk.locator("#field-supplier")).to_be_focused()
    desk.keyboard.type("anru")
    expect(desk.locator("#field-supplier")).to_have_value("anru")
    desk.keyboard.press("Enter")
    expect(desk.locator("#field-supplier")).not_to_be_focused()
    expect(title(desk)).to_have_text("Norway → Peru")
    desk.keyboard.press("Control+a")
    assert not Decision.objects.exists()


def test_a_wrong_value_is_said_at_its_field_and_nothing_is_lost(desk):
    desk.fill("#field-recipient", "Atlantis")
    desk.locator("#card-title").click()
    desk.keyboard.press("a")
    expect(desk.get_by_text("No actor is called “Atlantis”")).to_be_visible()
    expect(desk.locator("#field-recipient")).to_have_value("Atlantis")
    expect(desk.locator("#field-recipient")).to_be_focused()
    assert not Claim.objects.exists()


def test_keys_that_are_switched_off_do_nothing(desk, live_server):
    from tracker.models import User

    User.objects.filter(username="sari").update(shortcuts=False)
    desk.reload()
    desk.keyboard.press("a")
    expect(title(desk)).to_have_text("Norway → Peru")
    assert not Decision.objects.exists()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_a_decision_a_link_and_an_undo_come_to_their_end(desk):
    desk.get_by_role("button", name="New transfer").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    desk.locator("details.reject summary").click()
    desk.get_by_role("button", name="no arms").click()
    expect(desk.get_by_text("Nothing is left in this queue.")).to_be_visible()
    desk.get_by_role("button", name="Undo").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    assert Claim.objects.get().transfer.state == "standing"
    assert ReviewItem.objects.get(event__supplier_code="CL").state == "pending"
