"""Numbers of things in news texts: how many units of materiel a sentence speaks of.

Never money, percentages, dates, ages, measures, designations, ranks or numbers of people. Whether a numeral counts
things is read off the nouns after it; the vocabulary is `articles/reference/number_words.csv`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from articles.extract.alternatives import compiled
from articles.extract.languages import Language, Pattern, Words, any_of, known
from articles.extract.numerals import NumberWords, Numeral, number_words, read_numeral


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """How many: `min` and `max` in whole units, None where that side is open or no number is said.

    `unit` is what is counted, one English word for all languages ('unit' where the noun is a name). `qualifier` is
    exact, about (a range included), at_least, up_to or unspecified (words without a number). The span ends right
    before the counted noun or takes in a counting word (units, buah, tons); it begins with the qualifier's words.
    """

    start: int
    end: int
    text: str
    min: int | None
    max: int | None
    unit: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number as said, before it is known whether it counts things. `needs`: only a known noun makes it count."""

    start: int
    end: int
    min: int | None
    max: int | None
    qualifier: str
    needs: bool


class _Noun(NamedTuple):
    """What an amount counts: a 'thing', a 'designation' (F-16s), a 'name' (Rafale), 'other' than things, or 'none'."""

    kind: str
    unit: str
    end: int


_TOKEN = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"[\"”’']?[ \u00a0][\"“‘'(]?((?:[A-Z]\.)+|[^\W_][\w’'-]*)")
_BEFORE_A_NAME = 40
# How many words a noun phrase may have before its counted noun is reached.
_WINDOW = {True: 4, False: 7}
_LOWER_BEFORE = re.compile(r"(?<![^\W_])[a-zà-ÿ][\w’'-]*\s\Z")
_IN = Pattern(r"(?<!\w)(?:«before a year»)\s\Z", re.I)
_BEFORE = re.compile(r"([^\W_]+\.?)\s\Z")
_MONTH = Pattern(r"(?:«months in any form»)\.?$", re.I)
_MONEY = Pattern(r"(?:[$€£¥₩₹]|(?<!\w)(?:«before money»))\s?\Z", re.I)
_NOT_AFTER = re.compile(r"%|[-–][^\W\d_]|[^\W_]|[.,:/]\d|/|\s?[°$€£¥%]|[’']s?\b", re.I)
_GLUED = Pattern(r"«glued behind a number»")
_PLUS = Pattern(r"\+|«or more»", re.I)
_OR_SO = Pattern(r"«or so»", re.I)
_TO = Pattern(r"\s?[-–]\s?|\s+(?:«to of a range»|(?P<and>«and of a range»))\s+", re.I)
_OUT_OF = Pattern(r"\s+(?:«out of»)", re.I)
_NATIONALS = Pattern(r"(?:«endings of nationals»)$")
_PARTICIPLE = Pattern(r"(?:«endings of participles»)$")
_UNKNOWN_PLURAL = re.compile(r"(?<![sui])s$")
_PEOPLE = Words("plurals of people")


def _any(forms: Iterable[str]) -> str:
    return any_of(forms).replace(r"\ ", r"\s+")


@dataclass(frozen=True, slots=True, eq=False)
class _Forms:
    """The number words of one language as patterns. `starts`: as written, Capitalised and IN CAPITALS, the words that
    may begin an amount, for most words of a text begin none and must be passed fast."""

    words: NumberWords
    starts: frozenset[str]
    article: re.Pattern[str]
    qualifier: re.Pattern[str]
    vague: re.Pattern[str]
    plural: re.Pattern[str]


@cache
def _forms(language: Language) -> _Forms:
    own = number_words(language)
    begin = ("number", "scale", "plural", "much", "one", "several", "half")
    article, of = _any(own.of("article")), _any(own.of("of plural"))
    half, much, one, several = (_any(own.of(kind)) for kind in ("half", "much", "one", "several"))
    scale, least = _any(own.of("plural scale")), _any(own.of("few of scale"))
    behind = rf"\s+(?:{of})" if own.of("of plural") else ""
    return _Forms(
        own,
        frozenset(
            case(re.findall(r"[^\W_]+", form)[0])
            for kind in begin
            for form in own.of(kind)
            for case in (str, str.capitalize, str.upper)
        ),
        compiled(rf"(?<!\w)(?:{article})\s\Z", re.I),
        compiled(rf"(?<![\w-])(?:({_any(own.of('qualifier'))})\s+)?(?:(?:(?:{half})\s+)?(?:{article})\s+)?\Z", re.I),
        compiled(rf"(?:(?P<much>{much})|(?P<one>{one})|(?P<several>{several}))(?!\w)", re.I),
        compiled(
            rf"(?P<many>{_any(own.of('plural'))})(?:{behind}\s+(?P<scale>{scale}))?(?!\w)"
            rf"|(?:{_any(own.of('few'))})\s+(?P<of>{_any(own.of('few of'))})(?:\s+(?P<scale2>{least}))?(?!\w)",
            re.I,
        ),
    )


def find_quantities(text: str, language: str | Language) -> list[FoundQuantity]:
    """The numbers of things in a text, in its order, none overlapping."""
    language = known(language)
    starts = _forms(language).starts
    found: list[FoundQuantity] = []
    floor = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        digits = word[0] in "0123456789"
        if not (digits or word in starts) or token.start() < floor:
            continue
        start = token.start()
        vague = None if digits else _vague(text, start, language)
        amount = vague or _counted(text, start, floor, language)
        if amount is None:
            continue
        if isinstance(amount, int):
            floor = amount
            continue
        quantity = _of_things(text, amount, language, floor)
        # "un total de 40": a one that counts nothing may begin the words before a number.
        passed = amount.start if amount.needs and amount.max == 1 else amount.end
        floor = quantity.end if quantity else passed
        if quantity:
            found.append(quantity)
    return found


def quantity_before(text: str, language: str | Language, place: int) -> FoundQuantity | None:
    """The number right before a place where materiel is known to begin, whatever it is called ("34 more Gripens")."""
    language = known(language)
    starts, through = _forms(language).starts, _forms(language).words.of("through")
    floor = max(0, place - _BEFORE_A_NAME)
    for token in _TOKEN.finditer(text, floor, place):
        start, digits = token.start(), token[0][0] in "0123456789"
        if start < floor or not (digits or token[0] in starts) or start and text[start - 1].isalnum():
            continue
        amount = (None if digits else _vague(text, start, language)) or _counted(text, start, 0, language)
        floor = amount if isinstance(amount, int) else floor
        if not isinstance(amount, _Amount) or amount.min is None or amount.needs and amount.max == 1:
            continue
        between = text[amount.end : place]
        if between.endswith(" ") and not between.strip() or all(word.lower() in through for word in between.split()):
            lead, said = _lead(text, amount, language, 0)
            begin = lead.start() if lead and (said != "between" or amount.min != amount.max) else amount.start
            return _as_found(text, amount, (begin, amount.end), "unit", said)
    return None


def _vague(text: str, start: int, language: Language) -> _Amount | None:
    """Amounts without a numeral: hundreds, puluhan ribu, several, a large number, sebuah."""
    own = _forms(language)
    plural = own.plural.match(text, start)
    if plural:
        return _plural(plural, own.words)
    vague = own.vague.match(text, start)
    if not vague:
        return None
    form = " ".join(vague[0].lower().split())
    needs_article = not vague["much"] and form in own.words.of("after article")
    if needs_article and not own.article.search(text, max(0, start - 4), start):
        return None
    following = _NEXT.match(text, vague.end())
    if following and read_numeral(text, following.start(1), language):
        return None
    if not vague["one"]:
        return _Amount(start, vague.end(), None, None, "unspecified", vague["much"] is None)
    number = int(own.words.of("one")[form])
    return _Amount(start, vague.end(), number, number, "exact", True)


def _plural(found: re.Match[str], own: NumberWords) -> _Amount:
    groups = {name: value.lower() for name, value in found.groupdict().items() if value}
    many = groups.get("many") or groups["of"]
    scaled = groups.get("scale") or groups.get("scale2")
    scale = int(own.of("plural scale" if "scale" in groups else "few of scale")[scaled]) if scaled else 1
    least = int(own.of("plural" if "many" in groups else "few of")[many]) * scale
    most = own.of("always below").get(many) or (own.of("below").get(many) if scaled else None)
    if most:
        return _Amount(*found.span(), least, int(most) * scale - 1, "about", True)
    return _Amount(*found.span(), least, None, "at_least", True)


def _counted(text: str, start: int, floor: int, language: Language) -> _Amount | int | None:
    """An amount in digits or number words with its range; a position to go on from where it is money or a name."""
    own = _forms(language)
    one = read_numeral(text, start, language)
    if one is None:
        return None
    end, least, most = one.end, one.value, one.value
    joined = _TO[language].match(text, end)
    other = read_numeral(text, joined.end(), language) if joined and joined.end() < len(text) else None
    if joined and other and other.digits == one.digits:
        lead = own.qualifier.search(text, max(floor, start - 24), start)
        between = lead and lead[1] and own.words.of("qualifier")[lead[1].lower()] == "between"
        if one.scale == 1 and other.scale > 1 and one.value * other.scale < other.value:
            least *= other.scale
        if least < other.value and not (joined["and"] and not between) and not (_is_year(other) and not _is_year(one)):
            end, most = other.end, other.value
        else:
            least = one.value
    if not _stands_alone(text, start, end, language) or _MONEY[language].search(text, max(0, start - 10), start):
        return end
    if least != int(least) or most != int(most) or most < 1:
        return end
    before = _BEFORE.search(text, max(0, start - 20), start)
    if before and (before[1].lower() in own.words.of("label") or (one.digits and _MONTH[language].match(before[1]))):
        return end
    if (
        before
        and one.digits
        and most < 10
        and before[1][0].isupper()
        and before[1].lower() not in own.words.of("qualifier")
        and text[max(0, before.start() - 2)] not in '.!?\n"“'
    ):
        return end
    if _is_year(one) and (
        _IN[language].search(text, max(0, start - 10), start) or not _noun_is_next(text, end, language)
    ):
        return end
    following = _NEXT.match(text, end) if one.value == 1 else None
    if following and following[1] in own.words.of("partitive"):
        return end
    qualifier = "exact" if least == most else "about"
    plus, or_so = _PLUS[language].match(text, end), _OR_SO[language].match(text, end)
    if plus:
        return _Amount(start, plus.end(), int(least), None, "at_least", False)
    if or_so:
        return _Amount(start, or_so.end(), int(least), int(most), "about", False)
    one_of = not one.digits and most == 1
    return _Amount(start, end, int(least), int(most), qualifier, one_of)


def _is_year(numeral: Numeral) -> bool:
    return numeral.digits and numeral.scale == 1 and 1900 <= numeral.value < 2100


def _noun_is_next(text: str, end: int, language: Language) -> bool:
    following = _NEXT.match(text, end)
    word = following[1].lower() if following else ""
    return word in _forms(language).words.of("counted") and (not language.marks_plural or word.endswith("s"))


def _stands_alone(text: str, start: int, end: int, language: Language) -> bool:
    """Whether nothing is glued to the number: no letter, hyphen, currency, percent, slash or decimal."""
    glued = start and (text[start - 1] in "-–/_’'" or (text[start - 1] in ".,:" and text[max(0, start - 2)].isdigit()))
    after = _NOT_AFTER.match(text, end)
    return not glued and (after is None or _GLUED[language].match(text, end) is not None)


def _lead(text: str, amount: _Amount, language: Language, floor: int) -> tuple[re.Match[str] | None, str]:
    """The words before an amount that bound it, and how they do."""
    own = _forms(language)
    lead = own.qualifier.search(text, max(floor, amount.start - 32), amount.start)
    return lead, own.words.of("qualifier")[" ".join(lead[1].lower().split())] if lead and lead[1] else ""


def _of_things(text: str, amount: _Amount, language: Language, floor: int) -> FoundQuantity | None:
    """The amount with its qualifier and unit, or None where what follows is not things."""
    lead, said = _lead(text, amount, language, floor)
    noun = _noun(text, amount.end, language)
    if noun.kind == "other":
        return None
    if noun.kind == "none" and (amount.needs or not (said == "total" or amount.qualifier == "unspecified")):
        return None
    start = lead.start() if lead and (said != "between" or amount.min != amount.max) else amount.start
    if noun.kind == "name" and (amount.needs or not _LOWER_BEFORE.search(text, max(0, start - 20), start)):
        return None
    return _as_found(text, amount, (start, noun.end), noun.unit, said)


def _as_found(text: str, amount: _Amount, span: tuple[int, int], unit: str, said: str) -> FoundQuantity:
    """An amount as its qualifier bounds it."""
    least, most, qualifier = amount.min, amount.max, amount.qualifier
    if qualifier == "exact" and said in ("about", "at_least", "up_to"):
        least, most, qualifier = None if said == "up_to" else least, None if said == "at_least" else most, said
    return FoundQuantity(*span, text[slice(*span)], least, most, unit, qualifier)


def _noun(text: str, position: int, language: Language) -> _Noun:
    """What the words after an amount count: the last noun of the phrase, or the first where the head comes first."""
    whole = _OUT_OF[language].match(text, position)
    total = read_numeral(text, whole.end(), language) if whole and whole.end() < len(text) else None
    if total is not None:
        noun = _noun(text, total.end, language)
        return noun._replace(end=position)
    own = _forms(language).words
    counted, measure, partitive = own.of("counted"), own.of("measure"), own.of("partitive")
    unit, named, end, first = "", "", position, True
    for _ in range(_WINDOW[language.head_first]):
        following = _NEXT.match(text, position)
        if not following:
            break
        raw, word, position = following[1], following[1].lower(), following.end()
        if word in own.of("through") and (first or word not in partitive):
            continue
        if word in own.of("stop") or word in partitive or (unit and _PARTICIPLE[language].search(word)):
            break
        if word in measure or (raw[0].isupper() and _MONTH[language].match(raw)):
            return _Noun("other", "", end)
        second = _NEXT.match(text, position)
        if raw.isdigit() and second and second[1].lower() in measure:
            first, position = False, second.end()
            continue
        known_unit = counted.get(word)
        pair = f"{word} {second[1].lower()}" if second else ""
        if second and pair in counted:
            known_unit, word, position = counted[pair], second[1].lower(), second.end()
        if first and known_unit and word in own.of("counting"):
            inner = counted.get(second[1].lower()) if second and language.head_first else None
            return _Noun("thing", inner or known_unit, position)
        first = False
        plural = not language.marks_plural or word.endswith("s")
        if known_unit:
            unit = known_unit
            if language.head_first or plural:
                break
        elif word in own.of("other"):
            if language.head_first or plural or word in _PEOPLE[language]:
                return _Noun("other", "", end)
            unit = ""
        elif raw[0].isupper() or any(map(str.isdigit, raw)):
            named = f"{named} {raw}"
        elif language.head_first and named:
            break
        elif language.head_first or _UNKNOWN_PLURAL.search(word):
            return _Noun("thing" if unit else "other", unit, end)
    if unit:
        return _Noun("thing", unit, end)
    if not named:
        return _Noun("none" if first else "other", "unit", end)
    if _NATIONALS[language].search(named):
        return _Noun("other", "", end)
    return _Noun("designation" if any(map(str.isdigit, named)) else "name", "unit", end)
