"""What is said of a claim told before: "membantah tuduhan itu", "no evidence for these allegations"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from articles.extract.clauses import Sentence
from articles.extract.events import Event, Span
from articles.extract.languages import Pattern
from articles.extract.mentions import Mark
from articles.extract.scopes import Cue
from articles.extract.score import score
from articles.extract.sources import Said

_CLAIM = Pattern(r"\b(?:«claims told before»)", re.I)
_ANSWERS = ("denied", "no_evidence")
_ENDS = ("halted", "cancelled", "sanction")


def answered(sentence: Sentence, told: Sequence[Event], source: Said) -> list[Event]:
    """The events that were told last, as denied or without evidence where a sentence says so of the claim."""
    if not told or any(event.modality in _ANSWERS or event.stage in _ENDS for event in told):
        return []
    found = _answer(sentence)
    if found is None:
        return []
    value, mark = found
    parties = {party.code for event in told for party in (event.supplier, event.recipient) if party is not None}
    named = {side.key for group in sentence.groups for side in group.sides}
    if value == "denied" and source.speaks not in parties and named and not named & parties:
        return []
    quoted = Span(sentence.text[mark.start : mark.end], mark.start, mark.end)
    evidence = Span(sentence.text[sentence.start : sentence.end], sentence.start, sentence.end)
    notes = ("supplier inferred", "recipient inferred", "materiel carried over")
    return [
        replace(
            event,
            modality=value,
            modality_span=quoted,
            quantity=None,
            date=None,
            attribution=source.as_attribution(),
            evidence=(evidence,),
            score=score(list(notes)),
            reasons=(event.reasons[0], f"cue → {value}", *notes),
        )
        for event in told
    ]


def _answer(sentence: Sentence) -> tuple[str, Mark] | None:
    answers = [
        (mark, cue) for mark in sentence.cues for cue in mark.entries if isinstance(cue, Cue) and cue.value in _ANSWERS
    ]
    if not answers or sentence.end - sentence.start > 400:
        return None
    claim = _CLAIM[sentence.language].search(sentence.text, sentence.start, sentence.end)
    if claim is None:
        return None
    for mark, cue in answers:
        within = mark.start < claim.end() and claim.start() < mark.end
        near = mark.end <= claim.start() and sentence.words_between(mark.end, claim.start()) <= 6
        behind = cue.direction == "after" and 0 <= mark.start - claim.end() <= 40
        if within or cue.direction == "before" and near or behind:
            return cue.value, mark
    return None
