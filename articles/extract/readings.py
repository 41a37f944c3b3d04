"""One trigger with what fills its roles."""

from dataclasses import dataclass, field

from articles.extract.clauses import Group, Things
from articles.extract.frames import Frame
from articles.extract.mentions import Mark


@dataclass(slots=True)
class Reading:
    """One frame of a sentence with what fills its roles. A side that the sentence does not name is None."""

    mark: Mark
    frame: Frame
    operator: Mark | None
    operator_frame: Frame | None
    supplier: Group | None = None
    recipient: Group | None = None
    intermediary: Group | None = None
    end_user: Group | None = None
    things: list[Things] = field(default_factory=list)
    start: int = 0
    end: int = 0
    pronoun: str = ""
    anaphoric: bool = False
    bare: bool = False
    weak: bool = False
    symmetric: bool = False
    under: Mark | None = None
    definite: bool = False
