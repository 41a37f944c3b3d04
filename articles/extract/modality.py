"""How sure the text says it is: polarity, evidence, realis and hedge in their scopes, and what follows from them."""

import re
from dataclasses import dataclass

from articles.extract.attribution import Said
from articles.extract.clauses import Sentence, frames_of
from articles.extract.languages import Pattern
from articles.extract.lexicon import Outlet
from articles.extract.mentions import Mark
from articles.extract.readings import Reading
from articles.extract.scopes import Cue
from articles.extract.triggers import rejects_a_claim

# What is planned for a purpose leaves the purpose planned: "berencana pergi ke X demi memajukan negosiasi".
_FOR = 80
_PURPOSE = Pattern(r"\b(?:«purposes»)\b", re.I)
# What a form says that is future or conditional in itself: "entregará", "vendería".
_TENSES = {"future": "planned", "conditional": "potential"}
_FUTURE = frozenset({"delivery", "shipment"})
_COURSE = Pattern(r"(?:\w+\s+){1,4}?(?:«course of a delivery»)\b", re.I)
# What the one who does it knows directly, though they neither supply nor receive.
_OWN_DEEDS = frozenset({"seize", "halt", "sanction"})
_OWNS_UP = Pattern(r"(?:«verbs of owning up»)", re.I)
_COMMA = re.compile(r"[,;:()\"“”]")
# How many characters may stand between "rejected" and the transfer of which the claim tells.
_CLAIM_REACH = 90
_PLAN_OF = 3
_SETTLED = frozenset({"agreement", "halted", "cancelled"})
_INFINITIVE = Pattern(r" «infinitive of a title»")
_THAT = Pattern(r"\s+(?:«that»)\b")
_TERMINATORS = re.compile(r"[;]|[.!?]\s")


@dataclass(frozen=True, slots=True)
class Modality:
    """`mark` is the cue, None for a bare assertion. `hedged`: the clause itself says that it is somebody's claim."""

    value: str
    mark: Mark | None
    hedged: bool


def modality_of(sentence: Sentence, reading: Reading) -> Modality:
    """The modality of one frame from the cues that govern it in its own sentence; who speaks is not looked at here."""
    found: dict[str, Mark] = {}
    start = min(reading.mark.start, reading.operator.start if reading.operator else reading.mark.start)
    end = max(reading.mark.end, reading.operator.end if reading.operator else reading.mark.end)
    for mark in sentence.cues:
        for cue in mark.entries:
            if isinstance(cue, Cue) and cue.value != "none" and _governs(sentence, reading, mark, cue, start, end):
                found[cue.value] = mark
                break
    for word, frame in ((reading.mark, reading.frame), (reading.operator, reading.operator_frame)):
        if word is not None and frame is not None and frame.tense:
            found.setdefault(_TENSES[frame.tense], word)
    if (rejected := _rejected(sentence, start)) is not None:
        found.setdefault("denied", rejected)
    for value in ("no_evidence", "denied"):
        if value in found:
            return Modality(value, found[value], "alleged" in found)
    if "negated" in found and "potential" not in found and "conditional" not in found:
        return Modality("denied", found["negated"], False)
    if "conditional" in found:
        claim = found.get("alleged", found["conditional"]).start
        speech = sentence.words_in(sentence.start, found["conditional"].start, "speech")
        reported = any(word.start != claim or _reported_by_outlet(sentence, word) for word, _ in speech)
        found.setdefault("planned" if reported or "planned" in found else "potential", found["conditional"])
    if "potential" in found and "alleged" not in found:
        return Modality("potential", found["potential"], False)
    if "alleged" in found and "potential" in found:
        return Modality("potential", found["potential"], True)
    if "alleged" in found and "planned" in found and _reported_by_outlet(sentence, found["alleged"]):
        return Modality("planned", found["planned"], False)
    if "alleged" in found:
        return Modality("alleged", found["alleged"], True)
    if "planned" in found:
        return Modality("planned", found["planned"], False)
    if (
        "announced" in found
        and reading.operator is None
        and reading.frame.stage in _FUTURE
        and reading.frame.voice == "noun"
    ):
        return Modality("planned", found["announced"], False)
    if reading.frame.kind == "promise" and reading.frame.roles == "giver":
        return Modality("planned", reading.mark, False)
    if (title := _title_infinitive(sentence, reading)) is not None:
        return Modality("planned", title, False)
    if (ahead := _lies_ahead(sentence, reading)) is not None:
        return Modality("planned", ahead, False)
    if (approval := _approval(reading)) is not None:
        return Modality("planned", approval, False)
    return Modality("asserted", None, False)


def as_told(
    sentence: Sentence, reading: Reading, modality: Modality, source: Said, parties: set[str]
) -> tuple[str, list[str]]:
    """The modality with regard to who speaks, and its reasons: what a third party states as a fact is its claim."""
    reasons = [f"cue → {modality.value}"] if modality.mark else []
    named = source.speaker is not None or source.institution is not None
    if modality.value != "asserted" or not named:
        return modality.value, reasons
    third = source.speaks not in parties and (source.speaks or not source.official)
    if source.hidden or third and not _knows(sentence, reading, source):
        return "alleged", [*reasons, "told by a third party → alleged"]
    return "asserted", reasons


def _knows(sentence: Sentence, reading: Reading, source: Said) -> bool:
    """Whether the speaker owns up to what they say, or tells of their own state's deed: "it had seized a shipment"."""
    if not source.speaks:
        return bool(_OWNS_UP[sentence.language].fullmatch(sentence.text, *source.verb))
    deed, frame = reading.operator or reading.mark, reading.operator_frame or reading.frame
    if frame.roles not in _OWN_DEEDS:
        return False
    before = [group for group in sentence.groups if group.end <= deed.start]
    return bool(before) and source.speaks in {side.key for side in before[-1].sides}


def _rejected(sentence: Sentence, start: int) -> Mark | None:
    """ "rejected Western claims that it had sent": the verb that refuses the claim which tells of the transfer."""
    for mark in sentence.frames:
        if mark.end > start:
            return None
        if start - mark.end > _CLAIM_REACH or not any(frame.roles == "halt" for frame in frames_of(mark)):
            continue
        if rejects_a_claim(sentence, mark):
            return None if _TERMINATORS.search(sentence.gap(mark.end, start)) else mark
    return None


def _title_infinitive(sentence: Sentence, reading: Reading) -> Mark | None:
    """ "Berlin to send tanks": the future of headlines, of a subject that opens the sentence."""
    if not sentence.language.infinitive_titles or reading.operator is not None or reading.frame.voice != "active":
        return None
    for group in sentence.groups:
        opens = sentence.words_between(sentence.start, group.start) <= 2
        future = _INFINITIVE[sentence.language].fullmatch(sentence.text, group.end, reading.mark.start)
        if opens and not group.preposition and future:
            return reading.mark
    return None


def _reported_by_outlet(sentence: Sentence, mark: Mark) -> bool:
    """ "Reuters reported that Berlin will send": the outlet relays a plan, and hedges nothing."""
    for name in sentence.names:
        if isinstance(name.entry, Outlet) and 0 <= mark.start - name.end <= 15:
            return bool(sentence.words_in(mark.start, mark.end, "speech"))
    return False


def _approval(reading: Reading) -> Mark | None:
    """The leave to sell or send: what is allowed is decided, and not yet done."""
    for mark, frame in ((reading.operator, reading.operator_frame), (reading.mark, reading.frame)):
        if mark is not None and frame is not None and frame.kind == "operator" and frame.roles == "giver":
            return mark if frame.stage == "agreement" else None
    return None


def _lies_ahead(sentence: Sentence, reading: Reading) -> Mark | None:
    """ "Deliveries of the tanks will begin", "pengirimannya dijadwalkan mulai": the cue stands behind the noun."""
    if reading.frame.voice != "noun" or reading.operator is not None:
        return None
    first = max((things.end for things in reading.things), default=reading.mark.end)
    for mark in sentence.cues:
        planned = any(isinstance(cue, Cue) and cue.value == "planned" for cue in mark.entries)
        if not planned or mark.start < max(first, reading.mark.end) or mark.end > reading.end:
            continue
        gap = sentence.gap(reading.mark.end, mark.start)
        if _COMMA.search(gap) or sentence.words_in(reading.mark.end, mark.start, "relative"):
            return None
        if any(first <= frame.start < mark.start for frame in sentence.frames):
            return None
        return mark if _COURSE[sentence.language].match(sentence.text, mark.start) else None
    return None


def _governs(sentence: Sentence, reading: Reading, mark: Mark, cue: Cue, start: int, end: int) -> bool:
    operator = reading.operator
    if operator is not None and mark.start <= operator.start and operator.end <= mark.end <= reading.mark.start:
        # "agreed to sell": that they agreed, which the stage says, is done.
        agreed = reading.operator_frame is not None and reading.operator_frame.stage == "agreement"
        if agreed and cue.value == "planned" and mark.end > operator.end:
            return False
        return cue.axis == "realis" and mark.end - mark.start > operator.end - operator.start
    if mark.start >= start and mark.end <= end:
        if reading.frame.kind == "promise" and mark.start == start:
            return cue.value == "planned"
        return reading.operator is None and (cue.value == "potential" or mark.start == start and mark.end < end)
    if mark.start >= end and reading.frame.voice == "noun" and cue.direction == "before":
        first = min((things.start for things in reading.things), default=end)
        return mark.end <= first and sentence.words_between(end, mark.start) <= 4
    if mark.end <= start:
        if cue.value == "planned" and _plan_is_settled(reading) and sentence.words_between(mark.end, start) <= _PLAN_OF:
            return False
        if cue.direction != "before" or mark.start < reading.start and cue.axis not in ("evidential", "evidence"):
            return False
        if _TERMINATORS.search(sentence.gap(mark.end, start)):
            return False
        if cue.axis in ("realis", "polarity") and _relative_between(sentence, mark, start):
            return False
        own = sentence.language
        purpose = cue.value == "planned" and _PURPOSE[own].search(sentence.text, max(mark.end, start - _FOR), start)
        claimed = cue.value == "alleged" and _THAT[own].match(sentence.text, mark.end)
        return sentence.words_between(mark.end, start) <= cue.reach * (3 if purpose or claimed else 1)
    if cue.direction != "after" or mark.start > reading.end:
        return False
    return sentence.words_between(end, mark.start) <= cue.reach


def _plan_is_settled(reading: Reading) -> bool:
    """ "The plan to buy tanks was scrapped", "the decision to sell was approved": that is done."""
    settled, frame = reading.operator, reading.operator_frame
    return settled is not None and frame is not None and settled.start >= reading.mark.end and frame.stage in _SETTLED


def _relative_between(sentence: Sentence, mark: Mark, start: int) -> bool:
    """What may replace "the jets that Iran supplied" leaves the supply as certain as it was."""
    relatives = [word for word, _ in sentence.words_in(mark.end, start, "relative")]
    return any(
        mark.end <= things.start and things.end <= word.start for word in relatives for things in sentence.things
    )
