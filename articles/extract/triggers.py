"""A trigger in its sentence: which reading it has, how far it looks, which word changes its stage."""

import re
from dataclasses import replace

from articles.extract.clauses import Sentence, frames_of
from articles.extract.frames import Frame
from articles.extract.languages import Pattern, Words
from articles.extract.mentions import Mark

_WORD = re.compile(r"\w+")
_NEXT_WORD = re.compile(r" (\w+) ")
_STOPS = re.compile(r"[;:.\"“”]")
_VERB_BEFORE = Words("before a verb")
_NOUN_BEFORE = Words("before a noun")
_NOUN_UNLESS_ITEM = Words("nouns unless an item follows")
_OF = Words("of a noun")
_BE = Words("be")
_HAVE = Words("have")
_ADVERBS = Words("adverbs")
_ADVERB = Pattern(r"(?:«adverb endings»)$")
_ROLE_BEHIND = Pattern(r"\s+(?:«roles behind a participle»)\b")
_AGENT_BEHIND = Pattern(r"\s*(?:«agents of a participle»)")


def choose(sentence: Sentence, mark: Mark) -> tuple[Frame, str]:
    """The reading of a trigger that fits its surroundings, with its voice: active, passive or noun."""
    found = sentence.chosen.get(mark.start)
    if found is None:
        sentence.chosen[mark.start] = found = _choose(sentence, mark)
    return found


def _choose(sentence: Sentence, mark: Mark) -> tuple[Frame, str]:
    frames = frames_of(mark)
    before = words_before(sentence, mark.start)
    nouns = [frame for frame in frames if frame.voice == "noun"]
    verbs = [frame for frame in frames if frame.voice != "noun"]
    if nouns and verbs:
        things_after = any(0 <= things.start - mark.end <= 2 for things in sentence.things)
        things_before = any(0 <= mark.start - things.end <= 1 for things in sentence.things)
        after = _NEXT_WORD.match(sentence.text, mark.end, mark.end + 12)
        own = sentence.language
        modal = before[-1:] and before[-1] in _VERB_BEFORE[own]
        if not modal and (
            before[-1:]
            and before[-1] in _NOUN_BEFORE[own]
            or things_before
            or after is not None
            and after[1].lower() in _OF[own]
            or before[-1:]
            and before[-1] in _NOUN_UNLESS_ITEM[own]
            and not things_after
        ):
            return nouns[0], "noun"
        frame = verbs[0]
    else:
        frame = frames[0]
    if frame.voice == "past":
        return frame, _past_voice(sentence, mark, before)
    if frame.voice == "participle":
        return frame, "active" if _last(sentence, before) in _HAVE[sentence.language] else "passive"
    return frame, frame.voice


def words_before(sentence: Sentence, at: int) -> list[str]:
    """The words of the last sixty characters before a place, in lower case."""
    found = sentence.before.get(at)
    if found is None:
        sentence.before[at] = found = _WORD.findall(sentence.text[max(sentence.start, at - 60) : at].lower())
    return found


def _last(sentence: Sentence, before: list[str]) -> str:
    """The last word before a participle that is no adverb, "" where there is none."""
    own = sentence.language
    for word in reversed(before):
        if word not in _ADVERBS[own] and not _ADVERB[own].search(word):
            return word
    return ""


def _past_voice(sentence: Sentence, mark: Mark, before: list[str]) -> str:
    own = sentence.language
    last = _last(sentence, before)
    if last in _BE[own]:
        return "passive"
    if last in _HAVE[own]:
        return "active"
    if _relative_object(sentence, mark):
        return "active"
    after = sentence.text[mark.end : mark.end + 25].lower()
    if sentence.text[mark.start - 1 : mark.start] == "-":
        return "passive"
    if _ROLE_BEHIND[own].match(after):
        near = [things for things in sentence.things if 0 <= mark.start - things.end <= 20]
        if near or _AGENT_BEHIND[own].match(after):
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
    found = sentence.limits.get(mark.start)
    if found is None:
        sentence.limits[mark.start] = found = _bounds(sentence, mark)
    return found


def _bounds(sentence: Sentence, mark: Mark) -> tuple[int, int]:
    left, right = sentence.start, sentence.end
    for word, value in sentence.words_in(sentence.start, sentence.end, "clause"):
        if value != "strong" or _adverb(sentence, word):
            continue
        if word.end <= mark.start:
            left = max(left, word.end)
        elif word.start >= mark.end:
            right = min(right, word.start)
    left = max(left, sentence.text.rfind(";", sentence.start, mark.start))
    stop = sentence.text.find(";", mark.end, sentence.end)
    return left, min(right, stop) if stop >= 0 else right


_LIKE_CONJUNCTIONS = Words("adverbs that look like conjunctions")


def _adverb(sentence: Sentence, word: Mark) -> bool:
    """ "menghentikan sementara": for the time being, and no conjunction."""
    if sentence.text[word.start : word.end].lower() not in _LIKE_CONJUNCTIONS[sentence.language]:
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
            and not after_article(sentence, other, voice)
            and not compound
            and (sentence.words_between(mark.end, other.start) > 1 or "," in sentence.gap(mark.end, other.start))
        ):
            return other.start
    return right


def find_operator(sentence: Sentence, mark: Mark, voice: str) -> tuple[Mark | None, Frame | None]:
    """The nearest word before (or, in the passive, behind) that changes the stage of this act."""
    left, right = bounds(sentence, mark)
    best: tuple[Mark, Frame] | None = None
    heads = _heads_a_subject(sentence, mark, voice)
    for other in sentence.frames:
        operators = [frame for frame in frames_of(other) if frame.kind == "operator"]
        if not operators or other is mark or rejects_a_claim(sentence, other) or _only_asks(sentence, other):
            continue
        punishes = any(frame.roles == "sanction" for frame in operators)
        if punishes and other.end <= mark.start and sentence.words_between(other.end, mark.start) <= 14:
            best = (other, choose(sentence, other)[0])
        elif left <= other.start and other.end <= mark.start and sentence.words_between(other.end, mark.start) <= 9:
            between = sentence.gap(other.end, mark.start)
            if not _STOPS.search(between) and not acts_between(sentence, other.end, mark.start):
                chosen = choose(sentence, other)[0]
                if best is None or not _outer(sentence, best, other, chosen):
                    best = (other, chosen)
        elif (
            heads is not None
            and other.start >= heads
            and other.end <= right
            and sentence.words_between(heads, other.start) <= 14
        ):
            chosen, how = choose(sentence, other)
            if how == "passive" and best is None and not acts_between(sentence, heads, other.start):
                best = (other, chosen)
    if best is None or best[1].kind != "operator":
        return None, None
    return best


_TO_DO = Pattern(r"\s+(?:«before an infinitive of a deal»)\s+", re.I)
_TO_DO_LENGTH = 12
_INTENT = Pattern(r"\b(?:«nouns with an infinitive»)\s+(?:«before an infinitive of a deal»)\s+$", re.I)


def _heads_a_subject(sentence: Sentence, mark: Mark, voice: str) -> int | None:
    """Where a noun ends of which a passive behind may tell: "the sale", "the deal to buy", "the plan to sell"."""
    own = sentence.language
    if voice == "noun":
        for act in sentence.frames:
            if act.start - mark.end > _TO_DO_LENGTH:
                break
            if act.start > mark.end and _TO_DO[own].fullmatch(sentence.text, mark.end, act.start):
                return act.end
        return mark.end
    if voice == "active" and _INTENT[own].search(sentence.text, max(sentence.start, mark.start - 40), mark.start):
        return mark.end
    return None


def _outer(sentence: Sentence, best: tuple[Mark, Frame], inner: Mark, chosen: Frame) -> bool:
    """ "suspended permits for the export": the halt outweighs the permit that stands nearer to the act."""
    stops = ("halted", "cancelled")
    near = sentence.words_between(best[0].end, inner.start) <= 5
    return best[1].stage in stops and chosen.stage not in stops and near


_LIFTS = Pattern(r"\b(?:«lifts»)\s+(?:[\w'’-]+\s+){0,4}$", re.I)


def lifted(sentence: Sentence, ban: Mark | None, frame: Frame | None) -> Frame | None:
    """ "lifted a decades-old ban", "menarik sepenuhnya larangan": the end of a ban is no halt."""
    if ban is None or frame is None or frame.stage != "halted":
        return frame
    start = max(sentence.start, ban.start - 60)
    return (
        replace(frame, stage="sanction") if _LIFTS[sentence.language].search(sentence.text, start, ban.start) else frame
    )


_QUESTION = Pattern(r"\s+(?:[\w.'’]+\s+){0,3}?(?:«questions»)\b", re.I)
_SALE = Pattern(r"\s+(?:[\w$.]+\s+){0,4}(?:«names of a deal»)")
_CLAIMS = Pattern(r"(?:«words that may only claim»)", re.I)
_ASKS = Pattern(r"(?:«words that may only ask»)", re.I)
_TO_COME = Pattern(r"(?:«words for what is to come»)", re.I)
_THAT = Pattern(r" (?:«that claims»)")


def _only_asks(sentence: Sentence, mark: Mark) -> bool:
    """ "asked why" is no request, "concluded that" no accord, and a proposed sale no offer."""
    text, own = sentence.text, sentence.language
    if _CLAIMS[own].fullmatch(text, mark.start, mark.end):
        return _THAT[own].match(text, mark.end) is not None
    if _ASKS[own].match(text, mark.start, mark.end):
        return _QUESTION[own].match(text, mark.end) is not None
    return bool(_TO_COME[own].fullmatch(text, mark.start, mark.end) and _SALE[own].match(text, mark.end))


_CLAIM_BEHIND = Pattern(r"\s+(?:[\w.'’-]+\s+){0,3}?(?:«claims that are rejected»)\b", re.I)


def rejects_a_claim(sentence: Sentence, mark: Mark) -> bool:
    """ "rejected reports that", "menolak tuduhan Barat": what is refused is a claim, and no transfer."""
    halts = any(frame.roles == "halt" for frame in frames_of(mark))
    if halts and _CLAIM_BEHIND[sentence.language].match(sentence.text, mark.end, sentence.end):
        return True
    longer = [cue for cue in sentence.cues if cue.start == mark.start and cue.end > mark.end]
    return any(getattr(entry, "value", "") == "denied" for cue in longer for entry in cue.entries)


def acts_between(sentence: Sentence, start: int, end: int) -> bool:
    for other in sentence.frames:
        if start <= other.start and other.end <= end and any(frame.kind == "act" for frame in frames_of(other)):
            frame, voice = choose(sentence, other)
            if frame.kind == "act" and voice != "noun" and not after_article(sentence, other, voice):
                return True
    return False


_ARTICLES = Words("articles")
_SHIPS = Words("ships of a kind")
_SHIP = Words("verbs that are ships")


_OF_NOUNS = Words("of in front of nouns")


def after_article(sentence: Sentence, mark: Mark, voice: str) -> bool:
    """ "a ship", "the order", "a fishing ship", "tons of shells": a noun, though its form is that of a verb."""
    if voice != "active":
        return False
    before, articles = words_before(sentence, mark.start)[-2:], _ARTICLES[sentence.language]
    if articles.intersection(before[-1:]):
        return True
    if _OF_NOUNS[sentence.language].intersection(before[-1:]) and not sentence.text.endswith(
        "ing", mark.start, mark.end
    ):
        return True
    kind = articles.intersection(before[:1]) and _SHIPS[sentence.language].intersection(before[-1:])
    return bool(kind) and sentence.text[mark.start : mark.end].lower() in _SHIP[sentence.language]


_BACK_BEFORE = Words("nouns that point back before")
_BACK_BEHIND = Words("words that point back behind")


def points_back(sentence: Sentence, mark: Mark) -> bool:
    """ "the deal", "this sale", "kesepakatan itu": a transfer that an earlier sentence has told of."""
    before, behind = _BACK_BEFORE[sentence.language], _BACK_BEHIND[sentence.language]
    if before and not before.isdisjoint(words_before(sentence, mark.start)[-2:]):
        return True
    return bool(behind) and not behind.isdisjoint(_WORD.findall(sentence.text[mark.end : mark.end + 30].lower())[:2])


def deals_before(sentence: Sentence, mark: Mark) -> list[Mark]:
    return [
        other
        for other in sentence.frames
        if other.end <= mark.start and any(frame.roles == "deal" for frame in frames_of(other))
    ]


_UNDER = Words("under a deal")


def under_deal(sentence: Sentence, mark: Mark) -> Mark | None:
    """ "Under the deal, Rusia will receive": what follows is still the deal."""
    for deal in deals_before(sentence, mark):
        if set(words_before(sentence, deal.start)[-4:]) & _UNDER[sentence.language]:
            return deal
    return None
