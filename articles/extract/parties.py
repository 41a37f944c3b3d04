"""Who gives and who gets, for each kind of trigger."""

import re

from articles.extract.around import Around, among_them, by_preposition, direction, first, halves, rank, to_nobody
from articles.extract.clauses import Group, Sentence
from articles.extract.languages import Pattern
from articles.extract.readings import Reading
from articles.extract.subjects import (
    between_both,
    close_agent,
    direct_object,
    helper_of,
    hyphen_agent,
    late_subject,
    owner_of,
    subject,
    thanked,
    thing_between,
    won,
)

GIVING = ("giver", "arm", "flow", "arrive")


def fill_sides(sentence: Sentence, reading: Reading, voice: str, left: int, stop: int) -> None:
    """Put the supplier, the recipient and the intermediary of the trigger into the reading."""
    frame, mark = reading.frame, reading.mark
    after = [group for group in sentence.groups if group.start >= mark.end and group.end <= stop]
    origin = next((things.origin for things in reading.things if things.origin is not None), None)
    who, pronoun = _subject(sentence, reading, left)
    if voice == "active" and (behind := late_subject(sentence, mark, after, bool(who or pronoun))) is not None:
        who, pronoun = behind, ""
    by = by_preposition(sentence, reading, voice, after)
    around = Around(sentence, reading, voice, by, after, origin or by.get("made"), who, pronoun)
    reading.intermediary = around.by.get("via")
    if reading.operator_frame is not None and reading.operator_frame.roles == "award":
        _awarded(around)
    elif frame.roles == "deal" and "between" not in around.by and between_both(sentence, mark, stop):
        reading.pronoun = "both"
    elif frame.roles == "arrive":
        _arrived(around)
    elif frame.roles == "flow":
        reading.recipient = first(around, "to", "in", "for")
        reading.supplier = around.by.get("from") or origin
        reading.pronoun = "generic"
    elif frame.roles in ("halt", "seize"):
        _halted(around)
    elif frame.roles in GIVING or frame.roles == "giver":
        _given(around)
    elif frame.roles == "taker" and not won(sentence, mark, voice, who):
        _taken(around)
    elif frame.roles == "supplier":
        owner = owner_of(sentence, mark)
        reading.recipient = first(around, "to", "for", "of") or owner
        reading.supplier = subject(sentence, owner.start, left)[0] if owner is not None and owner is who else who
    elif frame.roles == "hands":
        _passed_on(around)
    elif frame.roles == "thanks":
        direct = after[0] if after and sentence.words_between(mark.end, after[0].start) <= 3 else None
        reading.supplier = direct if direct is not None and not direct.preposition else around.by.get("to")
        reading.recipient = who
        reading.pronoun = "" if who else pronoun
    elif frame.roles in ("winner", "taker") or won(sentence, mark, voice, who):
        reading.supplier = who
        reading.pronoun = "" if who else pronoun
        reading.recipient = first(around, "from", "with", "to", "for", "by")
    elif frame.roles == "deal":
        _dealt(around)
    elif frame.roles == "embargo":
        _embargoed(around)
    elif frame.roles == "use":
        agent = around.by.get("by") or close_agent(sentence, mark, after)
        reading.recipient = agent if voice == "passive" else who
        reading.pronoun = "" if reading.recipient else pronoun
        reading.supplier = origin or around.by.get("from")
    elif frame.roles == "make":
        _made(around)
    if reading.supplier is reading.recipient:
        reading.supplier = None
    if reading.recipient is None and frame.roles in GIVING and to_nobody(sentence, mark.end, stop):
        reading.pronoun = "generic"


def _subject(sentence: Sentence, reading: Reading, left: int) -> tuple[Group | None, str]:
    """The subject of the trigger, which is that of the operator where one governs it ("X held talks on the sale")."""
    mark, operator = reading.mark, reading.operator
    if operator is None or reading.operator_frame is None:
        return subject(sentence, mark.start, left)
    if reading.operator_frame.roles == "sanction":
        punished = [group for group in sentence.groups if operator.end <= group.start and group.end <= mark.start]
        return (punished[-1] if punished else None), ""
    if operator.start >= mark.end:
        behind = [group for group in sentence.groups if group.start >= operator.end]
        agent = next((group for group in behind if group.preposition == "by"), None)
        agent = agent or close_agent(sentence, operator, behind)
        return (agent, "") if agent is not None else subject(sentence, mark.start, left)
    between = any(operator.end <= group.start and group.end <= mark.start for group in sentence.groups)
    return subject(sentence, mark.start if between else operator.start, left)


def _arrived(around: Around) -> None:
    reading = around.reading
    direct = direct_object(around.sentence, reading.mark, around.after, reading)
    reading.recipient = first(around, "to", "in") or direct
    reading.supplier = around.by.get("from") or around.origin


def _halted(around: Around) -> None:
    """A halt by itself: whoever halts supplies; whoever seizes does not."""
    reading = around.reading
    reading.recipient = first(around, "to", "for", "on")
    if around.voice == "active" and reading.frame.roles == "halt" and reading.recipient is None and around.who:
        reading.recipient = around.by.pop("from", None)
    reading.supplier = around.by.get("from") or (around.origin if reading.frame.roles == "seize" else None)
    if reading.frame.roles == "halt" and reading.supplier is None:
        reading.supplier = around.by.get("by") if around.voice == "passive" else around.who
        reading.pronoun = "" if reading.supplier else around.pronoun
    if reading.recipient is None:
        reading.pronoun = "generic"


def _passed_on(around: Around) -> None:
    """ "Weapons sent to X ended up in the hands of Y": X is where Y has them from."""
    sentence, reading = around.sentence, around.reading
    near = [group for group in around.after if sentence.words_between(reading.mark.end, group.start) <= 3]
    before = [
        group for group in sentence.groups if group.end <= reading.mark.start and group.preposition in ("to", "from")
    ]
    reading.recipient = near[0] if near else None
    reading.supplier = around.by.get("from") or (before[-1] if before else around.origin)


def _given(around: Around) -> None:
    if around.voice == "passive":
        _given_by(around)
    elif around.voice == "noun":
        _gift(around)
    else:
        _gives(around)


def _gives(around: Around) -> None:
    sentence, reading = around.sentence, around.reading
    direct = direct_object(sentence, reading.mark, around.after, reading)
    reading.recipient = around.by.get("to") or direct or around.by.get("for") or among_them(around) or _helped(around)
    if "to" in around.by and "for" in around.by:
        reading.end_user = around.by["for"]
    if reading.operator_frame is not None and reading.operator_frame.roles == "taker":
        _asked(around)
        return
    reading.supplier = around.who
    reading.pronoun = around.pronoun
    if around.who is not None and (helper := helper_of(sentence, around.who, reading.mark)) is not None:
        reading.supplier, reading.recipient = helper, reading.recipient or around.who
    if reading.supplier is None or reading.supplier is reading.recipient:
        reading.supplier = around.by.get("from") or around.origin


def _given_by(around: Around) -> None:
    sentence, reading, who = around.sentence, around.reading, around.who
    agent = around.by.get("by") or close_agent(sentence, reading.mark, around.after)
    reading.supplier = agent or around.by.get("from") or hyphen_agent(sentence, reading.mark)
    reading.recipient = first(around, "to", "for")
    clear = who is not None and who is not reading.supplier and not thing_between(sentence, who, reading.mark, reading)
    if reading.recipient is None and clear:
        reading.recipient = who
    if reading.supplier is None and who is not None and who is thanked(sentence, reading.mark.start):
        reading.supplier = who
    if reading.supplier is None:
        reading.supplier = around.origin
    if reading.recipient is None and reading.supplier is not None:
        reading.recipient = _holder(around)


def _holder(around: Around) -> Group | None:
    """Who has what was supplied: "Israel's Patriots, supplied by the US"."""
    reading = around.reading
    if around.origin is not None and around.origin is not reading.supplier:
        return around.origin
    if not reading.things or reading.things[0].start > reading.mark.start:
        return None
    holder, pronoun = subject(around.sentence, reading.things[0].start, reading.start)
    if holder is not None and around.sentence.words_between(holder.end, reading.things[0].start) > 6:
        return None
    return holder if holder is not reading.supplier and not pronoun else None


def _gift(around: Around) -> None:
    sentence, reading = around.sentence, around.reading
    owner = owner_of(sentence, reading.mark)
    reading.recipient = first(around, "to", "for")
    if "to" in around.by and "for" in around.by:
        reading.end_user = around.by["for"]
    reading.supplier = first(around, "from", "by") or around.origin or owner
    if reading.recipient is None and around.who is not None and _withheld(reading) and "from" in around.by:
        reading.supplier, reading.recipient = around.who, around.by["from"]
    if reading.supplier is reading.recipient:
        reading.supplier = None
    if reading.recipient is None and "aid" in reading.frame.rules:
        reading.recipient = _helped(around)
    if reading.supplier is None:
        reading.supplier = _governing(around)
    reading.pronoun = "" if reading.supplier else around.pronoun
    if reading.recipient is None and owner is not None and reading.supplier is not owner:
        reading.recipient = owner
    if reading.recipient is None and reading.operator is not None:
        reading.recipient = around.by.get("with")
    if reading.recipient is None and reading.supplier is not None and len(reading.supplier.sides) == 2:
        reading.supplier, reading.recipient = direction(*halves(reading.supplier), around)


_HELPED = Pattern(r"\b(?:«helps»)\s+(?:[\w'’-]+\s+)?$")


def _helped(around: Around) -> Group | None:
    """ "a new package of weapons to help Ukraine defend itself"."""
    start, helped = around.reading.mark.end, _HELPED[around.sentence.language]
    plain = (group for group in around.after if not group.preposition)
    return next((group for group in plain if helped.search(around.sentence.text, start, group.start)), None)


def _withheld(reading: Reading) -> bool:
    """What is withheld from a party is not from it."""
    return reading.operator_frame is not None and "withheld" in reading.operator_frame.rules


def _governing(around: Around) -> Group | None:
    """The subject of the word that governs a noun gives, where it decides: "Washington approved the sale"."""
    reading, who = around.reading, around.who
    if who is None:
        return None
    if reading.operator is not None and reading.operator_frame is not None:
        return who if reading.operator_frame.roles in ("giver", "halt", "deal") else None
    return who if around.sentence.words_between(who.end, reading.mark.start) <= 12 else None


def _awarded(around: Around) -> None:
    """ "Norway awarded the yard a contract to supply frigates": the subject buys, the object supplies."""
    sentence, reading = around.sentence, around.reading
    operator = reading.operator or reading.mark
    behind = [group for group in sentence.groups if operator.end <= group.start and not group.origin]
    reading.recipient, reading.pronoun = subject(sentence, operator.start, reading.start)
    to = next((group for group in behind if group.preposition == "to"), None)
    direct = behind[0] if behind and behind[0].preposition in ("", "of") else None
    reading.supplier = to or direct or around.origin


def _asked(around: Around) -> None:
    """Who is asked supplies, who asks receives: "Kyiv asked Berlin to send tanks"."""
    sentence, reading = around.sentence, around.reading
    operator = reading.operator or reading.mark
    asked = [group for group in sentence.groups if operator.end <= group.start and group.end <= reading.mark.start]
    asking, pronoun = subject(sentence, operator.start, reading.start)
    reading.supplier = asked[-1] if asked else None
    if reading.recipient is None and asking is not reading.supplier:
        reading.recipient = asking
        reading.pronoun = "" if asking else pronoun


def _taken(around: Around) -> None:
    sentence, reading, who = around.sentence, around.reading, around.who
    if around.voice == "passive":
        agent = around.by.get("by") or close_agent(sentence, reading.mark, around.after)
        reading.recipient = agent or around.by.get("for")
        reading.supplier = _seller(around) or around.origin
        clear = who is not None and not thing_between(sentence, who, reading.mark, reading)
        if reading.recipient is None and who is not reading.supplier and clear:
            reading.recipient = who
        if reading.recipient is None:
            reading.recipient = _holder(around)
        return
    if around.voice == "noun":
        sources = reading.frame.sources
        reading.supplier = _seller(around) or around.by.get("with")
        takers = [one for one in ("by", "for", "to") if one not in sources]
        reading.recipient = first(around, *takers) or owner_of(sentence, reading.mark)
        if reading.supplier is None and around.origin is not reading.recipient:
            reading.supplier = around.origin
        if reading.supplier is None and reading.recipient is not None:
            reading.supplier = _share_of(around, reading.recipient)
        if reading.recipient is None and who is not reading.supplier:
            reading.recipient = who
            reading.pronoun = around.pronoun
        both = reading.recipient
        discussed = reading.operator_frame is not None and reading.operator_frame.roles == "deal"
        if discussed and reading.supplier is None and both is not None and len(both.sides) == 2:
            reading.supplier, reading.recipient = direction(*halves(both), around)
        return
    reading.recipient = who
    reading.pronoun = around.pronoun
    reading.supplier = _seller(around) or around.origin or _of_the_things(around)
    meant = around.by.get("for")
    bought = reading.frame.kind == "act" and reading.frame.stage == "order"
    if bought and meant is not None and who is not None and meant is not reading.supplier:
        reading.recipient, reading.intermediary = meant, who
        reading.supplier = reading.supplier or who
        return
    if reading.frame.kind == "operator":
        direct = direct_object(sentence, reading.mark, around.after, reading)
        reading.supplier = reading.supplier or around.by.get("to") or direct
        if "asked" in reading.frame.rules and direct is not None:
            reading.supplier = direct
    elif reading.supplier is None and reading.operator is not None:
        reading.supplier = around.by.get("with")


_SHARE = Pattern(r"\b(?:«per cent»)\b|%")


def _share_of(around: Around, importer: Group) -> Group | None:
    """ "China supplied 81 per cent of Pakistan's arms imports"."""
    exporter, _ = subject(around.sentence, importer.start, around.reading.start)
    if exporter is None or exporter is importer:
        return None
    share = _SHARE[around.sentence.language].search(around.sentence.text, exporter.end, importer.start)
    return exporter if share and importer.end <= around.reading.mark.start else None


def _seller(around: Around) -> Group | None:
    """Who is bought from, by the prepositions of the word: "compró cazas a Suecia"; an origin outweighs a far "a"."""
    for preposition in around.reading.frame.sources:
        group = around.by.get(preposition)
        if group is not None and (preposition == "from" or around.origin is None or _follows(around, group)):
            return group
    return None


def _follows(around: Around, group: Group) -> bool:
    """Whether the preposition of a group stands right behind the trigger, its things or their origin."""
    ends = {around.reading.mark.end, *(things.end for things in around.reading.things)}
    ends |= {around.origin.end} if around.origin is not None else set()
    prepositions = around.sentence.words_in(around.reading.mark.end, group.start, "preposition")
    return any(word.start - 1 in ends for word, _ in prepositions[-1:])


_OF = Pattern(r" (?:«of a possessor»|«of a noun») ")


def _of_the_things(around: Around) -> Group | None:
    """ "the fighter jet of Sweden"."""
    of = [group for group in around.after if group.preposition == "of"]
    for group in of:
        gaps = [around.sentence.gap(things.end, group.start) for things in around.reading.things]
        if any(_OF[around.sentence.language].fullmatch(gap) for gap in gaps):
            return group
    return None


def _dealt(around: Around) -> None:
    reading, who = around.reading, around.who
    between = first(around, "between", "with")
    if between is not None and len(between.sides) >= 2:
        reading.supplier, reading.recipient = direction(*halves(between), around)
        return
    one = who or owner_of(around.sentence, reading.mark)
    supplier = around.origin or around.by.get("from")
    recipient = first(around, "to", "for")
    other = around.by.get("with")
    if recipient is not None:
        reading.recipient = recipient
        reading.supplier = supplier or (one if one is not recipient else None)
    elif one is not None and other is not None:
        reading.supplier, reading.recipient = direction(other, one, around)
    elif one is not None and len(one.sides) == 2:
        reading.supplier, reading.recipient = direction(*halves(one), around)
    else:
        reading.supplier = supplier
        reading.recipient = one if one is not supplier else None
        reading.pronoun = around.pronoun


def _made(around: Around) -> None:
    reading, who = around.reading, around.who
    partner = first(around, "with", "from", "in")
    reading.supplier = partner or around.origin
    reading.recipient = who if who is not reading.supplier else None
    if partner is not None and reading.recipient is not None and rank(reading.recipient) < rank(partner):
        reading.supplier, reading.recipient = reading.recipient, partner
    if who is not None and len(who.sides) == 2 and partner is None:
        reading.supplier, reading.recipient = direction(*halves(who), around)


_UNDER = Pattern(r"\b(?:«under a sanction»)\s+(?:[\w-]+\s+){0,3}$", re.I)


def _embargoed(around: Around) -> None:
    sentence, reading, mark = around.sentence, around.reading, around.reading.mark
    owner = owner_of(sentence, mark)
    near = [group for group in around.after[:1] if sentence.words_between(reading.mark.end, group.start) <= 3]
    direct = next((group for group in near if not group.preposition), None)
    reading.recipient = first(around, "to", "on", "for", "with", "in") or direct
    reading.supplier = first(around, "by", "from") or owner or around.origin or around.who
    under = _UNDER[sentence.language].search(sentence.text, max(sentence.start, mark.start - 40), mark.start)
    if reading.recipient is None and under:
        reading.recipient = around.who
        reading.supplier = first(around, "by", "from") or (owner if owner is not around.who else None)
    if reading.supplier is reading.recipient:
        reading.supplier = None
    reading.pronoun = "" if reading.supplier else around.pronoun
