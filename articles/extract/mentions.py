"""Where the words of the lexicon stand in a text: names, frames, cues and function words, each with its offsets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import ahocorasick

from articles.extract.frames import Frame
from articles.extract.languages import Language, Words
from articles.extract.lexicon import Form, Materiel
from articles.extract.scopes import Cue

Kind = TypeVar("Kind")

_BREAKS = frozenset(',;:!?"“”()[]\n')
_MILITARY = Words("arms context")
_LIMBS = Words("limbs")
_ALSO_LIMBS = Words("limbs before")
_OPENERS = Words("openers")
_NO_FRAME = Words("no frame where capital")


# Not frozen: hundreds of marks are made for every article, and a frozen one takes three times as long.
@dataclass(slots=True, eq=False)
class Mark:
    """One found form. `entries` are all its readings within one layer."""

    start: int
    end: int
    entries: tuple[object, ...]
    use: str = ""

    @property
    def entry(self) -> object:
        return self.entries[0]

    def of(self, kind: type[Kind]) -> Kind | None:
        """The first reading of a kind."""
        for entry in self.entries:
            if isinstance(entry, kind):
                return entry
        return None


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a text by layer, each in the order of the text and without overlaps within its layer.

    `pseudo` are phrases that only sound like a frame.
    """

    names: list[Mark]
    frames: list[Mark]
    cues: list[Mark]
    words: list[Mark]
    pseudo: list[Mark]


def has_arms(gate: ahocorasick.Automaton, folded: str) -> bool:
    """Whether the text holds any word that can name materiel; without one there is no event to look for."""
    return next(gate.iter(folded), None) is not None


def find_marks(
    automaton: ahocorasick.Automaton, language: Language, text: str, folded: str, skipped: Iterable[tuple[int, int]]
) -> Marks:
    """Look every form up, outside the skipped stretches. `folded` is the folded text with one blank on either side."""
    layers: dict[str, list[Mark]] = {"name": [], "frame": [], "cue": [], "word": []}
    holes = [hole for hole in skipped if hole[0] < hole[1]]
    behind = max((stop for _, stop in holes), default=0)
    for last, hit in automaton.iter(folded):
        end = last - 1
        start = end - hit.length
        if start < behind and any(begin <= start < stop for begin, stop in holes):
            continue
        if hit.breaks and not hit.breaks.isdisjoint(text[start:end]):
            continue
        for layer, entries in hit.fixed:
            if layer != "frame" or _free(entries, language, text, start, end):
                _take(layers[layer], start, end, entries, "")
        if hit.names:
            _add_name(layers["name"], hit.names, language, text, start, end)
    frames: list[Mark] = []
    pseudo: list[Mark] = []
    for mark in layers["frame"]:
        (pseudo if _pseudo(mark) else frames).append(mark)
    names = _unless_pseudo(layers["name"], pseudo)
    return Marks(
        names, _outside(frames, names), _outside(layers["cue"], names), _outside(layers["word"], names), pseudo
    )


def _free(entries: tuple[object, ...], language: Language, text: str, start: int, end: int) -> bool:
    """Not one half of a compound ("stop-gap"), unless it is a participle behind its agent ("U.S.-supplied")."""
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
        return False
    if text[start:end] in _NO_FRAME[language]:
        return False
    compound = text[start - 1 : start] == "-" and start > 1 and text[start - 2].isalnum()
    return not compound or any(
        isinstance(entry, Frame) and entry.voice in ("past", "participle", "passive") for entry in entries
    )


def _add_name(
    found: list[Mark],
    forms: tuple[Form, ...],
    language: Language,
    text: str,
    start: int,
    end: int,
) -> None:
    if text[end : end + 1] == "." and text[end - 2 : end - 1] == "." and text[end - 1].isupper():
        end += 1
    written = text[start:end]
    if len(forms) == 1:
        [form] = forms
        if _allowed(form, written, language, text, start, end):
            _take(found, start, end, (form.entry,), form.use)
        return
    allowed = [form for form in forms if _allowed(form, written, language, text, start, end)]
    if allowed:
        use = next((form.use for form in allowed if form.use), "")
        _take(found, start, end, tuple(form.entry for form in allowed), use)


def _allowed(form: Form, written: str, language: Language, text: str, start: int, end: int) -> bool:
    rule = form.match
    if rule == "fold":
        return True
    if written == form.written or written.rstrip(".") == form.written.rstrip("."):
        pass
    elif rule == "exact":
        return False
    elif len(written) == len(form.written):
        if any(a.isupper() and not b.isupper() for a, b in zip(form.written, written, strict=True)):
            return False
    elif form.written[:1].isupper() and not written[:1].isupper():
        return False
    if text[end : end + 1] == "$":
        return False
    if rule == "context" and not isinstance(form.entry, Materiel):
        return not _part_of_name(text, start, end, _OPENERS[language])
    if rule == "context":
        if written.lower() in _ALSO_LIMBS[language]:
            before = text[max(0, start - 20) : start].replace("’", " ").replace("'", " ").lower().split()
            return not before or before[-1] not in _LIMBS[language]
        around = f"{text[max(0, start - 40) : start]} {text[end : end + 40]}".lower().replace("-", " ").split()
        military = _MILITARY[language]
        return any(word.strip(".,;:()\"'") in military or word[:1].isdigit() for word in around)
    return True


_WORD_BEFORE = re.compile(r"(\w+)[ -]$")


def _part_of_name(text: str, start: int, end: int, openers: frozenset[str]) -> bool:
    """Beside another capital that begins no sentence: "Michael Jordan", "Jordan Cohen"."""
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
        return True
    before = _WORD_BEFORE.search(text, max(0, start - 25), start)
    return before is not None and before.group(1)[0].isupper() and before.group(1).lower() not in openers


def _pseudo(mark: Mark) -> bool:
    return any(isinstance(entry, Frame) and entry.kind == "none" for entry in mark.entries)


def _unless_pseudo(names: list[Mark], pseudo: list[Mark]) -> list[Mark]:
    """No weapon in a phrase that only sounds like one: "gencatan senjata" is a ceasefire."""
    spans = [(mark.start, mark.end) for mark in pseudo]
    if not spans:
        return names
    return [mark for mark in names if not any(start <= mark.start and mark.end <= end for start, end in spans)]


def _take(kept: list[Mark], start: int, end: int, entries: tuple[object, ...], use: str) -> None:
    """Add a form to those of its layer, where they come by their ends: of two that overlap the one that begins first
    counts, and of two that begin together the longer one."""
    if not kept or kept[-1].end <= start:
        kept.append(Mark(start, end, entries, use))
        return
    at = len(kept)
    while at and kept[at - 1].start > start:
        at -= 1
    if at:
        before = kept[at - 1]
        if before.start == start:
            if before.end == end:
                before.entries, before.use = before.entries + entries, before.use or use
                return
            at -= 1
        elif before.end > start:
            return
    kept[at:] = (Mark(start, end, entries, use),)


def _outside(marks: list[Mark], names: list[Mark]) -> list[Mark]:
    """The marks that are not swallowed by a longer name ("Defense Supply Agency" supplies nothing)."""
    kept = []
    at, last = -1, len(names) - 1
    for mark in marks:
        while at < last and names[at + 1].start <= mark.start:
            at += 1
        if at >= 0:
            name = names[at]
            shorter = (mark.end - mark.start) < (name.end - name.start)
            if mark.end <= name.end and (shorter or isinstance(mark.entry, Cue)):
                continue
        kept.append(mark)
    return kept
