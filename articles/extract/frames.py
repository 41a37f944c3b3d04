"""Frames: the words that tell of a transfer, with the roles and the stage that they bring. The words are data."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.extract.languages import Language

# The columns that hold forms, with the voice and the tense of each.
_COLUMNS = {
    "active": ("active", ""),
    "past": ("past", ""),
    "participle": ("participle", ""),
    "passive": ("passive", ""),
    "noun": ("noun", ""),
    "future": ("active", "future"),
    "future passive": ("passive", "future"),
    "conditional": ("active", "conditional"),
    "conditional passive": ("passive", "conditional"),
}
_REGULAR = ("active", "past")


@dataclass(frozen=True, slots=True)
class Frame:
    """One reading of a trigger word.

    kind: `act` tells of the transfer itself, `operator` changes the stage of the act that it governs ("suspend the
    delivery"), `promise` tells of it only where no act does ("pledged ten tanks"), `none` only looks like a frame.
    roles: whose word it is. giver: the subject supplies; taker: the subject receives; winner: it is paid for supplying;
    arm: the object is the recipient; deal, halt, seize, embargo, sanction, use, make, arrive, flow, list.
    arms: `implied` where the word itself says arms ("arms embargo"), `required` where a materiel must be named.
    voice: active, past (active or passive), participle (passive, but active behind "have"), passive, noun.
    tense: future or conditional where the form itself says so.
    sources: the prepositions of the one who supplies a taker ("comprar a"). rules: what else holds for the word.
    """

    lemma: str
    kind: str
    roles: str
    stage: str
    arms: str
    voice: str
    tense: str = ""
    sources: tuple[str, ...] = ("from",)
    rules: tuple[str, ...] = ()


def frame_forms(language: Language) -> Iterator[tuple[str, Frame]]:
    """Every surface form of frames_<code>.csv with its reading."""
    for row in language.file("frames"):
        sources = tuple(row.get("sources", "").split()) or ("from",)
        rules = tuple(row.get("rules", "").split())
        for column, (voice, tense) in _COLUMNS.items():
            forms = [form for form in row.get(column, "").split("|") if form]
            plain = row["lemma"].isalpha() and not (forms or row["arms"] == "implied")
            if language.regular_verbs and plain and column in _REGULAR:
                forms = _regular(row["lemma"], voice)
            frame = Frame(
                row["lemma"], row["kind"], row["roles"], row["stage"], row["arms"], voice, tense, sources, rules
            )
            for form in forms:
                yield form, frame


def _regular(verb: str, voice: str) -> list[str]:
    """The regular English forms of a verb whose cell is empty."""
    stem = verb[:-1] if verb.endswith("e") else verb
    soft = verb.endswith("y") and verb[-2] not in "aeiou"
    if voice == "active":
        third = verb[:-1] + "ies" if soft else verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
        return [verb, third, stem + "ing"]
    return [verb[:-1] + "ied" if soft else stem + "ed"]
