"""One reading for one act: which triggers of a sentence tell of the same transfer, and which of them tells it."""

from articles.extract.clauses import Group, Sentence
from articles.extract.readings import Reading


def main_readings(sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """One reading for one act: an operator that governs an act is told by the act, and an act by its first word."""
    governed = {id(reading.operator) for reading in readings if reading.operator is not None}
    kept: list[Reading] = []
    for reading in readings:
        if id(reading.mark) in governed:
            continue
        if (inner := _contradicted(reading, readings)) is not None:
            reading.supplier, reading.recipient = inner.supplier, inner.recipient
        if reading.frame.kind in ("operator", "promise"):
            act = next((other for other in readings if other.frame.kind == "act" and _shares(other, reading)), None)
            if act is not None:
                if reading.frame.kind == "promise":
                    act.supplier, act.recipient = act.supplier or reading.supplier, act.recipient or reading.recipient
                continue
        twin = next((other for other in kept if _shares(other, reading) and _same_sides(other, reading)), None)
        if twin is not None and (_outranks(reading, twin) or _in_relative(sentence, twin, reading)):
            _fill(reading, twin)
            kept[kept.index(twin)] = reading
            continue
        if twin is not None:
            if not reading.pronoun:
                _fill(twin, reading)
            continue
        kept.append(reading)
    return kept


def _contradicted(deal: Reading, readings: list[Reading]) -> Reading | None:
    """The act inside a deal knows who sells: "el contrato para la compra de cazas a Suecia"."""
    if deal.frame.roles != "deal":
        return None
    for inner in readings:
        act = inner.frame.roles in ("giver", "taker") and inner.mark.start > deal.mark.end
        if act and _shares(deal, inner) and _turned(deal, inner):
            return inner
    return None


def _turned(one: Reading, other: Reading) -> bool:
    if one.supplier is None or one.recipient is None or other.supplier is None or other.recipient is None:
        return False
    return one.supplier is other.recipient and one.recipient is other.supplier


def _outranks(verb: Reading, noun: Reading) -> bool:
    """The main predicate brings the stage: "the jets ordered by X arrived", "the sale of jets was completed"."""
    if noun.operator is not None or verb.operator is not None:
        return False
    if noun.frame.voice != "noun" or verb.frame.voice == "noun":
        return False
    return noun.frame.roles in ("taker", "giver", "deal") and verb.frame.roles in ("arrive", "giver", "taker")


def _in_relative(sentence: Sentence, one: Reading, main: Reading) -> bool:
    """ "the jets that X ordered will arrive": the clause behind "that" says only which jets."""
    if main.frame.kind != "act" or main.operator is not None or main.frame.voice == "noun" or not one.things:
        return False
    things = one.things[-1]
    end = things.origin.end if things.origin is not None and things.origin.start >= things.end else things.end
    words = sentence.words_in(end, one.mark.start, "relative")
    if not words or sentence.words_between(end, words[0][0].start) > 2:
        return False
    between = one.mark.end, main.mark.start
    goes_on = sentence.words_in(*between, "relative") or sentence.words_in(*between, "link")
    return one.mark.end <= main.mark.start and not goes_on


def _shares(one: Reading, other: Reading) -> bool:
    if one.bare and not other.bare:
        return False
    if not one.things and not other.things:
        return other.operator is None or one.operator is other.operator
    return any(a.start == b.start for a in one.things for b in other.things)


def _fill(one: Reading, other: Reading) -> None:
    """Take the side that one leaves unsaid from the other, unless it is the party of its own other side."""
    if one.supplier is None and _keys(other.supplier).isdisjoint(_keys(one.recipient)):
        one.supplier = other.supplier
    if one.recipient is None and _keys(other.recipient).isdisjoint(_keys(one.supplier)):
        one.recipient = other.recipient


def _keys(group: Group | None) -> set[str]:
    return {side.key for side in group.sides} if group else set()


def _same_sides(one: Reading, other: Reading) -> bool:
    def agree(a: Group | None, b: Group | None) -> bool:
        return not _keys(a) or not _keys(b) or bool(_keys(a) & _keys(b))

    return agree(one.supplier, other.supplier) and agree(one.recipient, other.recipient)
