"""Whose word a sentence is that names no source: that of its quotation, of "he said", of the quote that it leads to."""

import re
from dataclasses import replace

from articles.extract.attribution import introduced
from articles.extract.clauses import Sentence
from articles.extract.languages import Pattern
from articles.extract.lexicon import Lexicon
from articles.extract.names import source_at
from articles.extract.sources import Said

STANDFIRST = 1
_STATE = re.compile("(?!UN|EU)[A-Z]{2}")
AUTHOR = 8
PERSON = 3
_FAR = 3
_CLOSED = frozenset('"”“')
_POINTED = 2
_QUOTES = re.compile('[\n"“”]')
_IT = Pattern(r"(?:^|[,;]\s)[\"“]?(?:«it that speaks»)$")


def quotations(text: str) -> list[tuple[int, int]]:
    """[start, end) of what stands in quotation marks. Straight marks toggle; a line begins outside."""
    found = []
    opened = -1
    for mark in _QUOTES.finditer(text):
        if opened >= 0 and (mark[0] != "“" or text[mark.start() - 1] in ",.!?"):
            found.append((opened, mark.start()))
            opened = -1
        elif opened < 0 and mark[0] in '“"':
            opened = mark.start()
    return [*found, (opened, len(text))] if opened >= 0 else found


def closed(text: str, quotation: tuple[int, int]) -> bool:
    """Whether a quotation ends on a mark, and not with its line."""
    return text[quotation[1] : quotation[1] + 1] in _CLOSED


def quoted(sentences: list[Sentence], spans: list[tuple[int, int]]) -> list[bool]:
    """For every sentence, whether it begins inside a quotation."""
    return [any(start <= sentence.start < end for start, end in spans) for sentence in sentences]


def carried(
    at: int, sentences: list[Sentence], own: list[Said], within: list[bool], before: Said | None, lexicon: Lexicon
) -> Said:
    """The source of a sentence: its own, else that of its quotation, else the one that "he said" stands for."""
    mine = own[at]
    named = mine.speaker is not None and not mine.anonymous
    if named or not mine.pronoun and (mine.speaker is not None or mine.institution is not None):
        author = _author_before(at, own) if mine.report and mine.relayed_by is None else None
        return replace(mine, relayed_by=author.relayed_by) if author is not None else mine
    sentence = sentences[at]
    found = None
    if within[at] and not mine.pronoun:
        ahead = at + 1
        while found is None and ahead < min(len(sentences), at + 8) and within[ahead]:
            found = own[ahead] if own[ahead].speaker is not None or own[ahead].institution is not None else None
            ahead += 1
        found = found or before
    elif mine.pronoun:
        found = before if before is not None and before.speaker is not None else _person_before(at, sentences, lexicon)
    elif mine.report:
        found = _author_before(at, own)
    elif _it_speaks(sentence):
        found = _author_before(at, own, 1) or _body_before(at, sentences)
    elif (pointing := _pointed_at(at, sentences, own)) is not None:
        found = pointing
    elif _lead_of_quote(at, sentences, own):
        found = own[at + 1]
    elif not sentence.language.inverts_quotes and (
        _goes_on(at, sentences, own) or _stays_with(before, at, own, within)
    ):
        found = before
    if found is None:
        return mine
    return replace(found, relayed_by=mine.relayed_by or found.relayed_by, closing=True)


def _pointed_at(at: int, sentences: list[Sentence], own: list[Said]) -> Said | None:
    """The source that one of the next sentences only adds: "… Hal itu disampaikan X", "X made the remarks"."""
    if sentences[at].headline:
        return None
    for one in own[at + 1 : at + 1 + _POINTED]:
        told = one.speaker is not None or one.institution is not None or one.relayed_by is not None
        if told:
            return one if one.points else None
    return None


def _goes_on(at: int, sentences: list[Sentence], own: list[Said]) -> bool:
    """Whether a sentence goes on behind one that names its speaker: on its line, or on its parties and materiel."""
    speaker = own[at - 1].speaker if at else None
    if speaker is None or own[at].relayed_by is not None or sentences[at - 1].headline:
        return False
    behind = own[at + 1].speaker if at + 1 < len(own) else None
    if behind is not None and behind.text.split()[-1] not in speaker.text.split():
        return False
    last, this = sentences[at - 1 : at + 1]
    return "\n" not in this.text[last.end : this.start] or bool(
        _parties(last) & _parties(this) and _kinds(last) & _kinds(this)
    )


def _parties(sentence: Sentence) -> set[str]:
    return {side.key for group in sentence.groups for side in group.sides}


def _kinds(sentence: Sentence) -> set[str]:
    return {things.head.category for things in sentence.things}


def _stays_with(before: Said | None, at: int, own: list[Said], within: list[bool]) -> bool:
    """Whether somebody speaks shortly before and shortly after a sentence, which then retells them.

    Indonesian names a speaker every other sentence, English in each that is theirs.
    """
    if before is None or before.speaker is None or before.anonymous:
        return False
    behind = next((step for step in (1, 2) if at >= step and _speaks(own[at - step], within[at - step])), _FAR)
    for step in range(1, _FAR - behind + 1):
        if at + step >= len(own):
            return False
        one = own[at + step]
        if within[at + step] and one.speaker is None and not one.pronoun:
            one = next((later for later in own[at + step : at + step + 8] if later.speaker or later.pronoun), one)
        if _speaks(one, False) or one.institution is not None:
            name = one.speaker.text.split()[-1] if one.speaker is not None else ""
            return one.pronoun or name in before.speaker.text.split()
    return False


def _speaks(one: Said, within: bool) -> bool:
    return one.speaker is not None or one.pronoun or within


def _it_speaks(sentence: Sentence) -> bool:
    return any(
        _IT[sentence.language].search(sentence.text[sentence.start : mark.start])
        for mark, value in sentence.words_in(sentence.start, sentence.end, "speech")
        if value == "said"
    )


def _person_before(at: int, sentences: list[Sentence], lexicon: Lexicon) -> Said | None:
    """The person on whom one of the sentences before opens: "President Anna Weber met … She said"."""
    for sentence in reversed(sentences[max(0, at - PERSON) : at]):
        found = None if sentence.headline else introduced(sentence, lexicon)
        if found is not None:
            return found
    return None


def _author_before(at: int, own: list[Said], reach: int = AUTHOR) -> Said | None:
    """The body, the office or the outlet that was named last before a sentence, whose paper "the report" is."""
    relay = None
    for one in reversed(own[max(0, at - reach) : at]):
        if one.report:
            relay = relay or one.relayed_by
            if reach < AUTHOR:
                return _author_before(at - 1, own)
            continue
        state = one.institution is not None and _STATE.fullmatch(one.institution.code or "")
        body = one.institution is not None and not (state and reach == AUTHOR)
        if body or one.anonymous or one.relayed_by is not None:
            return replace(one, relayed_by=one.relayed_by or relay)
    return Said(relayed_by=relay) if relay is not None else None


def _body_before(at: int, sentences: list[Sentence]) -> Said | None:
    """The state or body that the sentence before is about: "Germany has … It announced"."""
    if at == 0:
        return None
    for group in sentences[at - 1].groups:
        if not group.preposition and not group.adjective:
            side = group.sides[0]
            name = source_at(sentences[at].text, side.start, side.end, side.actor.code or None)
            return Said(institution=name, speaks=side.key)
    return None


def _lead_of_quote(at: int, sentences: list[Sentence], own: list[Said]) -> bool:
    """Whether the next sentence quotes somebody on the two parties of this one, the first of the body."""
    if at + 1 >= len(sentences) or own[at + 1].speaker is None:
        return False
    before = sum(not sentence.headline for sentence in sentences[:at])
    if sentences[at].headline or before > STANDFIRST:
        return False
    return len(_parties(sentences[at]) & _parties(sentences[at + 1])) >= 2
