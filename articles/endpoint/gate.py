"""From what a model told to an Event: quotes found in the text, codes and numbers worked out anew, or refused."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from articles.endpoint.answer import Told
from articles.endpoint.parties import Names
from articles.endpoint.quotes import nearest, overlaps, places
from articles.endpoint.score import score
from articles.extract.dates import find_dates
from articles.extract.events import Attribution, Event, EventDate, Item, Party, Quantity, Source, Span, check_spans
from articles.extract.quantities import find_quantities

LONGEST_EVIDENCE = 400
_SHOWN = 60


class Refused(Exception):
    """A whole event is refused, and why."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The part [start, end) of an article that the model was asked about; its quotes must stand there."""

    text: str
    start: int
    end: int
    names: Names
    published: date | None
    key: str = field(default="", repr=False)

    def shown(self, quote: str) -> str:
        """A quote of the model as a reason may hold it: short, printable, and never with the key in it."""
        safe = quote.replace(self.key, "[key]") if self.key else quote
        safe = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in safe)
        return f"“{safe if len(safe) <= _SHOWN else safe[: _SHOWN - 1] + '…'}”"


@dataclass(slots=True)
class _Doubts:
    """What an event's reasons and score rest on, collected while it is built."""

    reasons: list[str] = field(default_factory=list)
    weaknesses: list[str] = field(default_factory=list)

    def refuse(self, field_name: str, why: str) -> None:
        self.reasons.append(f"refused {field_name}: {why}")
        if "value refused" not in self.weaknesses:
            self.weaknesses.append("value refused")


def events_of(told: Told, passage: Passage, rules: list[Event]) -> list[Event]:
    """The events of one that the model told, one for each category of its materiel. Refused: the whole is no event.

    `rules` are the events that the rules read in the same article.
    """
    evidence = _evidence(told, passage)
    doubts = _Doubts()
    supplier = _side("supplier", told.supplier, passage, evidence, doubts)
    recipient = _side("recipient", told.recipient, passage, evidence, doubts)
    if supplier is None and recipient is None:
        raise Refused("neither supplier nor recipient is named")
    if supplier is not None and recipient is not None and _same(supplier, recipient):
        raise Refused(f"supplier and recipient are both {passage.shown(supplier.name)}")
    stage_span = _needed("stage", told.stage_text, passage, evidence)
    modality_span = _needed("modality", told.modality_text, passage, evidence) if told.modality_text else None
    event = Event(
        supplier,
        recipient,
        _other_side("intermediary", told.intermediary, passage, evidence, doubts),
        _other_side("end_user", told.end_user, passage, evidence, doubts),
        (),
        _quantity(told.quantity, passage, evidence, doubts),
        told.stage,
        stage_span,
        told.modality,
        modality_span,
        _date(told.date, passage, evidence, doubts),
        _attribution(told, passage, evidence, doubts),
        evidence,
        0.0,
        (),
    )
    items = _items(told, passage, evidence, doubts)
    return [check_spans(_judged(one, doubts, rules), passage.text) for one in _by_category(event, items)]


def _find(quote: str, passage: Passage, evidence: tuple[Span, ...]) -> Span | None:
    return nearest(places(passage.text, quote, passage.start, passage.end), evidence)


def _evidence(told: Told, passage: Passage) -> tuple[Span, ...]:
    """Where the event is told; a sentence that the text repeats counts where it stands first."""
    found: list[Span] = []
    for quote in told.evidence:
        if len(quote) > LONGEST_EVIDENCE:
            raise Refused(f"evidence of {len(quote)} characters, more than {LONGEST_EVIDENCE}: {passage.shown(quote)}")
        span = _find(quote, passage, tuple(found))
        if span is None:
            raise Refused(f"evidence is not in the text: {passage.shown(quote)}")
        if span not in found:
            found.append(span)
    if not found:
        raise Refused("no evidence")
    return tuple(sorted(found, key=lambda span: span.start))


def _needed(name: str, quote: str, passage: Passage, evidence: tuple[Span, ...]) -> Span:
    """A quote that the event cannot be without. Refused where it is not in the text."""
    span = _find(quote, passage, evidence)
    if span is None:
        raise Refused(f"{name} is not in the text: {passage.shown(quote)}")
    return span


def _side(name: str, quote: str | None, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> Party | None:
    if quote is None:
        doubts.weaknesses.append(f"{name} missing")
        return None
    party, doubt = passage.names.party(_needed(name, quote, passage, evidence))
    if doubt:
        doubts.reasons.append(f"{name}: {doubt}")
        doubts.weaknesses.append(f"{name} doubtful")
    return party


def _other_side(
    name: str, quote: str | None, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts
) -> Party | None:
    if quote is None:
        return None
    party, doubt = passage.names.party(_needed(name, quote, passage, evidence))
    if doubt:
        doubts.reasons.append(f"{name}: {doubt}")
    return party


def _same(one: Party, other: Party) -> bool:
    if one.code is None or other.code is None:
        return one.text == other.text
    return one.code == other.code


def _value(name: str, quote: str | None, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> Span | None:
    """A quote that the event can be without."""
    if quote is None:
        return None
    span = _find(quote, passage, evidence)
    if span is None:
        doubts.refuse(name, f"not in the text: {passage.shown(quote)}")
    return span


def _items(told: Told, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> list[Item]:
    items: list[Item] = []
    for one in told.materiel:
        span = _value("materiel", one.text, passage, evidence, doubts)
        if span is None or any(overlaps(span, Span(item.text, item.start, item.end)) for item in items):
            continue
        item, difference = passage.names.item(span, one.category)
        if difference:
            doubts.reasons.append(f"category of {passage.shown(one.text)}: {difference}")
        items.append(item)
    return items


def _around(span: Span, passage: Passage) -> tuple[int, int]:
    """The line that a quote stands in: the words around it decide what a number counts and what a date is."""
    start = passage.text.rfind("\n", passage.start, span.start) + 1 or passage.start
    end = passage.text.find("\n", span.end, passage.end)
    return start, passage.end if end < 0 else end


def _quantity(quote: str | None, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> Quantity | None:
    """The number that the rules read in the words that the model points to; without one, the words alone."""
    span = _value("quantity", quote, passage, evidence, doubts)
    if span is None:
        return None
    start, end = _around(span, passage)
    for found in find_quantities(passage.text[start:end], passage.names.language):
        at = Span(found.text, found.start + start, found.end + start)
        if overlaps(at, span):
            return Quantity(found.min, found.max, found.unit, found.qualifier, at.text, at.start, at.end)
    doubts.reasons.append(f"quantity: no number is read in {passage.shown(span.text)}")
    return Quantity(None, None, "unit", "unspecified", span.text, span.start, span.end)


def _date(quote: str | None, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> EventDate | None:
    """The days that the rules read in the words that the model points to; without any, the words alone."""
    span = _value("date", quote, passage, evidence, doubts)
    if span is None:
        return None
    start, end = _around(span, passage)
    for found in find_dates(passage.text[start:end], passage.published, passage.names.language):
        at = Span(found.text, found.start + start, found.end + start)
        if overlaps(at, span):
            return EventDate(found.first, found.last, found.precision, at.text, at.start, at.end)
    doubts.reasons.append(f"date: no day is read in {passage.shown(span.text)}")
    return EventDate(None, None, "imprecise", span.text, span.start, span.end)


def _attribution(told: Told, passage: Passage, evidence: tuple[Span, ...], doubts: _Doubts) -> Attribution | None:
    def source(name: str, quote: str | None) -> Source | None:
        span = _value(name, quote, passage, evidence, doubts)
        return passage.names.source(span) if span is not None else None

    speaker, institution = source("speaker", told.speaker), source("institution", told.institution)
    relayed_by = source("relayed_by", told.relayed_by)
    if speaker is None and institution is None and relayed_by is None:
        return None
    return Attribution(speaker, institution, relayed_by)


def _by_category(event: Event, items: list[Item]) -> list[Event]:
    """One event has one group of materiel; the quantity stays with the item that it stands nearest to."""
    if not items:
        return [event]
    groups = [tuple(group) for _, group in groupby(sorted(items, key=_category), _category)]
    counted = event.quantity
    owner = min(items, key=lambda item: abs(item.start - counted.start)) if counted is not None else None
    return [replace(event, materiel=group, quantity=counted if owner in group else None) for group in groups]


def _category(item: Item) -> str:
    return item.category


def _judged(event: Event, doubts: _Doubts, rules: list[Event]) -> Event:
    """The event with its reasons and score, once the rules' own reading of the same words is held against it."""
    reasons, weaknesses = list(doubts.reasons), list(doubts.weaknesses)
    own = _rules_reading(event, rules)
    if own is None:
        weaknesses.append("not read by the rules")
    elif own.modality != event.modality:
        reasons.append(f"modality: model says {event.modality}, rules say {own.modality}")
        weaknesses.append("modality disagrees")
    notes = dict.fromkeys(one for one in weaknesses if one not in ("modality disagrees", "value refused"))
    return replace(event, score=score(weaknesses), reasons=(*reasons, *notes))


def _rules_reading(event: Event, rules: list[Event]) -> Event | None:
    """The rules' event of the same sides in the same words: of several the one of that stage, then of that category."""
    found = [
        own
        for own in rules
        if (_code(own.supplier), _code(own.recipient)) == (_code(event.supplier), _code(event.recipient))
        and any(overlaps(one, other) for one in own.evidence for other in event.evidence)
    ]
    category = event.materiel[0].category if event.materiel else "unspecified"
    return max(
        found,
        key=lambda own: (
            own.stage == event.stage,
            (own.materiel[0].category if own.materiel else "unspecified") == category,
        ),
        default=None,
    )


def _code(party: Party | None) -> str | None:
    return (party.code or party.name) if party is not None else None
