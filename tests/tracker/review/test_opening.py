"""Every stored event has its review, with the reference rows that its words stand for."""

import pytest
from django.db import IntegrityError, transaction

from articles.models import ExtractedEvent, Extraction
from articles.reading import events_stored
from tests.factories import make_actor, make_article, make_event, make_item, make_user
from tracker.models import ActorName, Materiel, ReviewItem

pytestmark = pytest.mark.django_db


def test_parties_are_found_by_code_then_by_name_and_never_guessed():
    houthis = make_actor("houthis", "Houthis", kind="group")
    ActorName.objects.create(actor=houthis, language="id", kind="name", name="Houthi")
    for code in ("army-a", "army-b"):
        make_actor(code, "Land Forces", kind="institution")
    item = make_item(recipient_code="Houthi", end_user_code="Land Forces", intermediary_code="Nobody Known")
    assert (item.supplier.code, item.recipient) == ("NO", houthis)
    assert (item.end_user, item.intermediary) == (None, None)


def test_an_actor_that_was_merged_counts_as_the_one_it_became():
    old, new = make_actor("burma", "Burma"), make_actor("MM", "Myanmar")
    old.merged_into = new
    old.save()
    assert make_item(recipient_code="burma").recipient == new


def test_the_materiel_is_that_of_the_words_and_the_category():
    values = {"kind": "class", "name_id": "tank"}
    wanted = Materiel.objects.create(key="tank", category="armoured_vehicles", name_en="tanks", **values)
    Materiel.objects.create(key="fuel-tank", category="other", name_en="tanks", **values)
    assert make_item(materiel_text="Tanks", category="armoured_vehicles").materiel == wanted


def test_an_event_is_never_without_its_review():
    """The review is made in the transaction that stores the event: where it fails, no event is stored."""

    def fail(**kwargs):
        raise IntegrityError("no review")

    events_stored.connect(fail)
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_event()
    finally:
        events_stored.disconnect(fail)
    assert not ExtractedEvent.objects.exists()
    make_event()
    assert ExtractedEvent.objects.filter(review__isnull=True).count() == 0


def test_a_new_reading_closes_what_waits_and_does_not_ask_again_what_was_decided():
    article = make_article()
    first = make_event(article)
    other = make_event(article, extraction=first.extraction, stage="talks")
    ReviewItem.objects.filter(event=first).update(
        state="accepted", reviewed_by=make_user(), reviewed_at="2024-01-01T00:00Z"
    )
    again = Extraction.objects.create(article=article, extractor="test 2", lexicon="x", seconds=0)
    same = make_event(article, extraction=again)
    changed = make_event(article, extraction=again, stage="delivery")
    states = dict(ReviewItem.objects.values_list("event_id", "state"))
    assert states == {
        first.pk: "accepted",
        other.pk: "superseded",
        same.pk: "superseded",
        changed.pk: "pending",
    }
