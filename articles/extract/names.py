"""The words a source goes by: names of persons and of bodies that the lexicon lacks, and offices without a name."""

import re

from articles.extract.clauses import Sentence
from articles.extract.events import Source
from articles.extract.languages import Language, Pattern, Words

_NAME = Pattern(
    r"(?:[A-ZÀ-Þ][\w'’.-]+|al-[A-Z]\w+|«particles of a name»)"
    r"(?:\s+(?:[A-ZÀ-Þ][\w'’.-]*|al-[A-Z]\w+|«particles inside a name»))*"
)
OFFICIALS = Pattern("«officials»")
# The longest body between a rank and its name: "Marsekal Pertama TNI X", "Kombes Polri X".
_BODY_OF_A_RANK = 8
_RUN = re.compile(r"\S+")
_INITIAL = re.compile(r"\b[A-Z]\.$")
_TITLES = Words("titles and openers")
_RANKS = Words("ranks")
_BODIES = Words("names of bodies")
_BODY = Pattern("«bodies»")
_BESIDE_PLACE = Pattern(r"\b(?:«before a name of a place»)\s+$")


def person_name(sentence: Sentence, start: int, end: int, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The first run of capitalised words that is no title, no body and no actor, or the one behind a rank."""
    text, own = sentence.text, sentence.language
    found = []
    promised = -_BODY_OF_A_RANK
    for match in _NAME[own].finditer(text, start, end):
        for begin, stop in _free(*match.span(), taken):
            words = [m.span() for m in _RUN.finditer(text, begin, stop)]
            ranks = [at for at, word in enumerate(words) if _bare(text, word) in _RANKS[own]]
            behind = words[ranks[-1] + 1 :] if ranks else []
            ranked = bool(behind) or bool(words) and words[0][0] - promised < _BODY_OF_A_RANK
            if name := _name_of(sentence, behind or words, begin, (start, end), ranked):
                found.append((not ranked, name))
            if ranks and not behind:
                promised = words[-1][1]
    return min(found)[1] if found else None


def _bare(text: str, word: tuple[int, int]) -> str:
    return text[slice(*word)].strip(".,'’\"()")


def _name_of(
    sentence: Sentence, words: list[tuple[int, int]], begin: int, place: tuple[int, int], ranked: bool
) -> tuple[int, int] | None:
    """What of a run of capitalised words is a name, in a place to look for one."""
    text, own = sentence.text, sentence.language
    start, end = place
    if not ranked and _BESIDE_PLACE[own].search(text[max(start, begin - 10) : begin]):
        return None
    while words and _bare(text, words[0]) in _TITLES[own]:
        words = words[1:]
    while words and _bare(text, words[-1]) in _TITLES[own]:
        words = words[:-1]
    if not words or any(_bare(text, word) in _BODIES[own] for word in words) or not text[words[0][0]].isupper():
        return None
    opening = len(words) == 1 and words[0][0] == sentence.start and text[words[0][1] : words[0][1] + 1] != ","
    if opening and sentence.words_between(words[0][1], end) > 2:
        return None
    last = words[-1][1]
    if text[last - 2 : last] in ("'s", "’s"):
        return None
    while text[last - 1] in ".,'’":
        last -= 1
    return words[0][0], last


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What [start, end) keeps when the taken stretches are cut out of it."""
    pieces = []
    for first, last in sorted(taken):
        if first < end and start < last:
            pieces.append((start, first))
            start = min(last + 1, end)
    return [(first, last) for first, last in [*pieces, (start, end)] if first < last]


def body_name(text: str, start: int, end: int, language: Language) -> tuple[int, int] | None:
    """A body that the lexicon does not have: "Ukrainian Institute for the Future", "Kementerian Pertahanan Belanda"."""
    found = _BODY[language].search(text, start, end)
    return found.span() if found else None


def source_at(text: str, start: int, end: int, code: str | None) -> Source:
    while text[end - 1] in ".,'’" and not _INITIAL.search(text[start:end]):
        end -= 1
    return Source(text[start:end], start, end, code)
