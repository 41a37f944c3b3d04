"""One event for each distinct pair, category, stage and modality; repetitions add their evidence to the fullest one."""

from dataclasses import replace

from articles.extract.events import Event

# What is agreed on and ordered is one deal under two names; dates and quantities tell whether there were two.
_ONE_DEAL = {"agreement": "order"}
PARTS = 5


def merge(events: list[Event]) -> list[Event]:
    """The events without repetitions, in the order of the text."""
    kept: dict[tuple[object, ...], Event] = {}
    for event in events:
        key = _identity(event)
        if not event.materiel:
            key = next((known[:PARTS] for known in kept if _tells(known, key)), key)
        alike = [known for known in kept if known[:PARTS] == key]
        same = next((known for known in alike if _one_event(kept[known], event)), None)
        if same is not None:
            kept[same] = _joined(kept[same], event)
        else:
            kept[(*key, event.date, _number(event)) if alike else key] = event
    return sorted(
        kept.values(),
        key=lambda event: (
            event.evidence[0].start,
            event.stage_span.start,
            event.materiel[0].start if event.materiel else 0,
        ),
    )


def _identity(event: Event) -> tuple[object, ...]:
    supplier = (event.supplier.code or event.supplier.name) if event.supplier else None
    recipient = (event.recipient.code or event.recipient.name) if event.recipient else None
    return (
        supplier,
        recipient,
        event.materiel[0].category if event.materiel else "unspecified",
        _ONE_DEAL.get(event.stage, event.stage),
        event.modality,
    )


def _tells(known: tuple[object, ...], key: tuple[object, ...]) -> bool:
    """Same pair, stage and modality: words without a materiel of their own add nothing but evidence."""
    return known[:2] == key[:2] and known[3:5] == key[3:5]


def _one_event(one: Event, other: Event) -> bool:
    return _dates_agree(one, other) and quantities_agree(one, other)


def _dates_agree(one: Event, other: Event) -> bool:
    first, second = one.date, other.date
    if first is None or second is None or first.first is None or second.first is None:
        return True
    return first.first <= (second.last or second.first) and second.first <= (first.last or first.first)


def quantities_agree(one: Event, other: Event) -> bool:
    """Two numbers are two batches: "has taken over 18 of the jets … four of them landed on Monday"."""
    first, second = _number(one), _number(other)
    return first is None or second is None or first == second


def _number(event: Event) -> tuple[int, int | None] | None:
    found = event.quantity
    return (found.min, found.max) if found is not None and found.min else None


def _joined(one: Event, other: Event) -> Event:
    fuller, lesser = (one, other) if _fullness(one) >= _fullness(other) else (other, one)
    known = {(span.start, span.end) for span in fuller.evidence}
    evidence = (*fuller.evidence, *(span for span in lesser.evidence if (span.start, span.end) not in known))
    return replace(
        fuller,
        evidence=evidence,
        quantity=fuller.quantity or lesser.quantity,
        date=fuller.date or lesser.date,
        attribution=fuller.attribution or lesser.attribution,
        intermediary=fuller.intermediary or lesser.intermediary,
        end_user=fuller.end_user or lesser.end_user,
        score=max(fuller.score, lesser.score),
    )


def _fullness(event: Event) -> tuple[int, float]:
    slots = (event.quantity, event.date, event.attribution, event.end_user, event.intermediary, event.materiel or None)
    return sum(slot is not None for slot in slots), event.score
