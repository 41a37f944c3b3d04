"""The reasons of the machine, which are stored in English, in the reader's language."""

import pytest
from django.urls import reverse
from django.utils import translation

from articles.extract.score import _COSTS
from tests.factories import make_item, make_user
from tracker.templatetags.reasons import FIXED, reason


def test_every_weakness_that_costs_has_words():
    assert set(_COSTS) <= set(FIXED)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("frame sent → shipment", "frame “sent” → shipment"),
        ("cue → alleged", "cue → alleged"),
        ("early 2025 is to come → planned", "“early 2025” is to come → planned"),
        ("last year of a sentence nearby", "“last year” of a sentence nearby"),
        ("supplier missing", "supplier missing"),
    ],
)
def test_a_reason_of_the_rules_is_told_in_the_language_of_the_reader(stored, shown):
    with translation.override("en"):
        assert reason(stored) == {"text": shown, "language": "en"}
    with translation.override("id"):
        assert reason(stored)["language"] == "id"


def test_codes_within_a_reason_are_translated_and_what_is_unknown_stays_english():
    with translation.override("id"):
        assert "pengiriman" in reason("frame dikirim → shipment")["text"]
        assert reason("endpoint: 3.1 s") == {"text": "endpoint: 3.1 s", "language": "en"}


@pytest.mark.django_db
def test_the_card_marks_the_language_of_what_it_cannot_translate(client):
    item = make_item(reasons=["cue → denied", "endpoint: 3.1 s"])
    client.force_login(make_user(language="id"), "tracker.account.backends.RoleBackend")
    page = client.get(reverse("workbench", args=[item.event_id])).content.decode()
    assert '<li lang="en">endpoint: 3.1 s</li>' in page
    assert "dibantah</li>" in page
