"""Phrases as the database takes them apart, each asked for once.

A word has many forms, and each is asked for in several configurations; most of them have one stem. An index reads the
rows of each that is asked for, and the planner adds up what it expects of each.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from tracker.browse.terms import Phrase, any_of

CONFIGS = ("stems_en", "stems_id", "written")
STEMMED = f"""
SELECT {", ".join(f"to_tsquery('public.{config}', phrase)::text" for config in CONFIGS)}
FROM unnest(%s::text[]) WITH ORDINALITY AS asked (phrase, number) ORDER BY number
"""


class Lexemes(SearchQuery):
    """A tsquery of words as they stand in a vector, which nothing takes apart again."""

    template = "%(expressions)s::tsquery"

    def __init__(self, query: str, **extra: Any) -> None:
        super().__init__(query, search_type="raw", **extra)


class Stemmed:
    """The tsqueries of some phrases; one query for all."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        asked = list(dict.fromkeys(phrases))
        with connection.cursor() as cursor:
            cursor.execute(STEMMED, [[any_of([phrase]) for phrase in asked]])
            self.of = {
                phrase: dict(zip(CONFIGS, row, strict=True))
                for phrase, row in zip(asked, cursor.fetchall(), strict=True)
            }

    def any_of(self, phrases: Iterable[Phrase], *configs: str) -> str:
        """The tsquery for any of the phrases in any of the configurations; "" where none of them is a word."""
        found = dict.fromkeys(self.of[phrase][config] for phrase in phrases for config in configs)
        return " | ".join(f"({one})" for one in found if one)


def all_of(queries: Iterable[str]) -> str:
    """The tsquery for all of them; what is no word is not asked for."""
    return " & ".join(f"({one})" for one in queries if one)
