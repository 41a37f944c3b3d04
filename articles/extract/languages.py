"""The languages that texts are read in: each a row of languages.csv, with the files and rows that bear its code."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from articles.extract.alternatives import compiled

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
FALLBACK = "en"


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What the rules ask about a language. There is one object for each code and folder, so it is its own identity.

    head_first: a noun stands before what modifies it ("sistem pertahanan"), else behind it ("defence system").
    marks_plural: a noun that is counted ends in -s. reduplicates: it may be said twice instead ("drone-drone").
    regular_verbs: an empty cell of its frames means the regular forms of English. infinitive_titles: a headline's
    infinitive is its future. inverts_quotes: the speaker stands behind the verb that follows a quotation, and a
    sentence may close on its source. bare_agents: a passive may name its agent without a preposition. late_subjects: a
    name behind a verb is its subject, for an object that is somebody has a preposition ("que entregó Irán").
    small_dates: months and weekdays are written small. day_first: 12/10 is 12 October.
    home: code of the state that "the government" is, "" where the language has none of its own.
    takes: the codes whose rows it reads; plurals: (ending, plural ending), the first that fits counts.
    """

    code: str
    folder: Path
    home: str
    takes: frozenset[str]
    plurals: tuple[tuple[str, str], ...]
    thousands: str
    head_first: bool
    marks_plural: bool
    reduplicates: bool
    regular_verbs: bool
    infinitive_titles: bool
    inverts_quotes: bool
    bare_agents: bool
    late_subjects: bool
    small_dates: bool
    day_first: bool
    _lists: Mapping[str, str] = field(repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        return _one, (self.code, self.folder)

    def rows(self, table: str) -> list[dict[str, str]]:
        """Its rows of a table that all languages share, whichever file they stand in."""
        return [row for row in read_shared(table, self.folder) if self.code in row["language"].split()]

    def file(self, table: str) -> list[dict[str, str]]:
        """The rows of the file that is its own: `file("frames")` reads frames_<code>.csv."""
        return read_table(f"{table}_{self.code}", self.folder)

    def forms(self, name: str) -> str:
        """One list of word_lists.csv as alternatives of a regular expression; one that never fits where it has none."""
        return self._lists.get(name, "") or "(?!)"

    def words(self, name: str) -> frozenset[str]:
        """The words of one list of word_lists.csv, none where the language does not have it."""
        return frozenset(filter(None, self._lists.get(name, "").split("|")))


class Words(dict[Language, frozenset[str]]):
    """A list of word_lists.csv, by language."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, language: Language) -> frozenset[str]:
        self[language] = found = language.words(self.name)
        return found


class Pattern(dict[Language, re.Pattern[str]]):
    """A regular expression by language: «name» stands for the alternatives of that list of word_lists.csv."""

    def __init__(self, form: str, flags: int = 0) -> None:
        super().__init__()
        self.form, self.flags = form, flags

    def __missing__(self, language: Language) -> re.Pattern[str]:
        form = re.sub("«([^»]+)»", lambda name: language.forms(name[1]), self.form)
        self[language] = found = compiled(form, self.flags)
        return found


@cache
def languages(folder: Path = REFERENCE) -> Mapping[str, Language]:
    """Every language of a folder that has frames, by its code."""
    rows = read_table("languages", folder)
    return {row["language"]: _language(row, folder) for row in rows if _frames(row["language"], folder).exists()}


def known(language: str | Language) -> Language:
    """The language of a code; English for a code that no language has."""
    if isinstance(language, Language):
        return language
    found = languages()
    return found.get(language) or found[FALLBACK]


def read_table(name: str, folder: Path = REFERENCE) -> list[dict[str, str]]:
    """The rows of one reference file; none where the file does not exist."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(file)]


def read_shared(name: str, folder: Path = REFERENCE) -> list[dict[str, str]]:
    """The rows of a table with a column `language`, and those of the same table of one language (`actor_names_es.csv`).

    What stands in a language's own file has no such column there and gets its code.
    """
    found = read_table(name, folder)
    for known_row in read_table("languages", folder):
        code = known_row["language"]
        found += [{**row, "language": code} for row in read_table(f"{name}_{code}", folder)]
    return found


def any_of(forms: Iterable[str]) -> str:
    """The forms as alternatives of a regular expression, the longest first; for none, what never fits."""
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)) or "(?!)"


def _one(code: str, folder: Path) -> Language:
    return languages(folder)[code]


def _frames(code: str, folder: Path) -> Path:
    return folder / f"frames_{code}.csv"


def _language(row: Mapping[str, str], folder: Path) -> Language:
    code = row["language"]
    lists: dict[str, list[str]] = {}
    for one in read_shared("word_lists", folder):
        if code in one["language"].split():
            lists.setdefault(one["list"], []).append(one["words"])
    traits = {trait: row.get(trait) == "yes" for trait in TRAITS}
    plurals = tuple(tuple(rule.split(">")) for rule in row["plurals"].split())
    return Language(
        code,
        folder,
        row["home"],
        frozenset({code, "*", *row["borrows"].split()}),
        plurals,  # type: ignore[arg-type]
        row["thousands"],
        **traits,
        _lists={name: "|".join(parts) for name, parts in lists.items()},
    )


TRAITS = (
    "head_first",
    "marks_plural",
    "reduplicates",
    "regular_verbs",
    "infinitive_titles",
    "inverts_quotes",
    "bare_agents",
    "late_subjects",
    "small_dates",
    "day_first",
)
