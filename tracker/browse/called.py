"""What the words of a search name: actors and materiel by any of their names, and what else these are called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from tracker.browse.terms import Phrase, Term, any_of, tokens, within
from tracker.models.sorting import sort_key

# Of the further names of what is named, those that most likely stand in a text come first.
MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Named:
    """A name that fits a term. `pk` is that of the actor that stands today; `own` says that it is a main name."""

    kind: str
    pk: int
    name: str
    own: bool


NAMES = """
WITH asked AS (
    SELECT number, to_tsquery('public.written', query) AS query, code
    FROM unnest(%(asked)s::text[], %(codes)s::text[]) WITH ORDINALITY AS asked (query, code, number)
), named AS (
    SELECT 'actor' AS kind, coalesce(a.merged_into_id, a.id) AS pk, n.name, false AS own, '' AS code
    FROM tracker_actorname n JOIN tracker_actor a ON a.id = n.actor_id
    WHERE tracker_words(n.name) @@ to_tsquery('public.written', %(any)s)
      AND NOT n.withdrawn AND NOT a.withdrawn AND NOT %(own)s
    UNION ALL
    SELECT 'actor', coalesce(merged_into_id, id), name_en, true, code FROM tracker_actor
    WHERE (tracker_words(name_en) @@ to_tsquery('public.written', %(any)s) OR code = ANY (%(codes)s))
      AND NOT withdrawn
    UNION ALL
    SELECT 'actor', coalesce(merged_into_id, id), name_id, true, code FROM tracker_actor
    WHERE tracker_words(name_id) @@ to_tsquery('public.written', %(any)s) AND NOT withdrawn
    UNION ALL
    SELECT 'materiel', n.materiel_id, n.name, false, ''
    FROM tracker_materielname n JOIN tracker_materiel m ON m.id = n.materiel_id
    WHERE tracker_words(n.name) @@ to_tsquery('public.written', %(any)s)
      AND NOT n.withdrawn AND NOT m.withdrawn AND NOT %(own)s
    UNION ALL
    SELECT 'materiel', id, name_en, true, '' FROM tracker_materiel
    WHERE tracker_words(name_en) @@ to_tsquery('public.written', %(any)s) AND NOT withdrawn
    UNION ALL
    SELECT 'materiel', id, name_id, true, '' FROM tracker_materiel
    WHERE tracker_words(name_id) @@ to_tsquery('public.written', %(any)s) AND NOT withdrawn
)
SELECT kind, pk, name, own, numbers
FROM (
    SELECT kind, pk, name, own, ARRAY(
        SELECT number FROM asked
        WHERE words.words @@ asked.query OR (named.code <> '' AND named.code = asked.code)
    ) AS numbers
    FROM named CROSS JOIN LATERAL (SELECT tracker_words(named.name) AS words OFFSET 0) AS words
) AS found
ORDER BY own DESC, length(name), name
"""
NAMES_OF = """
SELECT 'actor', id, unnest(ARRAY[name_en, name_id]) FROM tracker_actor WHERE id = ANY (%(actors)s)
UNION ALL
SELECT 'actor', a.id, n.name FROM tracker_actorname n JOIN tracker_actor m ON m.id = n.actor_id
JOIN tracker_actor a ON a.id = coalesce(m.merged_into_id, m.id)
WHERE a.id = ANY (%(actors)s) AND NOT n.withdrawn AND n.kind <> 'metonym'
UNION ALL
SELECT 'materiel', id, unnest(ARRAY[name_en, name_id]) FROM tracker_materiel WHERE id = ANY (%(materiel)s)
UNION ALL
SELECT 'materiel', materiel_id, name FROM tracker_materielname
WHERE materiel_id = ANY (%(materiel)s) AND NOT withdrawn
"""


def named(terms: Sequence[Term], left_out: Sequence[Term], *, exact: bool) -> list[list[Named]]:
    """The names that fit each term, those to leave out behind the others; one query."""
    every = [*terms, *left_out]
    asked = [any_of([term.tokens]) if exact or term.negated else term.begins for term in every]
    codes = [term.written if _may_be_code(term.written) else "" for term in every]
    with connection.cursor() as cursor:
        cursor.execute(
            NAMES, {"asked": asked, "codes": codes, "any": " | ".join(f"({one})" for one in asked), "own": exact}
        )
        found: list[list[Named]] = [[] for _term in every]
        for kind, pk, name, own, numbers in cursor.fetchall():
            for number in numbers:
                found[number - 1].append(Named(kind, pk, name, own))
    return found


def names_of(entities: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[str]]:
    """The names of actors and materiel, those of merged actors included; a capital is no name of its state."""
    entities = list(entities)
    asked = {
        "actors": [pk for kind, pk in entities if kind == "actor"],
        "materiel": [pk for kind, pk in entities if kind == "materiel"],
    }
    found: dict[tuple[str, int], list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NAMES_OF, asked)
        for kind, pk, name in cursor.fetchall():
            found.setdefault((kind, pk), []).append(name)
    return found


def _may_be_code(word: str) -> bool:
    """Whether a word may be meant as an actor's code: two letters only in capitals, for "in" and "us" are words."""
    return word.isupper() if len(word) == 2 else len(word) > 2


def worth_searching(names: Iterable[str], own: Sequence[Phrase]) -> list[str]:
    """The names that find what the words themselves and the names before them do not; short ones are words, too."""
    kept: dict[Phrase, str] = dict.fromkeys(own, "")
    most = len(kept) + MOST_NAMES
    for name in sorted(dict.fromkeys(names), key=lambda name: len(tokens(name))):
        phrase = tokens(name)
        plain = tokens(sort_key(name))
        long_enough = len("".join(phrase)) > 2
        if phrase and long_enough and not any(within(other, phrase) or within(other, plain) for other in kept):
            kept[phrase] = name
        if len(kept) == most:
            break
    return [name for name in kept.values() if name]
