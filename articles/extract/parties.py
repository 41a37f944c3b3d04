"""Who gives and who gets, for each kind of trigger."""

from articles.extract.clauses import Group, Sentence
from articles.extract.readings import Reading
from articles.extract.subjects import (
    between_both,
    close_agent,
    direct_object,
    hyphen_agent,
    owner_of,
    subject,
    thing_between,
)

GIVING = ("giver", "arm", "flow", "arrive")


def fill_sides(sentence: Sentence, reading: Reading, voice: str, left: int, stop: int) -> None:
    frame, mark = reading.frame, reading.mark
    after = [group for group in sentence.groups if group.start >= mark.end and group.end <= stop]
    by = {}
    for group in after:
        if group.preposition and group.preposition not in by and not group.origin and not group.adjective:
            if group.preposition in ("with", "for", "in", "on") and sentence.words_between(mark.end, group.start) > 14:
                continue
            by[group.preposition] = group
    origin = next((things.origin for things in reading.things if things.origin is not None), None)
    reading.intermediary = by.get("via")
    anchor = mark.start
    operator = reading.operator
    if operator is not None and operator.end <= mark.start:
        between = any(operator.end <= group.start and group.end <= mark.start for group in sentence.groups)
        anchor = anchor if between else operator.start
    who, pronoun = subject(sentence, anchor, left)
    if reading.operator_frame is not None and reading.operator_frame.roles == "sanction":
        who, pronoun = None, ""
    if frame.roles == "deal" and not by.get("between") and between_both(sentence, mark, stop):
        reading.pronoun = "both"
        return
    give = (
        frame.roles in GIVING
        or frame.roles in ("halt", "seize")
        or (frame.kind == "operator" and frame.roles == "giver")
    )
    if give:
        _fill_giver(sentence, reading, voice, by, after, origin, who, pronoun)
    elif frame.roles == "taker":
        _fill_taker(sentence, reading, voice, by, after, origin, who, pronoun)
    elif frame.roles == "winner":
        reading.supplier = who
        reading.pronoun = "" if who else pronoun
        reading.recipient = by.get("from") or by.get("with") or by.get("to") or by.get("for") or by.get("by")
    elif frame.roles == "deal":
        _fill_deal(sentence, reading, by, origin, who, pronoun)
    elif frame.roles in ("embargo", "sanction"):
        _fill_embargo(sentence, reading, by, origin, who, pronoun, after)
    elif frame.roles == "use":
        reading.recipient = by.get("by") if voice == "passive" else who
        reading.pronoun = "" if reading.recipient else pronoun
        reading.supplier = origin or by.get("from")
    elif frame.roles == "make":
        partner = by.get("with") or by.get("in")
        reading.supplier = partner or origin
        reading.recipient = who if who is not reading.supplier else None
        if who is not None and len(who.sides) == 2 and partner is None:
            reading.supplier = Group(who.sides[:1], who.start, who.end)
            reading.recipient = Group(who.sides[1:], who.start, who.end)


def _fill_giver(sentence, reading, voice, by, after, origin, who, pronoun) -> None:
    frame, mark = reading.frame, reading.mark
    to = by.get("to")
    if frame.roles == "arrive":
        reading.recipient = to or by.get("in") or direct_object(sentence, mark, after, reading)
        reading.supplier = by.get("from") or origin
        return
    if voice == "passive":
        agent = by.get("by") or close_agent(sentence, mark, after)
        reading.supplier = agent or by.get("from") or hyphen_agent(sentence, mark)
        reading.recipient = to or by.get("for")
        if (
            reading.recipient is None
            and who is not None
            and who is not reading.supplier
            and not thing_between(sentence, who, mark, reading)
        ):
            reading.recipient = who
        if reading.supplier is None:
            reading.supplier = origin
        if reading.recipient is None and reading.supplier is not None:
            reading.recipient = _holder(sentence, reading, origin)
        return
    direct = direct_object(sentence, mark, after, reading) if voice != "noun" else None
    reading.recipient = (
        to
        or direct
        or (by.get("for") if frame.roles != "flow" else by.get("in"))
        or (by.get("on") if frame.roles == "halt" else None)
    )
    if to is not None and by.get("for") is not None and by["for"] is not to:
        reading.end_user = by["for"]
    if frame.roles == "flow":
        reading.supplier = by.get("from") or origin
        return
    if voice == "noun":
        owner = owner_of(sentence, mark)
        reading.supplier = by.get("from") or by.get("by") or origin or owner
        if reading.supplier is reading.recipient:
            reading.supplier = None
        if reading.supplier is None and (governed := _governing_subject(sentence, reading, who)):
            reading.supplier = governed
        reading.pronoun = "" if reading.supplier else pronoun
        if reading.recipient is None and owner is not None and reading.supplier is not owner:
            reading.recipient = owner
        return
    if frame.roles in ("halt", "seize"):
        reading.supplier = by.get("from") or (who if frame.roles == "halt" else origin)
        return
    if reading.operator_frame is not None and reading.operator_frame.roles == "taker" and reading.operator is not None:
        _fill_asked(sentence, reading, who)
        return
    reading.supplier = who
    reading.pronoun = "" if who is not None and not pronoun else pronoun
    if reading.supplier is None or reading.supplier is reading.recipient:
        reading.supplier = by.get("from") or origin


def _holder(sentence: Sentence, reading: Reading, origin: Group | None) -> Group | None:
    """Who has what was supplied: "Israel's Patriots, supplied by the US"."""
    if origin is not None and origin is not reading.supplier:
        return origin
    if not reading.things or reading.things[0].start > reading.mark.start:
        return None
    holder, pronoun = subject(sentence, reading.things[0].start, reading.start)
    return holder if holder is not reading.supplier and not pronoun else None


def _fill_asked(sentence: Sentence, reading: Reading, who: Group | None) -> None:
    """ "Kyiv asked Berlin to send tanks": the one who is asked supplies, the one who asks receives."""
    operator = reading.operator or reading.mark
    asked = [group for group in sentence.groups if operator.end <= group.start and group.end <= reading.mark.start]
    asking, pronoun = subject(sentence, operator.start, reading.start)
    reading.supplier = asked[-1] if asked else None
    if reading.recipient is None and asking is not reading.supplier:
        reading.recipient = asking
        reading.pronoun = "" if asking else pronoun
    if reading.supplier is reading.recipient:
        reading.supplier = None


def _fill_taker(sentence, reading, voice, by, after, origin, who, pronoun) -> None:
    mark = reading.mark
    if voice == "passive":
        reading.recipient = by.get("by") or close_agent(sentence, mark, after) or by.get("for")
        reading.supplier = by.get("from") or origin
        if (
            reading.recipient is None
            and who is not None
            and who is not reading.supplier
            and not thing_between(sentence, who, mark, reading)
        ):
            reading.recipient = who
        return
    if voice == "noun":
        owner = owner_of(sentence, mark)
        reading.supplier = by.get("from") or by.get("with")
        reading.recipient = by.get("by") or by.get("for") or by.get("to") or owner
        if reading.supplier is None and origin is not None and origin is not reading.recipient:
            reading.supplier = origin
        if reading.recipient is None and who is not reading.supplier:
            reading.recipient = who
            reading.pronoun = pronoun
        return
    reading.recipient = who
    reading.pronoun = pronoun
    reading.supplier = by.get("from") or origin
    if reading.frame.kind == "operator":
        direct = direct_object(sentence, mark, after, reading)
        reading.supplier = reading.supplier or by.get("to") or direct
        if reading.supplier is reading.recipient:
            reading.supplier = None
        if reading.frame.lemma in ("ask", "yakinkan") and direct is not None:
            reading.supplier = direct


def _fill_deal(sentence, reading, by, origin, who, pronoun) -> None:
    mark = reading.mark
    between = by.get("between") or by.get("with")
    supplier = origin or by.get("from")
    recipient = by.get("to") or by.get("for")
    if between is not None and len(between.sides) >= 2:
        first, second = (
            Group(between.sides[:1], between.start, between.end),
            Group(between.sides[1:], between.start, between.end),
        )
        reading.supplier, reading.recipient = _direction(first, second, origin, reading)
        return
    owner = owner_of(sentence, mark)
    one = who or owner
    if recipient is not None:
        reading.recipient = recipient
        reading.supplier = supplier or (one if one is not recipient else None)
        return
    other = by.get("with")
    if one is not None and other is not None:
        reading.supplier, reading.recipient = _direction(other, one, origin, reading)
        return
    if one is not None and len(one.sides) == 2:
        first, second = Group(one.sides[:1], one.start, one.end), Group(one.sides[1:], one.start, one.end)
        reading.supplier, reading.recipient = _direction(first, second, origin, reading)
        return
    reading.supplier = supplier
    reading.recipient = one if one is not supplier else None
    reading.pronoun = pronoun


# Where nothing else says who sells, the greater exporter of arms does (the order of the last decades' registers).
_EXPORTERS = ("US", "RU", "FR", "DE", "CN", "IT", "GB", "IL", "KR", "ES", "SE", "NL", "TR", "CH", "UA", "KP", "IR")


def _rank(group: Group) -> int:
    return min(_EXPORTERS.index(side.key) if side.key in _EXPORTERS else 99 for side in group.sides)


def _direction(seller: Group, buyer: Group, origin: Group | None, reading: Reading) -> tuple[Group, Group]:
    """Who sells in "a deal between X and Y": the maker, else the greater exporter, the company, the one named first."""
    makers = {things.head.maker for things in reading.things if things.head.maker}
    keys = {side.key for side in origin.sides} if origin is not None else set()
    if (makers | keys) & {side.key for side in buyer.sides} and not (makers | keys) & {
        side.key for side in seller.sides
    }:
        return buyer, seller
    if _rank(buyer) < _rank(seller) and not makers:
        return buyer, seller
    if any(side.actor.kind == "company" for side in buyer.sides) and not any(
        side.actor.kind == "company" for side in seller.sides
    ):
        return buyer, seller
    return seller, buyer


def _fill_embargo(sentence, reading, by, origin, who, pronoun, after) -> None:
    mark = reading.mark
    on = by.get("to") or by.get("on") or by.get("for") or by.get("with") or by.get("in")
    owner = owner_of(sentence, mark)
    direct = (
        after[0]
        if after and not after[0].preposition and sentence.words_between(mark.end, after[0].start) <= 3
        else None
    )
    reading.recipient = on or direct
    reading.supplier = by.get("by") or by.get("from") or owner or origin or who
    if reading.supplier is reading.recipient:
        reading.supplier = None
    reading.pronoun = pronoun if reading.supplier is None else ""


def _governing_subject(sentence: Sentence, reading: Reading, who: Group | None) -> Group | None:
    """The subject of the word that governs a noun gives, where it decides: "Washington approved the sale"."""
    if (
        reading.operator is not None
        and reading.operator_frame is not None
        and who is not None
        and who.end <= reading.operator.start
    ):
        return who if reading.operator_frame.roles in ("giver", "halt", "deal") else None
    if who is not None and sentence.words_between(who.end, reading.mark.start) <= 12:
        return who
    return None
