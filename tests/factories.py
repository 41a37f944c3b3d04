"""Rows for tests: each maker fills in what the test does not say."""

import hashlib
import itertools
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from articles.models import Article, ExtractedEvent, Extraction, Outlet
from articles.reading import events_stored
from tracker.models import Actor, Claim, ReviewItem, Transfer, User
from tracker.models.sorting import sort_key

numbers = itertools.count(1)


def make_user(role: str = "reviewer", **values: Any) -> User:
    """A user who signs in with the password "secret"."""
    values.setdefault("username", f"{role}-{next(numbers)}")
    return User.objects.create_user(password="secret", role=role, **values)


def make_outlet(name: str | None = None, **values: Any) -> Outlet:
    name = name or f"Outlet {next(numbers)}"
    values.setdefault("key", name.lower().replace(" ", "-"))
    return Outlet.objects.create(name=name, **({"kind": "newspaper", "language": "en", "country": "ID"} | values))


def make_article(text: str | None = None, **values: Any) -> Article:
    """An article that was read. Where its text is left out, it is like no other: the same text would be a copy."""
    if text is None:
        text = f"Norway sent ten tanks to Peru, officials said on day {next(numbers)}."
    if "text_sha256" not in values:
        values["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    if "outlet" not in values:
        values["outlet"] = make_outlet()
    defaults = {"title": "An article", "language": "en", "published_on": date(2024, 3, 1), "reading": "read"}
    return Article.objects.create(text=text, **(defaults | values))


def make_actor(code: str, name: str | None = None, **values: Any) -> Actor:
    """The actor of that code; made where it is not there yet."""
    name = name or code.title()
    defaults = {"name_en": name, "name_id": name, "sort_key": sort_key(name), "kind": "state"} | values
    return Actor.objects.get_or_create(code=code, defaults=defaults)[0]


def make_event(article: Article | None = None, **values: Any) -> ExtractedEvent:
    """An event of the article as the machine would store it, with its review."""
    article = article or make_article()
    extraction = values.pop("extraction", None) or Extraction.objects.create(
        article=article, extractor="test 1", lexicon="sha256-0", seconds=0.01
    )
    defaults = {
        "position": extraction.events.count(),
        "supplier_code": "NO",
        "supplier_name": "Norway",
        "recipient_code": "PE",
        "recipient_name": "Peru",
        "category": "armoured_vehicles",
        "materiel_text": "tanks",
        "stage": "shipment",
        "modality": "asserted",
        "evidence": [[0, min(len(article.text), 40)]],
        "spans": {},
        "score": 0.7,
        "reasons": [],
    }
    event = ExtractedEvent.objects.create(extraction=extraction, article=article, **(defaults | values))
    for code, name in (("supplier_code", "supplier_name"), ("recipient_code", "recipient_name")):
        # States are there; other parties are the test's to make.
        if len(getattr(event, code)) == 2:
            make_actor(getattr(event, code), getattr(event, name))
    events_stored.send(sender=Extraction, extraction=extraction)
    return event


def make_item(event: ExtractedEvent | None = None, **values: Any) -> ReviewItem:
    """The review of an event, waiting for a decision."""
    event = event or make_event(**values)
    return ReviewItem.objects.select_related("event__article").get(event=event)


def make_transfer(**values: Any) -> Transfer:
    """A transfer without claims."""
    if "supplier" not in values and "recipient" not in values:
        values |= {"supplier": make_actor("NO", "Norway"), "recipient": make_actor("PE", "Peru")}
    return Transfer.objects.create(**values)


def make_claim(transfer: Transfer | None = None, **values: Any) -> Claim:
    """An accepted claim; its transfer is derived again."""
    article = values.pop("article", None) or make_article(text=f"Norway sent ten tanks to Peru ({uuid4()}).")
    now = timezone.now()
    defaults = {
        "supplier": transfer.supplier if transfer else make_actor("NO", "Norway"),
        "recipient": transfer.recipient if transfer else make_actor("PE", "Peru"),
        "category": "armoured_vehicles",
        "stage": "shipment",
        "modality": "asserted",
        "quote": article.text[:20],
        "quote_start": 0,
        "quote_end": 20,
        "published_on": article.published_on,
        "reviewed_at": now,
        "updated_at": now,
    }
    values.setdefault("reviewed_by", User.objects.filter(role="reviewer").first() or make_user())
    claim = Claim.objects.create(article=article, transfer=transfer, **(defaults | values))
    if transfer:
        Transfer.objects.derive([transfer.pk])
        transfer.refresh_from_db()
    return claim
