"""The materiel that a trigger speaks of, and the list that it goes on with."""

import re
from dataclasses import replace

from articles.extract.clauses import Group, Sentence, Things, frames_of
from articles.extract.frames import Frame
from articles.extract.languages import Pattern, Words
from articles.extract.lexicon import Materiel
from articles.extract.mentions import Mark
from articles.extract.triggers import words_before

_STOPS = re.compile(r"[;:.!?\"“”]")
_NO_WORD = re.compile(r"\W")
GOODS = Materiel("", "class", "components_materials", "")


_AIMED = Pattern(r"\b(?:«aimed at»)\s+(?:[\w-]+\s+){0,3}$", re.I)


def things_of(sentence: Sentence, mark: Mark, voice: str, left: int, stop: int, frame: Frame) -> list[Things]:
    aimed = _AIMED[sentence.language] if frame.roles in ("giver", "taker") else None
    inside = [things for things in sentence.things if mark.start <= things.start and things.end <= mark.end]
    after = [things for things in sentence.things if things.start >= mark.end and things.end <= stop]
    if aimed and after and aimed.search(sentence.text, mark.end, after[0].start):
        after = []
    before = [things for things in sentence.things if things.end <= mark.start and things.start >= left]
    if frame.arms == "implied":
        listed = _listed(sentence, after, mark.end, 10)
        return listed or inside
    if voice == "passive":
        near = [things for things in before if sentence.words_between(things.end, mark.start) <= 12]
        if near and not _has_own(sentence, mark, near[-1], after):
            return _list_ending(sentence, near)
        return _listed(sentence, after, mark.end, 8)
    if voice == "noun":
        if inside:
            return inside
        tight = [things for things in before if sentence.gap(things.end, mark.start).strip(" -") == ""]
        if tight and not sentence.language.head_first:
            return _list_ending(sentence, tight)
        return _listed(sentence, after, mark.end, 18 if frame.roles == "deal" else 14) or (
            _list_ending(sentence, before[-1:])
            if before and sentence.words_between(before[-1].end, mark.start) <= 6
            else []
        )
    if (
        frame.roles == "flow"
        and voice == "active"
        and "carries" in frame.rules
        and after
        and sentence.words_between(mark.end, after[0].start) <= 3
    ):
        return _listed(sentence, after, mark.end, 3)
    if frame.roles in ("arrive", "flow", "hands"):
        near = [things for things in before if sentence.words_between(things.end, mark.start) <= 10]
        return _list_ending(sentence, near) if near else _listed(sentence, after, mark.end, 6)
    found = _listed(sentence, after, mark.end, 8 if frame.kind == "operator" else 14)
    if not found and before:
        relative = sentence.words_in(before[-1].end, mark.start, "relative")
        close = sentence.words_between(before[-1].end, mark.start) <= 4 and (
            sentence.words_in(before[-1].end, mark.start, "pronoun")
            or any(before[-1].end <= group.start < mark.start for group in sentence.groups)
        )
        if close:
            return _list_ending(sentence, before)
        if relative and sentence.words_between(before[-1].end, mark.start) <= 8:
            return _list_ending(sentence, before)
    return found


def _has_own(sentence: Sentence, mark: Mark, near: Things, after: list[Things]) -> bool:
    """ "Drones will be sold to X, and Y will be given tanks": another act has the object before it."""
    told = any(near.end <= frame.start < mark.start for frame in sentence.frames)
    return told and bool(after) and sentence.words_between(mark.end, after[0].start) <= 1


_LINKED = Pattern(r"(?:,|\b(?:«links of items»)\b|/|&)", re.I)


def _linked(sentence: Sentence, one: Things, other: Things) -> bool:
    gap = sentence.gap(one.end, other.start)
    if gap.strip() == ":" and one.head.category == "unspecified":
        return True
    if _STOPS.search(gap.replace("U.S.", "")) or len(gap) > 90:
        return False
    if any(
        one.end <= mark.start < other.start and any(f.voice != "noun" for f in frames_of(mark))
        for mark in sentence.frames
    ):
        return False
    blocked = [
        value
        for _, value in sentence.words_in(one.end, other.start, "preposition")
        if value in ("to", "from", "by", "via", "against")
    ]
    if blocked or sentence.words_in(one.end, other.start, "speech") or sentence.words_in(one.end, other.start, "be"):
        return False
    return bool(_LINKED[sentence.language].search(gap)) and sentence.words_between(one.end, other.start) <= 9


def _listed(sentence: Sentence, candidates: list[Things], at: int, reach: int) -> list[Things]:
    """The first of the candidates within reach, and those that its list goes on with."""
    if not candidates or sentence.words_between(at, candidates[0].start) > reach:
        return []
    found = [candidates[0]]
    for things in candidates[1:]:
        if not _linked(sentence, found[-1], things) and not _parted(sentence, found[-1], things):
            break
        found.append(_of_the_goods(sentence, found[-1], things))
    sides = [things.side for things in found if things.side is not None]
    if sides and found[-1].side is None:
        own = _own_side(sentence, found[-1], sentence.end)
        found[-1].side = own if own is not None and own.preposition == sides[-1].preposition else None
    return found


def _of_the_goods(sentence: Sentence, one: Things, other: Things) -> Things:
    """ "Technology and equipment": a bare word behind parts or technology is of their group."""
    bare = other.head.category == "unspecified" and not _NO_WORD.search(sentence.text, other.start, other.end)
    near = sentence.words_between(one.end, other.start) <= 1
    return replace(other, head=GOODS) if bare and near and one.head.category == GOODS.category else other


_AND = Pattern(r"\s*(?:,|,?\s*\b(?:«and of items»)\b)", re.I)


def _own_side(sentence: Sentence, things: Things, end: int) -> Group | None:
    """The party right behind an item: "frigates from Spain"."""
    for group in sentence.groups:
        if things.end <= group.start and group.end <= end:
            near = group.preposition in ("from", "to") and sentence.words_between(things.end, group.start) <= 4
            return group if near else None
    return None


def _parted(sentence: Sentence, one: Things, other: Things) -> bool:
    """A list that names a party with each item: "frigates from Spain and vehicles from Canada"."""
    own = _own_side(sentence, one, other.start)
    if own is None or not _AND[sentence.language].match(sentence.gap(own.end, other.start)):
        return False
    told = any(own.end <= mark.start < other.start for mark in sentence.frames)
    if told or sentence.words_between(own.end, other.start) > 6:
        return False
    if _own_side(sentence, other, sentence.end) is not None:
        one.side = own
    return True


def _list_ending(sentence: Sentence, candidates: list[Things]) -> list[Things]:
    found = [candidates[-1]]
    for things in reversed(candidates[:-1]):
        if not _linked(sentence, things, found[0]):
            break
        found.insert(0, things)
    return found


def goods_of(sentence: Sentence, mark: Mark, stop: int) -> list[Things]:
    """Technology, parts, materials: materiel only where the article tells of arms anyway."""
    found: list[Things] = []
    for word, _ in sentence.words_in(mark.end, stop, "goods"):
        if found or sentence.words_between(mark.end, word.start) <= 8:
            found.append(Things([], word.start, word.end, GOODS, text_start=word.start))
    return [_joined(sentence, found)] if found else []


def _joined(sentence: Sentence, found: list[Things]) -> Things:
    end = found[0].end
    for things in found[1:]:
        if sentence.words_between(end, things.start) > 1:
            break
        end = things.end
    return Things([], found[0].start, end, GOODS, text_start=found[0].start)


_ON_THE_VERB = Pattern(r"(?:«object on the verb»)$", re.I)
_DEFINITE_BEFORE = Words("definite before")
_DEFINITE_BEHIND = Pattern(r"\s*(?:«definite behind»)\b")
_BEHIND = Pattern(r"\s+(?:[\w-]+\s+){0,4}?(?:«items named again»)", re.I)
_BEFORE = Pattern(r"(?:«items named again»)\s+(?:[\w-]+\s+){0,4}$", re.I)


def is_definite(sentence: Sentence, things: Things) -> bool:
    """ "the missiles", "pesawat tersebut": materiel that was named before."""
    before = _DEFINITE_BEFORE[sentence.language]
    if before and before & set(words_before(sentence, things.start)[-3:]):
        return True
    return _DEFINITE_BEHIND[sentence.language].match(sentence.text, things.end, things.end + 12) is not None


def carries_again(sentence: Sentence, mark: Mark, voice: str, roles: str) -> bool:
    """What is passed on was named before: "has delivered three of the batteries", "six units arrived"."""
    text, own = sentence.text, sentence.language
    if voice == "noun":
        return False
    if _ON_THE_VERB[own].search(text, mark.start, mark.end):
        return True
    if voice == "passive" or roles == "arrive":
        return bool(_BEFORE[own].search(text, max(sentence.start, mark.start - 60), mark.start))
    return bool(_BEHIND[own].match(text, mark.end, min(sentence.end, mark.end + 60)))
