"""One sentence as roles see it, and its actors, grouped and with their preposition."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from articles.extract.frames import Frame
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon, Materiel
from articles.extract.mentions import Mark
from articles.extract.scopes import Cue

_LINK = Pattern(
    r"\s*(?:,|,?\s*\b(?:«links of parties»)\b|&|/)\s*(?:(?:«small words behind a link»)\s+)?$",
    re.I,
)
_MODIFIES = Pattern(r"(?:['’]s?)?[\s-]*(?:(?:«participles of a compound»)\s+)?$")
PUNCTUATION = re.compile(r"[,;:.!?()\[\]\"“”–—]")
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s?\b|['’](?=\s)")
_WORD_BEHIND = re.compile(r"[ -]([a-z]+)")
_JOINS = re.compile(r"\w|&|/")
_LINKS = re.compile(r"\w|&")


@dataclass(slots=True)
class Side:
    """One mention of an actor. `key` is what the transfer is recorded under: a state code or a group's key."""

    key: str
    actor: Actor
    start: int
    end: int


@dataclass(slots=True)
class Group:
    """Coordinated actors ("Iran and North Korea") and the preposition before them, "" where there is none."""

    sides: list[Side]
    start: int
    end: int
    preposition: str = ""
    origin: bool = False
    possessive: bool = False
    use: str = ""
    gaps: list[str] = field(default_factory=list)
    adjective: bool = False


@dataclass(slots=True)
class Things:
    """A noun phrase of materiel: the marks in it, its category, and the group that stands beside it as its origin.

    `side`: the party of this item alone in a list that names one for each ("frigates from X and tanks from Y").
    """

    marks: list[Mark]
    start: int
    end: int
    head: Materiel
    origin: Group | None = None
    made: bool = False
    text_start: int = 0
    side: Group | None = None


@dataclass(slots=True)
class Sentence:
    """[start, end) in the article, with the marks inside it.

    `chosen`, `limits`, `before`: by place, what triggers.py has found out about a trigger, which many rules ask again.
    """

    text: str
    start: int
    end: int
    language: Language
    frames: list[Mark]
    cues: list[Mark]
    words: list[Mark]
    names: list[Mark]
    groups: list[Group] = field(default_factory=list)
    things: list[Things] = field(default_factory=list)
    headline: bool = False
    chosen: dict[int, tuple[Frame, str]] = field(default_factory=dict)
    limits: dict[int, tuple[int, int]] = field(default_factory=dict)
    before: dict[int, list[str]] = field(default_factory=dict)
    _of_axis: dict[str, list[tuple[Mark, str]]] | None = None

    def gap(self, start: int, end: int) -> str:
        return self.text[start:end]

    def words_between(self, start: int, end: int) -> int:
        return len(_WORD.findall(self.text, start, end)) if start < end else 0

    def words_in(self, start: int, end: int, axis: str) -> list[tuple[Mark, str]]:
        """The function words of one axis between two places, each with its value."""
        if self._of_axis is None:
            self._of_axis = {}
            for mark in self.words:
                for cue in mark.entries:
                    if isinstance(cue, Cue):
                        self._of_axis.setdefault(cue.axis, []).append((mark, cue.value))
        found = self._of_axis.get(axis)
        return [pair for pair in found if start <= pair[0].start and pair[0].end <= end] if found else []


def within(marks: list[Mark], starts: list[int], start: int, end: int) -> list[Mark]:
    first = bisect_left(starts, start)
    return marks[first : bisect_left(starts, end, first)]


def _side(sentence: Sentence, mark: Mark, lexicon: Lexicon) -> Side | None:
    actor = mark.of(Actor)
    if actor is None:
        return None
    if actor.kind == "state" and (span := _nonstate(sentence, mark)):
        name = sentence.text[span[0] : span[1]]
        return Side(name, Actor("", "group", "", name), *span)
    key = lexicon.state_of(actor.code) or (actor.code if actor.kind == "group" else "")
    if not key and actor.kind != "person":
        key = actor.code
    return Side(key, actor, mark.start, mark.end) if key else None


def _nonstate(sentence: Sentence, mark: Mark) -> tuple[int, int] | None:
    """ "Syrian rebels", "pemberontak Suriah": an unnamed group, which is not the state that its adjective names."""
    for word, _ in sentence.words_in(sentence.start, sentence.end, "nonstate"):
        ahead = not sentence.language.head_first and mark.use == "demonym"
        if ahead and 0 < word.start - mark.end <= 14:
            gap = sentence.gap(mark.end, word.start)
            if not PUNCTUATION.search(gap) and sentence.words_between(mark.end, word.start) <= 1:
                return mark.start, word.end
        if sentence.language.head_first and _KIND[sentence.language].fullmatch(sentence.text, word.end, mark.start):
            return word.start, mark.end
    return None


_KIND = Pattern(r" (?:(?:«kinds of a group») ){0,2}")


def group_actors(sentence: Sentence, lexicon: Lexicon) -> None:
    """Find the groups of actors of a sentence, each with its preposition."""
    current: Group | None = None
    for mark in sentence.names:
        side = _side(sentence, mark, lexicon)
        if side is None:
            if current is not None and isinstance(mark.entry, Materiel):
                current = None
            continue
        if current is not None:
            gap = sentence.gap(current.end, side.start)
            last = current.sides[-1]
            same = side.key == last.key
            home = last.actor.kind in ("company", "institution") and side.actor.kind == "state" and gap == ", "
            home = home and not _does_something(sentence, side.end)
            if same and (home or _apposition(sentence, current.end, side.start)):
                current.end = side.end
                continue
            if not same and len(gap) < 30 and _LINK[sentence.language].match(gap):
                current.sides.append(side)
                current.gaps.append(gap)
                current.end = side.end
                continue
            if (
                not same
                and _MODIFIES[sentence.language].match(gap)
                and (current.use == "demonym" or "'" in gap or "’" in gap or "-" in gap)
            ):
                sentence.groups.pop()
                before = current.preposition
                current = Group([side], side.start, side.end, before, use=mark.use)
                sentence.groups.append(current)
                continue
            beside = gap == " " or POSSESSOR[sentence.language].fullmatch(gap)
            if not same and sentence.language.head_first and beside and last.actor.kind not in ("state", "alliance"):
                continue
        current = Group([side], side.start, side.end, _governor(sentence, side.start), use=mark.use)
        sentence.groups.append(current)
    sentence.groups = [part for group in sentence.groups for part in _listed_only(group)]
    for group in sentence.groups:
        group.adjective = (
            not sentence.language.head_first and group.use == "demonym" and _modifies_noun(sentence, group)
        )
        group.possessive = _POSSESSIVE.match(sentence.text, group.end, group.end + 3) is not None


def _does_something(sentence: Sentence, end: int) -> bool:
    """ "According to the Polish army, Poland has received …": what begins a clause is no home of the name before."""
    helpers = [pair for axis in ("be", "have") for pair in sentence.words_in(end, sentence.end, axis)]
    return any(mark.start == end + 1 for mark in (*sentence.frames, *(mark for mark, _ in helpers)))


def _apposition(sentence: Sentence, start: int, end: int) -> bool:
    """Two names of one party side by side: "Russian President Vladimir Putin", "Amerika Serikat (AS)"."""
    gap = sentence.gap(start, end).replace("(", "").replace(")", "")
    if len(gap) >= 45 or PUNCTUATION.search(gap):
        return False
    told = sentence.words_in(start, end, "preposition") or sentence.words_in(start, end, "speech")
    return not told and not frames_in(sentence, start, end)


def _modifies_noun(sentence: Sentence, group: Group) -> bool:
    """ "Iranian threats" are not Iran; "Iranian officials" and "the British" are."""
    following = _WORD_BEHIND.match(sentence.text, group.end, group.end + 25)
    if following is None:
        return False
    at = group.end + 1
    for mark in (*sentence.words, *sentence.cues, *sentence.frames):
        if mark.start == at:
            return any(
                isinstance(entry, Cue) and entry.axis in ("nonstate", "goods", "origin") for entry in mark.entries
            ) and not any(isinstance(entry, Cue) and entry.axis == "person" for entry in mark.entries)
    adverb = _ADVERB[sentence.language].search(following.group(1))
    return not any(things.start == at for things in sentence.names) and not adverb


def _listed_only(group: Group) -> list[Group]:
    """A comma alone lists nothing: "according to Seoul, Pyongyang sent"; nor does ", and" between two."""
    if not group.gaps:
        return [group]
    joined = any(_JOINS.search(gap) and not gap.strip().startswith(",") for gap in group.gaps)
    if joined or len(group.gaps) > 1 and _LINKS.search(group.gaps[-1]):
        return [group]
    parts = [Group([side], side.start, side.end, "", use=group.use) for side in group.sides]
    parts[0].preposition = group.preposition
    return parts


def frames_in(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= mark.start < end for mark in sentence.frames)


def _governor(sentence: Sentence, at: int, depth: int = 0) -> str:
    """The preposition before a noun phrase that begins at `at`, looking over at most four words that are no marks."""
    best = next((mark for mark in reversed(sentence.words) if mark.end <= at and _is_of(mark, _GOVERNING)), None)
    if best is None:
        return ""
    value = next((cue.value for cue in best.entries if isinstance(cue, Cue) and cue.axis == "preposition"), "")
    if not value:
        origin = any(isinstance(cue, Cue) and cue.axis == "origin" for cue in best.entries)
        near = sentence.language.head_first and sentence.words_between(best.end, at) <= 1
        return "from" if origin and near else ""
    gap = sentence.gap(best.end, at)
    if (
        PUNCTUATION.search(gap.replace("-", " "))
        or sentence.words_between(best.end, at) > 4
        or frames_in(sentence, best.end, at)
    ):
        return ""
    if any(best.end <= name.start < at and not isinstance(name.entry, Actor) for name in sentence.names):
        return ""
    openers = _OPENERS[sentence.language] if value == "to" else None
    if openers and not _noun_phrase(gap, openers):
        return ""
    if value == "in" and _SEAT[sentence.language].search(
        sentence.text, max(sentence.start, best.start - 25), best.start
    ):
        return ""
    if value in ("in", "aside") and any(
        word[0].isdigit() or word.lower() in _TIME[sentence.language] for word in _WORD.findall(gap)
    ):
        return ""
    if value == "aside" and depth < 2 and (many := _members_of(sentence, best)) is not None:
        return _governor(sentence, many, depth + 1)
    if value == "in" and depth < 2:
        return _place_of(sentence, best.start) or value
    if value == "of" and depth < 2:
        return _governor(sentence, best.start, depth + 1) or "of"
    return value


_GOVERNING = frozenset({"preposition", "relative", "clause", "be", "have", "speech", "link", "origin"})


def _is_of(mark: Mark, axes: frozenset[str]) -> bool:
    return any(isinstance(cue, Cue) and cue.axis in axes for cue in mark.entries)


_MEMBERS = Pattern(r"\b(?:«customers»)(?:\s+[\w-]+){0,3},?\s*$", re.I)
_SUCH_AS = Words("such as")


def _members_of(sentence: Sentence, word: Mark) -> int | None:
    """ "countries including X": where the noun begins whose preposition X has, None where nothing is listed."""
    if sentence.text[word.start : word.end].lower() not in _SUCH_AS[sentence.language]:
        return None
    found = _MEMBERS[sentence.language].search(sentence.text, max(sentence.start, word.start - 50), word.start)
    return found.start() if found else None


_WITHIN = re.compile(r"(?:\s+[\w-]+){1,5}\s+$")


def _place_of(sentence: Sentence, at: int) -> str:
    """ "imported from a factory in Bulgaria": "from" where the place stands in what is come from."""
    for word, value in reversed(sentence.words_in(sentence.start, at, "preposition")):
        if value != "from" or not _WITHIN.fullmatch(sentence.text, word.end, at):
            return ""
        named = any(word.end <= name.start < at and isinstance(name.entry, Actor) for name in sentence.names)
        return "" if named or frames_in(sentence, word.end, at) else value
    return ""


POSSESSOR = Pattern(r"\s+(?:«of a possessor»)\s+(?:(?:«article of a possessor»)\s+)?")
_SEAT = Pattern(r"\b(?:«seats of a government»)\s+$", re.I)
_TIME = Words("time words")
_OPENERS = Words("noun phrase openers")
_ADVERB = Pattern(r"(?:«adverb endings»)$")


def _noun_phrase(gap: str, openers: frozenset[str]) -> bool:
    """Whether the words behind a "to" can begin a noun phrase; else it is an infinitive: "to counter China"."""
    first = next(iter(_WORD.findall(gap)), "")
    return not first or first[0].isupper() or first in openers or "-" in gap


def frames_of(mark: Mark) -> tuple[Frame, ...]:
    """The readings of a trigger: the marks of its layer hold nothing else."""
    return mark.entries  # type: ignore[return-value]
