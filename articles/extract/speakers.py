"""Whose word a sentence is that names no source: that of its quotation, of "he said", of the quote that it leads to."""

import re
from dataclasses import replace

from articles.extract.attribution import PLATFORMS, Said, person_name, source_at
from articles.extract.clauses import Sentence
from articles.extract.events import Source
from articles.extract.languages import Language, Pattern
from articles.extract.lexicon import Actor

STANDFIRST = 1
_QUOTES = re.compile('[\n"“”]')
_PRONOUN = Pattern(r"[\"“]?(?:«pronouns that speak»)\b|\b(?:«pronouns inside that speak»)$")
_BY_PRONOUN = Pattern(r"\s+(?:«pronouns behind the verb»)\b")
_OWN_WORD = Pattern(r"(?:«verbs with their own pronoun»)", re.I)
_IT = Pattern(r"(?:^|[,;]\s)[\"“]?(?:«it that speaks»)$")


def only_relay(sources: list[Said], language: Language) -> Source | None:
    """The outlet that an article retells, if it quotes just one."""
    relays = [one.relayed_by for one in sources if one.relayed_by is not None]
    relays = [relay for relay in relays if relay.text not in PLATFORMS[language]]
    return relays[0] if len({relay.text.lower() for relay in relays}) == 1 else None


def near_relay(at: int, sources: list[Said]) -> bool:
    """Whether a sentence within three of this one names an outlet that relays."""
    return any(one.relayed_by is not None for one in sources[max(0, at - 3) : at + 4])


def quoted(text: str, sentences: list[Sentence]) -> list[bool]:
    """For every sentence, whether it begins inside a quotation. Straight marks toggle; a line begins outside."""
    inside = False
    at = 0
    found = []
    for sentence in sentences:
        for mark in _QUOTES.finditer(text, at, sentence.start + 1):
            inside = mark[0] == "“" or mark[0] == '"' and not inside
        at = sentence.start + 1
        found.append(inside)
    return found


def carried(at: int, sentences: list[Sentence], own: list[Said], within: list[bool], before: Said | None) -> Said:
    """The source of a sentence: its own, else that of its quotation, else the one that "he said" stands for."""
    mine = own[at]
    if mine.speaker is not None or mine.institution is not None:
        return mine
    sentence = sentences[at]
    found = None
    if within[at]:
        ahead = at + 1
        while found is None and ahead < min(len(sentences), at + 8) and within[ahead]:
            found = own[ahead] if own[ahead].speaker is not None else None
            ahead += 1
        found = found or before
    elif _pronoun_speaks(sentence):
        found = before if before is not None and before.speaker is not None else _person_before(at, sentences)
    elif _it_speaks(sentence):
        found = _body_before(at, sentences)
    elif _lead_of_quote(at, sentences, own):
        found = own[at + 1]
    return replace(found, relayed_by=mine.relayed_by) if found is not None else mine


def _pronoun_speaks(sentence: Sentence) -> bool:
    """ "She said", ", he added", "ujarnya", "kata dia": a verb of saying whose subject is told elsewhere."""
    text, own = sentence.text, sentence.language
    pronoun = _PRONOUN[own]
    for mark, _ in sentence.words_in(sentence.start, sentence.end, "speech"):
        if _OWN_WORD[own].fullmatch(text, mark.start, mark.end) or _BY_PRONOUN[own].match(text, mark.end):
            return True
        near = text[max(sentence.start, mark.start - 20) : mark.start]
        if pronoun.match(text[sentence.start : mark.start]) or pronoun.search(near):
            return True
    return False


def _it_speaks(sentence: Sentence) -> bool:
    return any(
        _IT[sentence.language].search(sentence.text[sentence.start : mark.start])
        for mark, value in sentence.words_in(sentence.start, sentence.end, "speech")
        if value == "said"
    )


def _person_before(at: int, sentences: list[Sentence]) -> Said | None:
    """The person whom the sentence before begins with: "Anna Weber met … She said"."""
    if at == 0:
        return None
    sentence = sentences[at - 1]
    end = min(sentence.end, sentence.start + 80)
    name = person_name(sentence, sentence.start, end, [(mark.start, mark.end) for mark in sentence.names])
    known = next((m for m in sentence.names if m.end <= end and any(_is_person(e) for e in m.entries)), None)
    if known is not None:
        name = (known.start, known.end)
    if name is None or " " not in sentence.text[slice(*name)]:
        return None
    return Said(speaker=source_at(sentence.text, *name, None))


def _is_person(entry: object) -> bool:
    return isinstance(entry, Actor) and entry.kind == "person"


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
    before = sum(not sentence.headline for sentence in sentences[:at])
    if sentences[at].headline or before > STANDFIRST or at + 1 >= len(sentences):
        return False
    if own[at + 1].speaker is None or own[at + 1].institution is None:
        return False
    here, there = (
        {side.key for group in sentence.groups for side in group.sides} for sentence in sentences[at : at + 2]
    )
    return len(here & there) >= 2
