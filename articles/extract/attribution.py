"""Who says it: speaker, the body that they speak for, and the outlet that relays them."""

import re

from articles.extract.clauses import Sentence
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon
from articles.extract.mentions import Mark
from articles.extract.names import OFFICIALS, body_name, source_at
from articles.extract.papers import author_of_paper, paper_behind, paper_says, paper_shows
from articles.extract.relays import (
    PLATFORMS,
    is_named_alone,
    is_subject,
    outlet_at_work,
    outlet_near,
    outlet_source,
    speaks_for_itself,
    unknown_outlet,
)
from articles.extract.sources import Said, describe_source, name_body_behind, name_source

_TITLE = Pattern("«offices before a name»")
_CLAUSES = Pattern(r"[;:\"“”]|, (?!(?:«suffixes of a name»)\b)(?=[A-Z])|^.{2,40} [–—-]{1,2} ")
_LONGEST_CLOSE = 25
_OPENING = 90
_CITED = frozenset({"person", "institution", "company"})
_CITED_NAME = Pattern("«behind a cited name»")
_PASSIVE = Pattern(r"\b(?:«be before a verb of saying»)\s+$")
_BY = Pattern(r" (?:«by behind a verb of saying») ")
_SPEAKER_OPENS = Pattern(r"(?:«openers of a speaker»)\b", re.I)
_TOLD = Words("told")
_INVERTED = Pattern(r"(?:«speech before its speaker»)")
_ENDS = Pattern(r"[;:\"“”]|(?<![A-Z])\.\s|, (?:«behind a speaker»)\b|\((?=\d)|\b(?:«that»|«ends of a speaker»)\b")
_POINTS_BACK = Pattern(r"(?:«points back to what was said»)\b")
_INSERTED = Pattern(r", (?:«who in a relative clause»)\b[^,;\"“”]*,$")
_DOES = Pattern(r"(?:«says only before that»)\b(?!\s*(?:«that»)\b|\s*[,:\"“”])")
_PUBLISHED = Pattern(r"\b(?:«papers that are published»)$")
_REMARKS = Pattern(r"(?:«remarks made»)")
_AS_SAYING = Pattern(r"\b(?:«ends of a quotation told»)$")
_INFINITIVE = Pattern(r"\b(?:«before an infinitive of saying»)\s+$")
_PRONOUN = Pattern(r"[\"“]?(?:«pronouns that speak»)\b[^\"“”,;:]{0,60}$")
_PRONOUN_INSIDE = Pattern(r"(?:[,;:\"”’]|\b(?:«clauses that a pronoun opens»))\s*(?:«pronouns inside that speak»)$")
_BEHIND_QUOTE = re.compile(r"(?:[\"”’]|[,.!?]“)\s*$")
_HOLDER = Pattern(r"[\"“]?(?:«offices that stand for their holder»)(?!\w)")
_BY_PRONOUN = Pattern(r"\s+(?:«pronouns behind the verb»)\b")
_AGENT_ENDS = Pattern(r"\s(?:«ends of an agent»)\b")
_OWN_WORD = Pattern(r"(?:«verbs with their own pronoun»)", re.I)


def said(sentence: Sentence, lexicon: Lexicon, quotations: list[tuple[int, int]]) -> Said:
    """The source that the sentence names outside of closed quotations, by its verbs of saying and "according to"."""
    out, own = Said(), sentence.language
    spoken = sentence.words_in(sentence.start, sentence.end, "speech")
    if judged := sentence.words_in(sentence.start, sentence.end, "judges"):
        spoken = sorted([*spoken, *judged], key=lambda pair: pair[0].start)
    out.points = bool(spoken) and _POINTS_BACK[own].match(sentence.text, sentence.start, sentence.end) is not None
    unnamed = unknown_outlet(sentence, spoken) if spoken else None
    marks = [
        (mark, "according" if out.points and value == "said" else "by" if _is_passive(sentence, mark, value) else value)
        for mark, value in spoken
        if value != "to"
        and not any(begin < mark.start < end for begin, end in quotations)
        and (value != "said" or out.points or _is_passive(sentence, mark, value) or not _says_nothing(sentence, mark))
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
        if outlet is not None and value in ("according", "by") and is_named_alone(sentence, mark, outlet):
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
            name_source(sentence, lexicon, out, *place, unnamed)
            if out.speaker is None and out.institution is None and last is not None and mark is last[0]:
                describe_source(sentence, out, *place)
            if out.speaker is not None and out.institution is None and not out.anonymous:
                name_body_behind(sentence, out, out.speaker.end)
            if out.speaker is not None or out.institution is not None:
                out.verb = (mark.start, mark.end)
                out.closing = last is not None and mark is last[0]
    out.points = out.points or any(_REMARKS[own].fullmatch(sentence.text, mark.start, mark.end) for mark, _ in marks)
    out.report = out.report or paper_shows(sentence)
    if out.speaker is None and out.institution is None:
        out.institution = author_of_paper(sentence)
    if out.relayed_by is None:
        out.relayed_by = outlet_at_work(sentence) or (outlet_source(sentence, *unnamed) if unnamed else None)
    return out


def introduced(sentence: Sentence, lexicon: Lexicon) -> Said | None:
    """The person whom the opening of a sentence names in full; None where it names nobody so."""
    out = Said()
    name_source(sentence, lexicon, out, sentence.start, min(sentence.end, sentence.start + _OPENING), None)
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


def _is_passive(sentence: Sentence, mark: Mark, value: str) -> bool:
    """ "Accused by X", "was confirmed by X": who says it is the agent of the verb."""
    by = value == "said" and _BY[sentence.language].match(sentence.text, mark.end, sentence.end)
    return bool(by) and not _AS_SAYING[sentence.language].search(sentence.text, mark.start, mark.end)


def _says_nothing(sentence: Sentence, mark: Mark) -> bool:
    """A passive, an infinitive, a part of a compound: "was announced", "tanpa menyebut"."""
    text, own = sentence.text, sentence.language
    if text[mark.start - 1 : mark.start] == "-" or _DOES[own].match(text, mark.start, sentence.end):
        return True
    before = text[max(sentence.start, mark.start - 14) : mark.start]
    if _PUBLISHED[own].search(text, max(sentence.start, mark.start - 24), mark.end):
        return True
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
    if value == "by":
        return _agent(sentence, mark)
    after = (mark.end, _clause_end(text, mark.end, _next_verb(sentence, mark), own))
    if value == "according" and sentence.words_between(sentence.start, mark.start) <= 2:
        comma = text.find(",", mark.end, after[1])
        return [(mark.end, comma) if comma > 0 else after]
    if value in ("according", "citing") or _stands_behind(sentence, mark):
        return [after]
    inserted = _INSERTED[own].search(text[sentence.start : mark.start].rstrip())
    if inserted is not None:
        return [(sentence.start, sentence.start + inserted.start())]
    clause = sentence.start
    closed = text[sentence.start : mark.start].rstrip().endswith(",")
    if not closed:
        clause = max(clause, text.rfind(", ", sentence.start, mark.start) + 1)
        for word, kind in sentence.words_in(sentence.start, mark.start, "clause"):
            clause = max(clause, word.end) if kind == "strong" else clause
    begin = ahead = sentence.start
    stops = list(_CLAUSES[own].finditer(text[sentence.start : mark.start]))
    if closed and stops and stops[-1].group() == ", ":
        stops.pop()
    for stop in stops:
        title = stop.group() == ", " and _is_title(sentence, ahead, sentence.start + stop.start())
        begin, ahead = ahead if title else sentence.start + stop.end(), sentence.start + stop.end()
        clause = begin if title else max(clause, begin)
    heads = [word.start for word, _ in sentence.words_in(clause, mark.start, "relative") if word.start > clause][:1]
    return [*((clause, head) for head in heads), (clause, mark.start), (begin if stops else clause, mark.start)]


def _agent(sentence: Sentence, mark: Mark) -> list[tuple[int, int]]:
    """Who does it, behind a passive: "was confirmed by the ministry", "dituduh Kyiv memasok"."""
    text, own = sentence.text, sentence.language
    by = _BY[own].match(text, mark.end, sentence.end)
    begin = by.end() if by else mark.end + 1
    end = _clause_end(text, begin, sentence.end, own)
    acts = [frame.start for frame in sentence.frames if begin <= frame.start < end]
    stop = _AGENT_ENDS[own].search(text, begin, min([end, *acts]))
    end = stop.start() if stop else min([end, *acts])
    named = own.inverts_quotes or any(name.start == begin for name in sentence.names)
    return [(begin, end)] if named or OFFICIALS[own].match(text, begin, end) else []


def _next_verb(sentence: Sentence, mark: Mark) -> int:
    """Where behind a comma the next verb of saying stands, or the sentence ends: "citing two diplomats, said …"."""
    later = (word.start for word, value in sentence.words_in(mark.end, sentence.end, "speech") if value == "said")
    return next((at for at in later if sentence.text[at - 2 : at] == ", "), sentence.end)


def _stands_behind(sentence: Sentence, mark: Mark) -> bool:
    """Whether the speaker follows the verb: "kata X", and after a quotation or what is told "said X"."""
    text, own = sentence.text, sentence.language
    if _INVERTED[own].fullmatch(text, mark.start, mark.end):
        return True
    if not own.inverts_quotes or text[mark.start : mark.end].lower() in _TOLD[own]:
        return False
    before = text[sentence.start : mark.start].rstrip()
    if _INSERTED[own].search(before):
        return False
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
