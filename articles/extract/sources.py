"""What is known of who says something, and how a stretch of a sentence names them."""

import re
from dataclasses import dataclass, replace

from articles.extract.clauses import Sentence
from articles.extract.events import Attribution, Source
from articles.extract.languages import Language, Pattern
from articles.extract.lexicon import Actor, Lexicon, Outlet
from articles.extract.mentions import Mark
from articles.extract.names import OFFICIALS, body_name, person_name, source_at
from articles.extract.relays import PLATFORMS, Relay, speaks_for_itself

_UNNAMED = Pattern("«unnamed sources»", re.I)
_OFFICE = Pattern(r"\b(?:«offices»)\b", re.I)
_JOINED = Pattern(r"\s*(?:,|«links of speakers»)\s+(?:(?:«article of a speaker»)\s+)?")
_HOLDER = Pattern(r"(?<!\w)(?:«offices without a name»)")
_OWNS = re.compile(r"['’]s? ")
_NAME_BEHIND = re.compile(r"\)?,?\s+(?=[A-Z])")
_AIDE = Pattern(r"\b(?:«aides»)\b", re.I)
_DESCRIBED = Pattern(
    r"\s*(?P<who>(?:«articles of a source»)\s+[a-z][\w’'-]*(?:\s+[a-z][\w’'-]*){0,5}?)"
    r"\s*(?:(?:«before a closing verb»)\s+)?"
)
_APPOSED = re.compile(r", [^,;:.\"“”()]{4,90}")
_STATES = frozenset({"state", "alliance"})
# Characters of a stretch that are looked at, from its end.
_STRETCH = 220
_BODIES = frozenset({"institution", "company", "group"})
_PLACE = Pattern(r"\b(?:«before a place»)\s+$")


@dataclass(slots=True)
class Said:
    """What one sentence says about its source. `speaks` is the state whose word it is, "" where unknown.

    `closing`: the sentence ends on its source, which then covers it whole. `anonymous`: told by an office and no name;
    `hidden`: and nothing says for whom, or that it must not be said. `pronoun`: "she said", "ujarnya";
    `report`: "the report said", of a body that was named before.
    `points`: the sentence only adds whose word the one before is ("Hal itu disampaikan X", "X made the remarks").
    """

    speaker: Source | None = None
    institution: Source | None = None
    relayed_by: Source | None = None
    speaks: str = ""
    verb: tuple[int, int] = (0, 0)
    anonymous: bool = False
    hidden: bool = False
    closing: bool = False
    official: bool = False
    pronoun: bool = False
    report: bool = False
    points: bool = False

    def relayed(self, relay: Relay | None, at: int, language: Language) -> "Said":
        """The same source, relayed by the outlet that the article retells where it names none of its own."""
        told = self.speaker is not None or self.institution is not None
        if relay is None or self.relayed_by is not None and self.relayed_by.text not in PLATFORMS[language]:
            return self
        return replace(self, relayed_by=relay.source) if relay.reaches(at, told) else self

    def covers(self, end: int) -> bool:
        """Whether a clause that ends at `end` is part of what is said: not if its speaker comes in only behind it."""
        name = self.speaker or self.institution
        return name is None or self.closing or not (self.verb[0] >= end and end <= name.start < self.verb[0])

    def of_parties(self, sentence: Sentence, parties: set[str]) -> "Said":
        """ "Britain and Italy said that they would send": of states that speak together, the one of the event."""
        if self.institution is None or self.speaker is not None:
            return self
        for group in sentence.groups:
            own = [side for side in group.sides if side.key in parties]
            if len(group.sides) > len(own) == 1 and any(side.start == self.institution.start for side in group.sides):
                name = source_at(sentence.text, own[0].start, own[0].end, own[0].actor.code or None)
                return replace(self, institution=name, speaks=own[0].key)
        return self

    def as_attribution(self) -> Attribution | None:
        if self.speaker is None and self.institution is None and self.relayed_by is None:
            return None
        return Attribution(self.speaker, self.institution, self.relayed_by)


def name_body_behind(sentence: Sentence, out: Said, start: int) -> None:
    """The body in the apposition behind a name: "said X, a spokesman for the ministry"."""
    office = _APPOSED.match(sentence.text, start, sentence.end)
    if office is None or any(office.start() <= frame.start < office.end() for frame in sentence.frames):
        return
    for name in sentence.names:
        for entry in name.entries:
            if office.start() <= name.start < office.end() and isinstance(entry, Actor) and entry.kind in _BODIES:
                out.institution = source_at(sentence.text, name.start, name.end, entry.code)
                return
    found = body_name(sentence.text, *office.span(), sentence.language)
    if found is not None:
        out.institution = source_at(sentence.text, *found, None)


def describe_source(sentence: Sentence, out: Said, start: int, end: int) -> None:
    """A source with neither name nor office, where a sentence closes on it: "…, the aircraft's makers said"."""
    found = _DESCRIBED[sentence.language].fullmatch(sentence.text, start, end)
    if found is not None:
        out.speaker = source_at(sentence.text, *found.span("who"), None)
        out.anonymous = out.hidden = True


def _has_aide(sentence: Sentence, person: Mark, start: int, end: int) -> bool:
    """Whether somebody speaks for a person: "X's spokesman Y", "juru bicara Menhan X, Y"."""
    text, own = sentence.text, sentence.language
    if _OWNS.match(text, person.end, end):
        return True
    behind = _NAME_BEHIND.match(text, person.end, end)
    return behind is not None and bool(_AIDE[own].search(text, start, person.start))


def name_source(
    sentence: Sentence, lexicon: Lexicon, out: Said, start: int, end: int, outlet: tuple[int, int] | None
) -> None:
    """Say in `out` whom a stretch names: a person, an office or officials, and the body or state behind them.

    `outlet` is where an outlet stands that no list has.
    """
    start = max(start, end - _STRETCH)
    text, own = sentence.text, sentence.language
    actors = [
        name
        for name in sentence.names
        if start <= name.start
        and name.end <= end
        and name.of(Actor) is not None
        and not _PLACE[own].search(text, max(start, name.start - 9), name.start)
    ]
    person = next((m for m in actors if _actor(m).kind == "person" and not _has_aide(sentence, m, start, end)), None)
    body = next((m for m in actors if _actor(m).kind in _BODIES), None)
    state = _first_state(actors)
    named = body_name(text, start, end, own) if body is None else None
    if named is not None and (named == outlet or _is_outlet(sentence, *named)):
        named = None
    named = _without_person(text, named, actors)
    who = person
    unnamed = False
    if person is not None:
        out.speaker = source_at(text, person.start, person.end, _code(lexicon, person))
    else:
        officials = OFFICIALS[own].search(text, start, end)
        if officials is not None and _is_outlet(sentence, officials.end("noun"), officials.end()):
            officials = None
        taken = [(mark.start, mark.end) for mark in sentence.names]
        taken += [outlet] if outlet is not None else []
        name = person_name(sentence, start, end, [*taken, *([named] if named else [])])
        if (
            name is not None
            and officials is not None
            and (officials.start() <= name[0] < officials.start("noun") or officials.start() == name[1] + 1)
        ):
            name = None
        aide = officials is not None and _AIDE[own].search(officials["noun"])
        if name is not None and officials is not None and not aide:
            name = None if _JOINED[own].fullmatch(text, officials.end(), name[0]) else name
        if name is not None:
            out.speaker = source_at(text, *name, _actor(body).code if body else _state(lexicon, state))
        elif officials is not None:
            state = _first_state(actors, *officials.span()) or state
            code = _actor(body).code if body else _state(lexicon, state)
            out.speaker = source_at(text, *officials.span(), code)
            unnamed = True
            out.anonymous = True
            out.hidden = not code or bool(_UNNAMED[own].search(text, start, min(end + 80, sentence.end)))
        elif not out.pronoun and (office := _HOLDER[own].search(text, start, end)) is not None:
            state = _first_state(actors, *office.span()) or state
            out.speaker = source_at(text, *office.span(), _state(lexicon, state))
            unnamed = True
    anchor = body or state
    if named is not None:
        out.institution = source_at(text, *named, _state(lexicon, state) or None)
    elif anchor is not None and not (
        unnamed and body is None and out.speaker is not None and out.speaker.start <= anchor.start < out.speaker.end
    ):
        out.institution = source_at(text, anchor.start, anchor.end, _actor(anchor).code)
    pick = who or body or state
    out.speaks = lexicon.state_of(_actor(pick).code) if pick is not None else ""
    out.official = bool(_OFFICE[own].search(text, start, end))
    if not out.speaks and pick is not None:
        out.speaks = _actor(pick).code


def _is_outlet(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a known outlet, that relays and does not speak for itself, stands in a stretch."""
    return any(
        isinstance(mark.entry, Outlet) and not speaks_for_itself(mark)
        for mark in sentence.names
        if start < mark.end and mark.start < end
    )


def _without_person(text: str, body: tuple[int, int] | None, actors: list[Mark]) -> tuple[int, int] | None:
    """ "Kementerian Luar Negeri Belanda Jan de Vries": behind a body and its state begins the name of somebody."""
    if body is None:
        return None
    for mark in actors:
        inside = body[0] < mark.start and mark.end <= body[1]
        if inside and _actor(mark).kind == "person" and " " in text[body[0] : mark.start - 1]:
            return body[0], mark.start - 1
        if inside and _actor(mark).kind == "state" and text[mark.end : mark.end + 2].strip()[:1].isupper():
            return body[0], mark.end
    return body


def _first_state(actors: list[Mark], start: int = 0, end: int | None = None) -> Mark | None:
    """The first state or alliance of a sentence, or of a stretch of it."""
    within = (mark for mark in actors if start <= mark.start and (end is None or mark.end <= end))
    return next((mark for mark in within if _actor(mark).kind in _STATES), None)


def _state(lexicon: Lexicon, mark: Mark | None) -> str | None:
    return lexicon.state_of(_actor(mark).code) if mark is not None else None


def _actor(mark: Mark) -> Actor:
    return next(entry for entry in mark.entries if isinstance(entry, Actor))


def _code(lexicon: Lexicon, mark: Mark) -> str | None:
    return lexicon.institution_of(_actor(mark).code) or None
