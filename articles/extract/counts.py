"""How many of its materiel one event is about, out of all the numbers that its sentence holds."""

import re
from functools import lru_cache
from itertools import pairwise

from articles.extract.clauses import Sentence, Things
from articles.extract.events import Quantity
from articles.extract.languages import Language, Pattern
from articles.extract.mentions import Mark
from articles.extract.numerals import number_words
from articles.extract.objects import GOODS
from articles.extract.quantities import FoundQuantity, find_quantities, quantity_before

_REACH = 4
_REACH_OF = 7
_BODY_OF = Pattern(r" (?:«bodies of items») (?:«of a whole») ", re.I)
_BESIDE = 5
# The unit of what is named in the mass, as "ammunition" is.
_MASS = "weapon"
_OF = Pattern(r" (?:«of a whole»)(?: (?:«of all»))? ")
_BEHIND = re.compile(r"(?: \S+){0,2} \(?")
_BEHIND_COUNT = Pattern(r"«count behind»", re.I)
_FAR_BEHIND = Pattern(r"(?:«count far behind»)", re.I)
# "A total of 32 will be delivered", "four of them have arrived".
_BEHIND_ALONE = Pattern(r"\b(?:«behind a number alone»)\b")
_FAR = 12
_MARKS = re.compile(r"[;:()\"“”]|, ")
_PARTS = Pattern(r"\b(?:«parts of a whole»)\b|:", re.I)
_NTH_BEFORE = Pattern(
    r"\b(?P<nth>«ordinals») (?P<of>(?:«of a whole») (?:(?:«of all») )?\w+ )?"
    r"(?:(?!(?:«of a whole») )[\w“”\"’'.-]+ ){0,2}\Z",
    re.I,
)
_NTH_BEHIND = Pattern(r" (?P<nth>«ordinals»)(?!\w)(?! (?:«behind another ordinal»)\b)", re.I)
_NTH_OF = Pattern(r"\b(?:«ordinals») (?:«of a whole») (?:(?:«of all») )?\Z", re.I)
# One of a row arrives; what is agreed on or ordered is the row.
_ONE_BY_ONE = frozenset({"shipment", "delivery", "use", "halted", "production"})


@lru_cache(maxsize=64)
def _quantities(text: str, language: Language) -> tuple[FoundQuantity, ...]:
    return tuple(find_quantities(text, language))


def quantity(sentence: Sentence, things: list[Things], stage: str) -> Quantity | None:
    """The count of one group of materiel: the sum where every item of a list has its own."""
    numbers = _own(sentence, stage)
    counted: list[tuple[Things, FoundQuantity]] = []
    for one in things:
        found = _count(sentence, numbers, one)
        if found is not None and all(found is not other for _, other in counted):
            if counted and not _adds(sentence, counted, one, found):
                break
            counted.append((one, found))
    if counted:
        return _sum(sentence, [found for _, found in counted], len(things))
    if named := next(filter(None, (_named(sentence, one) for one in things)), None):
        return _sum(sentence, [named], len(things))
    if stage not in _ONE_BY_ONE:
        return None
    return next(filter(None, (_nth(sentence, one) for one in things)), None)


def counted_again(sentence: Sentence, mark: Mark) -> Quantity | None:
    """The count beside a trigger of what was named before: "two more units are due", "memesan tiga unit"."""
    near: list[tuple[int, FoundQuantity]] = []
    for found in _quantities(sentence.text[sentence.start : sentence.end], sentence.language):
        start, end = found.start + sentence.start, found.end + sentence.start
        gap = sentence.words_between(min(mark.end, end), max(mark.start, start))
        if gap <= _BESIDE and found.unit == "unit":
            near.append((gap, found))
    if near:
        return _sum(sentence, [min(near, key=lambda one: one[0])[1]], 1)
    text = sentence.text[sentence.start : sentence.end]
    for verb in _BEHIND_ALONE[sentence.language].finditer(text):
        alone = quantity_before(text, sentence.language, verb.start())
        if alone is not None and sentence.words_between(sentence.start + verb.end(), mark.start) <= _BESIDE:
            return _sum(sentence, [alone], 1)
    return None


def _own(sentence: Sentence, stage: str) -> list[FoundQuantity]:
    """The numbers of the sentence without those of a whole that only a part of is meant ("two of six jets")."""
    language, offset, text = sentence.language, sentence.start, sentence.text
    numbers = _quantities(text[sentence.start : sentence.end], language)
    whole = [
        late
        for early, late in pairwise(numbers)
        if _OF[language].fullmatch(text, early.end + offset, late.start + offset)
    ]
    if stage in _ONE_BY_ONE:
        return [one for one in numbers if one not in whole and not _of_row(sentence, one)]
    return [one for one in numbers if one not in whole]


def _of_row(sentence: Sentence, found: FoundQuantity) -> bool:
    """The number of a row of which one is meant: "the first of 36 jets"."""
    return _NTH_OF[sentence.language].search(sentence.text, sentence.start, found.start + sentence.start) is not None


def _nth(sentence: Sentence, one: Things) -> Quantity | None:
    """One thing that an ordinal singles out: "the sixth submarine", "the first of two frigates", "kapal kedua"."""
    language, text = sentence.language, sentence.text
    last = text[one.start : one.end].split()[-1].lower()
    if one.head.category == GOODS.category or number_words(language).of("counted").get(last) == _MASS:
        return None
    if language.head_first:
        nth = _NTH_BEHIND[language].match(text, one.end, sentence.end)
    else:
        nth = _NTH_BEFORE[language].search(text, sentence.start, one.start)
        if nth is not None and not nth["of"] and language.marks_plural and last.endswith("s"):
            return None
    if nth is None:
        return None
    return Quantity(1, 1, "unit", "exact", nth["nth"], *nth.span("nth"))


def _count(sentence: Sentence, numbers: list[FoundQuantity], one: Things) -> FoundQuantity | None:
    """The count right before an item or inside it, else the one behind it ("24 jets", "kapal selam … dua unit")."""
    offset = sentence.start
    for found in reversed(numbers):
        start, end = found.start + offset, found.end + offset
        near = end <= one.start and sentence.words_between(end, one.start) <= _reach(sentence, end)
        before = near and not _apart(sentence, end, one.start)
        if before or start <= one.start < end or one.start <= start < one.end:
            return found
    return next((found for found in numbers if found.start + offset >= one.end and _behind(sentence, one, found)), None)


def _named(sentence: Sentence, one: Things) -> FoundQuantity | None:
    """The number right before a name that only the lexicon knows for materiel."""
    text, language = sentence.text[sentence.start : sentence.end], sentence.language
    found = quantity_before(text, language, one.start - sentence.start)
    if found is None or one.head.kind == "class" or _of_row(sentence, found):
        return None
    known = any(other.start < found.end and found.start < other.end for other in _quantities(text, language))
    return None if known else found


def _reach(sentence: Sentence, end: int) -> int:
    """Words between a count and its item: more behind a body or a whole ("two squadrons of …", "two out of 25 …")."""
    text, language = sentence.text, sentence.language
    far = _BODY_OF[language].match(text, end, end + 30) or _OF[language].match(text, end, end + 30)
    return _REACH_OF if far else _REACH


def _behind(sentence: Sentence, one: Things, found: FoundQuantity) -> bool:
    """ "kapal selam sebanyak dua unit", "misil yang dikirim … sebanyak 2.700 unit"; not the count of another item."""
    text, start, end = sentence.text, found.start + sentence.start, found.end + sentence.start
    others = [other for other in sentence.things if other.start >= one.end]
    if any(other.start < start or sentence.words_between(end, other.start) <= 1 for other in others):
        return False
    if _BEHIND.fullmatch(text, one.end, start):
        return _BEHIND_COUNT[sentence.language].match(text, start) is not None
    far = _FAR_BEHIND[sentence.language].match(text, start) is not None
    return far and sentence.words_between(one.end, start) <= _FAR and not _MARKS.search(text, one.end, start)


def _apart(sentence: Sentence, start: int, end: int) -> bool:
    """Another item stands between, or a mark: "38 launchers and tanks" counts no tanks."""
    listed = any(start <= other.start and other.end <= end for other in sentence.things)
    return any(char in ",;:()" for char in sentence.text[start:end]) or (
        listed and bool(sentence.words_in(start, end, "link"))
    )


def _adds(sentence: Sentence, counted: list[tuple[Things, FoundQuantity]], one: Things, found: FoundQuantity) -> bool:
    """Whether an item stands beside the ones counted, and is no part of them ("23 vehicles, including 15 trucks")."""
    if found.min is None or any(other.min is None for _, other in counted):
        return False
    return not _PARTS[sentence.language].search(sentence.text, counted[-1][0].end, one.start)


def _sum(sentence: Sentence, counts: list[FoundQuantity], items: int) -> Quantity:
    first, last = min(one.start for one in counts) + sentence.start, max(one.end for one in counts) + sentence.start
    one = counts[0]
    if len(counts) == 1:
        return Quantity(one.min, one.max, one.unit, one.qualifier, sentence.text[first:last], first, last)
    least = sum(count.min or 0 for count in counts)
    most = [count.max for count in counts if count.max is not None]
    whole = len(most) == len(counts) == items
    unit = one.unit if all(count.unit == one.unit for count in counts) else "unit"
    if not whole:
        return Quantity(least, None, unit, "at_least", sentence.text[first:last], first, last)
    qualifier = "exact" if all(count.qualifier == "exact" for count in counts) else "about"
    return Quantity(least, sum(most), unit, qualifier, sentence.text[first:last], first, last)
