"""Numbers of things in news texts, English and Indonesian: how many units of materiel a sentence speaks of.

Never money, percentages, dates, ages, measures, designations, ranks or numbers of people. Whether a numeral counts
things is read off the nouns after it; the vocabulary is `articles/reference/number_words.csv`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

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


class _Noun(NamedTuple):
    """What an amount counts: a 'thing', a 'designation' (F-16s), a 'name' (Rafale), 'other' than things, or 'none'."""

    kind: str
    unit: str
    end: int


def _any(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(forms, key=len, reverse=True))


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.IGNORECASE)


_KINDS = ("counted", "other", "measure", "label", "qualifier", "much", "several", "one", "stop", "through", "counting")
_W = {language: {kind: words(language, kind) for kind in _KINDS} for language in LANGUAGES}
_TOKEN = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"[ \u00a0][\"“‘'(]?((?:[A-Z]\.)+|[^\W_][\w’'-]*)")
_WINDOW = {"en": 7, "id": 4}
_PEOPLE = frozenset({"people", "men", "women", "personnel", "children"})
_LOWER_BEFORE = re.compile(r"(?<![^\W_])[a-z][\w’'-]*\s\Z")
_WITHOUT_ARTICLE = frozenset({"several", "numerous", "another"})
_ARTICLE = _pattern(r"(?<!\w)an?\s\Z")
_IN = _pattern(
    r"(?<!\w)(?:in|since|by|of|until|from|during|after|before|the|tahun|pada|sejak|hingga|di|dari|dalam|awal|akhir)\s\Z"
)
_BEFORE = re.compile(r"([^\W_]+\.?)\s\Z")
_MONTH = _pattern(
    r"(?:jan(?:uar[iy])?|[fp]eb(?:ruar[iy])?|mar(?:ch|et)?|apr(?:il)?|may|mei|jun[ei]?|jul[iy]?|aug(?:ust)?|ag(?:us|t|u)\w*|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|no[vp](?:ember)?|de[cs](?:ember)?)\.?$"
)
_MONEY = _pattern(r"(?:[$€£¥₩₹]|(?<!\w)(?:Rp\.?|Rs\.?|USD|EUR|GBP|IDR|CNY|RMB|dolar\s+AS|senilai|seharga|worth))\s?\Z")
_NOT_AFTER = re.compile(r"%|[-–][^\W\d_]|[^\W_]|[.,:/]\d|/|\s?[°$€£¥%]|[’']s?\b")
_PLUS = {"en": _pattern(r"\+|-plus\b|\s+or\s+more\b"), "id": _pattern(r"\+|\s+(?:atau\s+)?lebih\b")}
_OR_SO = {"en": _pattern(r"\s+or\s+so\b|-odd\b"), "id": _pattern(r"-an\b")}
_TO = {
    "en": _pattern(r"\s?[-–]\s?|\s+(?:to|or|(?P<and>and))\s+"),
    "id": _pattern(r"\s?[-–]\s?|\s+(?:hingga|sampai(?:\s+dengan)?|atau|(?P<and>dan))\s+"),
}
_QUALIFIER = {
    language: _pattern(rf"(?<![\w-])(?:({_any(_W[language]['qualifier'])})\s+)?(?:(?:half\s+)?an?\s+)?\Z")
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
# As written, Capitalised and IN CAPITALS: most words of a text begin no quantity and must be passed fast.
_STARTS = {
    language: frozenset(
        case(re.findall(r"[^\W_]+", form)[0])
        for form in [
            *NUMBERS[language], *SCALES[language], *PLURALS[language], *_W[language]["much"], *_W[language]["one"],
            *_W[language]["several"], "half", "setengah",
        ]
        for case in (str, str.capitalize, str.upper)
    )
    for language in LANGUAGES
}  # fmt: skip
_OUT_OF = _pattern(r"\s+(?:unit\s+)?dari\s+(?:total\s+)?")
_NATIONALS = re.compile(r"(?:ans?|[lktqdn]is?|his|ese|ish|shmen|chmen)$")


def find_quantities(text: str, language: str) -> list[FoundQuantity]:
    """The numbers of things in a text, in its order, none overlapping."""
    starts = _STARTS[language]
    found: list[FoundQuantity] = []
    floor = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if not (word in starts or word[0] in "0123456789") or token.start() < floor:
            continue
        start = token.start()
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
    form = " ".join(vague[0].lower().split())
    needs_article = language == "en" and not vague["much"] and form not in _WITHOUT_ARTICLE
    if needs_article and not _ARTICLE.search(text, max(0, start - 4), start):
        return None
    following = _NEXT.match(text, vague.end())
    if following and read_numeral(text, following.start(1), language):
        return None
    if not vague["one"]:
        return _Amount(start, vague.end(), None, None, "unspecified", vague["much"] is None)
    number = int(_W[language]["one"][form])
    return _Amount(start, vague.end(), number, number, "exact", True)


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
    said = _W[language]["qualifier"][" ".join(lead[1].lower().split())] if lead and lead[1] else ""
    noun = _noun(text, amount.end, language)
    if noun.kind == "other":
        return None
    if noun.kind == "none" and (amount.needs or not (said == "total" or amount.qualifier == "unspecified")):
        return None
    start = lead.start() if lead and (said != "between" or amount.min != amount.max) else amount.start
    if noun.kind == "name" and (amount.needs or not _LOWER_BEFORE.search(text, max(0, start - 20), start)):
        return None
    least, most, qualifier = amount.min, amount.max, amount.qualifier
    if qualifier == "exact" and said in ("about", "at_least", "up_to"):
        least, most, qualifier = None if said == "up_to" else least, None if said == "at_least" else most, said
    return FoundQuantity(start, noun.end, text[start : noun.end], least, most, noun.unit, qualifier)


def _noun(text: str, position: int, language: str) -> _Noun:
    """What the words after an amount count: in English the last noun of the phrase, in Indonesian the first."""
    whole = _OUT_OF.match(text, position) if language == "id" else None
    total = read_numeral(text, whole.end(), language) if whole and whole.end() < len(text) else None
    if total is not None:
        noun = _noun(text, total.end, language)
        return noun._replace(end=position)
    vocabulary = _W[language]
    counted = vocabulary["counted"]
    unit, named, end, first = "", "", position, True
    for _ in range(_WINDOW[language]):
        following = _NEXT.match(text, position)
        if not following:
            break
        raw, word, position = following[1], following[1].lower(), following.end()
        if word in vocabulary["through"] and (first or word != "of"):
            continue
        if word in vocabulary["stop"] or word == "of" or (unit and word.endswith(("ed", "ing"))):
            break
        if word in vocabulary["measure"] or (raw[0].isupper() and _MONTH.match(raw)):
            return _Noun("other", "", end)
        second = _NEXT.match(text, position)
        if raw.isdigit() and second and second[1].lower() in vocabulary["measure"]:
            first, position = False, second.end()
            continue
        known = counted.get(word)
        pair = f"{word} {second[1].lower()}" if second else ""
        if second and pair in counted:
            known, word, position = counted[pair], second[1].lower(), second.end()
        if first and known and word in vocabulary["counting"]:
            inner = counted.get(second[1].lower()) if second and language == "id" else None
            return _Noun("thing", inner or known, position)
        first = False
        if known:
            unit = known
            if language == "id" or word.endswith("s"):
                break
        elif word in vocabulary["other"]:
            if language == "id" or word.endswith("s") or word in _PEOPLE:
                return _Noun("other", "", end)
            unit = ""
        elif raw[0].isupper() or any(map(str.isdigit, raw)):
            named = f"{named} {raw}"
        elif language == "id" and named:
            break
        elif language == "id" or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
            return _Noun("thing" if unit else "other", unit, end)
    if unit:
        return _Noun("thing", unit, end)
    if not named:
        return _Noun("none" if first else "other", "unit", end)
    digits = any(map(str.isdigit, named))
    if language == "en" and _NATIONALS.search(named):
        return _Noun("other", "", end)
    return _Noun("designation" if digits else "name", "unit", end)
