"""Who says it: speaker, the body that they speak for, and the outlet that relays them."""

import re
from dataclasses import dataclass, replace

from articles.extract.clauses import Sentence
from articles.extract.events import Attribution, Source
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon, Outlet
from articles.extract.mentions import Mark
from articles.extract.names import OFFICIALS, body_name, person_name, source_at
from articles.extract.papers import author_of_paper, paper_behind, paper_says, paper_shows
from articles.extract.relays import (
    PLATFORMS,
    Relay,
    is_subject,
    outlet_at_work,
    outlet_near,
    outlet_source,
    speaks_for_itself,
    unknown_outlet,
)

_UNNAMED = Pattern("«unnamed sources»", re.I)
_TITLE = Pattern("«offices before a name»")
_OFFICE = Pattern(r"\b(?:«offices»)\b", re.I)
_LONGEST_CLOSE = 25
_OPENING = 90
_CLOSED = frozenset('"”“')
_CITED = frozenset({"person", "institution", "company"})
_CITED_NAME = Pattern("«behind a cited name»")
_JOINED = Pattern(r"\s*(?:,|«links of speakers»)\s+(?:(?:«article of a speaker»)\s+)?")
_PASSIVE = Pattern(r"\b(?:«be before a verb of saying»)\s+$")
_BY = Pattern(r" (?:«by behind a verb of saying») ")
_SPEAKER_OPENS = Pattern(r"(?:«openers of a speaker»)\b", re.I)
_TOLD = Words("told")
_INVERTED = Pattern(r"(?:«speech before its speaker»)")
_ENDS = Pattern(r"[;:\"“”]|(?<![A-Z])\.\s|, (?:«behind a speaker»)\b|\((?=\d)|\b(?:«that»|«ends of a speaker»)\b")
_INFINITIVE = Pattern(r"\b(?:«before an infinitive of saying»)\s+$")
_PRONOUN = Pattern(r"[\"“]?(?:«pronouns that speak»)\b[^\"“”,;:]{0,60}$")
_PRONOUN_INSIDE = Pattern(r"(?:[,;:\"”’]|\b(?:«clauses that a pronoun opens»))\s*(?:«pronouns inside that speak»)$")
_BEHIND_QUOTE = re.compile(r"(?:[\"”’]|[,.!?]“)\s*$")
_OWNS = re.compile(r"['’]s? ")
_AIDE = Pattern(r"\b(?:«aides»)\b", re.I)
_DESCRIBED = Pattern(
    r"\s*(?P<who>(?:«articles of a source»)\s+[a-z][\w’'-]*(?:\s+[a-z][\w’'-]*){0,5}?)"
    r"\s*(?:(?:«before a closing verb»)\s+)?"
)
_APPOSED = re.compile(r", [^,;:.\"“”()]{4,90}")
_BODIES = frozenset({"institution", "company", "group"})
_HOLDER = Pattern(r"[\"“]?(?:«offices that stand for their holder»)(?!\w)")
_BY_PRONOUN = Pattern(r"\s+(?:«pronouns behind the verb»)\b")
_OWN_WORD = Pattern(r"(?:«verbs with their own pronoun»)", re.I)
_PLACE = Pattern(r"\b(?:«before a place»)\s+$")


@dataclass(slots=True)
class Said:
    """What one sentence says about its source. `speaks` is the state whose word it is, "" where unknown.

    `closing`: the sentence ends on its source, which then covers it whole. `anonymous`: told by an office and no name;
    `hidden`: and nothing says for whom, or that it must not be said. `pronoun`: "she said", "ujarnya";
    `report`: "the report said", of a body that was named before.
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

    def as_attribution(self) -> Attribution | None:
        if self.speaker is None and self.institution is None and self.relayed_by is None:
            return None
        return Attribution(self.speaker, self.institution, self.relayed_by)


def said(sentence: Sentence, lexicon: Lexicon, quotations: list[tuple[int, int]]) -> Said:
    """The source that the sentence names outside of `quotations`, by its verbs of saying and its "according to"."""
    out, own = Said(), sentence.language
    spoken = sentence.words_in(sentence.start, sentence.end, "speech")
    unnamed = unknown_outlet(sentence) if spoken else None
    closed = [quote for quote in quotations if sentence.text[quote[1] : quote[1] + 1] in _CLOSED]
    marks = [
        (mark, value)
        for mark, value in spoken
        if value != "to"
        and not any(begin < mark.start < end for begin, end in closed)
        and not (value == "said" and _says_nothing(sentence, mark))
    ]
    last = marks[-1] if marks and _closes(sentence, marks[-1]) else None
    if last is not None:
        marks.insert(0, marks.pop())
    for mark, value in marks:
        outlet = outlet_near(sentence, mark)
        if outlet is not None and speaks_for_itself(outlet):
            out.institution = out.institution or source_at(sentence.text, outlet.start, outlet.end, None)
        elif outlet is not None and (out.relayed_by is None or out.relayed_by.text in PLATFORMS[own]):
            out.relayed_by = outlet_source(sentence, outlet.start, outlet.end)
        if outlet is not None and value == "said" and is_subject(sentence, outlet, mark):
            continue
        if _pronoun_says(sentence, mark, value):
            out.pronoun = out.speaker is None and out.institution is None
            continue
        if paper_says(sentence, mark, value) or (
            value == "said" and paper_behind(sentence, mark) and _stands_behind(sentence, mark)
        ):
            out.report = True
            continue
        if value == "citing" and not _cites_somebody(sentence, mark):
            continue
        out.pronoun = out.pronoun or _office_says(sentence, mark)
        for place in _speaker_places(sentence, mark, value):
            if out.speaker is not None or out.institution is not None:
                break
            _name_source(sentence, lexicon, out, *place, unnamed)
            if out.speaker is None and out.institution is None and last is not None and mark is last[0]:
                _describe_source(sentence, out, *place)
            if out.speaker is not None and out.institution is None and not out.anonymous:
                _name_body_behind(sentence, out, out.speaker.end)
            if out.speaker is not None or out.institution is not None:
                out.verb = (mark.start, mark.end)
                out.closing = last is not None and mark is last[0]
    out.report = out.report or paper_shows(sentence)
    if out.speaker is None and out.institution is None:
        out.institution = author_of_paper(sentence)
    if out.relayed_by is None:
        out.relayed_by = outlet_at_work(sentence) or (outlet_source(sentence, *unnamed) if unnamed else None)
    return out


def introduced(sentence: Sentence, lexicon: Lexicon) -> Said | None:
    """The person whom the opening of a sentence names in full; None where it names nobody so."""
    out = Said()
    _name_source(sentence, lexicon, out, sentence.start, min(sentence.end, sentence.start + _OPENING), None)
    full = out.speaker is not None and not out.anonymous and " " in out.speaker.text
    return out if full else None


def _cites_somebody(sentence: Sentence, mark: Mark) -> bool:
    """Cited is a source ("citing two officials", "mengutip Kemhan") and not a reason ("citing threats")."""
    end = min(sentence.end, mark.end + 60)
    if OFFICIALS[sentence.language].search(sentence.text, mark.end, end):
        return True
    near = [
        name
        for name in sentence.names
        if 0 <= name.start - mark.end <= 30 and _CITED_NAME[sentence.language].match(sentence.text, name.end)
    ]
    named = any(isinstance(entry, Actor) and entry.kind in _CITED for name in near for entry in name.entries)
    body = body_name(sentence.text, mark.end, end, sentence.language)
    return named or body is not None and bool(_CITED_NAME[sentence.language].match(sentence.text, body[1]))


def _says_nothing(sentence: Sentence, mark: Mark) -> bool:
    """A passive, an infinitive, a part of a compound: "was announced", "tanpa menyebut", "announced by"."""
    text, own = sentence.text, sentence.language
    if text[mark.start - 1 : mark.start] == "-" or _BY[own].match(text, mark.end):
        return True
    before = text[max(sentence.start, mark.start - 14) : mark.start]
    return bool(_PASSIVE[own].search(before) or _INFINITIVE[own].search(before))


def _pronoun_says(sentence: Sentence, mark: Mark, value: str) -> bool:
    """ "She said", ", he added", "ujarnya", "kata dia": a verb of saying whose subject is told elsewhere."""
    text, own = sentence.text, sentence.language
    if _OWN_WORD[own].fullmatch(text, mark.start, mark.end):
        return True
    before = text[sentence.start : mark.start]
    inverted = (
        value == "according"
        or not before
        or _INVERTED[own].fullmatch(text, mark.start, mark.end)
        or _BEHIND_QUOTE.search(before)
    )
    if inverted and _BY_PRONOUN[own].match(text, mark.end):
        return True
    return bool(_PRONOUN[own].match(before) or _PRONOUN_INSIDE[own].search(before[-24:]))


def _office_says(sentence: Sentence, mark: Mark) -> bool:
    """ "The minister said", "kata KSAU": an office without a name, that the article may have given before."""
    text, office = sentence.text, _HOLDER[sentence.language]
    ahead = office.match(text, mark.end + 1, sentence.end)
    if ahead is not None and _INVERTED[sentence.language].fullmatch(text, mark.start, mark.end):
        return not text[ahead.end() : ahead.end() + 2].strip(" (").isupper()
    return bool(office.fullmatch(text, sentence.start, mark.start - 1))


def _closes(sentence: Sentence, last: tuple[Mark, str]) -> bool:
    """Whether a sentence ends on its source: "…, several officials told Reuters on Tuesday", "…, kata X di Jakarta"."""
    mark, value = last
    comma = sentence.text.rfind(", ", sentence.start, mark.start)
    if comma < 0:
        return False
    between = sentence.words_between(comma, mark.start)
    told = any(comma <= frame.start for frame in sentence.frames)
    if value == "said" and sentence.language.inverts_quotes and between and not told:
        return between <= 12 and sentence.words_between(mark.end, sentence.end) <= 8
    behind = outlet_near(sentence, mark) is None if value == "according" else _stands_behind(sentence, mark)
    rest = sentence.words_between(mark.end, sentence.end)
    return behind and value != "citing" and not told and between <= 2 and 1 <= rest <= _LONGEST_CLOSE


def _speaker_places(sentence: Sentence, mark: Mark, value: str) -> list[tuple[int, int]]:
    """Where to look for the speaker's name, the likeliest place first."""
    text, own = sentence.text, sentence.language
    after = (mark.end, _clause_end(text, mark.end, sentence.end, own))
    if value == "according" and sentence.words_between(sentence.start, mark.start) <= 2:
        comma = text.find(",", mark.end, after[1])
        return [(mark.end, comma) if comma > 0 else after]
    if value in ("according", "citing") or _stands_behind(sentence, mark):
        return [after]
    clause = sentence.start
    closed = text[sentence.start : mark.start].rstrip().endswith(",")
    if not closed:
        clause = max(clause, text.rfind(", ", sentence.start, mark.start) + 1)
        for word, kind in sentence.words_in(sentence.start, mark.start, "clause"):
            clause = max(clause, word.end) if kind == "strong" else clause
    begin = ahead = sentence.start
    stops = list(re.finditer(r"[;:\"“”]|, (?=[A-Z])|^.{2,40} [–—-]{1,2} ", text[sentence.start : mark.start]))
    if closed and stops and stops[-1].group() == ", ":
        stops.pop()
    for stop in stops:
        title = stop.group() == ", " and _is_title(sentence, ahead, sentence.start + stop.start())
        begin, ahead = ahead if title else sentence.start + stop.end(), sentence.start + stop.end()
        clause = begin if title else max(clause, begin)
    heads = [word.start for word, _ in sentence.words_in(clause, mark.start, "relative") if word.start > clause][:1]
    return [*((clause, head) for head in heads), (clause, mark.start), (begin if stops else clause, mark.start)]


def _stands_behind(sentence: Sentence, mark: Mark) -> bool:
    """Whether the speaker follows the verb: "kata X", and after a quotation or what is told "said X"."""
    text, own = sentence.text, sentence.language
    if _INVERTED[own].fullmatch(text, mark.start, mark.end):
        return True
    if not own.inverts_quotes or text[mark.start : mark.end].lower() in _TOLD[own]:
        return False
    before = text[sentence.start : mark.start].rstrip()
    following = text[mark.end : mark.end + 40].lstrip()
    opens = following[:1].isupper() or _SPEAKER_OPENS[own].match(following)
    told = before.count(",") == 1 or any(frame.start < mark.start for frame in sentence.frames)
    return before.endswith(('"', "”", ",“", "''", "’’")) or not before or before.endswith(",") and bool(opens) and told


def _is_title(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a stretch before a comma is the office of the name behind it: "Kepala Biro Humas Kemhan, Brigjen X"."""
    if any(start <= frame.start < end for frame in sentence.frames) or sentence.words_in(start, end, "speech"):
        return False
    return sentence.words_between(start, end) <= 12 and bool(
        _TITLE[sentence.language].search(sentence.text, start, end)
    )


def _clause_end(text: str, start: int, end: int, language: Language) -> int:
    stop = _ENDS[language].search(text[start:end])
    return start + stop.start() if stop else min(end, start + 160)


def _name_body_behind(sentence: Sentence, out: Said, start: int) -> None:
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


def _describe_source(sentence: Sentence, out: Said, start: int, end: int) -> None:
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
    behind = re.compile(r"\)?,?\s+(?=[A-Z])").match(text, person.end, end)
    return behind is not None and bool(_AIDE[own].search(text, start, person.start))


def _name_source(
    sentence: Sentence, lexicon: Lexicon, out: Said, start: int, end: int, outlet: tuple[int, int] | None
) -> None:
    if end - start > 220:
        start = end - 220
    text, own = sentence.text, sentence.language
    actors = [
        name
        for name in sentence.names
        if start <= name.start
        and name.end <= end
        and any(isinstance(e, Actor) for e in name.entries)
        and not _PLACE[own].search(text, max(start, name.start - 9), name.start)
    ]
    outlets = [mark for mark in sentence.names if isinstance(mark.entry, Outlet) and not speaks_for_itself(mark)]
    person = next((m for m in actors if _actor(m).kind == "person" and not _has_aide(sentence, m, start, end)), None)
    body = next((m for m in actors if _actor(m).kind in ("institution", "company", "group")), None)
    state = next((m for m in actors if _actor(m).kind in ("state", "alliance")), None)
    named = body_name(text, start, end, own) if body is None else None
    if named is not None and (named == outlet or any(named[0] < m.end and m.start < named[1] for m in outlets)):
        named = None
    named = _without_person(text, named, actors)
    who = person
    unnamed = False
    officials = OFFICIALS[own].search(text, start, end)
    if person is not None:
        out.speaker = source_at(text, person.start, person.end, _code(lexicon, person))
    else:
        taken = [(mark.start, mark.end) for mark in sentence.names]
        taken += [outlet] if outlet is not None else []
        name = person_name(sentence, start, end, [*taken, *([named] if named else [])])
        if name is not None and officials is not None and officials.start() <= name[0] < officials.start("noun"):
            name = None
        aide = officials is not None and _AIDE[own].search(officials["noun"])
        if name is not None and officials is not None and not aide:
            name = None if _JOINED[own].fullmatch(text, officials.end(), name[0]) else name
        if name is not None:
            code = _actor(body).code if body else (lexicon.state_of(_actor(state).code) if state else None)
            out.speaker = source_at(text, *name, code)
        elif officials is not None:
            inner = [m for m in actors if officials.start() <= m.start and m.end <= officials.end()]
            state = next((m for m in inner if _actor(m).kind in ("state", "alliance")), state)
            code = _actor(body).code if body else (lexicon.state_of(_actor(state).code) if state else None)
            out.speaker = source_at(text, officials.start(), officials.end(), code)
            unnamed = True
            out.anonymous = True
            out.hidden = not code or bool(_UNNAMED[own].search(text, start, min(end + 80, sentence.end)))
    anchor = body or state
    if named is not None:
        code = lexicon.state_of(_actor(state).code) if state else None
        out.institution = source_at(text, *named, code or None)
    elif anchor is not None and not (
        unnamed and body is None and out.speaker is not None and out.speaker.start <= anchor.start < out.speaker.end
    ):
        out.institution = source_at(text, anchor.start, anchor.end, _actor(anchor).code)
    pick = who or body or state
    out.speaks = lexicon.state_of(_actor(pick).code) if pick is not None else ""
    out.official = bool(_OFFICE[own].search(text, start, end))
    if not out.speaks and pick is not None:
        out.speaks = _actor(pick).code


def _without_person(text: str, body: tuple[int, int] | None, actors: list[Mark]) -> tuple[int, int] | None:
    """ "Kementerian Luar Negeri Belanda Jan de Vries": behind the state begins the name of somebody."""
    if body is None:
        return None
    for mark in actors:
        inside = body[0] < mark.start and mark.end < body[1]
        if inside and _actor(mark).kind == "state" and text[mark.end : mark.end + 2].strip()[:1].isupper():
            return body[0], mark.end
    return body


def _actor(mark: Mark) -> Actor:
    return next(entry for entry in mark.entries if isinstance(entry, Actor))


def _code(lexicon: Lexicon, mark: Mark) -> str | None:
    return lexicon.institution_of(_actor(mark).code) or None
