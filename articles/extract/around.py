"""The actors around a trigger, by their prepositions, and who sells where only the two parties are named."""

import re
from dataclasses import dataclass

from articles.extract.clauses import Group, Sentence
from articles.extract.languages import Pattern
from articles.extract.readings import Reading

_NEAR = ("with", "for", "in", "on")
# Where nothing else says who sells, the greater exporter of arms does (the order of the last decades' registers).
_EXPORTERS = ("US", "RU", "FR", "DE", "CN", "IT", "GB", "IL", "KR", "ES", "SE", "NL", "TR", "CH", "UA", "KP", "IR")


@dataclass(slots=True)
class Around:
    """The actors around a trigger: by preposition, behind it, beside the materiel, and the subject before it."""

    sentence: Sentence
    reading: Reading
    voice: str
    by: dict[str, Group]
    after: list[Group]
    origin: Group | None
    who: Group | None
    pronoun: str


# What one is protected from, and not what one is supplied from.
_THREAT = Pattern("«threats»")
_OTHER_AGENT = Pattern(r"(?:«passives with an agent»)\s+(?:«by»)\s+(?:[\w'’-]+\s+){0,3}$", re.I)
_MADE_BY = Pattern(r"\b(?:«made»)\s+(?:«by»)\s+(?:[\w'’-]+\s+){0,3}$", re.I)


def by_preposition(sentence: Sentence, reading: Reading, voice: str, after: list[Group]) -> dict[str, Group]:
    """The first group under each preposition, behind the trigger; for a passive also between the materiel and it."""
    places = list(after)
    start, made = reading.mark.end, _MADE_BY[sentence.language]
    moved = voice == "passive" or reading.frame.roles in ("arrive", "flow")
    if moved and reading.things and reading.things[0].end <= reading.mark.start:
        inner = [group for group in sentence.groups if reading.things[0].end <= group.start < reading.mark.start]
        places += [group for group in inner if group.preposition in ("from", "to", "for", "via")]
    elif reading.operator is not None and reading.operator.end <= reading.mark.start:
        inner = [group for group in sentence.groups if reading.operator.end <= group.start < reading.mark.start]
        offered = reading.operator_frame is not None and reading.operator_frame.roles == "giver"
        kinds = ("from", "with", "between", "to") if offered else ("from", "with", "between")
        places += [group for group in inner if group.preposition in kinds]
    by: dict[str, Group] = {}
    for group in places:
        if not group.preposition or group.origin or group.adjective:
            continue
        if group.preposition == "from" and _THREAT[sentence.language].match(sentence.text, group.end):
            continue
        if group.preposition == "by" and made.search(sentence.text, max(start, group.start - 40), group.start):
            by.setdefault("made", group)
            continue
        if group.preposition == "by" and voice == "noun" and _of_another(sentence, start, group.start):
            continue
        if group.preposition in by:
            if (listed := _listed_with(sentence, by[group.preposition], group)) is not None:
                by[group.preposition] = listed
            continue
        if group.preposition in _NEAR and sentence.words_between(start, group.start) > 14:
            continue
        by[group.preposition] = group
    return by


def _of_another(sentence: Sentence, start: int, at: int) -> bool:
    """ "the sale was opposed by Delhi": the agent of a verb that tells of no transfer."""
    found = _OTHER_AGENT[sentence.language].search(sentence.text, start, at)
    return found is not None and not any(found.start() <= mark.start < at for mark in sentence.frames)


_LISTED = Pattern(r"\s*(?:,|,?\s*(?:«links of parties»))\s+(?:[\w$€£.-]+\s+){1,8}$", re.I)


def _listed_with(sentence: Sentence, one: Group, other: Group) -> Group | None:
    """ "arms for $40 million from X and $12 million from Y": the preposition comes again, and no act between."""
    if other.start < one.end or one.preposition not in ("from", "to"):
        return None
    told = any(one.end <= mark.start < other.start for mark in (*sentence.frames, *sentence.names))
    if told or not _LISTED[sentence.language].fullmatch(sentence.text, one.end, other.start):
        return None
    return Group([*one.sides, *other.sides], one.start, other.end, one.preposition)


def first(around: Around, *prepositions: str) -> Group | None:
    return next((around.by[one] for one in prepositions if one in around.by), None)


def halves(group: Group) -> tuple[Group, Group]:
    return Group(group.sides[:1], group.start, group.end), Group(group.sides[1:], group.start, group.end)


def rank(group: Group) -> int:
    return min(_EXPORTERS.index(side.key) if side.key in _EXPORTERS else 99 for side in group.sides)


def direction(seller: Group, buyer: Group, around: Around) -> tuple[Group, Group]:
    """Who sells in "a deal between X and Y": the maker, else the greater exporter, the company, the one named first."""
    makers = {things.head.maker for things in around.reading.things if things.head.maker}
    keys = makers | ({side.key for side in around.origin.sides} if around.origin is not None else set())
    around.reading.symmetric = not keys
    buys, sells = {side.key for side in buyer.sides}, {side.key for side in seller.sides}
    if keys & buys and not keys & sells:
        return buyer, seller
    if rank(buyer) < rank(seller) and not makers:
        return buyer, seller
    if any(side.actor.kind == "company" for side in buyer.sides) and all(
        side.actor.kind != "company" for side in seller.sides
    ):
        return buyer, seller
    return seller, buyer


def to_nobody(sentence: Sentence, start: int, end: int) -> bool:
    """ "exported them to many countries": the text says that it names no recipient."""
    taking = {word.end for word, value in sentence.words_in(start, end, "preposition") if value in ("to", "for")}
    generic = [word for word, value in sentence.words_in(start, end, "pronoun") if value == "generic"]
    return any(word.start - 1 in taking for word in generic)


_AMONG = Pattern(r"\b(?:«customers»)\b[^.;:]{0,30}?\b(?:«among them»)\s*$", re.I)


def among_them(around: Around) -> Group | None:
    """ "sold to more than 30 countries, among them Ukraine and Morocco"."""
    start, among = around.reading.mark.end, _AMONG[around.sentence.language]
    return next((group for group in around.after if among.search(around.sentence.text, start, group.start)), None)
