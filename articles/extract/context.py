"""What a sentence leaves unsaid and the article has told: elided sides, "both countries", "we", the pair of a deal."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from articles.extract.clauses import Sentence, Side, Things
from articles.extract.events import Source
from articles.extract.lexicon import Lexicon, Materiel
from articles.extract.modality import Modality
from articles.extract.readings import Reading
from articles.extract.sources import Said

NEAR = 3
_LONG = re.compile(r"\b((?:[A-ZÀ-Þ][\w'’-]+ (?:(?:of|for|the|dan|and) )*){2,})\($")
_SHORT = re.compile(r"\s\(([A-ZÀ-Þ][\w&-]{1,11})\)")


def _from_initials(name: str, short: str) -> int:
    """Where in a run of capitalised words the body begins that `short` stands for, 0 where its letters do not tell."""
    starts = [word.start() for word in re.finditer(r"\b[A-ZÀ-Þ]", name)]
    for at, start in enumerate(starts):
        letters = iter(name[one] for one in starts[at:])
        if name[start] == short[0] and all(letter in letters for letter in short):
            return start
    return 0


@dataclass(slots=True)
class Context:
    """The state of reading after some sentences. `told`: number of the last sentence that told of a transfer.

    `recipients`, `suppliers`: who is named alone, with the categories. `types`: the first pair that each type went by.
    """

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    recipients: dict[str, set[str]] = field(default_factory=dict)
    suppliers: dict[str, set[str]] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    supplier: Side | None = None
    recipient: Side | None = None
    things: list[Things] = field(default_factory=list)
    subject: Side | None = None
    states: list[Side] = field(default_factory=list)
    said: Said | None = None
    speakers: dict[str, Said] = field(default_factory=dict)
    bodies: dict[str, Source] = field(default_factory=dict)
    colon: bool = False
    listing: int = -9
    last: tuple[str, Modality] | None = None
    number: int = 0
    told: int = -9
    types: dict[Materiel, tuple[Side, Side]] = field(default_factory=dict)

    @property
    def recent(self) -> bool:
        return self.number - self.told <= NEAR

    def survey(self, readings: Iterable[Reading]) -> None:
        """Count the pairs that single sentences name in full, before any side is carried over."""
        for reading in readings:
            if reading.supplier is None or reading.recipient is None or not (reading.things or reading.bare):
                self._half(reading)
                continue
            if reading.frame.roles in ("deal", "make"):
                continue
            for supplier in reading.supplier.sides:
                for recipient in reading.recipient.sides:
                    if supplier.key != recipient.key:
                        self.pairs[supplier.key, recipient.key] += 1
                        self.sides.setdefault(supplier.key, supplier)
                        self.sides.setdefault(recipient.key, recipient)

    def _half(self, reading: Reading) -> None:
        """What names one side only, as a headline or a buyer does; the other may stand alone elsewhere."""
        one, aid = reading.recipient or reading.supplier, "aid" in reading.frame.rules
        if one is None or reading.supplier is not None and reading.recipient is not None:
            return
        told = reading.things and reading.frame.roles in ("giver", "taker") and not reading.pronoun
        if not told and not (aid and reading.recipient is not None):
            return
        halves = self.suppliers if reading.recipient is None else self.recipients
        categories = {things.head.category for things in reading.things} | ({"aid"} if aid else set())
        for side in one.sides:
            halves.setdefault(side.key, set()).update(categories)
            self.sides.setdefault(side.key, side)

    def remember(self, sentence: Sentence, source: Said) -> None:
        for group in sentence.groups:
            for side in group.sides:
                self.states = [state for state in self.states if state.key != side.key][-3:] + [side]
                self.sides.setdefault(side.key, side)
        for group in sentence.groups:
            if not group.preposition and not group.origin and group.sides[0].key != "UN":
                self.subject = group.sides[0]
                break
        if source.speaker is not None or source.institution is not None:
            self.said = source

    def known(self, source: Said) -> Said:
        """A speaker who was introduced with a body speaks for it again under the bare surname."""
        speaker = source.speaker
        if speaker is None:
            return source
        if source.anonymous:
            return source
        names = speaker.text.split()
        before = self.speakers.get(names[-1])
        if before is None or source.institution is not None:
            for name in names:
                if name[:1].isupper() and (len(names) > 1 or name not in self.speakers):
                    self.speakers[name] = source
            return source
        if before.speaker is None:
            return source
        code = speaker.code or before.speaker.code
        return replace(
            source,
            speaker=replace(speaker, code=code),
            institution=before.institution,
            speaks=source.speaks or before.speaks,
            official=source.official or before.official,
            relayed_by=source.relayed_by or before.relayed_by,
        )

    def in_full(self, source: Said, text: str) -> Said:
        """A body under its whole name where the article has given its short one in brackets: "… Council (NSC)"."""
        body = source.institution
        if body is None:
            return source
        short, long = _SHORT.match(text, body.end), _LONG.search(text, max(0, body.start - 80), body.start)
        if short is not None:
            self.bodies.setdefault(short[1], body)
        elif long is not None:
            start = long.start(1) + _from_initials(long[1], body.text)
            name = text[start : long.end(1)].rstrip()
            self.bodies.setdefault(body.text, Source(name, start, start + len(name), body.code))
        whole = self.bodies.get(body.text)
        return replace(source, institution=whole) if whole is not None else source

    def tell(
        self, supplier: Side, recipient: Side, things: list[Things], last: tuple[str, Modality] | None = None
    ) -> None:
        self.last = last or self.last
        self.told = self.number
        self.supplier, self.recipient = supplier, recipient
        self.things = things or self.things
        for one in things:
            if one.head.kind != "class":
                self.types.setdefault(one.head, (supplier, recipient))

    def resolve(self, sentence: Sentence, reading: Reading, source: Said) -> tuple[list[Side], list[Side], list[str]]:
        """Suppliers and recipients of a reading, with notes on what was carried over."""
        suppliers = list(reading.supplier.sides) if reading.supplier else []
        recipients = list(reading.recipient.sides) if reading.recipient else []
        if reading.anaphoric:
            return self._told_again(suppliers, recipients)
        if reading.frame.roles == "list":
            near = self.recent or self.listing >= self.number - 1
            if not near or self.supplier is None or self.recipient is None:
                return [], [], []
            self.listing = self.number
            return [self.supplier], [self.recipient], ["supplier inferred", "recipient inferred"]
        if reading.pronoun == "generic" and (not suppliers or not recipients):
            if suppliers and reading.things:
                self.things, self.told = reading.things, self.number
            return [], [], []
        notes: list[str] = []
        if reading.pronoun:
            self._pronoun(sentence, reading, source, suppliers, recipients, notes)
        if reading.frame.roles == "use" and not suppliers:
            return self._used_again(reading, recipients, notes)
        if not suppliers and not recipients:
            again = reading.definite and self._same_things(reading) or self.same_type(reading) or self._goes_on(reading)
            before = next((self.types[one.head] for one in reading.things if one.head in self.types), None)
            if before is not None and reading.frame.roles in ("arrive", "giver", "taker"):
                return [before[0]], [before[1]], ["supplier inferred", "recipient inferred"]
            if not (self.recent and again):
                return [], [], notes
            if self.supplier is None or self.recipient is None:
                return [], [], notes
            return [self.supplier], [self.recipient], ["supplier inferred", "recipient inferred"]
        if not recipients:
            recipients = self._partner(reading, suppliers, self.recipient, 0)
            home = self.sides.get(sentence.language.home)
            if not recipients and home is not None and "home" in reading.frame.rules:
                recipients = [home]
            notes += ["recipient inferred"] if recipients else []
        elif not suppliers:
            suppliers = self._partner(reading, recipients, self.supplier, 1)
            notes += ["supplier inferred"] if suppliers else []
        return suppliers, recipients, notes

    def _used_again(
        self, reading: Reading, recipients: list[Side], notes: list[str]
    ) -> tuple[list[Side], list[Side], list[str]]:
        """ "The missiles may be used by Y", after they were told to come from X to Y."""
        if not reading.definite and any(things.head.kind != "class" for things in reading.things):
            return [], recipients, notes
        if not self.recent or not reading.definite or self.supplier is None or self.recipient is None:
            return [], [], notes
        if self.recipient.key not in {side.key for side in recipients} or not self._same_things(reading):
            return [], [], notes
        return [self.supplier], recipients, [*notes, "supplier inferred"]

    def _told_again(self, suppliers: list[Side], recipients: list[Side]) -> tuple[list[Side], list[Side], list[str]]:
        if suppliers and recipients and self.recent and self.things:
            return suppliers, recipients, ["materiel carried over"]
        if not self.recent or self.supplier is None or self.recipient is None:
            return [], [], []
        pair = {self.supplier.key, self.recipient.key}
        if any(side.key not in pair for side in (*suppliers, *recipients)):
            return [], [], []
        return [self.supplier], [self.recipient], ["materiel carried over"]

    def _partner(self, reading: Reading, known: list[Side], last: Side | None, place: int) -> list[Side]:
        """The other side: that of the last transfer if it is near, else the one that the article pairs it with most."""
        keys = {side.key for side in known}
        opposite = (self.supplier if place else self.recipient) if self.recent else None
        if self.recent and last is not None and last.key not in keys:
            return [last]
        counted: Counter[str] = Counter()
        if opposite is not None and opposite.key in keys and not any(pair[place] in keys for pair in self.pairs):
            return []
        for pair, times in self.pairs.items():
            if pair[place] in keys:
                counted[pair[1 - place]] += times
        halves = self.suppliers if place else self.recipients
        if not counted and len(halves) == 1 and not keys & set(halves):
            alike = {"aid", *(things.head.category for things in reading.things)}
            counted.update(key for key, categories in halves.items() if categories & alike)
        return [self.sides[counted.most_common(1)[0][0]]] if counted else []

    def _same_things(self, reading: Reading) -> bool:
        before = {things.head.category for things in self.things}
        deal = reading.frame.roles == "deal" or reading.frame.voice == "noun"
        return deal or any(things.head.category in before for things in reading.things)

    def _goes_on(self, reading: Reading) -> bool:
        """An order or a contract that names no party, right behind a transfer of the same materiel."""
        bare = reading.frame.voice == "noun" and reading.frame.roles in ("taker", "deal") and reading.operator is None
        if not bare or self.number - self.told > 1:
            return False
        before = {things.head.category for things in self.things} - {"unspecified"}
        return any(things.head.category in before for things in reading.things)

    def same_type(self, reading: Reading) -> bool:
        """A type that was told of before is known without an article: "Rafale pertama tiba"."""
        before = {mark.entry for things in self.things for mark in things.marks}
        types = [things.head for things in reading.things if things.head.kind != "class"]
        return any(one in before for one in types) and reading.frame.roles in ("arrive", "giver", "taker")

    def _pronoun(
        self,
        sentence: Sentence,
        reading: Reading,
        source: Said,
        suppliers: list[Side],
        recipients: list[Side],
        notes: list[str],
    ) -> None:
        resolved = self._stands_for(reading, sentence, source)
        if reading.pronoun == "both" and len(resolved) == 2 and not suppliers and not recipients:
            reading.symmetric = True
            suppliers.append(resolved[0])
            recipients.append(resolved[1])
        elif reading.pronoun == "both" and len(resolved) == 2 and bool(suppliers) != bool(recipients):
            known = {side.key for side in (*suppliers, *recipients)}
            other = next((side for side in resolved if side.key not in known), None)
            if other is None or len(known) > 1:
                return
            (recipients if suppliers else suppliers).append(other)
        elif resolved and reading.frame.roles in ("taker", "use", "deal", "make"):
            if recipients or resolved[0].key in {side.key for side in suppliers}:
                return
            recipients.append(resolved[0])
        elif resolved and not suppliers and resolved[0].key not in {side.key for side in recipients}:
            suppliers.append(resolved[0])
        else:
            return
        notes.append("pronoun")

    def _stands_for(self, reading: Reading, sentence: Sentence, source: Said) -> list[Side]:
        pronoun = reading.pronoun
        here = [side for group in sentence.groups if group.end <= reading.mark.start for side in group.sides]
        if pronoun == "both":
            last = {side.key: side for side in (*self.states, *here)}
            distinct = sorted(last.values(), key=lambda side: side.start)
            others = [side for side in distinct if side.key != source.speaks]
            return (others if len(others) > 1 else distinct)[-2:]
        if pronoun == "we":
            return self._we(source)
        if pronoun == "home":
            home = self.sides.get(sentence.language.home)
            return [home] if home is not None else []
        if pronoun == "there" and self.recent and reading.frame.roles in ("taker", "use", "giver", "arm"):
            told = self.recipient if reading.frame.roles in ("taker", "use") else self.supplier
            return [told] if told is not None else []
        return [self.subject] if self.subject is not None else []

    def _we(self, source: Said) -> list[Side]:
        if source.speaks:
            side = self.sides.get(source.speaks)
            return [side] if side is not None else []
        if self.supplier is not None:
            return [self.supplier]
        return [self.subject] if self.subject is not None else []

    def names_a_maker(self, reading: Reading) -> bool:
        """Whether the article names the state that has designed the type."""
        return any(things.head.maker in self.sides for things in reading.things)

    def maker(self, reading: Reading, recipients: list[Side], lexicon: Lexicon) -> Side | None:
        """The designer's home stands in for a seller that is not named; for a class of materiel it stands in never."""
        for things in reading.things:
            maker = things.head.maker
            if not maker or any(maker == side.key for side in recipients):
                continue
            if maker in self.sides:
                return self.sides[maker]
            actor = lexicon.actors.get(maker)
            mark = next((mark for mark in things.marks if things.head in mark.entries), None)
            if actor is not None and mark is not None and things.head.kind != "class" and reading.frame.roles != "use":
                return Side(maker, actor, mark.start, mark.end)
        return None
