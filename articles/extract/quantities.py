"""Numbers of things in news texts, English and Indonesian: how many units of materiel a sentence speaks of.

Never money, percentages, dates, ages, measures, designations, ranks or numbers of people. Whether a numeral counts things
is read off the nouns after it; the vocabulary is `articles/reference/number_words.csv`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.extract.numerals import LANGUAGES, NUMBERS, PLURALS, SCALES, Numeral, read_numeral, words


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """How many: `min` and `max` in whole units, None where that side is open or no number is said.

    `unit` is what is counted, one English word for both languages ('unit' where the noun is a name). `qualifier` is
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


def _any(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(forms, key=len, reverse=True))


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.IGNORECASE)


_KINDS = ("counted", "other", "measure", "label", "qualifier", "much", "several", "one", "stop", "through", "counting")
_W = {language: {kind: words(language, kind) for kind in _KINDS} for language in LANGUAGES}
_TOKEN = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"[ \u00a0][\"“‘'(]?((?:[A-Z]\.)+|[^\W_][\w’'-]*)")
_WINDOW = {"en": 7, "id": 4}
_ARTICLE = _pattern(r"(?<!\w)an?\s$")
_IN = _pattern(
    r"(?<!\w)(?:in|since|by|of|until|from|during|after|before|the|tahun|pada|sejak|hingga|di|dari|dalam|awal|akhir)\s$"
)
_BEFORE = re.compile(r"([^\W_]+\.?)\s$")
_MONTH = _pattern(
    r"(?:jan|feb|peb|mar|apr|jun|jul|aug|agu|agt|sep|oct|okt|nov|nop|dec|des)[a-z]{0,7}\.?$|may$|mei$|ma[ry][a-z]*$"
)
_MONEY = _pattern(r"(?:[$€£¥₩₹]|(?<!\w)(?:Rp\.?|Rs\.?|USD|EUR|GBP|IDR|CNY|RMB|dolar\s+AS|senilai|seharga|worth))\s?$")
_NOT_AFTER = re.compile(r"%|[-–][^\W\d_]|[^\W_]|[.,:/]\d|/|\s?[°$€£¥%]|[’']s?\b")
_PLUS = {"en": _pattern(r"\+|-plus\b|\s+or\s+more\b"), "id": _pattern(r"\+|\s+(?:atau\s+)?lebih\b")}
_OR_SO = {"en": _pattern(r"\s+or\s+so\b|-odd\b"), "id": _pattern(r"-an\b")}
_TO = {
    "en": _pattern(r"\s?[-–]\s?|\s+(?:to|or|(?P<and>and))\s+"),
    "id": _pattern(r"\s?[-–]\s?|\s+(?:hingga|sampai(?:\s+dengan)?|atau|(?P<and>dan))\s+"),
}
_QUALIFIER = {
    language: _pattern(rf"(?<![\w-])(?:({_any(_W[language]['qualifier'])})\s+)?(?:(?:half\s+)?an?\s+)?$")
    for language in LANGUAGES
}
_VAGUE = {
    language: _pattern(
        rf"(?:(?P<much>{_any(_W[language]['much'])})|(?P<one>{_any(_W[language]['one'])})|(?P<several>{_any(_W[language]['several'])}))(?!\w)"
    )
    for language in LANGUAGES
}
_PLURAL = {
    "en": _pattern(
        r"(?P<many>tens|dozens|scores|hundreds|thousands|millions)(?:\s+of\s+(?P<scale>thousand|million)s)?(?!\w)"
        r"|(?:several|few|many)\s+(?P<of>dozen|hundred|thousand|million)(?!\w)"
    ),
    "id": _pattern(
        r"(?P<many>belasan|puluhan|lusinan|ratusan|ribuan|jutaan)(?:\s+(?P<scale>ribu|juta))?(?!\w)"
        r"|beberapa\s+(?P<of>puluh|lusin|ratus|ribu|juta)(?:\s+(?P<scale2>ribu|juta))?(?!\w)"
    ),
}
_PLURAL_OF = {
    **{"dozen": "dozens", "hundred": "hundreds", "thousand": "thousands", "million": "millions"},
    **{"puluh": "puluhan", "lusin": "lusinan", "ratus": "ratusan", "ribu": "ribuan", "juta": "jutaan"},
}
# The most that a vague numeral means once a scale word follows it: tens of thousands end below a hundred thousand.
_BELOW = {"tens": 100, "dozens": 100, "puluhan": 100, "lusinan": 100, "belasan": 20}
_STARTS = {
    language: frozenset(
        re.findall(r"[^\W_]+", form)[0]
        for form in [
            *NUMBERS[language], *SCALES[language], *PLURALS[language], *_W[language]["much"], *_W[language]["one"],
            *_W[language]["several"], "half", "setengah",
        ]
    )
    for language in LANGUAGES
}  # fmt: skip
_NATIONALS = re.compile(r"(?:ans|ians|[lktq]is|shmen|chmen)$")


def find_quantities(text: str, language: str) -> list[FoundQuantity]:
    """The numbers of things in a text, in its order, none overlapping."""
    starts = _STARTS[language]
    found: list[FoundQuantity] = []
    floor = 0
    for token in _TOKEN.finditer(text):
        start = token.start()
        if start < floor or not (token[0][0].isdigit() or token[0].lower() in starts):
            continue
        amount = _vague(text, start, language) or _counted(text, start, floor, language)
        if amount is None:
            continue
        if isinstance(amount, int):
            floor = amount
            continue
        quantity = _of_things(text, amount, language, floor)
        floor = quantity.end if quantity else amount.end
        if quantity:
            found.append(quantity)
    return found


def _vague(text: str, start: int, language: str) -> _Amount | None:
    """Amounts without a numeral: hundreds, puluhan ribu, several, a large number, sebuah."""
    plural = _PLURAL[language].match(text, start)
    if plural:
        groups = {name: value.lower() for name, value in plural.groupdict().items() if value}
        many = groups.get("many") or _PLURAL_OF[groups["of"]]
        scale = SCALES[language][groups.get("scale") or groups.get("scale2") or "1"] if len(groups) > 1 else 1
        least = PLURALS[language][many] * scale
        if many in _BELOW and (scale > 1 or many == "belasan"):
            return _Amount(start, plural.end(), least, _BELOW[many] * scale - 1, "about", True)
        return _Amount(start, plural.end(), least, None, "at_least", True)
    vague = _VAGUE[language].match(text, start)
    if not vague:
        return None
    if vague["one"]:
        if (
            language == "en"
            and not vague["one"].lower().startswith("another")
            and not _ARTICLE.search(text, max(0, start - 4), start)
        ):
            return None
        number = int(_W[language]["one"][" ".join(vague["one"].lower().split())])
        return _Amount(start, vague.end(), number, number, "exact", True)
    return _Amount(start, vague.end(), None, None, "unspecified", vague["much"] is None)


def _counted(text: str, start: int, floor: int, language: str) -> _Amount | int | None:
    """An amount in digits or number words with its range; a position to go on from where it is money or a name."""
    one = read_numeral(text, start, language)
    if one is None:
        return None
    end, least, most = one.end, one.value, one.value
    joined = _TO[language].match(text, end)
    other = read_numeral(text, joined.end(), language) if joined and joined.end() < len(text) else None
    if joined and other and other.digits == one.digits:
        lead = _QUALIFIER[language].search(text, max(floor, start - 24), start)
        between = lead and lead[1] and _W[language]["qualifier"][lead[1].lower()] == "between"
        if one.scale == 1 and other.scale > 1 and one.value * other.scale < other.value:
            least *= other.scale
        if least < other.value and not (joined["and"] and not between) and not (_is_year(other) and not _is_year(one)):
            end, most = other.end, other.value
        else:
            least = one.value
    if not _stands_alone(text, start, end) or _MONEY.search(text, max(0, start - 10), start):
        return end
    if least != int(least) or most != int(most) or most < 1:
        return end
    before = _BEFORE.search(text, max(0, start - 20), start)
    if before and (before[1].lower() in _W[language]["label"] or (one.digits and _MONTH.match(before[1]))):
        return end
    if (
        before
        and one.digits
        and most < 10
        and before[1][0].isupper()
        and text[max(0, before.start() - 2)] not in '.!?\n"“'
    ):
        return end
    if _is_year(one) and (_IN.search(text, max(0, start - 10), start) or not _noun_is_next(text, end, language)):
        return end
    if one.value == 1 and language == "en" and text.startswith(" of ", end):
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


def _noun_is_next(text: str, end: int, language: str) -> bool:
    following = _NEXT.match(text, end)
    word = following[1].lower() if following else ""
    return word in _W[language]["counted"] and (language == "id" or word.endswith("s"))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing is glued to the number: no letter, hyphen, currency, percent, slash or decimal."""
    glued = start and (text[start - 1] in "-–/_’'" or (text[start - 1] in ".,:" and text[max(0, start - 2)].isdigit()))
    after = _NOT_AFTER.match(text, end)
    return not glued and (
        after is None or after[0].startswith(("-plus", "-odd", "-an")) or text.startswith(("-plus", "-odd", "-an"), end)
    )


def _of_things(text: str, amount: _Amount, language: str, floor: int) -> FoundQuantity | None:
    """The amount with its qualifier and unit, or None where what follows is not things."""
    lead = _QUALIFIER[language].search(text, max(floor, amount.start - 32), amount.start)
    said = _W[language]["qualifier"][" ".join(lead[1].lower().split())] if lead and lead[1] else None
    noun = _noun(text, amount.end, language)
    if noun is None or (
        noun[0] is None and (amount.needs or not (said == "total" or amount.qualifier == "unspecified"))
    ):
        return None
    unit, end = noun
    start = lead.start() if lead else amount.start
    least, most, qualifier = amount.min, amount.max, amount.qualifier
    if qualifier == "exact":
        least, most, qualifier = {
            "about": (least, most, "about"),
            "at_least": (least, None, "at_least"),
            "up_to": (None, most, "up_to"),
        }.get(said or "", (least, most, "exact"))
    return FoundQuantity(start, end, text[start:end], least, most, unit or "unit", qualifier)


def _noun(text: str, position: int, language: str) -> tuple[str | None, int] | None:
    """What the words after an amount count: its unit, and where the span ends; None where they are no things.

    The unit is None where no noun follows at all. In English the last noun of the phrase is the head, in Indonesian
    the first; a name or designation alone ("18 F-16s", "42 Rafale") counts as 'unit'.
    """
    vocabulary = _W[language]
    unit, named, end, first = None, "", position, True
    for _ in range(_WINDOW[language]):
        following = _NEXT.match(text, position)
        if not following:
            break
        word, raw = following[1].lower(), following[1]
        second = _NEXT.match(text, following.end())
        pair = f"{word} {second[1].lower()}" if second else ""
        position = following.end()
        if word in vocabulary["through"]:
            continue
        if word in vocabulary["stop"] or (unit and word.endswith(("ed", "ing"))):
            break
        if word in vocabulary["measure"] or (raw[0].isupper() and _MONTH.match(raw)):
            return None
        known = vocabulary["counted"].get(pair) or vocabulary["counted"].get(word)
        if first and word in vocabulary["counting"]:
            unit, end = known, position
            if language == "id" and second:
                unit = vocabulary["counted"].get(second[1].lower(), known)
            return unit, end
        first = False
        if known:
            unit = known
            if language == "id" or (word.endswith("s") and word not in ("sams",)):
                return unit, end
        elif word in vocabulary["other"]:
            if language == "id" or word.endswith("s") or word in ("people", "men", "women", "personnel", "children"):
                return None
            unit = None
        elif raw[0].isupper() or any(letter.isdigit() for letter in raw):
            named = raw
        elif language == "id" or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
            return None if not unit else (unit, end)
    if unit:
        return unit, end
    if not named:
        return (None, end) if first else None
    if language == "en" and (_NATIONALS.search(named) or not (named.endswith("s") or any(map(str.isdigit, named)))):
        return None
    return "unit", end
