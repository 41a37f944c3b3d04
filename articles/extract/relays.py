"""The outlet that relays what somebody says: by its name in the lexicon, or by the words that only outlets have."""

import re
from dataclasses import dataclass

from articles.extract.clauses import Sentence
from articles.extract.events import Source
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Outlet
from articles.extract.mentions import Mark

PLATFORMS = Words("platforms")
_TITLES = Words("titles and openers")
_SPEAK_FOR_THEMSELVES = frozenset({"ngo", "think_tank", "government"})
_BEHIND = 1
_AHEAD = 2
_SUBJECT = 3
_FAR = 50
_ASIDE = Pattern(r"\s(?:«between an outlet and its verb»)\b[^,;:\"“”]{0,40}\s|,?\s(?:[^\W\d_]+\s)?\(\d[\d/., -]*\),?\s")
_THROUGH = Pattern("«through an outlet»", re.I)
_KIND = Pattern("«behind a name of an outlet»")
_ASIDE_OF_ANOTHER = re.compile(r",")
_RUN = re.compile(r"\S+")
_ITS_KIND = Pattern(r"(?i:\b(?:«kinds of outlets»))\s+$")
_ENDS_NAME = Pattern(r"\s*(?:[,.;()]|$)|\s+(?:«behind the name of an outlet»)\b")
_CAPITAL_BEFORE = re.compile(r"\b[A-Z][\w'’-]+ $")
_CAPITAL_BEHIND = re.compile(r" [A-Z][a-z]")
_NAME = r"(?P<name>[A-Z][\w.’'-]*(?:[ -](?:of |the |al-)?[A-Z][\w.’'-]*){0,4})"
_RETOLD = Pattern(
    r"\b(?i:«verbs of relaying»)\s+(?:(?i:«between a relay and its outlet»)\s+)*"
    r"(?P<kind>(?i:«kinds of outlets»)\s+)?" + _NAME
)
_TOLD_TO = Pattern(r"\b(?i:«told to an outlet»)\s+(?:(?:«article of a speaker»)\s+)?(?i:«kinds of outlets»)\s+" + _NAME)
_REPORTS = Pattern(_NAME + r"(?:«outlets that report»)\b")
_UNGROUPED = _NAME.replace("P<name>", ":")
_AT_END = Pattern(
    rf", (?:(?:«outlets that close a sentence»)\s+(?:the\s+)?(?P<behind>{_UNGROUPED})"
    rf"|(?P<before>{_UNGROUPED})\s+(?:«outlets that close a sentence»))"
    r"(?=\.?$|[.,] |\s(?:«words behind an outlet that reports»)\b)"
)
_REPORT_AT_END = Words("outlets that close a sentence")
_TO_ONE = Pattern(r"\b(?:«before an outlet by its name»)\s+(?:(?:«article of a speaker»)\s+)?" + _NAME)
_SURELY_ONE = Pattern(r"\s(?:«words that only outlets have»)$|\.(?:com|net|news|tv)$")
_BY_KIND = Pattern(r"\b(?i:«kinds of outlets alone»)\s+" + _NAME)
_NAMED_AS_ONE = Pattern(r"(?:^|[\s-])(?:«words in names of outlets»)$")


@dataclass(frozen=True, slots=True)
class Relay:
    """The one outlet that an article retells. `at`: the sentences that name it."""

    source: Source
    at: tuple[int, ...]

    def reaches(self, at: int, told: bool) -> bool:
        """Whether the outlet covers a sentence that does not name it. `told`: that sentence names a source."""
        return any(0 < named - at <= _AHEAD or told and 0 < at - named <= _BEHIND for named in self.at)


def only_relay(relays: list[Source | None], language: Language) -> Relay | None:
    """The outlet that an article retells, if it quotes just one; by sentence, None where one names none.

    Indonesian closes a stretch with the outlet it is taken from; English names it where it is meant.
    """
    if language.inverts_quotes:
        return None
    named = [(at, one) for at, one in enumerate(relays) if one is not None and one.text not in PLATFORMS[language]]
    if len({relay.text.lower() for _, relay in named}) != 1:
        return None
    return Relay(named[0][1], tuple(at for at, _ in named))


def speaks_for_itself(mark: Mark) -> bool:
    """A ministry's site, a think tank or an NGO is the source and not its messenger."""
    return isinstance(mark.entry, Outlet) and mark.entry.kind in _SPEAK_FOR_THEMSELVES


def outlet_near(sentence: Sentence, mark: Mark) -> Mark | None:
    """The outlet beside a verb of saying or relaying."""
    for name in sentence.names:
        near = 0 <= name.start - mark.end <= 30 or 0 <= mark.start - name.end <= 15
        far = not near and 0 < mark.start - name.end <= _FAR and isinstance(name.entry, Outlet)
        if far:
            near = _ASIDE[sentence.language].fullmatch(sentence.text, name.end, mark.start) is not None
        if near and isinstance(name.entry, Outlet) and not _inside_a_name(sentence.text, name):
            return name
    return None


def _inside_a_name(text: str, outlet: Mark) -> bool:
    """ "The Norwegian National Security Council" is no paper called The National."""
    within = _CAPITAL_BEFORE.search(text, max(0, outlet.start - 20), outlet.start)
    alone = " " not in text[outlet.start : outlet.end]
    return alone and within is not None and _CAPITAL_BEHIND.match(text, outlet.end) is not None


def is_subject(sentence: Sentence, outlet: Mark, verb: Mark) -> bool:
    """Whether the outlet says it itself: "the daily X reported", and not "a paper seen by X says"."""
    if outlet.end > verb.start or _ASIDE_OF_ANOTHER.match(sentence.text, outlet.end, verb.start):
        return False
    start = max(sentence.start, *(sentence.text.rfind(char, sentence.start, outlet.start) + 1 for char in ',;:"”“'))
    return sentence.words_between(start, outlet.start) <= _SUBJECT


def is_named_alone(sentence: Sentence, verb: Mark, outlet: Mark) -> bool:
    """Whether the words behind "according to" are the outlet's name and kind alone: "the Canadian TV channel CBC"."""
    text, own = sentence.text, sentence.language
    if outlet.start < verb.end or not _ENDS_NAME[own].match(text, outlet.end, sentence.end):
        return False
    return _ITS_KIND[own].search(text, verb.end, outlet.start) is not None


def outlet_at_work(sentence: Sentence) -> Source | None:
    """An outlet that somebody spoke to or posted on: "in an interview with CNN", "kepada Reuters", "on Telegram"."""
    for name in sentence.names:
        if not isinstance(name.entry, Outlet) or speaks_for_itself(name):
            continue
        if _THROUGH[sentence.language].search(sentence.text, max(sentence.start, name.start - 25), name.start):
            return outlet_source(sentence, name.start, name.end)
    return None


def outlet_source(sentence: Sentence, start: int, end: int) -> Source:
    """The outlet by its name, with "news agency" where that follows it."""
    kind = _KIND[sentence.language].match(sentence.text, end, sentence.end)
    end = kind.end() if kind else end
    return Source(sentence.text[start:end], start, end, None)


def unknown_outlet(sentence: Sentence, spoken: list[tuple[Mark, str]]) -> tuple[int, int] | None:
    """An outlet that the lexicon lacks, where only outlets stand: "dilansir X", "the newspaper X", "X News reports".

    `spoken`: the words of saying of the sentence. What needs one of them is not looked for without it.
    """
    text, own = sentence.text, sentence.language
    reports = any(text[mark.start : mark.end] in _REPORT_AT_END[own] for mark, _ in spoken)
    named = any(value != "said" for _, value in spoken)
    for found in _RETOLD[own].finditer(text, sentence.start, sentence.end):
        span = _trimmed(text, *found.span("name"), _TITLES[own])
        kind = found["kind"] or ""
        if span is not None and kind[:1].isupper():
            return found.start("kind"), span[1]
        if span is not None and not _is_known(sentence, *span):
            return span
    for found in _AT_END[own].finditer(text, sentence.start, sentence.end) if reports else ():
        span = _trimmed(text, *found.span("behind" if found["behind"] else "before"), _TITLES[own])
        if span is not None and not _is_known(sentence, *span):
            return span
    for found in _BY_KIND[own].finditer(text, sentence.start, sentence.end):
        span = _trimmed(text, *found.span("name"), _TITLES[own])
        if span is not None and not _is_known(sentence, *span):
            return span
    for found in _TOLD_TO[own].finditer(text, sentence.start, sentence.end):
        span = _trimmed(text, *found.span("name"), _TITLES[own])
        if span is not None and not _is_known(sentence, *span):
            return span
    for found in _TO_ONE[own].finditer(text, sentence.start, sentence.end) if named else ():
        span = _trimmed(text, *found.span("name"), _TITLES[own])
        if span is not None and _SURELY_ONE[own].search(text[slice(*span)]) and not _is_known(sentence, *span):
            return span
    for found in _REPORTS[own].finditer(text, sentence.start, sentence.end):
        span = _trimmed(text, *found.span("name"), frozenset())
        named_as_one = found["medium"] or span is not None and _NAMED_AS_ONE[own].search(text[slice(*span)])
        if span is not None and named_as_one and not _is_known(sentence, *span):
            return span
    return None


def _is_known(sentence: Sentence, start: int, end: int) -> bool:
    return any(
        name.start < end and start < name.end and any(isinstance(entry, Actor) for entry in name.entries)
        for name in sentence.names
    )


def _trimmed(text: str, start: int, end: int, titles: frozenset[str]) -> tuple[int, int] | None:
    """Without the weekday or the office behind it and the full stop; None where nothing of a name is left."""
    words = [word.span() for word in _RUN.finditer(text, start, end)]
    stop = next((at for at, word in enumerate(words) if text[slice(*word)].strip(".,'’") in titles), len(words))
    words = words[:stop]
    if not words:
        return None
    end = words[-1][1]
    while text[end - 1] in ".,'’":
        end -= 1
    return words[0][0], end
