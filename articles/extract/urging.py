"""What somebody is urged or has promised not to do: no halt of talks, no denial, and at most a call for a halt."""

import re

from articles.extract.clauses import Sentence, frames_of
from articles.extract.languages import Pattern
from articles.extract.readings import Reading
from articles.extract.triggers import choose

_URGED = Pattern(r"\b(?:«urging»)\b[^;\"“”]*$", re.I)
_PROMISED = Pattern(
    r"\b(?:«keeping a promise»)\s[^;\"“”]{0,60}?\b(?:«promises»)\b[^;\"“”]{0,80}\b(?:«not to do»)\s", re.I
)
_NOT = Pattern(r"\b(?:«not to do»)\s+(?:[\w-]+\s+){0,3}$", re.I)
_CALLED_FOR = Pattern(r"\b(?:«calls for a halt»)\b(?:\s+[\w’'-]+){0,10}\s+$", re.I)
_MUST_NOT = Pattern(r"\b(?:«must not»)\s+(?:[\w’'-]+\s+){0,2}$", re.I)
_AHEAD = 110
_NEAR = 4


def only_urged(sentence: Sentence, reading: Reading) -> bool:
    """ "urged X to end its arms talks with Y": nothing is halted; "keep its promise not to sell": nothing is sold."""
    start, own = reading.mark.start, sentence.language
    if reading.frame.kind == "act" and _PROMISED[own].search(sentence.text, sentence.start, start):
        return True
    halt = reading.mark if reading.frame.roles == "halt" else reading.operator
    roles = {reading.frame.roles} | ({reading.operator_frame.roles} if reading.operator_frame is not None else set())
    if halt is None or "halt" not in roles or not _URGED[own].search(sentence.text, sentence.start, halt.start):
        return False
    return any(
        halt.end <= mark.start and sentence.words_between(halt.end, mark.start) <= _NEAR
        for mark in sentence.frames
        if any(frame.stage == "talks" for frame in frames_of(mark)) and choose(sentence, mark)[1] == "noun"
    )


def urged_not_to(sentence: Sentence, reading: Reading) -> bool:
    """ "urged X not to sell": a call for a halt, where the urging governs the act."""
    urging, frame = reading.operator, reading.operator_frame
    if urging is None or frame is None or (frame.roles, frame.stage) != ("taker", "request"):
        return False
    if urging.end > reading.mark.start:
        return False
    return bool(_NOT[sentence.language].search(sentence.text, urging.end, reading.mark.start))


def halt_called_for(sentence: Sentence, reading: Reading) -> bool:
    """ "asked the members of the Council to stop all sales", "should no longer sell": wanted, and not yet so."""
    own = sentence.language
    if reading.operator is None and reading.frame.kind == "act" and reading.frame.voice != "noun":
        start = max(sentence.start, reading.mark.start - _AHEAD)
        return bool(_MUST_NOT[own].search(sentence.text, start, reading.mark.start))
    halt, frame = reading.operator, reading.operator_frame
    if halt is None or frame is None or (frame.roles, frame.stage) != ("halt", "halted") or frame.voice == "past":
        return False
    called = _CALLED_FOR[own].search(sentence.text, max(sentence.start, halt.start - _AHEAD), halt.start)
    return called is not None and not sentence.words_in(called.end() - 8, halt.start, "relative")
