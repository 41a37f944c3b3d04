"""Cues and their scopes, after the ConText model: a cue on one axis governs the words near it, up to a terminator."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.extract.languages import Language


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


def cue_forms(language: Language) -> Iterator[tuple[str, Cue]]:
    """Every form of cues_<code>.csv and words_<code>.csv."""
    for table in ("cues", "words"):
        for row in language.file(table):
            cue = Cue(row["axis"], row["value"], row.get("direction", ""), int(row.get("reach") or 0))
            for form in row["forms"].split("|"):
                yield form, cue
