"""The invented rows in the database: consistent as if reviewers had made them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, ExtractedEvent
from tests.factories import make_actor, make_outlet
from tracker import summaries
from tracker.models import Claim, Materiel, ReviewItem, Transfer
from tracker.volume.load import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    for code in ("NO", "PE", "CL", "SE", "FI"):
        make_actor(code, f"State {code}")
    for number in range(12):
        make_outlet(f"Paper {number}", language="id" if number % 2 else "en")
    for key, category in (("tank", "armoured_vehicles"), ("jet", "aircraft")):
        Materiel.objects.create(key=key, kind="class", category=category, name_en=key, name_id=key, sort_key=key)
    load(articles=60, claims=200, transfers=20, pending=40, seed=7)


def test_counts_are_those_asked_for(loaded):
    counted = [model.objects.count() for model in (Article, ExtractedEvent, Claim, Transfer)]
    assert counted == [60, 240, 200, 20]
    assert ReviewItem.objects.waiting().count() == 40
    assert ReviewItem.objects.filter(event__isnull=False).count() == 240


def test_transfers_show_what_their_claims_say(loaded):
    shown = {row.pk: (row.stage, row.supports, row.claim_count, row.state) for row in Transfer.objects.all()}
    assert sum(count for _, _, count, _ in shown.values()) == 200
    Transfer.objects.derive(shown)
    assert {row.pk: (row.stage, row.supports, row.claim_count, row.state) for row in Transfer.objects.all()} == shown


def test_summaries_are_what_a_recount_says(loaded):
    assert set(summaries.wrong().values()) == {0}


def test_every_quote_is_the_text(loaded):
    for claim in Claim.objects.select_related("article"):
        assert claim.article.text[claim.quote_start : claim.quote_end] == claim.quote


def test_the_history_has_the_insert_of_each_claim(loaded):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pgh_obj_id) FROM tracker_claimevent WHERE pgh_label = 'insert'")
        assert cursor.fetchone() == (200,)


def test_new_rows_get_numbers_behind_the_invented_ones(loaded):
    assert make_outlet("New").pk
    assert Transfer.objects.create(supplier=make_actor("NO")).pk > 20


@pytest.mark.parametrize(
    "options", [{"claims": 5, "articles": 10, "pending": 0}, {"transfers": 20, "articles": 10}, {"database": "tracker"}]
)
def test_what_makes_no_sense_is_refused(options, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(CommandError):
        call_command("make_volume", **options)


def test_invented_data_never_goes_into_a_database_of_somebody(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example/tracker")
    with pytest.raises(CommandError, match="unset DATABASE_URL"):
        call_command("make_volume")
