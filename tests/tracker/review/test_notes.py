"""Notes: shared with all reviewers, or the writer's own."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_claim, make_item, make_transfer, make_user
from tests.tracker.review.test_opinions import values_of
from tracker.decisions import last_undoable, undo
from tracker.models import Decision, Note, ReviewItem
from tracker.review import actions, adjudication, notes

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(reviewer):
    return signed_in(reviewer)


@pytest.fixture
def subjects():
    """Everything that a note can be on, by its kind, with the page that shows it."""
    item, claim = make_item(), make_claim(make_transfer())
    return {
        "item": (item, reverse("workbench", args=[item.event_id])),
        "article": (claim.article, claim.article.get_absolute_url()),
        "claim": (claim, claim.get_absolute_url()),
        "transfer": (claim.transfer, claim.transfer.get_absolute_url()),
        "actor": (claim.supplier, claim.supplier.get_absolute_url()),
    }


@pytest.mark.parametrize("subject", ["item", "article", "claim", "transfer", "actor"])
def test_a_shared_note_is_on_its_page_for_every_reviewer_and_for_no_analyst(desk, subjects, subject):
    row, page = subjects[subject]
    sent = {"text": "Ask the ministry.", "shared": "1", "key": uuid4(), "back": page}
    for _ in range(2):
        answer = desk.post(reverse("note_write", args=[subject, row.pk]), sent)
        assert answer.url == f"{page}#notes"
    assert Note.objects.count() == 1
    assert "Ask the ministry." in signed_in(make_user()).get(page).content.decode()
    if subject != "item":
        assert "Ask the ministry." not in signed_in(make_user("analyst")).get(page).content.decode()


@pytest.mark.parametrize("subject", ["item", "article", "claim", "transfer", "actor"])
def test_a_private_note_is_its_writers_alone(desk, subjects, subject):
    row, page = subjects[subject]
    desk.post(reverse("note_write", args=[subject, row.pk]), {"text": "My doubt.", "key": uuid4()})
    shown = desk.get(page).content.decode()
    assert "My doubt." in shown
    assert "only for you" in shown
    for role in ("reviewer", "admin"):
        assert "My doubt." not in signed_in(make_user(role)).get(page).content.decode()


def test_its_writer_changes_a_note_and_takes_it_back_and_undo_brings_it_back(desk, reviewer, subjects):
    row, _page = subjects["claim"]
    desk.post(reverse("note_write", args=["claim", row.pk]), {"text": "First.", "shared": "1", "key": uuid4()})
    note = Note.objects.get()
    address = reverse("note_change", args=[note.pk])
    assert signed_in(make_user()).post(address, {"text": "Theirs.", "version": 1}).status_code == 404
    desk.post(address, {"text": "Second.", "version": 1, "key": uuid4()})
    note.refresh_from_db()
    assert (note.text, note.shared) == ("Second.", False)
    late = desk.post(address, {"text": "Late words", "version": 1, "key": uuid4()}, follow=True)
    assert "Late words" in late.content.decode()
    desk.post(address, {"withdraw": "1", "version": 2, "key": uuid4()})
    note.refresh_from_db()
    assert note.withdrawn
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    note.refresh_from_db()
    assert (note.withdrawn, note.text) == (False, "Second.")


def test_an_empty_note_and_an_unknown_subject_are_refused(desk, subjects):
    row, _page = subjects["claim"]
    answer = desk.post(reverse("note_write", args=["claim", row.pk]), {"text": " "}, follow=True)
    assert "Write something first." in answer.content.decode()
    assert desk.post(reverse("note_write", args=["outlet", 1]), {"text": "x"}).status_code == 404
    assert desk.post(reverse("note_write", args=["claim", 999]), {"text": "x"}).status_code == 404
    assert not Decision.objects.exists()


def test_a_note_never_leads_away_from_the_site(desk, subjects):
    row, page = subjects["claim"]
    sent = {"text": "x", "back": "https://elsewhere.example/", "key": uuid4()}
    assert desk.post(reverse("note_write", args=["claim", row.pk]), sent).url == page


def test_a_shared_note_of_the_first_reviewer_is_hidden_from_a_blind_second_one_until_both_have_answered(reviewer):
    second, item = make_user(username="budi"), make_item()
    ReviewItem.objects.filter(pk=item.pk).update(flagged=True)
    item.refresh_from_db()
    actions.accept(item=item, values=values_of(item), by=reviewer, version=item.version, key=uuid4())
    for writer, text in ((reviewer, "It is a loan"), (make_user(), "Seen in Lima")):
        notes.write(subject="item", row=item, text=text, shared=True, by=writer, key=uuid4())
    page = reverse("workbench", args=[item.event_id])
    blind = signed_in(second).get(page).content.decode()
    assert "Seen in Lima" in blind
    assert "It is a loan" not in blind
    assert [note.text for note in notes.visible(reviewer, item=item)] == ["It is a loan", "Seen in Lima"]
    item.refresh_from_db()
    adjudication.reject(item=item, reason=2, by=second, version=item.version, key=uuid4())
    assert "It is a loan" in [note.text for note in notes.visible(second, item=item)]
