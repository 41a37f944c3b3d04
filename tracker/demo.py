"""Loads the demo: articles that retell public reporting, most of them reviewed as `articles/demo/claims.csv` says.

The machine reads every article as it reads any other. In the earlier articles of each story its events are decided:
an event that says what a curated claim says is accepted with the values of that claim, every other one is rejected.
Nothing is invented: a claim that the machine did not find is missing, and counted.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction

from articles import reading
from articles.codes import Category, Modality, Stage
from articles.ingest.store import ingest
from articles.models import Article, ExtractedEvent, Outlet
from tracker.account.demo import make_users
from tracker.models import Actor, ReviewItem, Transfer, User
from tracker.reference import Row, store_outlets
from tracker.review import actions
from tracker.review.forms import PARTIES, SAID, ClaimForm, initial_of_event, write_spans

FOLDER = settings.BASE_DIR / "articles" / "demo"
REVIEWERS = ("demo-reviewer", "demo-second")
AGAINST = {Modality.DENIED, Modality.NO_EVIDENCE}
# Between these two the machine often differs from people.
TOLD = {Modality.ASSERTED, Modality.ALLEGED}
# Categories that contradict no other.
VAGUE = {Category.UNSPECIFIED, Category.OTHER}
QUANTITY = ("quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier")
# The values that a marked span stands for; where one of them is corrected, the span no longer says it.
MARKED = {
    **{name: (name,) for name in (*PARTIES, "stage", "modality", *SAID)},
    "materiel": ("category",),
    "quantity": QUANTITY[:2],
    "date": ("date_from", "date_to"),
}


class InvalidCuration(ValueError):
    """A row of claims.csv is no valid claim of its article; the message names the row and the reason."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of articles/demo/articles: its name, its head and its text."""

    slug: str
    head: dict[str, str]
    text: str

    @property
    def order(self) -> tuple[str, bool, str]:
        """By day of publication; a copy comes after what it repeats."""
        return self.head["published"], "copy" in self.head, self.slug


@dataclass
class Loaded:
    """How many rows of each kind, the transfers by their curated key, and the claims that the machine did not find."""

    counts: Counter[str] = field(default_factory=Counter)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    missed: list[Row] = field(default_factory=list)


def load(folder: Path = FOLDER) -> Loaded | None:
    """Load the demo in one transaction; None where it is there already."""
    if Article.objects.filter(demo=True).exists():
        return None
    with transaction.atomic():
        users = make_users()
        store_outlets(table(folder / "outlets.csv"), demo=True)
        articles = ingest_all(sources(folder))
        loaded = Loaded()
        desk = Desk([users[name] for name in REVIEWERS], table(folder / "claims.csv"), loaded)
        waiting = newest_of_each_story(source for source, _article in articles)
        for source, article in articles:
            reading.read(article)
            if source.slug not in waiting:
                desk.review(source.slug, article)
    derived = Transfer.objects.in_bulk(transfer.pk for transfer in loaded.transfers.values())
    loaded.transfers = {key: derived[transfer.pk] for key, transfer in loaded.transfers.items()}
    items = ReviewItem.objects.filter(event__article__demo=True)
    loaded.counts["articles"] = len(articles)
    loaded.counts["events"] = items.count()
    loaded.counts["waiting"] = items.waiting().count()
    loaded.counts["transfers"] = Transfer.objects.filter(demo=True).count()
    return loaded


def table(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources(folder: Path = FOLDER) -> list[Source]:
    """The articles of the demo in the order in which they were published."""
    found = []
    for path in (folder / "articles").glob("*.txt"):
        head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
        found.append(Source(path.stem, dict(line.split(": ", 1) for line in head.splitlines()), text))
    return sorted(found, key=lambda source: source.order)


def newest_of_each_story(found: Iterable[Source]) -> set[str]:
    """The slugs that stay undecided, so that the queue has something of every story: the newest third of each."""
    stories: dict[str, list[str]] = {}
    for source in sorted(found, key=lambda source: source.order):
        stories.setdefault(source.head["story"], []).append(source.slug)
    return {slug for slugs in stories.values() for slug in slugs[-max(1, len(slugs) // 3) :]}


def ingest_all(found: list[Source]) -> list[tuple[Source, Article]]:
    """Store the articles unread; one that somebody has brought in before is theirs, and left out."""
    outlets = Outlet.objects.in_bulk({source.head["outlet"] for source in found}, field_name="key")
    stored = []
    for source in found:
        ingested = ingest(
            source.text,
            title=source.head["title"],
            language=source.head["language"],
            outlet=outlets[source.head["outlet"]],
            published_on=date.fromisoformat(source.head["published"]),
            url=source.head["url"],
            demo=True,
            read=False,
        )
        if ingested.created:
            stored.append((source, ingested.article))
    return stored


@dataclass(frozen=True, slots=True)
class Read:
    """An event that waits for a decision, with the codes of its two parties."""

    item: ReviewItem
    supplier: str
    recipient: str

    @property
    def event(self) -> ExtractedEvent:
        return self.item.event


@dataclass
class Curated:
    """A row of claims.csv beside its article. `decision` is accept, flag, or the number of a reason to reject."""

    row: Row
    article: Article

    @cached_property
    def place(self) -> tuple[int, int] | None:
        """Where the article has the words of `quote`."""
        quote = self.row["quote"]
        start = self.article.text.find(quote) if quote else -1
        return (start, start + len(quote)) if start >= 0 else None

    def quoted_by(self, span: list[int]) -> bool:
        """Whether the span holds the words of `quote`."""
        return self.place is not None and span[0] <= self.place[0] and self.place[1] <= span[1]

    def fit(self, read: Read) -> int:
        """How well the event says this; 0 where a reviewer would not take it for this claim.

        It has to quote the very words, to know one of the parties, and not to speak of other materiel. The rest is
        what reviewers correct.
        """
        row, event = self.row, read.event
        parties = (read.supplier == row["supplier"]) + (read.recipient == row["recipient"])
        shared = {read.supplier, read.recipient} & {row["supplier"], row["recipient"]}
        if not shared or not self._same_materiel(event) or not any(map(self.quoted_by, event.evidence)):
            return 0
        return (
            1
            + 4 * parties
            + 3 * (event.category == row["category"])
            + 3 * (event.stage == row["stage"])
            + 2 * ((event.modality in AGAINST) == (row["modality"] in AGAINST))
            + (event.modality == row["modality"])
        )

    def repeated_by(self, read: Read) -> bool:
        """Whether the event says the same once more, in other words of the article."""
        row, event = self.row, read.event
        same = (read.supplier, read.recipient, event.stage) == (row["supplier"], row["recipient"], row["stage"])
        told = {event.modality, row["modality"]}
        return same and (len(told) == 1 or told == TOLD) and self._same_materiel(event)

    def _same_materiel(self, event: ExtractedEvent) -> bool:
        return event.category == self.row["category"] or bool(VAGUE & {event.category, self.row["category"]})


class Desk:
    """Two reviewers who take turns article by article."""

    def __init__(self, reviewers: list[User], rows: list[Row], loaded: Loaded) -> None:
        self.reviewers = reviewers
        self.rows = rows
        self.loaded = loaded

    def review(self, slug: str, article: Article) -> None:
        """Decide every event of the article that waits."""
        reviewer = self.reviewers[0]
        self.reviewers = [*self.reviewers[1:], reviewer]
        curated = [Curated(row, article) for row in self.rows if row["article"] == slug]
        claims = [one for one in curated if one.row["decision"] in ("accept", "flag")]
        refusals = [one for one in curated if one not in claims]
        events = read_in(article)
        chosen = assign(events, claims)
        # A sanction is linked to a transfer and makes none: the other claims come first.
        for read in sorted(events, key=lambda read: is_sanction(chosen.get(read.event.pk))):
            claim = chosen.get(read.event.pk)
            if claim is None:
                self._reject(read, reviewer, claims, refusals)
            elif claim.row["decision"] == "flag":
                actions.flag(item=read.item, note=claim.row["note"], **signed(read.item, reviewer))
                self.loaded.counts["flagged"] += 1
            else:
                self._accept(read.item, reviewer, claim)
        found = list(chosen.values())
        self.loaded.counts["curated"] += len(claims)
        self.loaded.counts["found"] += len(found)
        self.loaded.missed += [claim.row for claim in claims if claim not in found]

    def _accept(self, item: ReviewItem, reviewer: User, claim: Curated) -> None:
        key = claim.row["transfer"]
        transfer = self.loaded.transfers.get(key)
        accepted = actions.accept(
            item=item,
            values=claim_values(item, claim),
            transfer=transfer,
            new_transfer=transfer is None and not is_sanction(claim),
            **signed(item, reviewer),
        )
        if accepted.transfer:
            self.loaded.transfers[key] = accepted.transfer
        self.loaded.counts["accepted"] += 1

    def _reject(self, read: Read, reviewer: User, claims: list[Curated], refusals: list[Curated]) -> None:
        quoting = (one for one in refusals if one.place is None or any(map(one.quoted_by, read.event.evidence)))
        named = next(quoting, None)
        if named:
            reason = int(named.row["decision"])
        elif any(claim.fit(read) or claim.repeated_by(read) for claim in claims):
            reason = ReviewItem.Reason.DUPLICATE
        else:
            reason = ReviewItem.Reason.WRONG_READING
        note = named.row["note"] if named else ""
        actions.reject(item=read.item, reason=reason, note=note, **signed(read.item, reviewer))
        self.loaded.counts["rejected"] += 1


def read_in(article: Article) -> list[Read]:
    """The events of the article that wait, in their order."""
    items = list(
        ReviewItem.objects.waiting()
        .filter(event__article=article)
        .select_related("event__article__outlet", "event__article__copy_of__outlet", *PARTIES, "origin", "materiel")
        .order_by("event__position")
    )
    # A group may stand in an event by its name.
    written = {getattr(item.event, f"{role}_code") for item in items for role in ("supplier", "recipient")}
    codes = {name: actors[0].code for name, actors in Actor.objects.named(written).items() if len(actors) == 1}

    def code(name: str) -> str:
        return codes.get(name.lower(), name)

    return [Read(item, code(item.event.supplier_code), code(item.event.recipient_code)) for item in items]


def assign(events: list[Read], claims: list[Curated]) -> dict[int, Curated]:
    """The claim that each event says, by the event's id: one event a claim, the best fit first."""
    ranked = sorted(
        (-fit, number, read.event.position, read.event.pk)
        for number, claim in enumerate(claims)
        for read in events
        if (fit := claim.fit(read))
    )
    chosen: dict[int, Curated] = {}
    taken: set[int] = set()
    for _fit, number, _position, event in ranked:
        if event not in chosen and number not in taken:
            chosen[event] = claims[number]
            taken.add(number)
    return chosen


def is_sanction(claim: Curated | None) -> bool:
    """Whether it is a claim of a sanction."""
    return claim is not None and claim.row["stage"] == Stage.SANCTION


def signed(item: ReviewItem, reviewer: User) -> dict[str, Any]:
    """Who decides on which version, with a key and a number of seconds that follow from the event."""
    key: UUID = uuid5(NAMESPACE_URL, f"demo/{item.event.article_id}/{item.event_id}")
    return {"by": reviewer, "version": item.version, "key": key, "seconds": 4 + key.bytes[0] / 10}


def claim_values(item: ReviewItem, claim: Curated) -> dict[str, Any]:
    """What the reviewer's form makes of the event, corrected by the curated row."""
    data = corrected(item, claim)
    form = ClaimForm(
        {name: write_spans(value) if name.endswith("_spans") else value for name, value in data.items()},
        article=item.event.article,
    )
    if not form.is_valid():
        row = claim.row
        raise InvalidCuration(f"{row['article']}, “{row['quote']}”: {form.errors.as_json()}")
    return form.claim_values()


def corrected(item: ReviewItem, claim: Curated) -> dict[str, Any]:
    """The values that the form was first filled in with, corrected as a reviewer would."""
    event, row = item.event, claim.row
    data = initial_of_event(event, item)
    read = {name: str(value) if value is not None else "" for name, value in data.items()}
    read |= {role: getattr(event, f"{role}_code") for role in PARTIES}
    for marked, names in MARKED.items():
        if any(read[name] != row[name] for name in names):
            data.pop(f"{marked}_spans", None)
    for name in (*PARTIES, "category", "stage", "modality", *QUANTITY, "date_from", "date_to", *SAID, "origin"):
        data[name] = row[name]
    if row["materiel"] or read["category"] != row["category"]:
        data["materiel"] = row["materiel"]
    for name in SAID:
        if row[name] and f"{name}_spans" not in data:
            data[f"{name}_spans"] = [nearest(event.article.text, row[name], event.article.text.find(row["quote"]))]
    # The quote of a claim is its first evidence.
    data["evidence_spans"] = sorted(event.evidence, key=lambda span: not claim.quoted_by(span))
    data |= {name: row[name] for name in ("credibility", "translation", "note")}
    return data


def nearest(text: str, words: str, place: int) -> list[int]:
    """The span of `words` that lies nearest to `place`; the text has them."""
    starts = []
    start = text.find(words)
    while start >= 0:
        starts.append(start)
        start = text.find(words, start + 1)
    best = min(starts, key=lambda start: abs(start - place))
    return [best, best + len(words)]
