"""Runs the extractor over articles, stores what it read, and says so by a signal in the same transaction."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from procrastinate.contrib.django import app

from articles.extract import EXTRACTOR, Event, Lexicon, extract, load_lexicon
from articles.extract import Article as ExtractInput
from articles.models import Article, ExtractedEvent, Extraction
from articles.passages import joined

logger = logging.getLogger(__name__)

# Sent with `extraction=` after its events are stored and before the transaction ends.
events_stored = Signal()

# Rows as load_lexicon takes them: further names of actors, and of materiel.
Names = tuple[Iterable[Mapping[str, str]], Iterable[Mapping[str, str]]]
_name_sources: list[Callable[[], Names]] = []


def names_from(source: Callable[[], Names]) -> None:
    """Ask `source`, before each reading, for names beside those of the reference data."""
    if source not in _name_sources:
        _name_sources.append(source)


def lexicon() -> Lexicon:
    """The names of the reference data, and those that people have added by now."""
    found = [source() for source in _name_sources]
    return load_lexicon(
        [row for actors, _materiel in found for row in actors], [row for _actors, materiel in found for row in materiel]
    )


def taken(article: Article) -> ExtractInput:
    """The article as the extractor takes it."""
    return ExtractInput(
        id=str(article.pk),
        text=article.text,
        title=article.title,
        language=article.language,
        published=article.published_on,
        outlet=article.outlet.name if article.outlet else "",
    )


def read(article: Article) -> Extraction:
    """Read one article now, store the run and its events, and return the run."""
    words = lexicon()
    began = time.perf_counter()
    events = _events(taken(article), words)
    seconds = time.perf_counter() - began
    with transaction.atomic():
        extraction = Extraction.objects.create(
            article=article, extractor=extractor(), lexicon=words.hash, seconds=seconds
        )
        ExtractedEvent.objects.bulk_create(
            as_row(event.as_dict(), extraction, position) for position, event in enumerate(events)
        )
        Article.objects.filter(pk=article.pk).update(reading=Article.Reading.READ, reading_error="")
        events_stored.send(sender=Extraction, extraction=extraction)
    return extraction


def extractor() -> str:
    """The name of the extractor that the settings choose, as a run of it is stored."""
    if settings.EXTRACTOR != "llm":
        return EXTRACTOR
    # Imported here and below, so that an installation that asks no model loads no HTTP client.
    from articles import endpoint

    return endpoint.extractor_name(settings.LLM_MODEL)


def _events(article: ExtractInput, lexicon: Lexicon) -> list[Event]:
    """What the extractor that the settings choose reads."""
    if settings.EXTRACTOR != "llm":
        return extract(article, lexicon)
    from articles import endpoint

    model = endpoint.Endpoint(
        url=settings.LLM_URL,
        model=settings.LLM_MODEL,
        key=settings.LLM_KEY,
        timeout=settings.LLM_TIMEOUT,
        temperature=settings.LLM_TEMPERATURE,
        price_in=settings.LLM_PRICE_IN,
        price_out=settings.LLM_PRICE_OUT,
    )
    return endpoint.read(article, lexicon, model)


def as_row(event: dict[str, Any], extraction: Extraction, position: int) -> ExtractedEvent:
    """One event in the extractor's JSON form as a row."""
    row = ExtractedEvent(
        extraction=extraction,
        article_id=extraction.article_id,
        position=position,
        stage=event["stage"],
        modality=event["modality"],
        score=event["score"],
        reasons=event["reasons"],
        evidence=[[span["start"], span["end"]] for span in event["evidence"]],
    )
    spans: dict[str, list[list[int]]] = {}

    def mark(field: str, span: dict[str, Any] | None) -> None:
        if span and span.get("start") is not None:
            spans.setdefault(field, []).append([span["start"], span["end"]])

    for role in ("supplier", "recipient", "intermediary", "end_user"):
        party = event[role]
        mark(role, party)
        if party:
            setattr(row, f"{role}_code", party["code"] or "")
            setattr(row, f"{role}_name", party["name"] or party["text"])
            setattr(row, f"{role}_text", party["text"] or "")
    materiel = event["materiel"]
    row.category = materiel[0]["category"] if materiel else "unspecified"
    row.designation = next((part["designation"] for part in materiel if part["designation"]), "")
    row.materiel_text = joined(part["text"] for part in materiel)
    for part in materiel:
        mark("materiel", part)
    if quantity := event["quantity"]:
        mark("quantity", quantity)
        row.quantity_min, row.quantity_max = quantity["min"], quantity["max"]
        row.quantity_unit, row.quantity_qualifier = quantity["unit"] or "", quantity["qualifier"]
        row.quantity_text = quantity["text"]
    if when := event["date"]:
        mark("date", when)
        row.date_from = date.fromisoformat(when["from"]) if when["from"] else None
        row.date_to = date.fromisoformat(when["to"]) if when["to"] else None
        row.date_precision, row.date_text = when["precision"] or "", when["text"]
    mark("stage", event["stage_span"])
    mark("modality", event["modality_span"])
    said = event["attribution"] or {}
    for field in ("speaker", "institution", "relayed_by"):
        mark(field, said.get(field))
        setattr(row, field, (said.get(field) or {}).get("text", ""))
    row.origin_code = next(
        (code for field in ("institution", "speaker") if (code := (said.get(field) or {}).get("code"))), ""
    )
    row.spans = spans
    return row


@app.task(queue="reading")
def read_article(article_id: int) -> int:
    """The job that reads one article. Returns the number of events.

    A failure is kept on the article, where people see it, and on the job.
    """
    article = Article.objects.select_related("outlet").get(pk=article_id)
    Article.objects.filter(pk=article_id).update(reading=Article.Reading.READING, reading_error="")
    try:
        extraction = read(article)
    except Exception as error:
        Article.objects.filter(pk=article_id).update(
            reading=Article.Reading.FAILED, reading_error=f"{type(error).__name__}: {error}"
        )
        raise
    count = extraction.events.count()
    logger.info("read article %s: %s events in %.0f ms", article_id, count, extraction.seconds * 1000)
    return count


def read_later(articles: Iterable[Article]) -> None:
    """Queue a reading of each article, in the caller's transaction: both are committed, or neither is."""
    for article in articles:
        Article.objects.filter(pk=article.pk).update(reading=Article.Reading.WAITING, reading_error="")
        read_article.configure(lock=f"article-{article.pk}").defer(article_id=article.pk)


@app.periodic(cron="*/2 * * * *")
@app.task(queue="reading", queueing_lock="requeue-stalled")
async def requeue_stalled(timestamp: int) -> int:
    """Give the jobs of a worker that died to another one. Returns how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60))
    for job in stalled:
        logger.warning("job %s (%s) has stalled and is queued again", job.id, job.task_name)
        await app.job_manager.retry_job(job)
    return len(stalled)
