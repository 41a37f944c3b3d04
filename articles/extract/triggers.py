"""A trigger in its sentence: which reading it has, how far it looks, which word changes its stage."""

import re

from articles.extract.clauses import Sentence, frames_of
from articles.extract.frames import Frame
from articles.extract.mentions import Mark
from articles.extract.vocabulary import word_list

_VERB_BEFORE = word_list("before a verb")


_NOUN_BEFORE = word_list("before a noun")


_BE = word_list("be")


_ADVERBS = word_list("adverbs")


def choose(sentence: Sentence, mark: Mark) -> tuple[Frame, str]:
    """The reading of a trigger that fits its surroundings, with its voice: active, passive or noun."""
    frames = frames_of(mark)
    before = words_before(sentence, mark.start)
    nouns = [frame for frame in frames if frame.voice == "noun"]
    verbs = [frame for frame in frames if frame.voice != "noun"]
    if nouns and verbs:
        things_after = any(0 <= things.start - mark.end <= 2 for things in sentence.things)
        things_before = any(0 <= mark.start - things.end <= 1 for things in sentence.things)
        after = sentence.text[mark.end : mark.end + 4].lower()
        modal = before[-1:] and before[-1] in _VERB_BEFORE
        if not modal and (
            before[-1:]
            and before[-1] in _NOUN_BEFORE
            or things_before
            or after.startswith(" of ")
            or sentence.language == "id"
            and before[-1:] == ["untuk"]
            and not things_after
        ):
            return nouns[0], "noun"
        frame = verbs[0]
    else:
        frame = frames[0]
    if frame.voice != "past":
        return frame, frame.voice
    return frame, _past_voice(sentence, mark, before)


def words_before(sentence: Sentence, at: int) -> list[str]:
    return re.findall(r"\w+", sentence.text[max(sentence.start, at - 60) : at].lower())


def _past_voice(sentence: Sentence, mark: Mark, before: list[str]) -> str:
    while before and (before[-1] in _ADVERBS or before[-1].endswith("ly")):
        before = before[:-1]
    if before and before[-1] in _BE:
        return "passive"
    if before and before[-1] in (
        "have",
        "has",
        "had",
        "ve",
        "d",
        "who",
        "which",
        "that",
        "to",
        "they",
        "it",
        "he",
        "she",
        "we",
    ):
        return "active"
    if _relative_object(sentence, mark):
        return "active"
    after = sentence.text[mark.end : mark.end + 25].lower()
    if sentence.text[mark.start - 1 : mark.start] == "-":
        return "passive"
    if re.match(r"\s+(?:by|to|from|via|through)\b", after):
        near = [things for things in sentence.things if 0 <= mark.start - things.end <= 20]
        if near or after.lstrip().startswith("by"):
            return "passive"
    near = [things for things in sentence.things if 0 <= mark.start - things.end <= 1]
    if near and not any(0 <= things.start - mark.end <= 40 for things in sentence.things):
        return "passive"
    return "active"


def _relative_object(sentence: Sentence, mark: Mark) -> bool:
    """ "the howitzers that France delivered to Morocco", "the tanks Berlin sent": its subject stands before it."""
    for group in sentence.groups:
        if group.end <= mark.start and not sentence.gap(group.end, mark.start).strip() and not group.origin:
            return (
                any(
                    group.start >= things.end and sentence.words_between(things.end, group.start) <= 2
                    for things in sentence.things
                )
                and not group.preposition
            )
    return False


def bounds(sentence: Sentence, mark: Mark) -> tuple[int, int]:
    """The stretch that a frame may look at: up to a strong conjunction or a semicolon on either side."""
    left, right = sentence.start, sentence.end
    for word, value in sentence.words_in(sentence.start, sentence.end, "clause"):
        if value != "strong" or _adverb(sentence, word):
            continue
        if word.end <= mark.start:
            left = max(left, word.end)
        elif word.start >= mark.end:
            right = min(right, word.start)
    for stop in re.finditer(r"[;]", sentence.text[sentence.start : sentence.end]):
        at = sentence.start + stop.start()
        if at < mark.start:
            left = max(left, at)
        elif at >= mark.end:
            right = min(right, at)
    return left, right


def _adverb(sentence: Sentence, word: Mark) -> bool:
    """ "menghentikan sementara": for the time being, and no conjunction."""
    if sentence.text[word.start : word.end].lower() != "sementara":
        return False
    return sentence.text[sentence.start : word.start].rstrip()[-1:] not in ("", ",", ".", "-", "–")


def object_end(sentence: Sentence, mark: Mark, right: int) -> int:
    """Where the objects of a frame end: the next act that is a verb."""
    for other in sentence.frames:
        if other.start < mark.end or other.start >= right:
            continue
        frame, voice = choose(sentence, other)
        compound = sentence.text[other.start - 1] in "-–"
        if (
            frame.kind == "act"
            and voice != "noun"
            and not compound
            and (sentence.words_between(mark.end, other.start) > 1 or "," in sentence.gap(mark.end, other.start))
        ):
            return other.start
    return right


def find_operator(sentence: Sentence, mark: Mark, voice: str) -> tuple[Mark | None, Frame | None]:
    """The nearest word before (or, in the passive, behind) that changes the stage of this act."""
    left, right = bounds(sentence, mark)
    best: tuple[Mark, Frame] | None = None
    for other in sentence.frames:
        operators = [frame for frame in frames_of(other) if frame.kind == "operator"]
        if not operators or other is mark or _rejects_a_claim(sentence, other) or _only_asks(sentence, other):
            continue
        punishes = any(frame.roles == "sanction" for frame in operators)
        if punishes and other.end <= mark.start and sentence.words_between(other.end, mark.start) <= 14:
            best = (other, choose(sentence, other)[0])
        elif left <= other.start and other.end <= mark.start and sentence.words_between(other.end, mark.start) <= 9:
            between = sentence.gap(other.end, mark.start)
            if not re.search(r"[;:.\"“”]", between) and not acts_between(sentence, other.end, mark.start):
                chosen = choose(sentence, other)[0]
                if best is None or not _outer(sentence, best, other, chosen):
                    best = (other, chosen)
        elif (
            voice == "noun"
            and other.start >= mark.end
            and other.end <= right
            and sentence.words_between(mark.end, other.start) <= 14
        ):
            chosen, how = choose(sentence, other)
            if how == "passive" and best is None and not acts_between(sentence, mark.end, other.start):
                best = (other, chosen)
    if best is None or best[1].kind != "operator":
        return None, None
    return best


def _outer(sentence: Sentence, best: tuple[Mark, Frame], inner: Mark, chosen: Frame) -> bool:
    """ "suspended permits for the export": the halt outweighs the permit that stands nearer to the act."""
    stops = ("halted", "cancelled")
    near = sentence.words_between(best[0].end, inner.start) <= 5
    return best[1].stage in stops and chosen.stage not in stops and near


_QUESTION = re.compile(
    r"\s+(?:[\w.'’]+\s+){0,3}?(?:why|whether|if|about|how|what|when|mengapa|apakah|kapan|soal)\b", re.I
)


_SALE = re.compile(r"\s+(?:[\w$.]+\s+){0,4}(?:sale|deal)")


def _only_asks(sentence: Sentence, mark: Mark) -> bool:
    """ "asked why" is no request, "concluded that" no accord, and a proposed sale no offer."""
    word = sentence.text[mark.start : mark.end].lower()
    if word.startswith("conclu"):
        return sentence.text[mark.end : mark.end + 5] == " that"
    if word.startswith("ask"):
        return bool(_QUESTION.match(sentence.text, mark.end))
    return word == "proposed" and bool(_SALE.match(sentence.text, mark.end))


def _rejects_a_claim(sentence: Sentence, mark: Mark) -> bool:
    """ "rejected reports that": what is refused is a claim, and no transfer."""
    longer = [cue for cue in sentence.cues if cue.start == mark.start and cue.end > mark.end]
    return any(getattr(entry, "value", "") == "denied" for cue in longer for entry in cue.entries)


def acts_between(sentence: Sentence, start: int, end: int) -> bool:
    for other in sentence.frames:
        if start <= other.start and other.end <= end and any(frame.kind == "act" for frame in frames_of(other)):
            frame, voice = choose(sentence, other)
            if frame.kind == "act" and voice != "noun":
                return True
    return False


def points_back(sentence: Sentence, mark: Mark) -> bool:
    """ "the deal", "this sale", "kesepakatan itu": a transfer that an earlier sentence has told of."""
    before = words_before(sentence, mark.start)
    if sentence.language == "en":
        return bool({"the", "this", "that", "such", "these", "those", "its"} & set(before[-2:]))
    after = re.findall(r"\w+", sentence.text[mark.end : mark.end + 30].lower())
    return bool({"itu", "ini", "tersebut"} & set(after[:2]))


def deals_before(sentence: Sentence, mark: Mark) -> list[Mark]:
    return [
        other
        for other in sentence.frames
        if other.end <= mark.start and any(frame.roles == "deal" for frame in frames_of(other))
    ]


_UNDER = word_list("under a deal")


def under_deal(sentence: Sentence, mark: Mark) -> Mark | None:
    """ "Under the deal, Rusia will receive": what follows is still the deal."""
    for deal in deals_before(sentence, mark):
        if set(words_before(sentence, deal.start)[-4:]) & _UNDER:
            return deal
    return None
