"""Frames: the words that tell of a transfer, with the roles and the stage that they bring. The words are data."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"


@dataclass(frozen=True, slots=True)
class Frame:
    """One reading of a trigger word.

    kind: `act` tells of the transfer itself, `operator` changes the stage of the act that it governs ("suspend the
    delivery"), `promise` tells of it only where no act does ("pledged ten tanks"), `none` only looks like a frame.
    roles: whose word it is. giver: the subject supplies; taker: the subject receives; winner: it is paid for supplying;
    arm: the object is the recipient; deal, halt, seize, embargo, sanction, use, make, arrive, flow, list.
    arms: `implied` where the word itself says arms ("arms embargo"), `required` where a materiel must be named.
    voice: active, past (English: active or passive), passive, noun.
    """

    lemma: str
    kind: str
    roles: str
    stage: str
    arms: str
    voice: str


def frame_forms(language: str) -> Iterator[tuple[str, Frame]]:
    """Every surface form of frames_<language>.csv with its reading."""
    with (_REFERENCE / f"frames_{language}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for voice in ("active", "past", "passive", "noun"):
                forms = [form for form in (row.get(voice) or "").split("|") if form]
                if language == "en" and row["lemma"].isalpha() and not (forms or row["arms"] == "implied"):
                    forms = _regular(row["lemma"], voice)
                for form in forms:
                    yield form, Frame(row["lemma"], row["kind"], row["roles"], row["stage"], row["arms"], voice)


def _regular(verb: str, voice: str) -> list[str]:
    """The regular English forms of a verb whose cell is empty."""
    stem = verb[:-1] if verb.endswith("e") else verb
    soft = verb.endswith("y") and verb[-2] not in "aeiou"
    if voice == "active":
        third = verb[:-1] + "ies" if soft else verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
        return [verb, third, stem + "ing"]
    if voice == "past":
        return [verb[:-1] + "ied" if soft else stem + "ed"]
    return []
