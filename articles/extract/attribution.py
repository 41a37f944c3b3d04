"""Who says it: speaker, the body that they speak for, and the outlet that relays them."""

import re
from dataclasses import dataclass, replace

from articles.extract.clauses import Sentence
from articles.extract.events import Attribution, Source
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon
from articles.extract.mentions import Mark
from articles.extract.names import OFFICIALS, body_name, person_name, source_at
from articles.extract.relays import (
    PLATFORMS,
    Relay,
    outlet_at_work,
    outlet_near,
    outlet_source,
    speaks_for_itself,
    unknown_outlet,
)

_UNNAMED = Pattern("«unnamed sources»", re.I)
_TITLE = Pattern("«offices before a name»")
_OFFICE = Pattern(r"\b(?:«offices»)\b", re.I)
_CLOSED = frozenset('"”')
_CITED = frozenset({"person", "institution", "company"})
_CITED_NAME = Pattern("«behind a cited name»")
_JOINED = Pattern(r"\s*(?:,|«links of speakers»)\s+(?:(?:«article of a speaker»)\s+)?")
_PASSIVE = Pattern(r"\b(?:«be before a verb of saying»)\s+$")
_BY = Pattern(r" (?:«by behind a verb of saying») ")
_SPEAKER_OPENS = Pattern(r"(?:«openers of a speaker»)\b", re.I)
_TOLD = Words("told")
_INVERTED = Pattern(r"(?:«speech before its speaker»)")
_ENDS = Pattern(r"[;:\"“”]|(?<![A-Z])\.\s|, (?:«behind a speaker»)\b|\((?=\d)|\b(?:«that»)\b")
_INFINITIVE = Pattern(r"\b(?:«before an infinitive of saying»)\s+$")
_PRONOUN = Pattern(r"[\"“]?(?:«pronouns that speak»)\b[^\"“”,;:]{0,60}$")
_PRONOUN_INSIDE = Pattern(r"(?:[,;:\"”’]|\b(?:«clauses that a pronoun opens»))\s*(?:«pronouns inside that speak»)$")
_REPORT = Pattern(r"(?:«reports that speak»)")
_OF_SOMEBODY = Pattern(r" (?:«by behind a paper»)\b")
_BEHIND_QUOTE = re.compile(r"[,\"”’]\s*$")
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
        if outlet is not None and value == "said" and outlet.end <= mark.start:
            continue
        if value == "citing" and not _cites_somebody(sentence, mark):
            continue
        if _pronoun_says(sentence, mark):
            out.pronoun = True
            continue
        if _report_says(sentence, mark, value):
            out.report = True
            continue
        out.pronoun = out.pronoun or _office_says(sentence, mark)
        place = _speaker_place(sentence, mark, value)
        if place is None or out.speaker is not None or out.institution is not None:
            continue
        _name_source(sentence, lexicon, out, *place, unnamed)
        if out.speaker is not None or out.institution is not None:
            out.verb = (mark.start, mark.end)
            out.closing = last is not None and mark is last[0]
    if out.relayed_by is None:
        out.relayed_by = outlet_at_work(sentence) or (outlet_source(sentence, *unnamed) if unnamed else None)
    return out


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


def _pronoun_says(sentence: Sentence, mark: Mark) -> bool:
    """ "She said", ", he added", "ujarnya", "kata dia": a verb of saying whose subject is told elsewhere."""
    text, own = sentence.text, sentence.language
    if _OWN_WORD[own].fullmatch(text, mark.start, mark.end):
        return True
    before = text[sentence.start : mark.start]
    inverted = _INVERTED[own].fullmatch(text, mark.start, mark.end) or not before or _BEHIND_QUOTE.search(before)
    if inverted and _BY_PRONOUN[own].match(text, mark.end):
        return True
    return bool(_PRONOUN[own].match(before) or _PRONOUN_INSIDE[own].search(before[-24:]))


def _report_says(sentence: Sentence, mark: Mark, value: str) -> bool:
    """ "The report said", "according to the statement", "laporan itu menyebut": a paper that was told of before."""
    text, report = sentence.text, _REPORT[sentence.language]
    if value == "according":
        found = report.match(text, mark.end + 1, sentence.end)
        return found is not None and not _OF_SOMEBODY[sentence.language].match(text, found.end())
    before = text[max(sentence.start, mark.start - 60) : mark.start].rstrip()
    start = max(before.rfind(char) for char in ',;:"”') + 1
    return report.fullmatch(before, start + len(before[start:]) - len(before[start:].lstrip())) is not None


def _office_says(sentence: Sentence, mark: Mark) -> bool:
    """ "The minister said", "kata KSAU": an office without a name, that the article may have given before."""
    text, office = sentence.text, _HOLDER[sentence.language]
    ahead = office.match(text, mark.end + 1, sentence.end)
    if ahead is not None and _INVERTED[sentence.language].fullmatch(text, mark.start, mark.end):
        return not text[ahead.end() : ahead.end() + 2].strip(" (").isupper()
    return bool(office.fullmatch(text, sentence.start, mark.start - 1))


def _closes(sentence: Sentence, last: tuple[Mark, str]) -> bool:
    """Whether a sentence ends on its source: "…, several officials told Reuters on Tuesday"."""
    mark, value = last
    comma = sentence.text.rfind(", ", sentence.start, mark.start)
    if (
        not sentence.language.inverts_quotes
        or value != "said"
        or comma < 0
        or sentence.words_between(mark.end, sentence.end) > 8
    ):
        return False
    told = any(comma <= frame.start for frame in sentence.frames)
    return not told and 1 <= sentence.words_between(comma, mark.start) <= 12


def _speaker_place(sentence: Sentence, mark: Mark, value: str) -> tuple[int, int] | None:
    """Where the speaker's name stands: behind an according-to and an inverted verb, else before the verb."""
    text = sentence.text
    own = sentence.language
    after = (mark.end, _clause_end(text, mark.end, sentence.end, own))
    if value == "according" and sentence.words_between(sentence.start, mark.start) <= 2:
        comma = text.find(",", mark.end, after[1])
        return (mark.end, comma) if comma > 0 else after
    if value in ("according", "citing"):
        return after
    inverted = _INVERTED[own].fullmatch(text, mark.start, mark.end) is not None
    before_text = text[sentence.start : mark.start].rstrip()
    following = text[mark.end : mark.end + 40].lstrip()
    quoted = before_text.endswith(('"', "”", "''", "’’")) or not before_text
    opens = following[:1].isupper() or _SPEAKER_OPENS[own].match(following)
    told = before_text.count(",") == 1 or any(frame.start < mark.start for frame in sentence.frames)
    trailing = before_text.endswith(",") and bool(opens) and told
    if text[mark.start : mark.end].lower() in _TOLD[own]:
        quoted = trailing = False
    if inverted or own.inverts_quotes and (quoted or trailing):
        return after
    begin = sentence.start
    closed = before_text.endswith(",")
    if not closed:
        begin = max(begin, text.rfind(", ", sentence.start, mark.start) + 1)
        for word, value in sentence.words_in(sentence.start, mark.start, "clause"):
            begin = word.end if value == "strong" else begin
    ahead = sentence.start
    stops = list(re.finditer(r"[;:\"“”]|, (?=[A-Z])|^.{2,40} [–—-]{1,2} ", text[sentence.start : mark.start]))
    if closed and stops and stops[-1].group() == ", ":
        stops.pop()
    for stop in stops:
        at = sentence.start + stop.start()
        begin = ahead if stop.group() == ", " and _is_title(sentence, ahead, at) else sentence.start + stop.end()
        ahead = sentence.start + stop.end()
    return begin, mark.start


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
    person = next((m for m in actors if _actor(m).kind == "person"), None)
    body = next((m for m in actors if _actor(m).kind in ("institution", "company", "group")), None)
    state = next((m for m in actors if _actor(m).kind in ("state", "alliance")), None)
    named = body_name(text, start, end, own) if body is None else None
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
        if name is not None and officials is not None and _JOINED[own].fullmatch(text, officials.end(), name[0]):
            name = None
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


def _actor(mark: Mark) -> Actor:
    return next(entry for entry in mark.entries if isinstance(entry, Actor))


def _code(lexicon: Lexicon, mark: Mark) -> str | None:
    return lexicon.institution_of(_actor(mark).code) or None
