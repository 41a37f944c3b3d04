"""An article's text cut into paragraphs and marked pieces, so that templates show it escaped and highlighted."""

import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

# Bidi and zero-width characters change what is seen without being seen: they are shown as marks.
INVISIBLE = {
    code: f"U+{code:04X}"
    for code in (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_UNSEEN = re.compile(f"[{''.join(map(chr, INVISIBLE))}]")


# The fields that a mark can show, with the number it carries; the finer names of spans fall under them.
FIELDS = {"supplier": 1, "recipient": 2, "materiel": 3, "quantity": 4, "stage": 5, "date": 6, "said": 7, "other": 8}
SHOWN_AS = {
    "modality": "stage",
    "speaker": "said",
    "institution": "said",
    "relayed_by": "said",
    "intermediary": "other",
    "end_user": "other",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text, in code points, that says something: one of FIELDS, or `evidence`."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks.

    `field` is the shortest mark over it, `also` the other fields, `number` is set on the last piece of a mark.
    `invisible` names a character that is not seen and yet is there.
    """

    text: str
    start: int
    evidence: bool
    field: str
    also: str
    number: int | None
    invisible: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `start` is the offset of its first character."""

    start: int
    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return "".join(piece.text for piece in self.pieces)


def paragraphs(text: str, marks: Iterable[Mark]) -> list[Paragraph]:
    """Cut `text` at line ends and at the ends of marks; every character but the line ends is in exactly one piece."""
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
    # The marks over each line, the shortest first.
    over: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: mark.end - mark.start):
        if 0 <= mark.start < mark.end <= len(text):
            for number in range(bisect(starts, mark.start) - 1, bisect(starts, mark.end - 1)):
                over.setdefault(number, []).append(mark)
    found = []
    for number, (start, line) in enumerate(zip(starts, lines, strict=True)):
        if line.strip():
            here, end = over.get(number, []), start + len(line)
            cuts = {edge for mark in here for edge in (mark.start, mark.end)}
            for unseen in _UNSEEN.finditer(line):
                cuts |= {start + unseen.start(), start + unseen.end()}
            edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
            pieces = [_piece(text, a, b, here) for a, b in zip(edges, edges[1:], strict=False)]
            found.append(Paragraph(start, pieces))
    return found


def _piece(text: str, start: int, end: int, marks: list[Mark]) -> Piece:
    invisible = INVISIBLE.get(ord(text[start]), "")
    if not marks:
        return Piece(text[start:end], start, evidence=False, field="", also="", number=None, invisible=invisible)
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    fields = list(dict.fromkeys(mark.name for mark in over if mark.name in FIELDS))
    first = fields[0] if fields else ""
    return Piece(
        text=text[start:end],
        start=start,
        evidence=any(mark.name == "evidence" for mark in over),
        field=first,
        also=" ".join(fields[1:]),
        number=FIELDS[first] if any(mark.end == end and mark.name == first for mark in over) and first else None,
        invisible=invisible,
    )


def joined(texts: Iterable[str]) -> str:
    r"""Several texts as one, as the CSV files write them: joined by " | ", a | inside a text as \|."""
    return " | ".join(text.replace("|", r"\|") for text in texts)


def event_marks(spans: dict[str, list[list[int]]], evidence: Iterable[Iterable[int]]) -> list[Mark]:
    """The marks of one event or claim: its fields and its evidence."""
    marks = [
        Mark(start, end, SHOWN_AS.get(name, name))
        for name, places in spans.items()
        if name != "evidence"
        for start, end in places
    ]
    return marks + [Mark(start, end, "evidence") for start, end in evidence]
