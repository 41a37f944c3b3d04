"""What the extractor takes in and gives out: frozen values, every one tied to the words that say it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

EXTRACTOR = "rules 1.0"


class SpanError(ValueError):
    """A span does not quote the text that it points into."""


@dataclass(frozen=True, slots=True)
class Article:
    """One text as it was published. Offsets are code points of `text`, which is never changed here.

    `language` is the code of one that the lexicon has, else it is recognised from the text; `published` is the day that
    relative dates start from.
    """

    text: str
    id: object = None
    title: str = ""
    language: str | None = None
    published: date | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """`text` is exactly article.text[start:end]."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a transfer. `code`: that of a state, the English name of a group, or the words for an unnamed party."""

    code: str | None
    name: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One materiel of an event's group; `designation` is the key of a known type, None for a class."""

    category: str
    designation: str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """Units of materiel, never money. `max` None: no upper bound; `min` None: words only."""

    min: int | None
    max: int | None
    unit: str | None
    qualifier: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EventDate:
    """First and last day of the event; None for words that no calendar date follows from."""

    first: date | None
    last: date | None
    precision: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Who is quoted. `code` is the key of the institution, or the code of the state, that they speak for."""

    text: str
    start: int
    end: int
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """speaker → institution → outlet that relays it."""

    speaker: Source | None
    institution: Source | None
    relayed_by: Source | None


@dataclass(frozen=True, slots=True)
class Event:
    """One reported passing of materiel, as one sentence or clause tells it."""

    supplier: Party | None
    recipient: Party | None
    intermediary: Party | None
    end_user: Party | None
    materiel: tuple[Item, ...]
    quantity: Quantity | None
    stage: str
    stage_span: Span
    modality: str
    modality_span: Span | None
    date: EventDate | None
    attribution: Attribution | None
    evidence: tuple[Span, ...]
    score: float
    reasons: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The event in the JSON form of the command line."""
        out = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        if self.attribution is not None and self.attribution.relayed_by is not None:
            del out["attribution"]["relayed_by"]["code"]
        return out


def _plain(value: Any) -> Any:
    if isinstance(value, EventDate):
        return {
            "from": value.first.isoformat() if value.first else None,
            "to": value.last.isoformat() if value.last else None,
            "precision": value.precision,
            "text": value.text,
            "start": value.start,
            "end": value.end,
        }
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value


def spans(event: Event) -> Iterator[Any]:
    """Every value of an event that quotes the text."""
    said = event.attribution
    yield from event.materiel
    yield from event.evidence
    for one in (
        *(event.supplier, event.recipient, event.intermediary, event.end_user, event.quantity, event.date),
        *(event.stage_span, event.modality_span),
        *((said.speaker, said.institution, said.relayed_by) if said is not None else ()),
    ):
        if one is not None:
            yield one


def check_spans(event: Event, text: str) -> Event:
    """The gate: the event itself where all its spans quote `text` letter for letter, else SpanError."""
    for span in spans(event):
        if not 0 <= span.start < span.end <= len(text) or text[span.start : span.end] != span.text:
            raise SpanError(f"{span.text!r} is not the text at {span.start}..{span.end}")
    return event
