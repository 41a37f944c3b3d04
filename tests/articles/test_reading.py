"""Articles are read by jobs; what was read is stored whole, and a failure is kept."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from articles import reading
from articles.models import Article, ExtractedEvent
from tests.factories import make_article, make_outlet

TEXT = "Norway has sent ten howitzers to Peru, the defence ministry of Peru said on Tuesday."


@pytest.fixture
def article(db) -> Article:
    return make_article(text=TEXT, outlet=make_outlet("Andes Wire"), reading="waiting")


def test_reading_stores_the_run_and_its_events_with_the_words_that_say_them(article):
    extraction = reading.read(article)
    event = extraction.events.get()
    assert (event.supplier_code, event.recipient_code, event.stage) == ("NO", "PE", "shipment")
    assert event.quantity_min == 10
    for field in ("supplier", "recipient", "materiel", "quantity", "stage"):
        assert event.spans[field]
    assert "".join(TEXT[start:end] for start, end in event.spans["supplier"]) == event.supplier_text
    article.refresh_from_db()
    assert article.reading == "read"
    assert extraction.lexicon.startswith("sha256")


def test_the_job_is_queued_in_the_transaction_that_stores_the_article(article):
    reading.read_later([article])
    job = ProcrastinateJob.objects.get()
    assert job.args == {"article_id": article.pk}
    assert job.lock == f"article-{article.pk}"


def test_a_failure_is_kept_on_the_article_and_on_the_job(article, monkeypatch):
    def fail(*args):
        raise ValueError("the lexicon is damaged")

    monkeypatch.setattr(reading, "extract", fail)
    with pytest.raises(ValueError, match="damaged"):
        reading.read_article(article_id=article.pk)
    article.refresh_from_db()
    assert (article.reading, article.reading_error) == ("failed", "ValueError: the lexicon is damaged")
    assert not ExtractedEvent.objects.exists()


def test_an_event_is_never_edited(article):
    from django.db import DatabaseError, transaction

    event = reading.read(article).events.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtractedEvent.objects.filter(pk=event.pk).update(stage="talks")
    with connection.cursor() as cursor:
        cursor.execute("SELECT stage FROM articles_extractedevent")
        assert cursor.fetchone() == ("shipment",)


def test_the_job_of_a_dead_worker_is_given_to_another():
    connector = InMemoryConnector()
    with app.replace_connector(connector):

        async def die_and_requeue() -> int:
            await reading.read_article.defer_async(article_id=1)
            dead = await app.job_manager.register_worker()
            await app.job_manager.fetch_job(queues=None, worker_id=dead)
            assert connector.jobs[1]["status"] == "doing"
            await app.job_manager.unregister_worker(worker_id=dead)
            return await reading.requeue_stalled(timestamp=0)

        # In a thread of its own: browser tests leave a running loop in this one.
        with ThreadPoolExecutor() as thread:
            assert thread.submit(asyncio.run, die_and_requeue()).result() == 1
        assert connector.jobs[1]["status"] == "todo"
