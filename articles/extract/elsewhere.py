"""When an event was, where its own sentence does not say it and one beside it that tells of the same deal does."""

from dataclasses import dataclass, replace
from datetime import date

from articles.extract.clauses import Sentence
from articles.extract.events import Event, EventDate, Party
from articles.extract.merge import quantities_agree
from articles.extract.occasions import occasion_day
from articles.extract.slots import dates_of, of_noun, of_saying
from articles.extract.triggers import choose

REACH = 2
_ALIKE = {"shipment": "delivery", "agreement": "order"}


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the article and the events that it tells."""

    sentence: Sentence
    events: tuple[Event, ...]


def dated(events: list[Event], told: list[Told], published: date | None) -> list[Event]:
    """The events, those without a date with that of a sentence nearby; a reason says that it stands elsewhere."""
    return [event if event.date is not None else _dated(event, told, published) for event in events]


def _dated(event: Event, told: list[Told], published: date | None) -> Event:
    start = event.evidence[0].start
    own = next((at for at, one in enumerate(told) if one.sentence.start <= start < one.sentence.end), None)
    if own is None or told[own].sentence.headline:
        return event
    for at in (own + side * step for step in range(1, REACH + 1) for side in (1, -1)):
        if 0 <= at < len(told) and not told[at].sentence.headline and _same_deal(event, told[at]):
            found = _day(event, told[at].sentence, published)
            if found is not None and not _of_another(event, found, told[at]):
                return replace(event, date=found, reasons=(*event.reasons, f"{found.text} of a sentence nearby"))
    found = occasion_day([one.sentence for one in told], own, event.stage_span.start, published)
    if found is None or not _fits(event, found, published):
        return event
    return replace(event, date=found, reasons=(*event.reasons, f"{found.text} of the occasion"))


def _key(party: Party | None) -> str:
    return (party.code or party.name) if party else ""


def _same_deal(event: Event, told: Told) -> bool:
    """The sentence names no other party and no other materiel."""
    pair = {_key(event.supplier), _key(event.recipient)}
    if any({_key(one.supplier), _key(one.recipient)} != pair for one in told.events):
        return False
    if any(side.key not in pair for group in told.sentence.groups for side in group.sides):
        return False
    here = {things.head.category for things in told.sentence.things}
    own = {item.category for item in event.materiel}
    return not here or not own or bool(here & own) or "unspecified" in here | own


def _day(event: Event, sentence: Sentence, published: date | None) -> EventDate | None:
    """The date that stands nearest to a word of the event's own stage, and to no other trigger."""
    triggers = [(mark, _kind(choose(sentence, mark)[0].stage)) for mark in sentence.frames]
    if all(stage != _kind(event.stage) for _, stage in triggers):
        return None
    best: tuple[int, EventDate] | None = None
    for day in dates_of(sentence, published):
        if not _fits(event, day, published) or of_saying(sentence, day.start, day.end):
            continue
        if of_noun(sentence, day.start, day.end):
            continue
        gap, stage = min(
            (sentence.words_between(min(mark.end, day.end), max(mark.start, day.start)), stage)
            for mark, stage in triggers
        )
        if stage == _kind(event.stage) and (best is None or gap < best[0]):
            best = gap, day
    return best[1] if best else None


def _of_another(event: Event, day: EventDate, told: Told) -> bool:
    """The day of another stage or batch of that sentence: "cancelled the purchase in May", "six more came in June"."""
    theirs = [one for one in told.events if one.date is not None and one.date.start == day.start]
    return bool(theirs) and not any(
        _kind(one.stage) == _kind(event.stage) and quantities_agree(one, event) for one in theirs
    )


def _kind(stage: str) -> str:
    return _ALIKE.get(stage, stage)


def _fits(event: Event, day: EventDate, published: date | None) -> bool:
    """What was done lies behind the publication, and what is planned ahead of it."""
    if day.first is None or day.last is None or published is None:
        return day.first is not None
    if event.modality == "planned":
        return day.last >= published
    return event.modality not in ("asserted", "alleged") or day.first <= published
