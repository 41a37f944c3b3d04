"""The roles around one trigger, put together: who gives what to whom."""

import re
from collections.abc import Callable

from articles.extract.clauses import Sentence, Things
from articles.extract.frames import Frame
from articles.extract.languages import Pattern, Words
from articles.extract.mentions import Mark
from articles.extract.objects import carries_again, goods_of, is_definite, things_of
from articles.extract.parties import GIVING, fill_sides
from articles.extract.readings import Reading
from articles.extract.subjects import between_both, used_by
from articles.extract.trace import Why
from articles.extract.triggers import (
    acts_between,
    after_article,
    bounds,
    choose,
    deals_before,
    find_operator,
    lifted,
    object_end,
    points_back,
    under_deal,
    words_before,
)

LISTED = Frame("item", "act", "list", "delivery", "required", "noun")


def read(sentence: Sentence, mark: Mark, fails: Callable[[Why], Reading | None]) -> Reading | None:
    """The roles around one trigger, or None where it tells of no transfer here, and `fails` is told why."""
    frame, voice = choose(sentence, mark)
    if after_article(sentence, mark, voice):
        return fails(Why.NOUN)
    if "itemised" in frame.rules and _itemised(sentence, mark):
        return fails(Why.ITEMISED)
    if frame.roles == "embargo" and _broken(sentence, mark):
        return fails(Why.BREACH)
    if "considering" in frame.rules and voice == "active" and _considering(sentence, mark):
        return fails(Why.CONSIDERING)
    operator, operator_frame = (None, None) if frame.kind == "operator" else find_operator(sentence, mark, voice)
    operator_frame = lifted(sentence, operator, operator_frame)
    if frame.roles == "use" and operator_frame is not None:
        if operator_frame.stage in ("halted", "cancelled"):
            return fails(Why.HALTED_USE)
        operator, operator_frame = None, None
    left, right = bounds(sentence, mark)
    stop = object_end(sentence, mark, right)
    reading = Reading(mark, frame, operator, operator_frame, start=left, end=right)
    reading.things = things_of(sentence, mark, voice, left, stop, frame)
    if reading.things and "close" in frame.rules:
        reading.things = [one for one in reading.things if _close(sentence, mark, one, frame.roles, voice)]
        if not reading.things:
            return fails(Why.FAR)
    if frame.roles == "arrive" and _falls(sentence, mark, reading):
        return fails(Why.FALLS)
    if frame.roles == "sanction":
        return fails(Why.PENALTY)
    if frame.roles == "list":
        return _inventory(sentence, mark, frame) or fails(Why.NO_PARCEL)
    if (
        not reading.things
        and frame.arms == "required"
        and frame.kind == "act"
        and frame.roles in (*GIVING, "taker", "deal")
    ):
        reading.things = goods_of(sentence, mark, stop)
        reading.weak = bool(reading.things)
    if not reading.things and frame.arms == "required":
        reading.anaphoric = voice == "noun" and operator is not None and points_back(sentence, mark)
        reading.anaphoric = (
            reading.anaphoric or frame.kind == "act" and carries_again(sentence, mark, voice, frame.roles)
        )
        reading.bare = not reading.anaphoric
        if reading.bare and (frame.kind != "act" or frame.roles not in ("giver", "taker", "deal")):
            return fails(Why.NO_MATERIEL)
    fill_sides(sentence, reading, voice, left, stop)
    if voice == "noun" and reading.supplier is None and reading.recipient is None and _itemised(sentence, mark):
        return fails(Why.ITEMISED)
    reading.under = under_deal(sentence, mark)
    if reading.end_user is None:
        reading.end_user = used_by(sentence, mark)
    if reading.supplier is None and reading.recipient is None and not reading.pronoun:
        reading.pronoun = between_both(sentence, mark, right)
    deals = [mark, *([operator] if operator else []), *(deals_before(sentence, mark))]
    reading.definite = any(points_back(sentence, one) for one in deals) or any(
        is_definite(sentence, things) for things in reading.things
    )
    return reading


def _itemised(sentence: Sentence, mark: Mark) -> bool:
    """ "the package includes": its items are told by the verb."""
    return any(
        other.start >= mark.end
        and sentence.words_between(mark.end, other.start) <= 8
        and choose(sentence, other)[0].roles == "list"
        for other in sentence.frames
    )


def _falls(sentence: Sentence, mark: Mark, reading: Reading) -> bool:
    """A missile that lands was fired, and not delivered."""
    landed = _FALL[sentence.language].match(sentence.text, mark.start, mark.end)
    return landed is not None and any(things.head.category in ("missiles", "ammunition") for things in reading.things)


_FALL = Pattern(r"(?:«fall to earth»)", re.I)
_BROKEN = Pattern(r"(?:«breaches»)$", re.I)
_WITH = Words("with a weapon")
_GIVEN = Words("considering")
_HAVE = Words("have before given")
_IT = Words("it that includes")
_PARCEL = Pattern(r"\b(?:«parcels»)\b", re.I)


def _broken(sentence: Sentence, mark: Mark) -> bool:
    """ "violated the embargo": who breaks one has not laid it."""
    before = max(sentence.start, mark.start - 45)
    return _BROKEN[sentence.language].search(sentence.text, before, mark.start) is not None


def _close(sentence: Sentence, mark: Mark, things: Things, roles: str, voice: str) -> bool:
    """Words of many senses count only beside the materiel: "selected the Gripen", "struck the city with missiles"."""
    if roles == "use":
        return bool(_WITH[sentence.language] & set(words_before(sentence, things.start)[-6:]))
    if voice == "passive" and things.end <= mark.start:
        return sentence.words_between(things.end, mark.start) <= 4
    return mark.end <= things.start and sentence.words_between(mark.end, things.start) <= 4


def _considering(sentence: Sentence, mark: Mark) -> bool:
    """ "given the threat": no gift, for nothing stands before it that has given."""
    if sentence.text[mark.start : mark.end].lower() not in _GIVEN[sentence.language]:
        return False
    return not _HAVE[sentence.language] & set(words_before(sentence, mark.start)[-4:])


def _inventory(sentence: Sentence, mark: Mark, frame: Frame) -> Reading | None:
    """ "The package includes …": the items of a transfer that was told of before."""
    opening = sentence.text[sentence.start : mark.start].strip().lower()
    begins = opening.split()[:1] and opening.split()[0] in _IT[sentence.language] and len(opening.split()) <= 3
    if not begins and not _PARCEL[sentence.language].search(
        sentence.text, max(sentence.start, mark.start - 60), mark.start
    ):
        return None
    things = [things for things in sentence.things if things.start >= mark.end]
    if not things or acts_between(sentence, mark.end, things[0].start):
        return None
    return Reading(mark, frame, None, None, things=things, start=sentence.start, end=sentence.end)


def inventory_line(sentence: Sentence) -> Reading | None:
    """A line of a list that names materiel and tells nothing else."""
    if not sentence.things or sentence.words_in(sentence.start, sentence.end, "speech"):
        return None
    first = sentence.things[0]
    if sentence.words_between(sentence.start, first.start) > 12:
        return None
    return Reading(first.marks[0], LISTED, None, None, things=sentence.things, start=sentence.start, end=sentence.end)
