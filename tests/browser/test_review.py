"""The workbench by keyboard, with a real browser against the real server."""

from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.models import ExtractedEvent
from tests.factories import make_article, make_event, make_user
from tracker.models import Claim, Decision, ReviewItem, Transfer
from tracker.review import actions
from tracker.review.forms import ClaimForm, initial_of_event

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = """Ten tanks for Peru

😀 Norway sent ten tanks to Peru in March, officials said.

Sweden has asked Chile for radars."""


def event_of(article, words: str, **values) -> ExtractedEvent:
    start = article.text.index(words)
    return make_event(article, evidence=[[start, start + len(words)]], **values)


@pytest.fixture
def two_events(sign_in) -> None:
    """Two events of one article, and a reviewer who has signed in."""
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


@pytest.fixture
def desk(watched: Page, two_events, live_server) -> Page:
    """The workbench with the first of two events."""
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


def select(page: Page, words: str) -> None:
    """Select words of the article, as a mouse would."""
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT)
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words)
            if (at < 0 || !walker.currentNode.parentElement.closest("[data-at]")) continue
            getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length)
            return
          }
        }""",
        words,
    )


def test_no_key_has_two_actions_and_the_help_lists_them_all(desk):
    handled = {"e", "x", *"0123456789"}
    everywhere = {"g", "?", "/"}
    pressed = desk.evaluate("[...document.querySelectorAll('[data-key]')].map(one => [one.dataset.key, one.innerText])")
    actions = {}
    for key, action in pressed:
        actions.setdefault(key, set()).add(action)
    assert {key for key, names in actions.items() if len(names) > 1} == set()
    assert actions.keys() >= set("alnrfsckju")
    assert actions.keys() & (handled | everywhere) == set()
    desk.keyboard.press("?")
    listed = {key.lower() for key in desk.locator("#help kbd").all_inner_texts()}
    assert listed >= actions.keys() | {"e", "x", "m", "0", "9", "1", "6"} | everywhere


def test_an_event_is_split_by_keyboard_and_taken_back(desk):
    desk.keyboard.press("s")
    expect(title(desk)).to_have_text("Split: Norway → Peru")
    desk.locator("[name=part2-materiel]").fill("trucks")
    desk.keyboard.press("Enter")
    select(desk, "Norway")
    desk.keyboard.press("2")
    expect(desk.locator("[name=part2-recipient]")).to_have_value("Norway")
    expect(desk.locator("[name=part2-materiel]")).to_have_value("trucks")
    desk.locator("[name=part2-recipient]").fill("Peru")
    desk.get_by_role("button", name="Accept as these claims").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    expect(title(desk)).to_be_focused()
    assert list(Claim.objects.order_by("pk").values_list("materiel_text", flat=True)) == ["tanks", "trucks"]
    desk.keyboard.press("u")
    expect(title(desk)).to_have_text("Norway → Peru")
    assert not Claim.objects.shown().exists()


def test_a_claim_is_written_from_the_selected_words_and_leads_back_to_the_card(desk):
    select(desk, "Sweden has asked Chile")
    desk.keyboard.press("c")
    start = TEXT.index("Sweden")
    expect(desk.locator("[name=evidence_spans]")).to_have_value(f"{start}-{start + 22}")
    select(desk, "Sweden")
    desk.keyboard.press("2")
    expect(desk.locator("#field-recipient")).to_have_value("Sweden")
    desk.fill("#field-supplier", "Chile")
    desk.get_by_role("button", name="Save").click()
    expect(title(desk)).to_have_text("Norway → Peru")
    claim = Claim.objects.get()
    assert (claim.event, claim.quote, claim.recipient.code) == (None, "Sweden has asked Chile", "SE")


def test_the_places_of_a_field_come_one_after_the_other(desk):
    assert desk.locator("[data-field=supplier] .steps").count() == 0
    norway, ten = TEXT.index("Norway"), TEXT.index("ten tanks")
    desk.locator("[name=supplier_spans]").evaluate(f"one => one.value = '{norway}-{norway + 6},{ten}-{ten + 3}'")
    desk.fill("#field-supplier", "Atlantis")
    desk.locator("#card-title").click()
    desk.keyboard.press("a")
    expect(desk.locator("[data-field=supplier] .steps")).to_be_visible()
    after = desk.locator("[data-field=supplier]").get_by_role("button", name="Next place")
    here = "[...CSS.highlights.get('here')].map(range => range.toString())"
    after.click()
    assert desk.evaluate(here) == ["ten"]
    after.click()
    assert desk.evaluate(here) == ["Norway"]


def test_what_was_entered_comes_back_after_a_sign_out(desk):
    desk.locator("details.more summary").first.click()
    desk.fill("#field-note", "my own words")
    desk.select_option("#field-stage", "delivery")
    Session.objects.all().delete()
    desk.locator("#card-title").click()
    desk.keyboard.press("a")
    expect(desk.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not Claim.objects.exists()
    desk.get_by_label("Username").fill("sari")
    desk.get_by_label("Password").fill("secret")
    desk.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(title(desk)).to_have_text("Norway → Peru")
    expect(desk.locator("#field-stage")).to_have_value("shipment")
    desk.get_by_role("button", name="Bring it back").click()
    expect(desk.locator("#field-stage")).to_have_value("delivery")
    desk.locator("#card-title").click()
    desk.keyboard.press("a")
    expect(title(desk)).to_have_text("Chile → Sweden")
    assert Claim.objects.get().note == "my own words"
    # What was stored is not offered again.
    desk.goto(desk.url)
    expect(title(desk)).to_have_text("Chile → Sweden")
    expect(desk.locator("#draft")).to_be_hidden()


def test_a_lost_connection_loses_nothing_and_a_retry_decides_once(context, page, two_events, live_server):
    # The browser itself complains of a connection that is lost: this page is not watched.
    page.goto(f"{live_server.url}/review/next/")
    context.set_offline(True)
    page.keyboard.press("n")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    context.set_offline(False)
    again.click()
    expect(title(page)).to_have_text("Chile → Sweden")
    assert Decision.objects.count() == 1


def test_a_conflict_is_settled_field_by_field_at_the_card(desk):
    item = ReviewItem.objects.select_related("event__article").get(event__supplier_code="NO")
    form = ClaimForm(initial=initial_of_event(item.event, item), article=item.event.article)
    data = {name: form[name].field.prepare_value(form[name].value()) or "" for name in form.fields}
    valid = ClaimForm(data | {"stage": "order", "note": "theirs"}, article=item.event.article)
    assert valid.is_valid(), valid.errors
    values = valid.claim_values()
    actions.accept(item=item, values=values, by=make_user(username="wulan"), version=1, key=uuid4())
    desk.locator("details.more summary").first.click()
    desk.fill("#field-note", "mine")
    desk.select_option("#field-stage", "delivery")
    desk.locator("#card-title").click()
    desk.keyboard.press("a")
    expect(desk.get_by_text("wulan has accepted this event in the meantime")).to_be_visible()
    desk.get_by_role("group", name="Note").get_by_label("Theirs").check()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("The claim is saved.")).to_be_visible()
    claim = Claim.objects.get()
    assert (claim.stage, claim.note, claim.version) == ("delivery", "theirs", 2)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_a_split_and_a_written_claim_come_to_their_end(desk):
    desk.get_by_role("link", name="Split").click()
    desk.get_by_role("button", name="One more").click()
    desk.locator("[name=part3-materiel]").fill("trucks")
    desk.get_by_role("button", name="Accept as these claims").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    assert Claim.objects.count() == 3
    desk.get_by_role("link", name="New claim").click()
    desk.get_by_label("Words of the article").fill("Norway sent ten tanks to Peru in March")
    desk.fill("#field-supplier", "Norway")
    desk.get_by_role("button", name="Save").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    assert Claim.objects.latest("pk").event is None


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_what_was_entered_is_carried_through_the_sign_in(desk):
    desk.select_option("#field-stage", "delivery")
    Session.objects.all().delete()
    desk.get_by_role("button", name="Accept A", exact=True).click()
    desk.get_by_label("Username").fill("sari")
    desk.get_by_label("Password").fill("secret")
    desk.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("heading", name="What you had entered")).to_be_visible()
    desk.get_by_role("button", name="Send it now").click()
    expect(title(desk)).to_have_text("Chile → Sweden")
    assert Claim.objects.get().stage == "delivery"
