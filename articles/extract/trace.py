"""What a reading has looked at on its way: the events come out of it, and the answer to why one was read or missed."""

from dataclasses import dataclass, field
from enum import StrEnum

from articles.extract.clauses import Sentence
from articles.extract.events import Event
from articles.extract.languages import Language
from articles.extract.mentions import Mark, Marks
from articles.extract.readings import Reading
from articles.extract.sources import Said


class Why(StrEnum):
    """Why a text was read no further, or why a trigger gave no event."""

    NO_ARMS = "no_arms"
    NO_TRIGGER = "no_trigger"
    NOUN = "noun"
    ITEMISED = "itemised"
    BREACH = "breach"
    CONSIDERING = "considering"
    HALTED_USE = "halted_use"
    FAR = "far"
    FALLS = "falls"
    PENALTY = "penalty"
    NO_PARCEL = "no_parcel"
    NO_MATERIEL = "no_materiel"
    NO_SUPPLIER = "no_supplier"
    NO_RECIPIENT = "no_recipient"
    NO_PARTIES = "no_parties"
    ONLY_GOODS = "only_goods"
    SAME_PARTY = "same_party"
    URGED = "urged"


@dataclass(slots=True)
class Attempt:
    """One trigger: what it was read as, and the events of that reading. `why` is set where one of them is missing."""

    mark: Mark
    reading: Reading | None = None
    events: list[Event] = field(default_factory=list)
    why: Why | None = None

    def fails(self, why: Why) -> None:
        """Say why; the first word stands."""
        self.why = self.why or why


@dataclass(slots=True)
class Step:
    """One sentence: its triggers, those of them that go on, whose words it is, and the events that were kept of it."""

    sentence: Sentence
    attempts: list[Attempt]
    main: list[Attempt]
    source: Said = field(default_factory=Said)
    events: list[Event] = field(default_factory=list)

    @property
    def readings(self) -> list[Reading]:
        """The readings that go on."""
        return [one.reading for one in self.main if one.reading is not None]


@dataclass(slots=True)
class Trace:
    """One reading of a text. `ended` says why it looked no further; `skipped` are the stretches that it left out."""

    language: Language
    ended: Why | None = None
    skipped: tuple[tuple[int, int], ...] = ()
    marks: Marks | None = None
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
