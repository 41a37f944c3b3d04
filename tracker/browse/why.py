"""Why the machine read an event, or missed it, in the reader's words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import Category, Modality, Stage
from articles.extract.explain import OTHER_TRIGGER, PSEUDO, REPEATED, TOLD, Explanation, Seen, Trigger, Word
from articles.extract.trace import Why
from articles.passages import Mark, Paragraph, paragraphs
from tracker.templatetags.figures import figure

OUTCOMES: dict[str, Any] = {
    TOLD: gettext_lazy("read as an event"),
    REPEATED: gettext_lazy("no event: it repeats another one of this sentence"),
    OTHER_TRIGGER: gettext_lazy("no event of its own: another trigger of this sentence tells it"),
    PSEUDO: gettext_lazy("no trigger: a phrase that only sounds like one"),
    Why.NOUN: gettext_lazy("no event: an article stands before it, so it is a noun here"),
    Why.ITEMISED: gettext_lazy("no event: the items behind it tell it"),
    Why.BREACH: gettext_lazy("no event: who breaks an embargo has not laid it"),
    Why.CONSIDERING: gettext_lazy("no event: it means “considering” here"),
    Why.HALTED_USE: gettext_lazy("no event: the use of a weapon that is stopped is no transfer"),
    Why.FAR: gettext_lazy("no event: no materiel stands close enough to it"),
    Why.FALLS: gettext_lazy("no event: what lands was fired, and not delivered"),
    Why.PENALTY: gettext_lazy("no event of its own: a penalty counts where it is for a transfer"),
    Why.NO_PARCEL: gettext_lazy("no event: nothing that was told before is listed here"),
    Why.NO_MATERIEL: gettext_lazy("no event: no materiel was found for it"),
    Why.NO_SUPPLIER: gettext_lazy("no event: no supplier was found"),
    Why.NO_RECIPIENT: gettext_lazy("no event: no recipient was found"),
    Why.NO_PARTIES: gettext_lazy("no event: neither supplier nor recipient was found"),
    Why.ONLY_GOODS: gettext_lazy("no event: only goods are named, and no transfer was told of before"),
    Why.SAME_PARTY: gettext_lazy("no event: supplier and recipient would be the same"),
    Why.URGED: gettext_lazy("no event: somebody is only urged to do it, or to keep a promise not to"),
}
ENDED: dict[str, Any] = {
    Why.NO_ARMS: gettext_lazy("The text holds no word that names materiel, so it was read no further."),
    Why.NO_TRIGGER: gettext_lazy("The text holds no word that tells of a transfer, so it was read no further."),
}
# What a cue says beyond the modalities, and how far it reaches.
CUES: dict[str, Any] = {
    "negated": gettext_lazy("negation"),
    "announced": gettext_lazy("announcement"),
    "conditional": gettext_lazy("condition"),
    "none": gettext_lazy("only sounds like a cue"),
}
REACH: dict[str, Any] = {
    "before": gettext_lazy("over %s words behind it"),
    "after": gettext_lazy("over %s words before it"),
    "any": gettext_lazy("over %s words on either side"),
}
ROLES: tuple[tuple[str, Any], ...] = (
    ("supplier", gettext_lazy("supplier")),
    ("recipient", gettext_lazy("recipient")),
    ("intermediary", gettext_lazy("intermediary")),
    ("end_user", gettext_lazy("end user")),
    ("materiel", gettext_lazy("materiel")),
)
# Without one of these there is no event.
NEEDED = {"supplier", "recipient", "materiel"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One trigger in words. `roles` are pairs of a label and what was found; "" where it is missing."""

    text: str
    told: bool
    outcome: Any
    reading: str
    roles: list[tuple[Any, str]]
    modality: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence: its marked text, and what was seen in it."""

    paragraphs: list[Paragraph]
    headline: bool
    tried: list[Tried]
    seen: list[tuple[Any, list[str]]]
    source: str
    events: list[str]

    @property
    def empty(self) -> bool:
        """Nothing was seen in it."""
        return not (self.tried or self.seen)


def ended(explanation: Explanation) -> Any:
    """Why the text was read no further, or nothing."""
    return ENDED.get(explanation.ended, "")


def rows(text: str, explanation: Explanation) -> Iterator[Row]:
    """The sentences in their order."""
    for seen in explanation.sentences:
        offset = seen.start
        marks = [Mark(one.start - offset, one.end - offset, one.name) for one in _marks(seen)]
        yield Row(
            paragraphs(text[seen.start : seen.end], marks),
            seen.headline,
            [_tried(one) for one in seen.triggers],
            [(label, words) for label, words in _seen(seen) if words],
            ", ".join(seen.source),
            [_event(event) for event in seen.events] if seen.answers else [],
        )


def _marks(seen: Seen) -> Iterable[Mark]:
    """The marks of a sentence; a party counts as such, whatever its role."""
    for name, words in (
        ("other", seen.parties),
        ("materiel", seen.materiel),
        ("quantity", seen.quantities),
        ("date", seen.dates),
        ("said", seen.cues),
        ("stage", [one.word for one in seen.triggers]),
    ):
        for word in words:
            yield Mark(word.start, word.end, name)


def _tried(one: Trigger) -> Tried:
    # What only sounds like a trigger was never asked for its roles.
    roles = [] if one.outcome == PSEUDO or not one.modality else _roles(one)
    parts = [str(Stage(one.stage).label)] if one.stage in Stage.values else []
    if one.operator:
        parts.append(_("under “%s”") % one.operator)
    modality = str(Modality(one.modality).label) if one.modality in Modality.values else ""
    if modality and one.cue:
        modality = f"{modality} (“{one.cue}”)"
    return Tried(
        one.word.text, one.outcome == TOLD, OUTCOMES[one.outcome], ", ".join(parts), roles, modality, one.notes
    )


def _roles(one: Trigger) -> list[tuple[Any, str]]:
    found = [(name, label, ", ".join(getattr(one, name))) for name, label in ROLES]
    missing = NEEDED if one.outcome != TOLD else set[str]()
    return [(label, words) for name, label, words in found if words or name in missing]


def _seen(seen: Seen) -> Iterator[tuple[Any, list[str]]]:
    yield _("parties"), [_said(one, one.meant[1]) for one in seen.parties]
    yield _("materiel"), [_said(one, str(Category(one.meant[0]).label)) for one in seen.materiel]
    yield _("cues"), [_said(one, _cue(*one.meant)) for one in seen.cues]
    yield _("dates"), [_said(one, _days(*one.meant)) for one in seen.dates]
    yield _("quantities"), [_said(one, _number(*one.meant)) for one in seen.quantities]


def _said(word: Word, meant: str) -> str:
    return f"“{word.text}”: {meant}" if meant and meant != word.text else f"“{word.text}”"


def _cue(value: str, direction: str, reach: str) -> str:
    said = str(CUES.get(value) or Modality(value).label)
    return f"{said}, {REACH[direction] % reach}" if value != "none" else said


def _days(first: str, last: str) -> str:
    days = [date_format(date.fromisoformat(day), "j M Y") for day in dict.fromkeys((first, last)) if day]
    return " – ".join(days) if days else _("no day of the calendar")


def _number(low: str, high: str, unit: str) -> str:
    numbers = [figure(int(number)) for number in dict.fromkeys((low, high)) if number]
    if low and not high:
        numbers.append("…")
    return " ".join(part for part in (" – ".join(numbers), unit) if part)


def _event(event: Any) -> str:
    names = [party.name if party else "?" for party in (event.supplier, event.recipient)]
    what = ", ".join(item.text for item in event.materiel) or _("materiel as told before")
    return f"{names[0]} → {names[1]}: {what}; {Stage(event.stage).label}, {Modality(event.modality).label}"
