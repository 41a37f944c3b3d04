"""How each language writes its dates: the patterns of every rule, and what may stand before and between dates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.extract import date_rules as meaning
from articles.extract.date_rules import WORDS, Resolver, Rule
from articles.extract.numerals import NUMBERS

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


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


def _compiled(form: str) -> re.Pattern[str]:
    """A form in which a space stands for any white space."""
    return re.compile(form.replace(" ", r"\s+"), re.IGNORECASE)


def _grammar(language: str, forms: list[tuple[str, Resolver, Iterable[str], str]], before: str, join: str) -> Grammar:
    rules: dict[str, list[Rule]] = {}
    for basis, resolve, starters, form in forms:
        rule = Rule(basis, _compiled(form), resolve)
        for starter in dict.fromkeys(re.findall(r"[^\W_]+", word.lower())[0] for word in starters):
            rules.setdefault(starter, []).append(rule)
    return Grammar(
        {case(word): tuple(of_word) for word, of_word in rules.items() for case in (str, str.capitalize, str.upper)},
        _compiled(rf"(?<!\w){before} $"),
        _compiled(join),
    )


_YEAR = r"(?:19|20)\d\d(?![\w%])(?![.,:/]\d)"
_SHORT_RANGE = r"(?:[-–/](?P<to>\d\d)(?![\w/%-]))?"
_NUMERIC = (
    r"(?P<open>\()?(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})(?:(?P=s)(?P<y>(?:19|20)\d\d|\d\d))?(?![\w/-])(?(open)\)?)"
)
_NOT_MORE = r"(?!\w)(?![.,:/]\d|\s?%|[-–]\w)"

_W = {language: {kind: list(table) for kind, table in kinds.items()} for language, kinds in WORDS.items()}


def _english() -> Grammar:
    w = _W["en"]
    month = rf"(?P<mon>{_any(w['month'])})(?![\w’'])"
    weekday = rf"(?P<wd>(?:{_any(w['weekday'])}|(?:{_any(w['short weekday'])})\.?)(?!\w)),? (?:the )?"
    relation = rf"(?P<rel>{_any(w['relation'])})"
    year_said = rf"(?:,? (?:of )?(?:(?P<y>{_YEAR})|(?P<yrel>last|this|next) year(?!\w))|\s*\((?P<y2>{_YEAR})\))?"
    adjective = "(?:(?<=early)|(?<=mid)|(?<=late)|(?<=earlier)|(?<=later))(?:-| )"
    part = rf"(?P<part>{_any(w['part'])})(?:{adjective}|(?: part)? (?:in|of) )(?:the )?"
    unit = rf"(?P<unit>{_any(w['unit'])})(?!\w)"
    number = _any(NUMBERS["en"])
    count = rf"(?P<n>{_any(w['vague count'])}|\d{{1,3}}|(?:{number})(?:[\x20-](?:{number}))?)"
    to_number = rf"(?: (?:to|or) |[-–])(?=\d|{number})"
    seasons = "spring|summer|autumn|fall|winter"
    d, d2 = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?"
    dash = r"\s*(?:[-–]|to|and|through)\s*"
    months, weekdays, parts = w["month"], w["weekday"] + w["short weekday"], w["part"]
    counts = [*NUMBERS["en"], *w["vague count"], _DIGITS]
    forms: list[tuple[str, Resolver, Iterable[str], str]] = [
        ("iso day", meaning.iso_day, [_DIGITS], r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\w-])"),
        (
            "day",
            meaning.calendar_day,
            [_DIGITS, *weekdays],
            rf"(?:{weekday})?{d}(?:{dash}{d2})? (?:of )?{month}{year_said}",
        ),
        (
            "day",
            meaning.calendar_day,
            [*months, *weekdays],
            rf"(?:{weekday})?{month} {d}(?:{dash}{d2})?{_NOT_MORE.replace('|[-–]', '|-')}{year_said}",
        ),
        (
            "numeric day",
            meaning.numeric_day,
            [_DIGITS, *weekdays],
            rf"(?:(?P<wd>{_any(w['weekday'])}),?\s*)?{_NUMERIC}",
        ),
        ("month", meaning.month, [*months, *parts], rf"(?:{part})?{month}{year_said}"),
        ("month", meaning.month, w["relation"], rf"{relation} {month}"),
        (
            "year",
            meaning.whole_year,
            [_DIGITS, *parts, "calendar", "fiscal", "fy"],
            rf"(?:{part})?(?P<said>(?:(?:calendar|fiscal) year|fy)\s*)?(?P<y>{_YEAR}){_SHORT_RANGE}",
        ),
        ("decade", meaning.decade, [_DIGITS, *parts], rf"(?:{part})?(?P<y>(?:19|20)\d0|(?<=['’])\d0)[’']?s(?!\w)"),
        (
            "quarter",
            meaning.quarter,
            w["ordinal"],
            rf"(?P<ord>{_any(w['ordinal'])}) (?P<whole>quarter|half)(?: of)?"
            rf"(?: (?:(?P<y>{_YEAR})|(?:the|(?P<yrel>last|this|next)) year)|(?<=quarter))(?!\w)",
        ),
        (
            "quarter",
            meaning.quarter,
            ["q1", "q2", "q3", "q4", "h1", "h2"],
            rf"(?P<whole>[qh])(?P<ord>[1-4])(?: (?:of )?(?P<y>{_YEAR}))?(?!\w)",
        ),
        (
            "season",
            meaning.season,
            [*parts, *seasons.split("|")],
            rf"(?:{part})?(?P<season>{seasons}) (?:of |in )?(?:(?P<y>{_YEAR})|(?P<yrel>last|this|next) year)(?!\w)",
        ),
        ("unit", meaning.unit, [*parts, *w["relation"]], rf"(?:{part})?{relation} {unit}(?<!s)(?!-|[’']s (?:war|old))"),
        (
            "unit",
            meaning.unit,
            parts,
            rf"(?P<part>{_any(w['part'])}) (?:of|in) the (?P<unit>month|year|decade|quarter|week)(?!\w)",
        ),
        ("year end", meaning.year_end, ["year"], r"year(?:[’']s)?[-\x20]end(?!\w)"),
        ("ago", meaning.ago, counts, rf"(?:\d+{to_number})?{count} {unit} ago(?!\w)"),
        ("stretch", meaning.stretch, w["relation"], rf"{relation} {count}(?:{to_number}\d+)? {unit}"),
        (
            "within",
            meaning.within,
            counts,
            rf"(?:(?:\d+|{number}){to_number})?{count} {unit}(?!-| (?:ago|old|later|earlier))",
        ),
        (
            "weekday",
            meaning.weekday,
            [*w["weekday"], "last", "this", "next"],
            rf"(?:(?P<rel>last|this coming|this past|this|next) )?(?P<wd>{_any(w['weekday'])})(?!\w)"
            r"(?: (?:morning|afternoon|evening|night)(?!\w))?(?: (?:of )?(?P<wrel>last|this|next) week(?!\w))?",
        ),
        ("named day", meaning.named_day, w["day"], rf"(?P<day>{_any(w['day'])})(?![\w’'])"),
        ("now", meaning.now, ["now"], r"now(?!\w)"),
        ("coming hours", meaning.coming_hours, ["coming", "next"], r"(?:coming|next) (?:few )?hours(?!\w)"),
        (
            "words only",
            meaning.words_only,
            [
                "recently",
                "lately",
                "soon",
                "recent",
                "coming",
                "last",
                "past",
                "next",
                "years",
                "decades",
                "months",
                "weeks",
                "near",
                "foreseeable",
                "not",
                "some",
            ],
            r"(?:recently(?! as)|lately|(?<!as\x20)soon(?!\x20as)|recent (?:days|weeks|months|years|decades|times)"
            r"|(?:coming|last|past|next) (?:days|weeks|months|years|decades)|(?:years|decades|months|weeks) ago"
            r"|(?<=for\x20)(?:years|decades|months)|(?:near|foreseeable) (?:future|term)|not (?:so |too )?long ago"
            r"|some time ago)(?!\w)",
        ),
    ]
    before = (
        r"(?:(?P<since>since|ever since|starting(?: (?:in|on|from))?|beginning(?: (?:in|on))?|as of)"
        r"|(?P<by>by|until|till|up to|no later than)|(?P<before>before|prior to|ahead of)|(?P<after>after)"
        r"|(?P<within>within|within the space of)|(?P<between>between|from)"
        r"|(?P<in>(?:back )?in|as (?:early|soon|recently|late) as(?: in)?|during|throughout"
        r"|(?:over|through)(?= the)|on|at|for)"
        r"|(?P<only>the))"
        r"(?: (?P<the>the))?(?: (?:month|year|night|afternoon|morning|evening) of)?"
    )
    return _grammar("en", forms, before, r"(?:\s*[-–—]\s*| (?:to|until|till|through|(?P<and>and)) )(?:the |in )?")


def _indonesian() -> Grammar:
    w = _W["id"]
    month = rf"(?P<mon>{_any(w['month'])})(?!\w)"
    relation = rf"(?:yang )?(?P<rel>{_any(w['relation'])})(?!\w)"
    years_relation = rf"(?P<yrel>{_any(w['relation'])})(?!\w)"
    day_parts = r"(?: (?:pagi|siang|sore|petang|malam|dini hari)(?!\w))?"
    weekday = rf"(?P<wd>{_any(w['weekday'])})(?!\w){day_parts},?\s*(?:tanggal )?"
    part = rf"(?P<part>{_any(w['part'])})(?: (?:dari|pada))? (?P<said>tahun |bulan )?"
    unit = rf"(?P<unit>{_any(w['unit'])})(?!\w)"
    number = rf"(?:{_any(NUMBERS['id'])})(?: (?:belas|puluh(?: (?:{_any(NUMBERS['id'])}))?)(?!\w))?"
    count = rf"(?:(?P<n>{_any(w['vague count'])}|\d{{1,3}}|{number}) |se)"
    to_number = r"(?:\s*[-–]\s*| (?:hingga|sampai|atau) )"
    year_said = rf"(?:,? (?:tahun )?(?P<y>{_YEAR})|\s*\((?P<y2>{_YEAR})\)| tahun {years_relation})?"
    months, weekdays, parts, units = w["month"], w["weekday"], w["part"], w["unit"]
    counts = [*NUMBERS["id"], *w["vague count"], _DIGITS]
    ones = [f"se{name}" for name in units if " " not in name]
    d, d2 = r"(?P<d>\d{1,2})", r"(?P<d2>\d{1,2})"
    dash = r"\s*(?:[-–]|hingga|sampai|dan)\s*"
    forms: list[tuple[str, Resolver, Iterable[str], str]] = [
        ("iso day", meaning.iso_day, [_DIGITS], r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\w-])"),
        (
            "day",
            meaning.calendar_day,
            [_DIGITS, *weekdays],
            rf"(?:{weekday})?(?P<open>\()?{d}(?:{dash}{d2})? {month}"
            rf"(?: (?P<rel>lalu|silam|mendatang|nanti|kemarin)(?!\w)|{year_said})(?(open)\)?)",
        ),
        (
            "numeric day",
            meaning.numeric_day,
            [_DIGITS, *weekdays],
            rf"(?:{weekday})?{_NUMERIC}",
        ),
        (
            "month",
            meaning.month,
            [*months, *parts, "bulan"],
            rf"(?:{part}|(?P<said2>bulan ))?{month}(?: {relation}|{year_said})",
        ),
        (
            "year",
            meaning.whole_year,
            [_DIGITS, *parts, "tahun"],
            rf"(?:{part})?(?P<said3>tahun (?:anggaran |fiskal )?)?(?P<y>{_YEAR})(?!-?an(?!\w)){_SHORT_RANGE}",
        ),
        (
            "decade",
            meaning.decade,
            [_DIGITS, *parts, "tahun", "dekade", "era"],
            rf"(?:{part})?(?:(?:tahun|dekade|era|dasawarsa) ){{0,2}}(?P<y>(?:19|20)\d0|\d0)-?an(?!\w)",
        ),
        (
            "quarter",
            meaning.quarter,
            ["kuartal", "triwulan", "semester", "paruh"],
            rf"(?P<whole>kuartal|triwulan|semester|paruh)(?: ke)?[\s-]+(?P<ord>{_any(w['ordinal'])})(?!\w)"
            rf"(?: (?:tahun )?(?:(?P<y>{_YEAR})|{years_relation}))?",
        ),
        (
            "season",
            meaning.season,
            ["musim", *parts],
            rf"(?:{part})?(?P<season>musim (?:semi|panas|gugur|dingin)) "
            rf"(?:tahun )?(?:(?P<y>{_YEAR})|(?<=tahun\x20){years_relation})",
        ),
        ("unit", meaning.unit, [*parts, *units], rf"(?:(?P<part>{_any(w['part'])}) )?{unit} {relation}"),
        (
            "unit",
            meaning.unit,
            parts,
            rf"(?P<part>{_any(w['part'])}) (?P<unit>tahun|bulan|pekan|dekade)(?!\w)(?! \d)",
        ),
        ("ago", meaning.ago, [*counts, *ones], rf"(?:\d+{to_number})?{count}{unit} (?:yang )?(?:lalu|silam)(?!\w)"),
        (
            "stretch",
            meaning.stretch,
            [*counts, *ones],
            rf"(?:\d+{to_number})?{count}{unit} (?P<rel>terakhir|belakangan(?: ini)?|ke depan|mendatang|lagi)(?!\w)",
        ),
        ("within", meaning.within, [*counts, *ones], rf"(?:\d+{to_number})?{count}{unit}"),
        (
            "weekday",
            meaning.weekday,
            weekdays,
            rf"(?P<wd>{_any(w['weekday'])})(?!\w){day_parts}"
            rf"(?: (?:pekan|minggu) (?P<wrel>lalu|ini|depan)(?!\w)| {relation})?",
        ),
        ("named day", meaning.named_day, w["day"], rf"(?P<day>{_any(w['day'])})(?!\w)"),
        ("now", meaning.now, ["sekarang", "kini"], r"(?:sekarang|kini)(?!\w)"),
        (
            "words only",
            meaning.words_only,
            [
                "belum",
                "baru",
                "belakangan",
                "akhir",
                "waktu",
                "tak",
                "tidak",
                "sekian",
                "beberapa",
                "hari",
                "bulan",
                "tahun",
                "pekan",
            ],
            r"(?:belum lama (?:ini|berselang)|baru[-\x20]baru ini|belakangan(?: ini)?"
            r"|akhir-akhir ini|waktu dekat(?: ini)?"
            r"|(?:tak|tidak) lama lagi|beberapa waktu (?:yang )?(?:lalu|terakhir|belakangan|mendatang|ke depan)"
            r"|(hari|pekan|bulan|tahun)-\1 (?:mendatang|terakhir|belakangan ini|ke depan))(?!\w)",
        ),
    ]
    before = (
        r"(?:(?P<since>sejak|semenjak|mulai(?: dari)?|terhitung)"
        r"|(?P<by>hingga|sampai(?: dengan)?|paling lambat|selambatnya|menjelang)"
        r"|(?P<before>sebelum)|(?P<after>setelah|sesudah|pasca|usai)"
        r"|(?P<within>dalam (?:kurun )?(?:waktu|tempo|jangka(?: waktu)?))"
        r"|(?P<between>antara|dari)|(?P<in>pada|di|dalam|selama|sepanjang|per|untuk))"
        r"(?P<the>)(?: (?:hari|tanggal|tgl\.?|pada|kurun waktu|periode|rentang|masa))*"
    )
    return _grammar(
        "id",
        forms,
        before,
        r"(?:\s*[-–—]\s*| (?:hingga|sampai(?: dengan)?|s/d|(?P<and>dan)) )(?:pada |tanggal )?",
    )


GRAMMARS = {"en": _english(), "id": _indonesian()}
