"""How each language writes its dates: the patterns of every rule, and what may stand before and between dates.

They stand in `articles/reference/date_forms_<code>.csv`. In a form a space is any white space; «month» stands for the
words of that kind in date_words.csv (or «number» in number_words.csv), «Month» for the macro of that name, and «YEAR»,
«SHORT RANGE» and «NUMERIC» for what all languages write alike.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from articles.extract import date_rules, relative_dates
from articles.extract.alternatives import compiled
from articles.extract.date_rules import Answer, Context
from articles.extract.date_words import date_words
from articles.extract.days import Days
from articles.extract.languages import Language
from articles.extract.numerals import number_words

Resolver = Callable[[re.Match[str], Context], Days | Answer]


@dataclass(frozen=True, slots=True)
class Rule:
    basis: str
    pattern: re.Pattern[str]
    resolve: Resolver


RESOLVERS: dict[str, Resolver] = {
    "iso day": date_rules.iso_day,
    "day": date_rules.calendar_day,
    "numeric day": date_rules.numeric_day,
    "month": date_rules.month,
    "year": date_rules.whole_year,
    "decade": date_rules.decade,
    "quarter": date_rules.quarter,
    "season": date_rules.season,
    "unit": relative_dates.unit,
    "year end": relative_dates.year_end,
    "ago": relative_dates.ago,
    "stretch": relative_dates.stretch,
    "within": relative_dates.within,
    "anchored": relative_dates.anchored,
    "weekend": relative_dates.weekend,
    "weekday": relative_dates.weekday,
    "named day": relative_dates.named_day,
    "now": relative_dates.now,
    "coming hours": relative_dates.coming_hours,
    "words only": relative_dates.words_only,
}

_DIGITS = "0"
_NUMBERED = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: the rules by the word that they begin with, the prepositions, and what joins a range.

    The words stand as written, Capitalised and IN CAPITALS: most words of a text begin no date and must be passed fast.
    """

    rules: dict[str, tuple[Rule, ...]]
    before: re.Pattern[str]
    join: re.Pattern[str]

    def rules_of(self, word: str) -> tuple[Rule, ...]:
        """The rules that may begin with this word, or with a number."""
        return self.rules.get(_DIGITS if word[0] in _NUMBERED else word, ())

    def lead(self, text: str, start: int, floor: int) -> re.Match[str] | None:
        """The preposition right before a date, not reaching back over the date before it."""
        return self.before.search(text, max(floor, start - 32), start)


_YEAR = r"(?:19|20)\d\d(?![\w%])(?![.,:/]\d)"
_MACROS = {
    "YEAR": _YEAR,
    "SHORT RANGE": r"(?:[-–/](?P<to>\d\d)(?![\w/%-]))?",
    "NUMERIC": r"(?P<open>\()?(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})"
    r"(?:(?P=s)(?P<y>(?:19|20)\d\d|\d\d))?(?![\w/-])(?(open)\)?)",
}
_NAME = re.compile("«([^»]+)»")


def _compiled(form: str) -> re.Pattern[str]:
    """A form in which a space stands for any white space."""
    return compiled(form.replace(" ", r"\s+"), re.IGNORECASE)


def _any(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _filler(macros: Mapping[str, str], words: Callable[[str], Mapping[str, object]]) -> Callable[[str], str]:
    def fill(form: str) -> str:
        return _NAME.sub(lambda name: macros.get(name[1]) or _any(words(name[1])), form)

    return fill


@cache
def grammar(language: Language) -> Grammar:
    """The forms of date_forms_<code>.csv; a language without that file has no dates."""
    kinds = date_words(language).kinds

    def words(kind: str) -> Mapping[str, object]:
        return number_words(language).numbers if kind == "number" else kinds.get(kind, {})

    macros = dict(_MACROS)
    fill = _filler(macros, words)
    rules: dict[str, list[Rule]] = {}
    around = {"before": "(?!)", "join": "(?!)"}
    for row in language.file("date_forms"):
        form = fill(row["form"])
        if row["basis"] == "macro":
            macros[row["name"]] = form
        elif row["basis"] in around:
            around[row["basis"]] = form
        else:
            rule = Rule(row["basis"], _compiled(form), RESOLVERS[row["basis"]])
            for starter in _starters(row["starters"], macros, words):
                rules.setdefault(starter, []).append(rule)
    return Grammar(
        {case(word): tuple(of_word) for word, of_word in rules.items() for case in (str, str.capitalize, str.upper)},
        _compiled(rf"(?<!\w){around['before']} $"),
        _compiled(around["join"]),
    )


def _starters(
    listed: str, macros: Mapping[str, str], words: Callable[[str], Mapping[str, object]]
) -> Mapping[str, None]:
    """The first words, in lower case, that the forms of a rule may begin with, in the order of the list."""
    found: list[str] = []
    for one in listed.split("|"):
        name = _NAME.fullmatch(one)
        if name is None:
            found.append(one)
        elif name[1] in macros:
            found += macros[name[1]].split("|")
        else:
            found += words(name[1])
    return dict.fromkeys(re.findall(r"[^\W_]+", word.lower())[0] for word in found)
