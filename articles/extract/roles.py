"""Who gives what to whom: the roles around one frame, from prepositions, voice and the subject of the clause."""

import re
from dataclasses import dataclass, field

from articles.extract.clauses import Group, Sentence, Things, frames_of
from articles.extract.frames import Frame
from articles.extract.lexicon import Materiel
from articles.extract.mentions import Mark

_GIVE = ("giver", "arm", "flow", "arrive")
LISTED = Frame("item", "act", "list", "delivery", "required", "noun")
GOODS = Materiel("", "class", "components_materials", "")


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
    reasons: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    pronoun: str = ""
    anaphoric: bool = False
    bare: bool = False
    weak: bool = False
    under: Mark | None = None
    definite: bool = False


def choose(sentence: Sentence, mark: Mark) -> tuple[Frame, str]:
    """The reading of a trigger that fits its surroundings, with its voice: active, passive or noun."""
    frames = frames_of(mark)
    before = _words_before(sentence, mark.start)
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


_VERB_BEFORE = frozenset(["to", "will", "would", "could", "can", "may", "might", "should", "must", "not", "also", "they", "we", "it", "who", "that", "which", "and"])
_NOUN_BEFORE = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "of", "further", "more", "new", "first", "such", "any", "all", "our", "recent", "previous", "military", "s", "potential", "possible", "planned", "illegal", "pending", "future", "additional", "proposed", "major", "massive", "in", "for", "on", "with", "by", "from", "some", "no"]
)
_BE = frozenset(["be", "is", "are", "was", "were", "been", "being", "s", "re", "get", "gets", "got", "getting", "m"])
_ADVERBS = frozenset(
    ["not", "also", "already", "reportedly", "allegedly", "now", "recently", "still", "never", "since", "later", "then", "currently", "secretly", "quietly", "first", "all", "ever", "just", "yet"]
)


def _words_before(sentence: Sentence, at: int) -> list[str]:
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


def bounds(sentence: Sentence, mark: Mark) -> tuple[int, int]:
    """The stretch of the sentence that a frame may look at: up to a strong conjunction or a semicolon on either side."""
    left, right = sentence.start, sentence.end
    for word, value in sentence.words_in(sentence.start, sentence.end, "clause"):
        if value != "strong":
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
            and sentence.words_between(mark.end, other.start) > 1
        ):
            return other.start
    return right


def subject(sentence: Sentence, at: int, left: int) -> tuple[Group | None, str]:
    """The subject before `at`: a group under no preposition, or the pronoun that stands for one ("we", "it", "both")."""
    pronouns = [
        (mark, value)
        for mark, value in sentence.words_in(sentence.start, at, "pronoun")
        if sentence.words_between(mark.end, at) <= 4
    ]
    candidates = [
        group
        for group in sentence.groups
        if group.end <= at
        and group.preposition in ("", "of")
        and not _is_modifier(sentence, group)
        and not _accuser(sentence, group)
        and not group.adjective
    ]
    if pronouns:
        mark, value = pronouns[-1]
        nearer = [group for group in candidates if group.start >= mark.end]
        if not nearer and not (value == "they" and sentence.text[mark.start : mark.end].lower() == "their"):
            if value in ("it", "he", "there", "they"):
                earlier = [group for group in candidates if group.end <= mark.start]
                return (earlier[-1] if earlier else None), value
            return None, value
    inside = [group for group in candidates if group.start >= left]
    if inside:
        return inside[-1], ""
    return (candidates[-1] if candidates else None), ""


def _accuser(sentence: Sentence, group: Group) -> bool:
    """ "yang dituduh Washington memasok": the one who accuses does not supply."""
    return sentence.language == "id" and any(
        mark.end == group.start - 1
        and sentence.text[mark.start : mark.end].lower() in ("dituduh", "dituding", "disebut", "diklaim")
        for mark in sentence.cues
    )


def _is_modifier(sentence: Sentence, group: Group) -> bool:
    """Beside a materiel, as its origin, and not itself the subject."""
    return group.origin and any(things.origin is group for things in sentence.things)


def read(sentence: Sentence, mark: Mark) -> Reading | None:
    """The roles around one trigger, or None where it tells of no transfer here."""
    frame, voice = choose(sentence, mark)
    operator, operator_frame = (None, None) if frame.kind == "operator" else _operator(sentence, mark, voice)
    left, right = bounds(sentence, mark)
    stop = object_end(sentence, mark, right)
    reading = Reading(mark, frame, operator, operator_frame, start=left, end=right)
    reading.things = _things(sentence, mark, voice, left, stop, frame)
    if frame.roles == "sanction":
        return None
    if frame.roles == "list":
        return _inventory(sentence, mark, frame)
    if (
        not reading.things
        and frame.arms == "required"
        and frame.kind == "act"
        and frame.roles in _GIVE + ("taker", "deal")
    ):
        reading.things = _goods(sentence, mark, stop)
        reading.weak = bool(reading.things)
    if not reading.things and frame.arms == "required":
        reading.anaphoric = voice == "noun" and _points_back(sentence, mark)
        reading.bare = not reading.anaphoric
        if reading.bare and (frame.kind != "act" or frame.roles not in ("giver", "taker", "deal")):
            return None
    _fill(sentence, reading, voice, left, stop)
    reading.under = _under(sentence, mark)
    if reading.end_user is None:
        reading.end_user = _used_by(sentence, mark)
    if reading.supplier is None and reading.recipient is None and not reading.pronoun:
        reading.pronoun = _between_both(sentence, mark, right)
    deals = [mark, *([operator] if operator else []), *(_deals_before(sentence, mark))]
    reading.definite = any(_points_back(sentence, one) for one in deals) or any(
        _definite(sentence, things) for things in reading.things
    )
    return reading


def _goods(sentence: Sentence, mark: Mark, stop: int) -> list[Things]:
    """Technology, parts, materials: materiel only where the article tells of arms anyway."""
    found = []
    for word, _ in sentence.words_in(mark.end, stop, "goods"):
        if found or sentence.words_between(mark.end, word.start) <= 8:
            found.append(Things([], word.start, word.end, GOODS, text_start=word.start))
    return found[:1] if not found or len(found) == 1 else [_joined(sentence, found)]


def _joined(sentence: Sentence, found: list[Things]) -> Things:
    end = found[0].end
    for things in found[1:]:
        if sentence.words_between(end, things.start) > 1:
            break
        end = things.end
    return Things([], found[0].start, end, GOODS, text_start=found[0].start)


_UNDER = frozenset(["under", "berdasarkan", "part", "of", "dalam", "melalui", "lewat", "sesuai"])


def _under(sentence: Sentence, mark: Mark) -> Mark | None:
    """ "Under the deal, Rusia will receive": what follows is still the deal."""
    for deal in _deals_before(sentence, mark):
        if set(_words_before(sentence, deal.start)[-4:]) & _UNDER:
            return deal
    return None


def _used_by(sentence: Sentence, mark: Mark) -> Group | None:
    """ "for use by X", "untuk digunakan oleh X"."""
    for other in sentence.frames:
        if other.start > mark.end and any(
            frame.roles == "use" and frame.voice != "active" for frame in frames_of(other)
        ):
            if {"for", "to", "untuk"} & set(_words_before(sentence, other.start)[-2:]):
                after = [group for group in sentence.groups if group.start >= other.end]
                if (
                    after
                    and after[0].preposition in ("by", "")
                    and sentence.words_between(other.end, after[0].start) <= 4
                ):
                    return after[0]
    return None


def _between_both(sentence: Sentence, mark: Mark, right: int) -> str:
    """ "talks between the two countries"."""
    for word, value in sentence.words_in(mark.end, right, "pronoun"):
        if value == "both" and sentence.words_between(mark.end, word.start) <= 3:
            return "both"
    return ""


def _deals_before(sentence: Sentence, mark: Mark) -> list[Mark]:
    return [
        other
        for other in sentence.frames
        if other.end <= mark.start and any(frame.roles == "deal" for frame in frames_of(other))
    ]


def _definite(sentence: Sentence, things: Things) -> bool:
    """ "the missiles", "pesawat tersebut": materiel that was named before."""
    if sentence.language == "en":
        before = _words_before(sentence, things.start)
        return bool({"the", "these", "those"} & set(before[-3:]))
    return bool(re.match(r"\s*(?:itu|ini|tersebut)\b", sentence.text[things.end : things.end + 12]))


_PARCEL = re.compile(
    r"\b(?:package|tranche|drawdown|assistance|aid|sale|deal|contract|order|shipment|shipments|delivery|deliveries|capabilities|equipment|"
    r"items|weapons|systems|paket|bantuan|penjualan|kesepakatan|kontrak|pesanan|pengiriman|kiriman|pembelian|hibah)\b",
    re.I,
)


def _inventory(sentence: Sentence, mark: Mark, frame: Frame) -> Reading | None:
    """ "The package includes …": the items of a transfer that was told of before."""
    if not _PARCEL.search(sentence.text, max(sentence.start, mark.start - 60), mark.start):
        return None
    things = [things for things in sentence.things if things.start >= mark.end]
    return Reading(mark, frame, None, None, things=things, start=sentence.start, end=sentence.end) if things else None


def inventory_line(sentence: Sentence) -> Reading | None:
    """A line of a list that names materiel and tells nothing else."""
    if not sentence.things or sentence.words_in(sentence.start, sentence.end, "speech"):
        return None
    first = sentence.things[0]
    if sentence.words_between(sentence.start, first.start) > 12:
        return None
    return Reading(first.marks[0], LISTED, None, None, things=sentence.things, start=sentence.start, end=sentence.end)


def _points_back(sentence: Sentence, mark: Mark) -> bool:
    """ "the deal", "this sale", "kesepakatan itu": a transfer that an earlier sentence has told of."""
    before = _words_before(sentence, mark.start)
    if sentence.language == "en":
        return bool({"the", "this", "that", "such", "these", "those", "its"} & set(before[-2:]))
    after = re.findall(r"\w+", sentence.text[mark.end : mark.end + 30].lower())
    return bool({"itu", "ini", "tersebut"} & set(after[:2]))


def _operator(sentence: Sentence, mark: Mark, voice: str) -> tuple[Mark | None, Frame | None]:
    """The nearest word before (or, in the passive, behind) that changes the stage of this act."""
    left, right = bounds(sentence, mark)
    best = None
    for other in sentence.frames:
        operators = [frame for frame in frames_of(other) if frame.kind == "operator"]
        if not operators or other is mark:
            continue
        if left <= other.start and other.end <= mark.start and sentence.words_between(other.end, mark.start) <= 9:
            between = sentence.gap(other.end, mark.start)
            if not re.search(r"[;:.\"“”]", between) and not _acts_between(sentence, other.end, mark.start):
                best = (other, choose(sentence, other)[0])
        elif (
            voice == "noun"
            and other.start >= mark.end
            and other.end <= right
            and sentence.words_between(mark.end, other.start) <= 14
        ):
            chosen, how = choose(sentence, other)
            if how == "passive" and best is None and not _acts_between(sentence, mark.end, other.start):
                best = (other, chosen)
    if best is None or best[1].kind != "operator":
        return None, None
    return best


def _acts_between(sentence: Sentence, start: int, end: int) -> bool:
    for other in sentence.frames:
        if start <= other.start and other.end <= end and any(frame.kind == "act" for frame in frames_of(other)):
            frame, voice = choose(sentence, other)
            if frame.kind == "act" and voice != "noun":
                return True
    return False


def _things(sentence: Sentence, mark: Mark, voice: str, left: int, stop: int, frame: Frame) -> list[Things]:
    inside = [things for things in sentence.things if mark.start <= things.start and things.end <= mark.end]
    after = [things for things in sentence.things if things.start >= mark.end and things.end <= stop]
    before = [things for things in sentence.things if things.end <= mark.start and things.start >= left]
    if frame.arms == "implied":
        listed = _listed(sentence, after, mark.end, 4)
        return listed or inside
    if voice == "passive":
        near = [things for things in before if sentence.words_between(things.end, mark.start) <= 12]
        if near:
            return _list_ending(sentence, near)
        return _listed(sentence, after, mark.end, 8)
    if voice == "noun":
        tight = [things for things in before if sentence.gap(things.end, mark.start).strip(" -") == ""]
        if tight and sentence.language == "en":
            return _list_ending(sentence, tight)
        return _listed(sentence, after, mark.end, 14) or (
            _list_ending(sentence, before[-1:])
            if before and sentence.words_between(before[-1].end, mark.start) <= 6
            else []
        )
    if frame.roles in ("arrive", "flow"):
        near = [things for things in before if sentence.words_between(things.end, mark.start) <= 10]
        return _list_ending(sentence, near) if near else _listed(sentence, after, mark.end, 6)
    found = _listed(sentence, after, mark.end, 14)
    if not found and before:
        relative = sentence.words_in(before[-1].end, mark.start, "relative")
        if relative and sentence.words_between(before[-1].end, mark.start) <= 8:
            return _list_ending(sentence, before)
    return found


_LINKED = re.compile(
    r"(?:,|\b(?:and|or|as well as|along with|including|such as|dan|serta|atau|termasuk|seperti|maupun|plus|hingga|with|together with|dengan|beserta)\b|/|&)",
    re.I,
)


def _linked(sentence: Sentence, one: Things, other: Things) -> bool:
    gap = sentence.gap(one.end, other.start)
    if re.search(r"[;:.!?\"“”]", gap.replace("U.S.", "")) or len(gap) > 90:
        return False
    if any(
        one.end <= mark.start < other.start and any(f.voice != "noun" for f in frames_of(mark))
        for mark in sentence.frames
    ):
        return False
    blocked = [
        value
        for _, value in sentence.words_in(one.end, other.start, "preposition")
        if value in ("to", "from", "by", "via", "against")
    ]
    if blocked or sentence.words_in(one.end, other.start, "speech") or sentence.words_in(one.end, other.start, "be"):
        return False
    return bool(_LINKED.search(gap)) and sentence.words_between(one.end, other.start) <= 9


def _listed(sentence: Sentence, candidates: list[Things], at: int, reach: int) -> list[Things]:
    """The first of the candidates within reach, and those that its list goes on with."""
    if not candidates or sentence.words_between(at, candidates[0].start) > reach:
        return []
    found = [candidates[0]]
    for things in candidates[1:]:
        if not _linked(sentence, found[-1], things):
            break
        found.append(things)
    return found


def _list_ending(sentence: Sentence, candidates: list[Things]) -> list[Things]:
    found = [candidates[-1]]
    for things in reversed(candidates[:-1]):
        if not _linked(sentence, things, found[0]):
            break
        found.insert(0, things)
    return found


def _fill(sentence: Sentence, reading: Reading, voice: str, left: int, stop: int) -> None:
    frame, mark = reading.frame, reading.mark
    after = [group for group in sentence.groups if group.start >= mark.end and group.end <= stop]
    by = {}
    for group in after:
        if group.preposition and group.preposition not in by and not group.origin and not group.adjective:
            if group.preposition in ("with", "for", "in", "on") and sentence.words_between(mark.end, group.start) > 14:
                continue
            by[group.preposition] = group
    origin = next((things.origin for things in reading.things if things.origin is not None), None)
    reading.intermediary = by.get("via")
    who, pronoun = subject(sentence, mark.start, left)
    if reading.operator_frame is not None and reading.operator_frame.roles == "sanction":
        who, pronoun = None, ""
    if frame.roles == "deal" and not by.get("between") and _between_both(sentence, mark, stop):
        reading.pronoun = "both"
        return
    give = (
        frame.roles in _GIVE
        or frame.roles in ("halt", "seize")
        or (frame.kind == "operator" and frame.roles == "giver")
    )
    if give:
        _fill_giver(sentence, reading, voice, by, after, origin, who, pronoun)
    elif frame.roles == "taker":
        _fill_taker(sentence, reading, voice, by, after, origin, who, pronoun)
    elif frame.roles == "winner":
        reading.supplier = who
        reading.pronoun = "" if who else pronoun
        reading.recipient = by.get("from") or by.get("with") or by.get("to") or by.get("for") or by.get("by")
    elif frame.roles == "deal":
        _fill_deal(sentence, reading, by, origin, who, pronoun)
    elif frame.roles in ("embargo", "sanction"):
        _fill_embargo(sentence, reading, by, origin, who, pronoun, after)
    elif frame.roles == "use":
        reading.recipient = by.get("by") if voice == "passive" else who
        reading.pronoun = "" if reading.recipient else pronoun
        reading.supplier = origin or by.get("from")
    elif frame.roles == "make":
        partner = by.get("with") or by.get("in")
        reading.supplier = partner or origin
        reading.recipient = who if who is not reading.supplier else None
        if who is not None and len(who.sides) == 2 and partner is None:
            reading.supplier = Group(who.sides[:1], who.start, who.end)
            reading.recipient = Group(who.sides[1:], who.start, who.end)


def _fill_giver(sentence, reading, voice, by, after, origin, who, pronoun) -> None:
    frame, mark = reading.frame, reading.mark
    to = by.get("to")
    if frame.roles == "arrive":
        reading.recipient = to or by.get("in") or _direct_object(sentence, mark, after, reading)
        reading.supplier = by.get("from") or origin
        return
    if voice == "passive":
        agent = by.get("by") or _close_agent(sentence, mark, after)
        reading.supplier = agent or by.get("from") or _hyphen_agent(sentence, mark)
        reading.recipient = to or by.get("for")
        if (
            reading.recipient is None
            and who is not None
            and who is not reading.supplier
            and not _thing_between(sentence, who, mark, reading)
        ):
            reading.recipient = who
        if reading.supplier is None:
            reading.supplier = origin
        if reading.recipient is None and reading.supplier is not None:
            reading.recipient = _holder(sentence, reading, origin)
        return
    direct = _direct_object(sentence, mark, after, reading) if voice != "noun" else None
    reading.recipient = (
        to
        or direct
        or (by.get("for") if frame.roles != "flow" else by.get("in"))
        or (by.get("on") if frame.roles == "halt" else None)
    )
    if to is not None and by.get("for") is not None and by["for"] is not to:
        reading.end_user = by["for"]
    if frame.roles == "flow":
        reading.supplier = by.get("from") or origin
        return
    if voice == "noun":
        owner = _owner(sentence, mark)
        reading.supplier = by.get("from") or by.get("by") or origin or owner
        if reading.supplier is reading.recipient:
            reading.supplier = None
        if reading.supplier is None and (governed := _governing_subject(sentence, reading, who)):
            reading.supplier = governed
        reading.pronoun = "" if reading.supplier else pronoun
        if reading.recipient is None and owner is not None and reading.supplier is not owner:
            reading.recipient = owner
        return
    if frame.roles in ("halt", "seize"):
        reading.supplier = by.get("from") or (who if frame.roles == "halt" else origin)
        return
    if reading.operator_frame is not None and reading.operator_frame.roles == "taker" and reading.operator is not None:
        _fill_asked(sentence, reading, who)
        return
    reading.supplier = who
    reading.pronoun = "" if who is not None and not pronoun else pronoun
    if reading.supplier is None or reading.supplier is reading.recipient:
        reading.supplier = by.get("from") or origin


def _holder(sentence: Sentence, reading: Reading, origin: Group | None) -> Group | None:
    """Who has what was supplied: "Israel's Patriots, supplied by the US", "AU Bangladesh yang mengganti J-7 yang dipasok Cina"."""
    if origin is not None and origin is not reading.supplier:
        return origin
    if not reading.things or reading.things[0].start > reading.mark.start:
        return None
    holder, pronoun = subject(sentence, reading.things[0].start, reading.start)
    return holder if holder is not reading.supplier and not pronoun else None


def _fill_asked(sentence: Sentence, reading: Reading, who: Group | None) -> None:
    """ "Kyiv asked Berlin to send tanks": the one who is asked supplies, the one who asks receives."""
    operator = reading.operator
    asked = [group for group in sentence.groups if operator.end <= group.start and group.end <= reading.mark.start]
    asking, pronoun = subject(sentence, operator.start, reading.start)
    reading.supplier = asked[-1] if asked else None
    if reading.recipient is None and asking is not reading.supplier:
        reading.recipient = asking
        reading.pronoun = "" if asking else pronoun
    if reading.supplier is reading.recipient:
        reading.supplier = None


def _fill_taker(sentence, reading, voice, by, after, origin, who, pronoun) -> None:
    mark = reading.mark
    if voice == "passive":
        reading.recipient = by.get("by") or _close_agent(sentence, mark, after) or by.get("for")
        reading.supplier = by.get("from") or origin
        if (
            reading.recipient is None
            and who is not None
            and who is not reading.supplier
            and not _thing_between(sentence, who, mark, reading)
        ):
            reading.recipient = who
        return
    if voice == "noun":
        owner = _owner(sentence, mark)
        reading.supplier = by.get("from") or by.get("with")
        reading.recipient = by.get("by") or by.get("for") or by.get("to") or owner
        if reading.supplier is None and origin is not None and origin is not reading.recipient:
            reading.supplier = origin
        if reading.recipient is None and who is not reading.supplier:
            reading.recipient = who
            reading.pronoun = pronoun
        return
    reading.recipient = who
    reading.pronoun = pronoun
    reading.supplier = by.get("from") or origin
    if reading.frame.kind == "operator":
        direct = _direct_object(sentence, mark, after, reading)
        reading.supplier = reading.supplier or by.get("to") or direct
        if reading.supplier is reading.recipient:
            reading.supplier = None
        if reading.frame.lemma in ("ask", "yakinkan") and direct is not None:
            reading.supplier = direct


def _fill_deal(sentence, reading, by, origin, who, pronoun) -> None:
    mark = reading.mark
    between = by.get("between") or by.get("with")
    supplier = origin or by.get("from")
    recipient = by.get("to") or by.get("for")
    if between is not None and len(between.sides) >= 2:
        first, second = (
            Group(between.sides[:1], between.start, between.end),
            Group(between.sides[1:], between.start, between.end),
        )
        reading.supplier, reading.recipient = _direction(first, second, origin, reading)
        return
    owner = _owner(sentence, mark)
    one = who or owner
    if recipient is not None:
        reading.recipient = recipient
        reading.supplier = supplier or (one if one is not recipient else None)
        return
    other = by.get("with")
    if one is not None and other is not None:
        reading.supplier, reading.recipient = _direction(other, one, origin, reading)
        return
    if one is not None and len(one.sides) == 2:
        first, second = Group(one.sides[:1], one.start, one.end), Group(one.sides[1:], one.start, one.end)
        reading.supplier, reading.recipient = _direction(first, second, origin, reading)
        return
    reading.supplier = supplier
    reading.recipient = one if one is not supplier else None
    reading.pronoun = pronoun


# Where nothing else says who sells, the greater exporter of arms does (the order of the last decades' registers).
_EXPORTERS = ("US", "RU", "FR", "DE", "CN", "IT", "GB", "IL", "KR", "ES", "SE", "NL", "TR", "CH", "UA", "KP", "IR")


def _rank(group: Group) -> int:
    return min(_EXPORTERS.index(side.key) if side.key in _EXPORTERS else 99 for side in group.sides)


def _direction(seller: Group, buyer: Group, origin: Group | None, reading: Reading) -> tuple[Group, Group]:
    """Who sells in "a deal between X and Y": the one that the materiel is from, else the company, else the one named first."""
    makers = {things.head.maker for things in reading.things if things.head.maker}
    keys = {side.key for side in origin.sides} if origin is not None else set()
    if (makers | keys) & {side.key for side in buyer.sides} and not (makers | keys) & {
        side.key for side in seller.sides
    }:
        return buyer, seller
    if _rank(buyer) < _rank(seller) and not makers:
        return buyer, seller
    if any(side.actor.kind == "company" for side in buyer.sides) and not any(
        side.actor.kind == "company" for side in seller.sides
    ):
        return buyer, seller
    return seller, buyer


def _fill_embargo(sentence, reading, by, origin, who, pronoun, after) -> None:
    mark = reading.mark
    on = by.get("to") or by.get("on") or by.get("for") or by.get("with") or by.get("in")
    owner = _owner(sentence, mark)
    direct = (
        after[0]
        if after and not after[0].preposition and sentence.words_between(mark.end, after[0].start) <= 3
        else None
    )
    reading.recipient = on or direct
    reading.supplier = by.get("by") or by.get("from") or owner or origin or who
    if reading.supplier is reading.recipient:
        reading.supplier = None
    reading.pronoun = pronoun if reading.supplier is None else ""


def _owner(sentence: Sentence, mark: Mark) -> Group | None:
    """The possessor or adjective of a noun: "U.S. arms sales", "Iran's shipment of", "penjualan senjata AS"."""
    for group in reversed(sentence.groups):
        if group.end <= mark.start:
            gap = sentence.gap(group.end, mark.start)
            plain = sentence.words_between(group.end, mark.start) <= 6 and not re.search(r"[,;:()\"“”]", gap)
            clear = not any(
                group.end <= word.start < mark.start for word in sentence.words if word.start > group.end + 2
            )
            if plain and clear and sentence.language == "en":
                return group
            return None
    if sentence.language == "id":
        for group in sentence.groups:
            if group.start >= mark.end:
                last = max(
                    [mark.end, *[things.end for things in sentence.things if mark.end <= things.end <= group.start]]
                )
                if sentence.gap(last, group.start).strip() == "":
                    return group
                return None
    return None


def _hyphen_agent(sentence: Sentence, mark: Mark) -> Group | None:
    """ "U.S.-supplied missiles"."""
    for group in sentence.groups:
        if group.end == mark.start - 1 and sentence.text[group.end] in "-–":
            return group
    return None


def _close_agent(sentence: Sentence, mark: Mark, after: list[Group]) -> Group | None:
    """Indonesian passives may do without oleh: "yang dipasok Rusia"."""
    if (
        sentence.language == "id"
        and after
        and not after[0].preposition
        and sentence.words_between(mark.end, after[0].start) <= 2
    ):
        return after[0]
    return None


def _direct_object(sentence: Sentence, mark: Mark, after: list[Group], reading: Reading) -> Group | None:
    """ "provide Ukraine with tanks", "arming the Kurds": an actor right behind the verb that modifies no materiel."""
    for group in after:
        if (
            group.origin
            and group.preposition == ""
            and not group.possessive
            and group.use in ("name", "abbreviation", "metonym")
        ):
            if reading.things and reading.things[0].origin is group and not reading.things[0].made:
                return group
        if group.preposition or group.origin or sentence.words_between(mark.end, group.start) > 4:
            return None
        if re.search(r"[,;:()]", sentence.gap(mark.end, group.start)):
            return None
        first = reading.things[0] if reading.things else None
        if first is not None and first.start < group.start and first.start > mark.end:
            return None
        return group
    return None


def _thing_between(sentence: Sentence, group: Group, mark: Mark, reading: Reading) -> bool:
    return any(group.end <= things.start and things.end <= mark.start for things in reading.things)


def _governing_subject(sentence: Sentence, reading: Reading, who: Group | None) -> Group | None:
    """The subject of the word that governs a noun gives, where it decides: "Washington approved the sale"."""
    if (
        reading.operator is not None
        and reading.operator_frame is not None
        and who is not None
        and who.end <= reading.operator.start
    ):
        return who if reading.operator_frame.roles in ("giver", "halt", "deal") else None
    if who is not None and sentence.words_between(who.end, reading.mark.start) <= 12:
        return who
    return None
