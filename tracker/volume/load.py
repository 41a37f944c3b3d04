"""Writes the invented world into a database by COPY: articles, what was read in them, claims, transfers, and history.

What is written is as if reviewers had accepted all but the last events: `pending` of them still wait. Decisions, raw
bytes and jobs are not made up.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction

from articles.models import Article, ExtractedEvent, Extraction, Outlet
from tracker.models import Actor, Claim, Materiel, ReviewItem, Transfer, User
from tracker.summaries import recount
from tracker.volume.invented import Deal, Paper, State, Story, Told, Weapon, World, deals, stories

EXTRACTOR = "invented 1.0"
LEXICON = "sha256-invented"
REVIEWERS = 12
BATCH = 20_000
HISTORY = ("tracker_claim", "tracker_transfer")
Row = Sequence[Any]


def world() -> World:
    """The states, weapons and outlets of the reference data, in the order of their codes."""
    states = Actor.objects.filter(kind=Actor.Kind.STATE).order_by("code")
    weapons = Materiel.objects.exclude(category="").order_by("key")
    papers = Outlet.objects.filter(demo=False).order_by("key")
    return World(
        [State(row.pk, row.code, row.name_en, row.name_id) for row in states],
        [
            Weapon(row.pk, row.key, row.category, row.name_en, row.name_id, row.kind == Materiel.Kind.DESIGNATION)
            for row in weapons
        ],
        [Paper(row.pk, row.name, row.language) for row in papers],
    )


def load(
    *,
    articles: int,
    claims: int,
    transfers: int,
    pending: int,
    seed: int,
    say: Callable[[str], object] = lambda line: None,
) -> None:
    """Fill a database that holds the reference data and nothing else. The session may skip triggers and checks."""
    where = world()
    made = deals(where, transfers, seed)
    reviewers = _reviewers()
    with transaction.atomic():
        _copy(Transfer, ("id", *TRANSFER), (_transfer(deal) for deal in made))
        say(f"{transfers:,} transfers")
        _write_stories(stories(where, made, articles, claims + pending, seed), claims, reviewers, say)
        _pass_numbers()
    say("deriving what the transfers show")
    _derive(transfers)
    say("history")
    _write_history()
    # The triggers that keep the summaries were skipped.
    say("summaries")
    recount()
    _analyse()


def _write_stories(told: Iterable[Story], claims: int, reviewers: list[int], say: Callable[[str], object]) -> None:
    """In batches, so that memory stays flat."""
    events = 0
    batch: list[Story] = []
    for story in told:
        batch.append(story)
        if len(batch) == BATCH:
            events = _write_batch(batch, events, claims, reviewers)
            say(f"{story.pk:,} articles, {events:,} events")
            batch = []
    if batch:
        events = _write_batch(batch, events, claims, reviewers)
        say(f"{batch[-1].pk:,} articles, {events:,} events")


def _write_batch(batch: list[Story], events: int, claims: int, reviewers: list[int]) -> int:
    _copy(Article, ("id", *ARTICLE), (_article(story) for story in batch))
    _copy(
        Extraction,
        ("id", "article", "extractor", "lexicon", "created_at", "seconds"),
        ((story.pk, story.pk, EXTRACTOR, LEXICON, _moment(story, 1), 0.006) for story in batch),
    )
    _copy(ExtractedEvent, ("id", *EVENT), (_event(*place) for place in _numbered(batch, events)))
    _copy(ReviewItem, ("id", *ITEM), (_item(*place, claims, reviewers) for place in _numbered(batch, events)))
    accepted = (place for place in _numbered(batch, events) if place[0] <= claims)
    _copy(Claim, ("id", *CLAIM), (_claim(*place, reviewers) for place in accepted))
    return events + sum(len(story.told) for story in batch)


def _numbered(batch: list[Story], events: int) -> Iterator[tuple[int, int, Story, Told]]:
    """Each thing told with the number of its event, and its place in the article."""
    for story in batch:
        for position, told in enumerate(story.told):
            events += 1
            yield events, position, story, told


ARTICLE = (
    *("outlet", "url", "title", "authors", "language", "published_on", "retrieved_at", "text", "text_sha256"),
    *("copy_of", "withheld_reason", "reading", "reading_error", "demo", "version"),
)
EVENT = (
    *("extraction", "article", "position", "supplier_code", "supplier_name", "supplier_text"),
    *("recipient_code", "recipient_name", "recipient_text", "intermediary_code", "intermediary_name"),
    *("intermediary_text", "end_user_code", "end_user_name", "end_user_text", "category", "designation"),
    *("materiel_text", "quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier", "quantity_text"),
    *("stage", "modality", "date_from", "date_to", "date_precision", "date_text", "speaker", "institution"),
    *("relayed_by", "origin_code", "evidence", "spans", "score", "reasons"),
)
ITEM = (
    *("event", "state", "note", "flagged", "priority", "supplier", "recipient", "origin", "materiel"),
    *("reviewed_by", "reviewed_at", "compared", "version", "created_at", "sampled"),
)
CLAIM = (
    *("state", "article", "event", "transfer", "supplier", "supplier_text", "recipient", "recipient_text"),
    *("intermediary_text", "end_user_text", "materiel", "materiel_text", "designation", "category"),
    *("quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier", "quantity_text", "stage", "modality"),
    *("date_from", "date_to", "date_precision", "date_text", "speaker", "institution", "relayed_by", "origin"),
    *("origin_outlet", "credibility", "quote", "quote_start", "quote_end", "translation", "note", "spans"),
    *("published_on", "reviewed_by", "reviewed_at", "updated_at", "version"),
)
TRANSFER = (
    *("supplier", "recipient", "credibility", "note", "demo", "version", "created_at", "edited_at", "state"),
    *("stage", "stage_rank", "outlook", "outlook_rank", "status", "contested", "claim_count", "supports", "denies"),
    *("no_evidence", "origins", "category", "quantity_unit", "date_precision", "supplier_key", "recipient_key"),
    "updated_at",
)
EPOCH = datetime(2026, 10, 30, tzinfo=UTC)


def _article(story: Story) -> Row:
    address = f"https://paper-{story.paper.pk}.example/{story.pk}"
    return (
        *(story.pk, story.paper.pk, address, story.title, "", story.language, story.published, _moment(story, 0)),
        *(story.text, story.sha256, story.copy_of, "", Article.Reading.READ, "", False, 1),
    )


def _event(pk: int, position: int, story: Story, told: Told) -> Row:
    deal, text = told.deal, story.text
    said = text[slice(*told.said)] if told.said else ""
    return (
        *(pk, story.pk, story.pk, position),
        *(deal.supplier.code, deal.supplier.name_en, text[slice(*told.supplier)]),
        *(deal.recipient.code, deal.recipient.name_en, text[slice(*told.recipient)]),
        *("", "", "", "", "", "", deal.weapon.category, deal.weapon.key if deal.weapon.designation else ""),
        *(text[slice(*told.weapon)], *_quantity(told, text), told.stage, told.modality, *_dates(told, text)),
        *(said, "", "", told.speaker.code if told.speaker else "", json.dumps([[told.start, told.end]])),
        *(json.dumps(_spans(told)), _score(pk), json.dumps([f"frame → {told.stage}"])),
    )


def _item(pk: int, _position: int, story: Story, told: Told, claims: int, reviewers: list[int]) -> Row:
    accepted = pk <= claims
    deal = told.deal
    state = ReviewItem.State.ACCEPTED if accepted else ReviewItem.State.PENDING
    who, when = (reviewers[pk % len(reviewers)], _moment(story, 2)) if accepted else (None, None)
    return (
        *(pk, pk, state, "", False, _score(pk), deal.supplier.pk, deal.recipient.pk),
        *(told.speaker.pk if told.speaker else None, deal.weapon.pk, who, when),
        *(ReviewItem.Compared.FIRST, 2 if accepted else 1, _moment(story, 1), False),
    )


def _claim(pk: int, _position: int, story: Story, told: Told, reviewers: list[int]) -> Row:
    deal, text, reviewed = told.deal, story.text, _moment(story, 2)
    said = text[slice(*told.said)] if told.said else ""
    return (
        *(pk, Claim.State.ACTIVE, story.pk, pk, deal.pk, deal.supplier.pk, text[slice(*told.supplier)]),
        *(deal.recipient.pk, text[slice(*told.recipient)], "", "", deal.weapon.pk, text[slice(*told.weapon)]),
        *(deal.weapon.name_en if deal.weapon.designation else "", deal.weapon.category),
        *(*_quantity(told, text), told.stage, told.modality, *_dates(told, text), said, "", ""),
        *(told.speaker.pk if told.speaker else None, None if told.speaker else story.paper.pk, 6),
        *(text[told.start : told.end], told.start, told.end, "", "", json.dumps(_spans(told)), story.published),
        *(reviewers[pk % len(reviewers)], reviewed, reviewed, 1),
    )


def _transfer(deal: Deal) -> Row:
    opened = datetime.combine(EPOCH, time(), UTC)
    return (
        *(deal.pk, deal.supplier.pk, deal.recipient.pk, 6, "", False, 1, opened, opened),
        *(Transfer.State.WITHDRAWN, "", 0, "", 0, "active", False, 0, 0, 0, 0, 0),
        *("unspecified", "", "", "", "", opened),
    )


def _quantity(told: Told, text: str) -> Row:
    if told.quantity is None:
        return None, None, "", "", ""
    count = told.deal.quantity
    return count, count, "unit", "exact", text[slice(*told.quantity)]


def _dates(told: Told, text: str) -> Row:
    if told.day is None or told.when is None:
        return None, None, "", ""
    return told.day, told.day, "precise", text[slice(*told.when)]


def _spans(told: Told) -> dict[str, list[tuple[int, int]]]:
    places = {
        "supplier": told.supplier,
        "recipient": told.recipient,
        "materiel": told.weapon,
        "quantity": told.quantity,
        "speaker": told.said,
        "date": told.when,
    }
    return {name: [place] for name, place in places.items() if place is not None}


def _score(pk: int) -> float:
    """Between 0.2 and 0.95, without a pattern that an index could profit from."""
    return 0.2 + (pk * 2654435761 % 1000) / 1000 * 0.75


def _moment(story: Story, hours: int) -> datetime:
    """Hours after the article was published, the same at every run."""
    minute = story.pk * 7919 % 1440
    return datetime.combine(story.published, time(), UTC) + timedelta(hours=24 * hours, minutes=minute)


def _reviewers() -> list[int]:
    """The users who are said to have decided; nobody can sign in as one of them."""
    for number in range(1, REVIEWERS + 1):
        User.objects.get_or_create(
            username=f"volume-{number:02}",
            defaults={"role": User.Role.REVIEWER, "password": make_password(None)},
        )
    return list(User.objects.filter(username__startswith="volume-").order_by("username").values_list("pk", flat=True))


def _copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _pass_numbers() -> None:
    """Move the sequences behind the numbers that were given here; nextval is all that the app's role may do."""
    with connection.cursor() as cursor:
        for model in (Article, Extraction, ExtractedEvent, ReviewItem, Claim, Transfer):
            table = model._meta.db_table
            cursor.execute(
                f"""SELECT count(nextval(pg_get_serial_sequence('{table}', 'id')))
                    FROM generate_series(1, (SELECT max(id) FROM {table}))"""  # noqa: S608
            )


def _derive(transfers: int) -> None:
    for first in range(1, transfers + 1, BATCH):
        Transfer.objects.derive(range(first, min(first + BATCH, transfers + 1)))


def _write_history() -> None:
    """The row that the insert of each claim and transfer would have left."""
    with connection.cursor() as cursor:
        for table in HISTORY:
            cursor.execute(
                """SELECT string_agg(quote_ident(e.column_name), ', ')
                   FROM information_schema.columns e
                   JOIN information_schema.columns t ON t.column_name = e.column_name AND t.table_name = %s
                   WHERE e.table_name = %s""",
                [table, f"{table}event"],
            )
            (names,) = cursor.fetchone()
            cursor.execute(
                f"""INSERT INTO {table}event (pgh_created_at, pgh_label, pgh_obj_id, {names})
                    SELECT updated_at, 'insert', id, {names} FROM {table} ORDER BY id"""  # noqa: S608
            )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
