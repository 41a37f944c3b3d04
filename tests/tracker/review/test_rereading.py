"""A later reading of an article asks only what is new or changed, and says which it is."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from articles import reading
from articles.models import Article, ExtractedEvent, Extraction
from articles.reading import events_stored
from tests.factories import make_actor, make_article, make_claim, make_user
from tracker.decisions import undo
from tracker.models import Claim, Decision, ReviewItem
from tracker.review import actions, queue
from tracker.review.changes import changes

pytestmark = pytest.mark.django_db

TEXT = "Norway sent ten tanks to Peru. Norway may also sell frigates to Peru. Chile ordered drones from Norway."
TANKS, FRIGATES, DRONES = [[0, 30]], [[31, 69]], [[70, 103]]


@pytest.fixture
def article() -> Article:
    return make_article(text=TEXT)


def event(evidence: list[list[int]] = TANKS, **values) -> ExtractedEvent:
    """An event that is not stored yet."""
    defaults = {
        "supplier_code": "NO",
        "supplier_name": "Norway",
        "recipient_code": "PE",
        "recipient_name": "Peru",
        "category": "armoured_vehicles",
        "materiel_text": "tanks",
        "stage": "shipment",
        "modality": "asserted",
        "spans": {},
        "score": 0.7,
        "reasons": [],
    }
    return ExtractedEvent(evidence=evidence, **(defaults | values))


def frigates(**values) -> ExtractedEvent:
    return event(FRIGATES, **({"category": "naval", "materiel_text": "frigates", "stage": "talks"} | values))


def read(article: Article, *events: ExtractedEvent) -> list[ReviewItem]:
    """Store the events as one reading of the article, and return their reviews in order."""
    make_actor("NO", "Norway")
    make_actor("PE", "Peru")
    run = Extraction.objects.create(article=article, extractor="rules 1.0", lexicon="x", seconds=0)
    for position, one in enumerate(events):
        one.extraction, one.article, one.position = run, article, position
        one.save()
    events_stored.send(sender=Extraction, extraction=run)
    return list(
        ReviewItem.objects.select_related("event__article", "earlier")
        .filter(event__extraction=run)
        .order_by("event__position")
    )


def accept(item: ReviewItem, by=None) -> Claim:
    values = {
        "supplier": item.supplier,
        "recipient": item.recipient,
        "category": item.event.category,
        "stage": item.event.stage,
        "modality": item.event.modality,
        "quote": TEXT[:20],
        "quote_start": 0,
        "quote_end": 20,
    }
    return actions.accept(item=item, values=values, by=by or make_user(), version=item.version, key=uuid4())


def everything(model, **which) -> list[dict]:
    return list(model.objects.filter(**which).order_by("pk").values())


def test_the_first_reading_marks_nothing(article):
    [item] = read(article, event())
    assert (item.compared, item.earlier, item.state) == ("first", None, "pending")


def test_what_was_decided_is_neither_asked_again_nor_touched(article):
    tanks, ships = read(article, event(), frigates())
    accept(tanks)
    actions.reject(item=ships, reason=3, by=make_user(), version=ships.version, key=uuid4())
    before = everything(ReviewItem), everything(Claim), everything(Decision)
    again = read(article, event(), frigates(score=0.2))
    assert [(item.state, item.compared, item.earlier) for item in again] == [
        ("superseded", "unchanged", tanks.event),
        ("superseded", "unchanged", ships.event),
    ]
    assert (everything(ReviewItem, pk__in=[tanks.pk, ships.pk]), everything(Claim), everything(Decision)) == before
    assert not ReviewItem.objects.waiting().exists()


def test_better_words_for_what_was_decided_ask_nothing(article):
    [tanks] = read(article, event(evidence=[[0, 20]]))
    accept(tanks)
    [again] = read(article, event(materiel_text="ten tanks", speaker="officials"))
    assert (again.state, again.earlier) == ("superseded", tanks.event)


def test_a_changed_reading_of_a_decided_event_is_asked_and_says_what_changed(article):
    [tanks] = read(article, event(stage="talks"))
    claim = accept(tanks)
    before = everything(Claim)
    [again] = read(article, event(stage="agreement", quantity_min=10, quantity_max=10))
    assert (again.state, again.compared, again.earlier) == ("pending", "changed", tanks.event)
    with translation.override("en"):
        said = [(str(change.label), change.before, change.after) for change in changes(again)]
    assert said == [("Quantity", "", "10"), ("Stage", "talks", "agreement")]
    tanks.refresh_from_db()
    assert tanks.state == "accepted"
    assert everything(Claim) == before
    assert claim.state == "active"


def test_an_unchanged_event_that_waits_keeps_place_flag_note_and_lease(article):
    by = make_user()
    tanks, ships = read(article, event(), frigates())
    actions.flag(item=ships, by=by, version=ships.version, key=uuid4(), note="which yard?")
    assert queue.next_event(by=by) == tanks.event_id
    before = everything(ReviewItem)
    [coming] = read(make_article(), event())
    again = read(article, event(), frigates())
    assert everything(ReviewItem, event__extraction=tanks.event.extraction) == before
    assert {item.state for item in again} == {"superseded"}
    other = make_user()
    assert queue.next_event(by=other) == coming.event_id
    queue.release(tanks.pk, by=by)
    assert queue.next_event(by=other) == tanks.event_id
    # The flag is still the last thing that was done, and can be undone.
    undo(Decision.objects.get(), by=by, key=uuid4())
    ships.refresh_from_db()
    assert (ships.flagged, ships.note, ships.state) == (False, "", "pending")


def test_a_changed_event_takes_over_flag_and_note_of_what_it_replaces(article):
    by = make_user()
    [ships] = read(article, frigates())
    actions.flag(item=ships, by=by, version=ships.version, key=uuid4(), note="which yard?")
    [again] = read(article, frigates(stage="order"))
    assert (again.state, again.compared, again.flagged, again.note) == ("pending", "changed", True, "which yard?")
    ships.refresh_from_db()
    assert (ships.state, ships.leased_by) == ("superseded", None)


def test_better_words_for_what_waits_are_shown_as_a_change(article):
    [tanks] = read(article, event(speaker="Watson"))
    [again] = read(article, event(speaker="Andrienne Watson"))
    assert (again.state, again.compared) == ("pending", "changed")
    assert [(change.before, change.after) for change in changes(again)] == [("Watson", "Andrienne Watson")]
    tanks.refresh_from_db()
    assert tanks.state == "superseded"


@pytest.mark.parametrize(
    "values",
    [
        {"evidence": DRONES},
        {"recipient_code": "CL", "recipient_name": "Chile"},
        {"supplier_code": "", "supplier_name": ""},
    ],
    ids=["other words", "another recipient", "no supplier"],
)
def test_another_pair_or_another_place_is_new(article, values):
    [tanks] = read(article, event())
    [again] = read(article, event(**values))
    assert (again.state, again.compared, again.earlier) == ("pending", "new", None)
    assert changes(again) == []
    tanks.refresh_from_db()
    assert tanks.state == "superseded"


def test_of_several_events_in_a_sentence_each_meets_its_nearest(article):
    tanks, guns = read(article, event(), event(category="artillery", materiel_text="howitzers"))
    accept(tanks)
    accept(guns)
    same, changed, new = read(
        article,
        event(category="artillery", materiel_text="howitzers"),
        event(stage="delivery"),
        event(category="drones", materiel_text="drones", stage="talks", modality="denied"),
    )
    assert (same.compared, same.earlier) == ("unchanged", guns.event)
    assert (changed.compared, changed.earlier) == ("changed", tanks.event)
    assert (new.compared, new.earlier) == ("new", None)


def test_what_is_left_over_meets_what_is_left_over(article):
    """The order is nearer to the tanks, but those are read unchanged: it is a changed reading of the howitzers."""
    tanks, guns = read(article, event(), event(category="artillery", materiel_text="howitzers", stage="talks"))
    same, changed = read(article, event(), event(materiel_text="armoured vehicles", stage="order"))
    assert (same.compared, same.earlier) == ("unchanged", tanks.event)
    assert (changed.compared, changed.earlier) == ("changed", guns.event)


def test_a_third_reading_is_compared_with_what_the_second_one_left(article):
    [talks] = read(article, event(stage="talks"))
    accept(talks)
    [order] = read(article, event(stage="order"))
    actions.reject(item=order, reason=3, by=make_user(), version=order.version, key=uuid4())
    same, shipment = read(article, event(stage="order"), frigates())
    assert (same.state, same.earlier) == ("superseded", order.event)
    assert shipment.compared == "new"
    [back] = read(article, event(stage="talks"))
    assert (back.state, back.earlier) == ("superseded", talks.event)
    assert not ReviewItem.objects.waiting().exists()


def test_a_claim_written_by_hand_stays(article):
    read(article, event())
    make_claim(article=article)
    before = everything(Claim)
    read(article)
    assert everything(Claim) == before


def test_reading_the_same_text_twice_asks_nothing_again():
    article = make_article(text="Norway has sent ten howitzers to Peru, the defence ministry of Peru said on Tuesday.")
    reading.read(article)
    before = everything(ReviewItem)
    assert len(before) == 1
    reading.read(article)
    assert everything(ReviewItem, pk=before[0]["id"]) == before
    assert ReviewItem.objects.get(compared="unchanged").state == "superseded"


@pytest.fixture
def desk(client):
    client.force_login(make_user(), "tracker.account.backends.RoleBackend")
    return client


def test_the_queue_and_the_card_say_what_is_new_and_what_changed(desk, article):
    tanks, ships = read(article, event(stage="talks"), frigates())
    accept(tanks)
    changed, same, new = read(article, event(stage="agreement"), frigates(), event(DRONES, recipient_name="Chile"))
    page = desk.get(reverse("review_queue")).content.decode()
    assert "1 new" in page
    assert "1 changed" in page
    card = desk.get(reverse("workbench", args=[changed.event_id])).content.decode()
    assert "changed in this reading" in card
    assert "Stage: talks → agreement" in card
    assert f'<a href="{reverse("workbench", args=[tanks.event_id])}">earlier reading: accepted</a>' in card
    # Accepted, waiting since the first reading, changed and new: the superseded one is no event of its own.
    assert "Event 3 of 4 in this article" in card
    assert "new in this reading" in desk.get(reverse("workbench", args=[new.event_id])).content.decode()
    assert "in this reading" not in desk.get(reverse("workbench", args=[ships.event_id])).content.decode()
    assert "unchanged in this reading" in desk.get(reverse("workbench", args=[same.event_id])).content.decode()


def test_the_page_of_the_article_shows_each_event_once(desk, article):
    tanks, ships = read(article, event(), frigates())
    accept(tanks)
    _, changed = read(article, event(), frigates(stage="order"))
    events = desk.get(article.get_absolute_url()).context["events"]
    assert [shown.pk for shown in events] == [tanks.event_id, changed.event_id]
