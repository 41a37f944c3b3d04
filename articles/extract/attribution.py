"""Who says it: speaker, the body that they speak for, and the outlet that relays them."""

import re
from dataclasses import dataclass, replace

from articles.extract.clauses import Sentence
from articles.extract.events import Attribution, Source
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon, Outlet
from articles.extract.mentions import Mark

_NAME = Pattern(
    r"(?:[A-ZÀ-Þ][\w'’.-]+|al-[A-Z]\w+|«particles of a name»)"
    r"(?:\s+(?:[A-ZÀ-Þ][\w'’.-]*|al-[A-Z]\w+|«particles inside a name»))*"
)
_OFFICIALS = Pattern("«officials»")
_UNNAMED = Pattern("«unnamed sources»", re.I)
_TITLES = Words("titles and openers")
PLATFORMS = Words("platforms")
_TITLE = Pattern("«offices before a name»")
_OFFICE = Pattern(r"\b(?:«offices»)\b", re.I)
_BODIES = Words("names of bodies")
_BODY = Pattern("«bodies»")
_JOINED = Pattern(r"\s*(?:,|«links of speakers»)\s+(?:(?:«article of a speaker»)\s+)?")
_PASSIVE = Pattern(r"\b(?:«be before a verb of saying»)\s+$")
_BY = Pattern(r" (?:«by behind a verb of saying») ")
_SPEAKER_OPENS = Pattern(r"(?:«openers of a speaker»)\b", re.I)
_TOLD = Words("told")
_INVERTED = Pattern(r"(?:«speech before its speaker»)")
_BESIDE_PLACE = Pattern(r"\b(?:«before a name of a place»)\s+$")
_ENDS = Pattern(r"[;:\"“”]|(?<![A-Z])\.\s|, (?:«behind a speaker»)\b|\((?=\d)|\b(?:«that»)\b")
_THROUGH = Pattern("«through an outlet»", re.I)
_SPEAK_FOR_THEMSELVES = frozenset({"ngo", "think_tank", "government"})
_PLACE = Pattern(r"\b(?:«before a place»)\s+$")


@dataclass(slots=True)
class Said:
    """What one sentence says about its source. `speaks` is the state whose word it is, "" where unknown.

    `closing`: the sentence ends on its source, which then covers it whole. `anonymous`: told by an office and no name;
    `hidden`: and nothing says for whom, or that it must not be said.
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

    def relayed(self, relay: Source | None) -> "Said":
        """The same source, relayed by the one outlet that the article quotes where it names none of its own."""
        if relay is None or self.relayed_by is not None or self.speaker is None and self.institution is None:
            return self
        return replace(self, relayed_by=relay)

    def covers(self, end: int) -> bool:
        """Whether a clause that ends at `end` is part of what is said: not if its speaker comes in only behind it."""
        name = self.speaker or self.institution
        return name is None or self.closing or not (self.verb[0] >= end and end <= name.start < self.verb[0])

    def as_attribution(self) -> Attribution | None:
        if self.speaker is None and self.institution is None and self.relayed_by is None:
            return None
        return Attribution(self.speaker, self.institution, self.relayed_by)


def said(sentence: Sentence, lexicon: Lexicon) -> Said:
    """The source that the sentence names, by its verbs of saying and its "according to"."""
    out, own = Said(), sentence.language
    marks = [
        (mark, value) for mark, value in sentence.words_in(sentence.start, sentence.end, "speech") if value != "to"
    ]
    last = marks[-1] if marks and _closes(sentence, marks[-1]) else None
    if last is not None:
        marks.insert(0, marks.pop())
    for mark, value in marks:
        if (
            sentence.text[mark.start - 1 : mark.start] == "-"
            or value == "said"
            and _BY[own].match(sentence.text, mark.end)
        ):
            continue
        if value == "said" and _PASSIVE[own].search(sentence.text, max(sentence.start, mark.start - 12), mark.start):
            continue
        outlet = _outlet_near(sentence, mark)
        if outlet is not None and _speaks_for_itself(outlet):
            out.institution = out.institution or source_at(sentence.text, outlet.start, outlet.end, None)
        elif outlet is not None and (out.relayed_by is None or out.relayed_by.text in PLATFORMS[own]):
            out.relayed_by = source_at(sentence.text, outlet.start, outlet.end, None)
        if value == "citing" and not _OFFICIALS[own].search(sentence.text, mark.end, min(sentence.end, mark.end + 60)):
            continue
        place = _speaker_place(sentence, mark, value)
        if place is None or out.speaker is not None or out.institution is not None:
            continue
        _name_source(sentence, lexicon, out, *place)
        if out.speaker is not None or out.institution is not None:
            out.verb = (mark.start, mark.end)
            out.closing = last is not None and mark is last[0]
    if out.relayed_by is None:
        out.relayed_by = _outlet_at_work(sentence)
    return out


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


def _outlet_at_work(sentence: Sentence) -> Source | None:
    """An outlet that somebody spoke to or posted on: "in an interview with CNN", "kepada Reuters", "on Telegram"."""
    for name in sentence.names:
        if not isinstance(name.entry, Outlet) or _speaks_for_itself(name):
            continue
        if _THROUGH[sentence.language].search(sentence.text, max(sentence.start, name.start - 25), name.start):
            return source_at(sentence.text, name.start, name.end, None)
    return None


def _speaks_for_itself(mark: Mark) -> bool:
    return isinstance(mark.entry, Outlet) and mark.entry.kind in _SPEAK_FOR_THEMSELVES


def _outlet_near(sentence: Sentence, mark: Mark) -> Mark | None:
    for name in sentence.names:
        near = 0 <= name.start - mark.end <= 30 or 0 <= mark.start - name.end <= 15
        if near and isinstance(name.entry, Outlet):
            return name
    return None


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
    trailing = before_text.endswith(",") and bool(opens)
    if text[mark.start : mark.end].lower() in _TOLD[own]:
        quoted = trailing = False
    if inverted or own.inverts_quotes and (quoted or trailing):
        return after
    begin = sentence.start
    if not before_text.endswith(","):
        begin = max(begin, text.rfind(", ", sentence.start, mark.start) + 1)
        for word, value in sentence.words_in(sentence.start, mark.start, "clause"):
            begin = word.end if value == "strong" else begin
    ahead = sentence.start
    for stop in re.finditer(r"[;:\"“”]|, (?=[A-Z])|^.{2,40} [–—-]{1,2} ", text[sentence.start : mark.start]):
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


def _name_source(sentence: Sentence, lexicon: Lexicon, out: Said, start: int, end: int) -> None:
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
    named = _body_name(text, start, end, own) if body is None else None
    who = person
    unnamed = False
    officials = _OFFICIALS[own].search(text, start, end)
    if person is not None:
        out.speaker = source_at(text, person.start, person.end, _code(lexicon, person))
    else:
        taken = [(mark.start, mark.end) for mark in sentence.names]
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


def person_name(sentence: Sentence, start: int, end: int, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The first run of capitalised words that is no title, no body and no actor of the lexicon."""
    text, own = sentence.text, sentence.language
    titles, bodies = _TITLES[own], _BODIES[own]
    pieces = [piece for match in _NAME[own].finditer(text, start, end) for piece in _free(*match.span(), taken)]
    for begin, stop in pieces:
        if _BESIDE_PLACE[own].search(text[max(start, begin - 10) : begin]):
            continue
        words = [(begin + m.start(), begin + m.end()) for m in re.finditer(r"[^\s]+", text[begin:stop])]
        while words and text[slice(*words[0])].strip(".,'’\"") in titles:
            words.pop(0)
        while words and text[slice(*words[-1])].strip(".,'’") in titles:
            words.pop()
        if (
            not words
            or any(text[slice(*word)].strip(".,") in bodies for word in words)
            or not text[words[0][0]].isupper()
        ):
            continue
        opening = len(words) == 1 and words[0][0] == sentence.start and text[words[0][1] : words[0][1] + 1] != ","
        if opening and sentence.words_between(words[0][1], end) > 2:
            continue
        last = words[-1][1]
        while text[last - 1] in ".,'’":
            last -= 1
        return words[0][0], last
    return None


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What [start, end) keeps when the taken stretches are cut out of it."""
    pieces = []
    for first, last in sorted(taken):
        if first < end and start < last:
            pieces.append((start, first))
            start = min(last + 1, end)
    return [(first, last) for first, last in [*pieces, (start, end)] if first < last]


def _body_name(text: str, start: int, end: int, language: Language) -> tuple[int, int] | None:
    """A body that the lexicon does not have: "Ukrainian Institute for the Future", "Kementerian Pertahanan Belanda"."""
    found = _BODY[language].search(text, start, end)
    return found.span() if found else None


def _actor(mark: Mark) -> Actor:
    return next(entry for entry in mark.entries if isinstance(entry, Actor))


def _code(lexicon: Lexicon, mark: Mark) -> str | None:
    return lexicon.institution_of(_actor(mark).code) or None


def source_at(text: str, start: int, end: int, code: str | None) -> Source:
    while text[end - 1] in ".,'’" and not re.search(r"\b[A-Z]\.$", text[start:end]):
        end -= 1
    return Source(text[start:end], start, end, code)
