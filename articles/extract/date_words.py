"""The words of dates of each language, from `articles/reference/date_words.csv`."""

from dataclasses import dataclass
from functools import cache

from articles.extract.languages import Language


@dataclass(frozen=True, slots=True, eq=False)
class DateWords:
    """The words of one language's dates by kind, and what they mean."""

    kinds: dict[str, dict[str, str]]
    month: dict[str, int]
    weekday: dict[str, int]
    relation: dict[str, int]
    ordinal: dict[str, int]
    day: dict[str, int]

    def of(self, kind: str) -> dict[str, str]:
        return self.kinds.get(kind, {})

    def short(self, month: str) -> bool:
        """Whether a month is written in short, as another word may be too: "mar", "des", and not "may"."""
        longer = (word for word, number in self.month.items() if number == self.month[month] and len(word) > len(month))
        return len(month) < 5 and month[-1] != "." and any(longer)


@cache
def date_words(language: Language) -> DateWords:
    """The rows of date_words.csv of one language."""
    kinds: dict[str, dict[str, str]] = {}
    for row in language.rows("date_words"):
        kinds.setdefault(row["kind"], {})[row["word"]] = row["value"]

    def numbers(*names: str) -> dict[str, int]:
        return {word: int(value) for name in names for word, value in kinds.get(name, {}).items()}

    return DateWords(
        kinds,
        numbers("month"),
        numbers("weekday", "short weekday"),
        numbers("relation"),
        numbers("ordinal"),
        numbers("day"),
    )
