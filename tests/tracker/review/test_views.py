"""The queue and the workbench over HTTP."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_actor, make_article, make_event, make_item, make_transfer, make_user
from tracker.models import Claim, Decision, Materiel, ReviewItem, Transfer
from tracker.review.forms import ClaimForm, initial_of_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    """A browser in which a reviewer has signed in."""
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


def filled_in(item: ReviewItem, **changes) -> dict:
    """What the workbench sends for the event as it stands, with changes."""
    form = ClaimForm(initial=initial_of_event(item.event, item), article=item.event.article)
    fields = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    return sent | {"version": item.version, "key": uuid4(), "verdict": "accept", "order": "oldest"} | changes


def decide(desk, item, **changes):
    return desk.post(reverse("decide", args=[item.event_id]), filled_in(item, **changes))


def test_accepting_stores_the_claim_with_its_quote_and_goes_on_to_the_next_event(desk):
    item, following = make_item(), make_item()
    answer = decide(desk, item)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('workbench', args=[following.event_id])}?order=oldest"
    claim = Claim.objects.get()
    assert claim.quote == item.event.article.text[claim.quote_start : claim.quote_end]
    assert (claim.supplier.code, claim.recipient.code, claim.reviewed_by.username) == ("NO", "PE", "sari")
    following.refresh_from_db()
    assert following.leased_by.username == "sari"


def test_an_assertion_without_a_speaker_has_the_outlet_as_its_origin(desk):
    item = make_item()
    decide(desk, item)
    claim = Claim.objects.get()
    assert (claim.origin, claim.origin_outlet) == (None, item.event.article.outlet)


def test_the_own_voice_of_a_copy_counts_as_the_outlet_that_had_the_text_first(desk):
    first = make_article()
    copy = make_article(text=first.text, copy_of=first)
    decide(desk, make_item(make_event(copy)))
    assert Claim.objects.get().origin_outlet == first.outlet


def test_a_corrected_field_is_what_the_claim_holds_and_the_event_stays(desk):
    item = make_item()
    decide(desk, item, recipient="norway", supplier="Peru", stage="delivery", quantity_min="10", quantity_max="12")
    claim = Claim.objects.get()
    assert (claim.supplier.code, claim.recipient.code, claim.stage) == ("PE", "NO", "delivery")
    assert (claim.quantity_min, claim.quantity_max) == (10, 12)
    assert (item.event.supplier_code, item.event.stage) == ("NO", "shipment")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"supplier": "Atlantis"}, "No actor is called “Atlantis”"),
        ({"supplier": "Norwey"}, "No actor is called “Norwey”. Did you mean: Norway?"),
        ({"supplier": "", "recipient": ""}, "Name the supplier or the recipient."),
        ({"quantity_min": "9", "quantity_max": "3"}, "The larger number comes second."),
        ({"date_from": "2024-02-02", "date_to": "2024-01-01"}, "The last day is before the first."),
        ({"evidence_spans": ""}, "A claim needs a quote"),
        ({"evidence_spans": "0-99999"}, "not in this article"),
        ({"evidence_spans": "4-"}, "The place in the text is not understood"),
        ({"verdict": "link"}, "Choose the transfer to link to"),
        ({"verdict": "link", "transfer": "T-999999"}, "Choose the transfer to link to"),
        ({"verdict": "dance"}, "Choose what to do"),
        ({"reason": "6"}, "Say the other reason in a note."),
        ({"reason": "9"}, "Choose a reason from 1 to 6."),
        ({"verdict": "new", "stage": "sanction"}, "A sanction is no transfer"),
    ],
)
def test_what_cannot_be_stored_is_said_and_keeps_what_was_entered(desk, changes, message):
    answer = decide(desk, make_item(), **({"translation": "Kept words"} | changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "Kept words" in page
    assert not Claim.objects.exists()
    assert not Decision.objects.exists()


def test_rejecting_needs_one_button_and_keeps_the_reason(desk):
    item = make_item()
    decide(desk, item, reason="2")
    item.refresh_from_db()
    assert (item.state, item.reason, item.reviewed_by.username) == ("rejected", 2, "sari")


def test_linking_to_a_new_and_to_a_chosen_transfer(desk):
    first, second = make_item(), make_item()
    decide(desk, first, verdict="new")
    transfer = Transfer.objects.get()
    decide(desk, second, verdict="link", transfer=transfer.public_id)
    transfer.refresh_from_db()
    assert (transfer.claim_count, transfer.stage, transfer.state) == (2, "shipment", "standing")


def test_a_double_click_decides_once_and_answers_like_the_first(desk):
    item, following = make_item(), make_item()
    sent = filled_in(item)
    answers = [desk.post(reverse("decide", args=[item.event_id]), sent) for _ in range(2)]
    assert [answer.url for answer in answers] == [f"/review/{following.event_id}/?order=oldest"] * 2
    assert Claim.objects.count() == 1


def test_an_older_version_answers_409_and_keeps_what_was_entered(desk):
    item = make_item()
    sent = filled_in(item, note="my own words")
    ReviewItem.objects.update(
        state="rejected", reason=1, version=2, reviewed_by=make_user(), reviewed_at="2024-01-01T00:00Z"
    )
    answer = desk.post(reverse("decide", args=[item.event_id]), sent)
    assert answer.status_code == 409
    assert "my own words" in answer.content.decode()
    assert not Claim.objects.exists()


def test_undo_opens_the_event_again(desk):
    item = make_item()
    decide(desk, item, verdict="new")
    answer = desk.post(reverse("review_undo"), {"key": uuid4()}, follow=True)
    item.refresh_from_db()
    assert item.state == "pending"
    assert answer.redirect_chain == [(f"/review/{item.event_id}/?order=oldest", 302)]
    assert "Undone" in answer.content.decode()


def test_with_nothing_to_undo_it_says_so(desk):
    answer = desk.post(reverse("review_undo"), {"key": uuid4()}, follow=True)
    assert "There is nothing to undo." in answer.content.decode()


def test_nobody_is_given_what_another_holds(desk, client_of_another):
    first, second = make_item(), make_item()
    desk.get(reverse("workbench", args=[first.event_id]))
    answer = client_of_another.get(reverse("review_next"))
    assert answer.url.startswith(reverse("workbench", args=[second.event_id]))
    page = client_of_another.get(reverse("workbench", args=[first.event_id])).content.decode()
    assert "sari is deciding this event" in page
    assert client_of_another.post(reverse("hold", args=[first.event_id])).status_code == 409
    assert desk.post(reverse("hold", args=[first.event_id])).status_code == 204


@pytest.fixture
def client_of_another():
    from django.test import Client

    other = Client()
    other.force_login(make_user(username="budi"), "tracker.account.backends.RoleBackend")
    return other


def test_skipping_gives_the_event_back_and_going_back_returns_to_it(desk):
    first, second = make_item(), make_item()
    desk.get(reverse("workbench", args=[first.event_id]))
    ahead = desk.get(reverse("review_next"), {"after": first.pk})
    assert ahead.url.startswith(reverse("workbench", args=[second.event_id]))
    first.refresh_from_db()
    assert first.leased_by is None
    back = desk.get(reverse("review_next"), {"after": second.pk, "back": ""})
    assert back.url.startswith(reverse("workbench", args=[first.event_id]))


def test_the_least_sure_come_first_where_that_is_asked(desk):
    make_item(make_event(score=0.9))
    unsure = make_item(make_event(score=0.2))
    assert desk.get(reverse("review_next"), {"order": "least_sure"}).url.startswith(f"/review/{unsure.event_id}/")


def test_flagged_events_wait_apart(desk):
    item = make_item()
    decide(desk, item, verdict="flag", note="is this a state?")
    item.refresh_from_db()
    assert (item.state, item.flagged, item.note) == ("pending", True, "is this a state?")
    assert desk.get(reverse("review_next")).url.startswith(reverse("review_queue"))
    assert desk.get(reverse("review_next"), {"order": "flagged"}).url.startswith(f"/review/{item.event_id}/")


def test_an_empty_queue_says_what_to_do(desk):
    page = desk.get(reverse("review_queue")).content.decode()
    assert "Nothing waits for a decision" in page
    assert reverse("import_list") in page


def test_selected_words_fill_a_field_with_their_span_beyond_the_basic_plane(desk):
    article = make_article(text="😀 Norway sent ten tanks to Peru last year.")
    item = make_item(make_event(article, recipient_code="", recipient_name=""))
    start = article.text.index("Peru")
    sent = filled_in(item, start=start, end=start + 4)
    page = desk.post(reverse("fill", args=[item.event_id, "recipient"]), sent).content.decode()
    assert f'name="recipient_spans" value="{start}-{start + 4}"' in page
    assert '<mark class="f-recipient" data-n="2">Peru</mark>' in page


@pytest.mark.parametrize(
    ("words", "field", "values"),
    [
        ("ten", "quantity", {"quantity_min": "10", "quantity_max": "10"}),
        ("last year", "date", {"date_from": "2023-01-01", "date_to": "2023-12-31"}),
        ("Norway", "speaker", {"speaker": "Norway"}),
    ],
)
def test_selected_words_are_read_as_what_the_field_holds(desk, words, field, values):
    article = make_article(text="Norway sent ten tanks to Peru last year.")
    item = make_item(make_event(article))
    start = article.text.index(words)
    sent = filled_in(item, start=start, end=start + len(words))
    page = desk.post(reverse("fill", args=[item.event_id, field]), sent).content.decode()
    for name, value in values.items():
        assert f'name="{name}" value="{value}"' in page


def test_filling_from_nothing_or_into_an_unknown_field_is_refused(desk):
    item = make_item()
    for field, span in (("recipient", {}), ("recipient", {"start": 5, "end": 5}), ("mood", {"start": 0, "end": 2})):
        assert desk.post(reverse("fill", args=[item.event_id, field]), span).status_code == 422


def test_a_suggested_transfer_is_offered_for_the_parties_in_the_form(desk):
    item = make_item()
    decide(desk, make_item(), verdict="new")
    transfer = Transfer.objects.get()
    assert transfer.public_id in desk.get(reverse("workbench", args=[item.event_id])).content.decode()


@pytest.mark.parametrize(("changes", "queries"), [({}, 13), ({"supplier": "Sweden", "materiel": "vehicles"}, 15)])
def test_a_decision_takes_at_most_15_queries(desk, changes, queries):
    items = [make_item() for _ in range(3)]
    make_actor("SE", "Sweden")
    Materiel.objects.create(key="tank", kind="class", category="armoured_vehicles", name_en="tanks", name_id="tank")
    ReviewItem.objects.update(materiel=Materiel.objects.get())
    items = [ReviewItem.objects.select_related("event__article", "materiel").get(pk=item.pk) for item in items]
    decide(desk, items[0], verdict="new")
    transfer = Transfer.objects.get()
    sent = filled_in(items[1], verdict="link", transfer=transfer.public_id, **changes)
    with CaptureQueriesContext(connection) as captured:
        answer = desk.post(reverse("decide", args=[items[1].event_id]), sent, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert Transfer.objects.get().claim_count == 2
    # The savepoint stands for the transaction, which is no query outside a test.
    assert sum("SAVEPOINT" not in query["sql"] for query in captured) == queries


def test_the_queue_takes_a_fixed_number_of_queries(desk, django_assert_num_queries):
    make_item()
    desk.get(reverse("review_queue"))
    with django_assert_num_queries(9):
        desk.get(reverse("review_queue"))
    for _ in range(3):
        make_item()
    with django_assert_num_queries(9):
        desk.get(reverse("review_queue"))


@pytest.mark.parametrize("role", ["analyst", None])
def test_only_reviewers_come_in(client, role):
    item = make_item()
    if role:
        client.force_login(make_user(role), "tracker.account.backends.RoleBackend")
    for answer in (
        client.get(reverse("review_queue")),
        client.get(reverse("workbench", args=[item.event_id])),
        client.post(reverse("decide", args=[item.event_id]), {}),
        client.post(reverse("review_undo"), {}),
    ):
        assert answer.status_code == (403 if role else 302)


def test_a_signed_out_fragment_request_redirects_the_whole_page(client):
    item = make_item()
    answer = client.post(reverse("decide", args=[item.event_id]), {}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith(reverse("login"))


def test_an_unknown_event_is_404(desk):
    assert desk.get(reverse("workbench", args=[999])).status_code == 404


def test_a_link_to_a_withdrawn_transfer_is_refused(desk):
    withdrawn = make_transfer()
    assert decide(desk, make_item(), verdict="link", transfer=withdrawn.public_id).status_code == 422
