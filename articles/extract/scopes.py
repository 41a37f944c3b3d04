"""Cues and their scopes, after the ConText model: a cue on one axis governs the words near it, up to a terminator."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"


@dataclass(frozen=True, slots=True)
class Cue:
    """axis polarity, evidence, realis or evidential: a cue of modality, that reaches `reach` words in `direction`.

    The other axes (preposition, clause, relative, link, be, have, pronoun, origin, speech, goods, nonstate, person) are
    the function words of roles and sources.
    """

    axis: str
    value: str
    direction: str = ""
    reach: int = 0

    @property
    def layer(self) -> str:
        return "cue" if self.direction else "word"


def cue_forms(language: str) -> Iterator[tuple[str, Cue]]:
    """Every form of cues_<language>.csv and words_<language>.csv."""
    for table in ("cues", "words"):
        with (_REFERENCE / f"{table}_{language}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                cue = Cue(row["axis"], row["value"], row.get("direction") or "", int(row.get("reach") or 0))
                for form in row["forms"].split("|"):
                    yield form, cue
