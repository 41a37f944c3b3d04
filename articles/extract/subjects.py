"""Which actor stands in which place around a trigger: subject, possessor, agent, direct object."""

import re
from dataclasses import replace

from articles.extract.clauses import Group, Sentence, frames_of
from articles.extract.languages import Pattern, Words
from articles.extract.mentions import Mark
from articles.extract.readings import Reading
from articles.extract.triggers import words_before

_STOPS = re.compile(r"[,;:()\"“”]")
_MARKS = re.compile(r"[,;:()]")


def subject(sentence: Sentence, at: int, left: int) -> tuple[Group | None, str]:
    """The subject before `at`: a group under no preposition, or the pronoun that stands for one ("we", "both")."""
    pronouns = [
        (mark, value)
        for mark, value in sentence.words_in(sentence.start, at, "pronoun")
        if sentence.words_between(mark.end, at) <= 4
        and not any(mark.start < group.end and group.start < mark.end for group in sentence.groups)
    ]
    candidates = [
        group
        for group in sentence.groups
        if group.end <= at
        and group.preposition in ("", "of")
        and not group.adjective
        and not is_modifier(sentence, group)
        and not is_accuser(sentence, group)
    ]
    if pronouns and pronouns[-1][1] == "generic" and _accuses(sentence, pronouns[-1][0]):
        pronouns = []
    if pronouns:
        mark, value = pronouns[-1]
        if value == "they" and len(pronouns) > 1 and _possessive(sentence, mark):
            mark, value = pronouns[-2]
        if value == "generic" and (home := _home_of(sentence, mark)):
            return home, ""
        nearer = [group for group in candidates if group.start >= mark.end]
        if not nearer and not (value == "they" and _possessive(sentence, mark)):
            if value in ("it", "he", "there", "they"):
                earlier = [group for group in candidates if group.end <= mark.start]
                if not earlier and value == "he":
                    earlier = [group for group in sentence.groups if group.end <= mark.start and group.possessive]
                if not earlier and value == "there":
                    earlier = [group for group in sentence.groups if group.end <= mark.start and group.adjective]
                return (earlier[-1] if earlier else None), value
            return None, value
    if doer := _clause_subject(sentence, at):
        return doer, ""
    if giver := thanked(sentence, at):
        return giver, ""
    if head := _relative_head(sentence, at):
        return head, ""
    inside = [group for group in candidates if group.start >= left]
    if inside:
        return _past_relative(sentence, inside, at), ""
    return (candidates[-1] if candidates else None), ""


_ACCUSED_BY = Pattern(r"\b(?:«accused by»)\s+(?:[\w'’-]+\s+){0,6}$", re.I)


def _accuses(sentence: Sentence, generic: Mark) -> bool:
    """ "accused by Kyiv and its allies of supplying": who accuses does not supply."""
    text, start = sentence.text, max(sentence.start, generic.start - 70)
    return _ACCUSED_BY[sentence.language].search(text, start, generic.start) is not None


def _home_of(sentence: Sentence, generic: Mark) -> Group | None:
    """The state whose companies they are: "Turkish state-owned firms"."""
    for group in reversed(sentence.groups):
        if group.end < generic.start:
            gap = sentence.gap(group.end, generic.start)
            plain = sentence.words_between(group.end, generic.start) <= 3 and not _STOPS.search(gap)
            told = any(group.end <= mark.start < generic.start for mark in sentence.frames)
            place = sentence.words_in(group.end, generic.start, "preposition")
            return group if group.use == "demonym" and plain and not told and not place else None
    return None


_CONJUNCTIONS = Words("conjunctions")
_INTENTS = Words("intents")
_POSSESSIVES = Words("possessive pronouns of all")
_ACCUSED = Words("accused")
_FOR_USE = Words("for a use")
_TO = Pattern(r" (?:«to of a clause of its own») ")
_FOR = Pattern(r" (?:«for of a clause of its own») ")
_OF = Pattern(r"\s*(?:(?:«of a possessor»)\s+(?:(?:«article of a possessor»)\s+)?)?")


_WHICH = Pattern(r",?\s*(?:«relative behind a party»)(?:\s+\w+){0,3}\s*")
_CLAUSE = Pattern(r",?\s*(?:«relative behind a party»)\s[^,;:]*")
_MAIN = Pattern(r"\s+(?:\w+\s+){0,2}?(?:«words of a main verb»)(?:\s+\w+){0,3}\s+")


def _relative_head(sentence: Sentence, at: int) -> Group | None:
    """ "dengan rencana Indonesia yang hendak membeli": the head of the clause buys, whatever stands before it."""
    for group in reversed(sentence.groups):
        if group.end <= at:
            heads = group.preposition not in ("from", "by") and not group.origin
            return group if heads and _WHICH[sentence.language].fullmatch(sentence.text, group.end, at) else None
    return None


def _past_relative(sentence: Sentence, groups: list[Group], at: int) -> Group:
    """ "militan X yang menguasai Y telah mendapatkan": Y belongs to the relative clause, and X is the subject."""
    own, last = sentence.language, groups[-1]
    if len(groups) == 1 or not _MAIN[own].fullmatch(sentence.text, last.end, at):
        return last
    return groups[-2] if _CLAUSE[own].fullmatch(sentence.text, groups[-2].end, last.start) else last


def _possessive(sentence: Sentence, pronoun: Mark) -> bool:
    """ "Their" is of many, and none of them gives or gets."""
    return sentence.text[pronoun.start : pronoun.end].lower() in _POSSESSIVES[sentence.language]


def _clause_subject(sentence: Sentence, at: int) -> Group | None:
    """The subject of a clause of its own: "for X to supply", "after X supplied", "rencana X untuk membeli"."""
    before = [group for group in sentence.groups if group.end <= at]
    if not before:
        return None
    group = before[-1]
    gap = sentence.gap(group.end, at)
    opening = words_before(sentence, group.start)[-2:]
    own = sentence.language
    intended = _FOR[own].fullmatch(gap) and _INTENTS[own] & set(opening)
    if intended or group.preposition == "for" and _TO[own].fullmatch(gap):
        return group
    near = sentence.words_between(group.end, at) <= 3 and not _STOPS.search(gap)
    begins = group.preposition in ("in", "aside") and _CONJUNCTIONS[own] & set(opening)
    if near and begins and not sentence.words_in(group.end, at, "preposition") and not group.origin:
        return group
    return None


def thanked(sentence: Sentence, at: int) -> Group | None:
    """Who is thanked for it gave it: "thanked Berlin for sending"."""
    for word, _ in sentence.words_in(sentence.start, at, "thanks"):
        for group in sentence.groups:
            if word.end <= group.start and group.end <= at and sentence.words_between(word.end, group.start) <= 3:
                return group
    return None


def is_accuser(sentence: Sentence, group: Group) -> bool:
    """ "yang dituduh Washington memasok": the one who accuses does not supply."""
    accused = _ACCUSED[sentence.language]
    return bool(accused) and any(
        mark.end == group.start - 1 and sentence.text[mark.start : mark.end].lower() in accused
        for mark in sentence.cues
    )


def is_modifier(sentence: Sentence, group: Group) -> bool:
    """Beside a materiel, as its origin, and not itself the subject."""
    return group.origin and any(things.origin is group for things in sentence.things)


def owner_of(sentence: Sentence, mark: Mark) -> Group | None:
    """The possessor or adjective of a noun: "U.S. arms sales", "Iran's shipment of", "penjualan senjata AS"."""
    if not sentence.language.head_first:
        before = [group for group in sentence.groups if group.end <= mark.start]
        if not before:
            return None
        group = before[-1]
        gap = sentence.gap(group.end, mark.start)
        plain = sentence.words_between(group.end, mark.start) <= 6 and not _STOPS.search(gap)
        far = [word for word in sentence.words if group.end + 2 < word.start < mark.start]
        return group if plain and not far and not sentence.words_in(group.end, mark.start, "preposition") else None
    for group in sentence.groups:
        if group.start >= mark.end:
            inner = [things.end for things in sentence.things if mark.end <= things.end <= group.start]
            gap = sentence.gap(max([mark.end, *inner]), group.start)
            return group if _OF[sentence.language].fullmatch(gap) else None
    return None


def hyphen_agent(sentence: Sentence, mark: Mark) -> Group | None:
    """ "U.S.-supplied missiles"."""
    for group in sentence.groups:
        if group.end == mark.start - 1 and sentence.text[group.end] in "-–":
            return group
    return None


def close_agent(sentence: Sentence, mark: Mark, after: list[Group]) -> Group | None:
    """Indonesian passives may do without oleh: "yang dipasok Rusia"."""
    if (
        sentence.language.bare_agents
        and after
        and not after[0].preposition
        and sentence.words_between(mark.end, after[0].start) <= 2
    ):
        return after[0]
    return None


def direct_object(sentence: Sentence, mark: Mark, after: list[Group], reading: Reading) -> Group | None:
    """An actor right behind the verb that modifies no materiel: "provide Ukraine with tanks", "arming the Kurds"."""
    if not after or sentence.language.late_subjects:
        return None
    group = after[0]
    first = reading.things[0] if reading.things else None
    if group.origin:
        named = not group.possessive and group.use in ("name", "abbreviation", "metonym")
        given = first is not None and first.origin is group and not first.made
        return group if named and given and not group.preposition else None
    if group.preposition or sentence.words_between(mark.end, group.start) > 4:
        return None
    if _MARKS.search(sentence.gap(mark.end, group.start)):
        return None
    return None if first is not None and mark.end < first.start < group.start else group


def late_subject(sentence: Sentence, mark: Mark, after: list[Group], known: bool) -> Group | None:
    """A subject behind its verb: "los drones que entregó Irán"; where none is known yet, that of the main clause."""
    if not known and (main := _main_subject(sentence, mark)) is not None:
        return main
    if not sentence.language.late_subjects or not after or after[0].preposition or after[0].origin:
        return None
    near = sentence.words_between(mark.end, after[0].start) <= 2
    return after[0] if near and not _MARKS.search(sentence.gap(mark.end, after[0].start)) else None


_BEGINS = Pattern(
    r"\W*(?:[\w-]+\s+){0,4}?(?:«openers of a clause without subject»)\s+(?:«verbs without subject»)(?:\s+[\w-]+){0,5}",
    re.I,
)
_COMMA = re.compile(r",\s")


def _main_subject(sentence: Sentence, mark: Mark) -> Group | None:
    """ "After buying ten tanks, X …": the first clause has the subject of the main one."""
    if not _BEGINS[sentence.language].fullmatch(sentence.text, sentence.start, mark.end):
        return None
    comma = _COMMA.search(sentence.text, mark.end, sentence.end)
    if comma is None:
        return None
    for group in sentence.groups:
        if group.start >= comma.end():
            near = sentence.words_between(comma.end(), group.start) <= 3
            return group if near and not group.preposition and not group.adjective and not group.origin else None
    return None


_WON = Pattern(r"\b(?:«wins»)\s+(?:[\w$€£.,'’-]+\s+){0,5}$", re.I)
_ORDERS = Pattern(r"(?:«orders that are won»)", re.I)
_CONTRACTS = Pattern(r"(?:«contracts that are won»)", re.I)


def won(sentence: Sentence, mark: Mark, voice: str, who: Group | None) -> bool:
    """ "secured a second order": who wins an order supplies, and of a contract where it is a company."""
    text, own = sentence.text, sentence.language
    maker = who is not None and who.sides[0].actor.kind == "company"
    kinds = (_ORDERS, _CONTRACTS) if maker else (_ORDERS,)
    if voice != "noun" or not any(kind[own].fullmatch(text, mark.start, mark.end) for kind in kinds):
        return False
    return _WON[own].search(text, max(sentence.start, mark.start - 60), mark.start) is not None


def thing_between(sentence: Sentence, group: Group, mark: Mark, reading: Reading) -> bool:
    return any(group.end <= things.start and things.end <= mark.start for things in reading.things)


def between_both(sentence: Sentence, mark: Mark, right: int) -> str:
    """The pronoun "both" where the parties stand behind the noun: "talks between the two countries"."""
    for word, value in sentence.words_in(mark.end, right, "pronoun"):
        if value == "both" and sentence.words_between(mark.end, word.start) <= 3:
            return "both"
    return ""


def used_by(sentence: Sentence, mark: Mark) -> Group | None:
    """The stated final user: "for use by X", "untuk digunakan oleh X"."""
    for other in sentence.frames:
        used = any(frame.roles == "use" and frame.voice != "active" for frame in frames_of(other))
        if (
            not used
            or other.start <= mark.end
            or not _FOR_USE[sentence.language] & set(words_before(sentence, other.start)[-2:])
        ):
            continue
        after = [group for group in sentence.groups if group.start >= other.end]
        if after and after[0].preposition in ("by", "") and sentence.words_between(other.end, after[0].start) <= 4:
            return _with_forces(sentence, after[0])
    return None


_FORCES_BEFORE = Pattern(r"\b(?:«forces of a state»)\s+$", re.I)
_FORCES_BEHIND = Pattern(r"(?:['’]s?)?\s+(?:«forces of a state»)\b", re.I)


def _with_forces(sentence: Sentence, group: Group) -> Group:
    """The army that a state's name goes with: "militer Rusia", "Ukraine's armed forces"."""
    side, own = group.sides[0], sentence.language
    if own.head_first:
        found = _FORCES_BEFORE[own].search(sentence.text, max(sentence.start, side.start - 30), side.start)
        start, end = (found.start() if found else side.start), side.end
    else:
        found = _FORCES_BEHIND[own].match(sentence.text, side.end, sentence.end)
        start, end = side.start, (found.end() if found else side.end)
    return replace(group, sides=[replace(side, start=start, end=end), *group.sides[1:]]) if found else group


_HELPING = Pattern(r"\s+(?:[\w'’-]+\s+){0,4}(?:«helps»)\s+(?:[\w'’-]+\s+){0,2}", re.I)
_BY_DOING = Pattern(r"[^,;:]{0,40}\s(?:«by doing»)\s+")


def helper_of(sentence: Sentence, helped: Group, mark: Mark) -> Group | None:
    """ "X supports Y by supplying tanks": Y stands nearest to the act, and gets."""
    if not _BY_DOING[sentence.language].fullmatch(sentence.text, helped.end, mark.start):
        return None
    helping = _HELPING[sentence.language]
    before = next((one for one in sentence.groups if helping.fullmatch(sentence.text, one.end, helped.start)), None)
    return before if before is not None and not before.preposition else None
