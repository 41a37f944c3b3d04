"""Where the words of the lexicon stand in a text: names, frames, cues and function words, each with its offsets."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick

from articles.extract.frames import Frame
from articles.extract.lexicon import Actor, Form, Materiel, Outlet
from articles.extract.scopes import Cue
from articles.extract.vocabulary import word_list

_BREAKS = frozenset(',;:!?"“”()[]\n')
_MILITARY = word_list("arms context")
_LIMBS = word_list("limbs")


@dataclass(frozen=True, slots=True)
class Mark:
    """One found form. `entries` are all its readings within one layer."""

    start: int
    end: int
    entries: tuple[object, ...]
    use: str = ""

    @property
    def entry(self) -> object:
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a text by layer, each in the order of the text and without overlaps within its layer."""

    names: list[Mark]
    frames: list[Mark]
    cues: list[Mark]
    words: list[Mark]


def has_arms(gate: ahocorasick.Automaton, folded: str) -> bool:
    """Whether the text holds any word that can name materiel; without one there is no event to look for."""
    return next(gate.iter(folded), None) is not None


def find_marks(automaton: ahocorasick.Automaton, text: str, folded: str, skipped: Iterable[tuple[int, int]]) -> Marks:
    """Look every form up, outside the skipped stretches. `folded` is the folded text with one blank on either side."""
    layers: dict[str, list[tuple[int, int, tuple[object, ...], str]]] = {"name": [], "frame": [], "cue": [], "word": []}
    holes = list(skipped)
    for last, (length, forms) in automaton.iter(folded):
        end = last - 1
        start = end - length
        if text[end : end + 1] == "." and text[end - 2 : end - 1] == "." and text[end - 1].isupper():
            end += 1
        written = text[start:end]
        if any(begin <= start < stop for begin, stop in holes) or _broken(written, forms[0].written):
            continue
        for layer, entries, use in _readings(forms, written, text, start, end):
            if layer == "frame" and not _free(entries, text, start, end):
                continue
            layers[layer].append((start, -end, entries, use))
    names = _longest(layers["name"])
    names = [mark for mark in names if not isinstance(mark.entry, (Actor, Outlet)) or not _part_of_name(mark, text)]
    frames = _longest(layers["frame"])
    names = _unless_pseudo(names, frames)
    frames = [mark for mark in frames if not _pseudo(mark)]
    return Marks(
        names,
        _outside(frames, names),
        _outside(_longest(layers["cue"]), names),
        _outside(_longest(layers["word"]), names),
    )


def _free(entries: tuple[object, ...], text: str, start: int, end: int) -> bool:
    """Not one half of a compound ("stop-gap"), unless it is a participle behind its agent ("U.S.-supplied")."""
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha() or text[start:end] == "Given":
        return False
    compound = text[start - 1 : start] == "-" and start > 1 and text[start - 2].isalnum()
    return not compound or any(isinstance(entry, Frame) and entry.voice in ("past", "passive") for entry in entries)


def _broken(written: str, form: str) -> bool:
    """A form of several words never runs over a comma or a line end that is not its own."""
    return " " in written.strip() and any(char in _BREAKS and char not in form for char in written)


def _readings(
    forms: tuple[Form, ...], written: str, text: str, start: int, end: int
) -> Iterable[tuple[str, tuple[object, ...], str]]:
    groups: dict[str, list[object]] = {}
    use = ""
    for form in forms:
        entry = form.entry
        if isinstance(entry, Cue):
            groups.setdefault(entry.layer, []).append(entry)
        elif isinstance(entry, Frame):
            groups.setdefault("frame", []).append(entry)
        elif _allowed(form, written, text, start, end):
            groups.setdefault("name", []).append(entry)
            use = use or form.use
    for layer, entries in groups.items():
        yield layer, tuple(entries), use


def _allowed(form: Form, written: str, text: str, start: int, end: int) -> bool:
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
    if rule == "context" and isinstance(form.entry, Materiel):
        if form.entry.category == "unspecified":
            before = text[max(0, start - 20) : start].replace("’", " ").replace("'", " ").lower().split()
            return not before or before[-1] not in _LIMBS
        around = f"{text[max(0, start - 40) : start]} {text[end : end + 40]}".lower().replace("-", " ").split()
        return any(word.strip(".,;:()\"'") in _MILITARY or word[:1].isdigit() for word in around)
    return True


def _part_of_name(mark: Mark, text: str) -> bool:
    """ "Jordan" between other capitals may be a person: "Michael Jordan said"."""
    return (
        mark.use == "context" and text[mark.end : mark.end + 1] == " " and text[mark.end + 1 : mark.end + 2].isupper()
    )


def _pseudo(mark: Mark) -> bool:
    return any(isinstance(entry, Frame) and entry.kind == "none" for entry in mark.entries)


def _unless_pseudo(names: list[Mark], frames: list[Mark]) -> list[Mark]:
    """No weapon in a phrase that only sounds like one: "gencatan senjata" is a ceasefire."""
    spans = [(mark.start, mark.end) for mark in frames if _pseudo(mark)]
    if not spans:
        return names
    return [mark for mark in names if not any(start <= mark.start and mark.end <= end for start, end in spans)]


def _longest(found: list[tuple[int, int, tuple[object, ...], str]]) -> list[Mark]:
    found.sort(key=lambda hit: hit[:2])
    kept: list[Mark] = []
    reach = -1
    for start, minus_end, entries, use in found:
        if start >= reach:
            kept.append(Mark(start, -minus_end, entries, use))
            reach = -minus_end
        elif kept[-1].start == start and kept[-1].end == -minus_end:
            kept[-1] = Mark(start, -minus_end, kept[-1].entries + entries, kept[-1].use or use)
    return kept


def _outside(marks: list[Mark], names: list[Mark]) -> list[Mark]:
    """The marks that are not swallowed by a longer name ("Defense Supply Agency" supplies nothing)."""
    starts = [name.start for name in names]
    kept = []
    for mark in marks:
        at = bisect_left(starts, mark.start + 1) - 1
        if at >= 0:
            name = names[at]
            shorter = (mark.end - mark.start) < (name.end - name.start)
            if mark.end <= name.end and (shorter or isinstance(mark.entry, Cue)):
                continue
        kept.append(mark)
    return kept
