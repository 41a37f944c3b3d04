"""Loads the reference data of articles/reference into the database, again and again with the same result.

Rows are matched by their key. A row that people have edited (its version has risen) keeps what they wrote; rows that
the files no longer have stay, since claims may stand on them.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from articles.codes import Language
from articles.extract.languages import read_shared
from tracker.models.sorting import sort_key

FOLDER = settings.BASE_DIR / "articles" / "reference"
ACTOR_FILES = ("states", "groups", "institutions", "companies", "persons")

Row = dict[str, str]


def rows(name: str, folder: Path) -> Iterator[Row]:
    """The rows of one file, by column."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load(folder: Path = FOLDER) -> dict[str, int]:
    """Load every file in one transaction; returns the number of rows by table."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The limit is meant for pages; thousands of rows with their history may take longer on a busy machine.
        cursor.execute("SET LOCAL statement_timeout = 0")
        return {
            "categories": _categories(folder),
            "actors": _actors(folder),
            "actor names": _actor_names(folder),
            "materiel": _materiel(folder),
            "materiel names": _materiel_names(folder),
            "outlets": _outlets(folder),
        }


def _merge(columns: Sequence[str], values: Iterable[Sequence[object]], statements: Sequence[str]) -> int:
    """COPY `values` into a temporary table `sent`, run the statements, and return the number of rows sent."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE sent ({', '.join(f'{name} text' for name in columns)}) ON COMMIT DROP")
        count = 0
        with cursor.copy(f"COPY sent ({', '.join(columns)}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
                count += 1
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("DROP TABLE sent")
    return count


def _categories(folder: Path) -> int:
    columns = ("category", "position", "sipri", "unroca")
    return _merge(
        columns,
        ([row[name] for name in columns] for row in rows("categories", folder)),
        [
            """INSERT INTO tracker_categorycrosswalk (category, position, sipri, unroca)
               SELECT category, position::int, sipri, unroca FROM sent
               ON CONFLICT (category) DO UPDATE
               SET position = excluded.position, sipri = excluded.sipri, unroca = excluded.unroca"""
        ],
    )


def _actors(folder: Path) -> int:
    sent = (
        (row["code"], row["kind"], row["name_en"], row["name_id"], sort_key(row["name_en"]), row["home"])
        for name in ACTOR_FILES
        for row in rows(name, folder)
    )
    return _merge(
        ("code", "kind", "name_en", "name_id", "sort_key", "home"),
        sent,
        [
            """INSERT INTO tracker_actor AS a (code, kind, name_en, name_id, sort_key, version)
               SELECT code, kind, name_en, name_id, sort_key, 1 FROM sent
               ON CONFLICT (code) DO UPDATE
               SET kind = excluded.kind, name_en = excluded.name_en, name_id = excluded.name_id,
                   sort_key = excluded.sort_key
               WHERE a.version = 1""",
            """UPDATE tracker_actor a SET parent_id = p.id
               FROM sent s JOIN tracker_actor p ON p.code = s.home
               WHERE a.code = s.code AND a.version = 1 AND a.parent_id IS DISTINCT FROM p.id""",
        ],
    )


def _actor_names(folder: Path) -> int:
    columns = ("actor", "language", "kind", "name")
    return _merge(
        columns,
        ([row[name] for name in columns] for row in read_shared("actor_names", folder)),
        [
            """INSERT INTO tracker_actorname AS n (actor_id, language, kind, name, source)
               SELECT a.id, s.language, s.kind, s.name, 'reference' FROM sent s JOIN tracker_actor a ON a.code = s.actor
               ON CONFLICT (actor_id, language, name) DO UPDATE SET kind = excluded.kind
               WHERE n.source = 'reference' AND n.kind <> excluded.kind""",
        ],
    )


def _materiel(folder: Path) -> int:
    columns = ("materiel", "kind", "category", "name_en", "name_id", "sipri", "unroca", "maker")
    return _merge(
        (*columns, "sort_key"),
        ([*(row[name] for name in columns), sort_key(row["name_en"])] for row in rows("materiel", folder)),
        [
            """INSERT INTO tracker_materiel AS m
                   (key, kind, category, name_en, name_id, sipri, unroca, maker, sort_key, version)
               SELECT materiel, kind, category, name_en, name_id, sipri, unroca, maker, sort_key, 1 FROM sent
               ON CONFLICT (key) DO UPDATE
               SET kind = excluded.kind, category = excluded.category, name_en = excluded.name_en,
                   name_id = excluded.name_id, sipri = excluded.sipri, unroca = excluded.unroca,
                   maker = excluded.maker, sort_key = excluded.sort_key
               WHERE m.version = 1""",
        ],
    )


def _materiel_names(folder: Path) -> int:
    columns = ("materiel", "language", "name")
    return _merge(
        columns,
        ([row[name] for name in columns] for row in read_shared("materiel_names", folder)),
        [
            """INSERT INTO tracker_materielname (materiel_id, language, name, source)
               SELECT m.id, s.language, s.name, 'reference'
               FROM sent s JOIN tracker_materiel m ON m.key = s.materiel
               ON CONFLICT (materiel_id, language, name) DO NOTHING""",
        ],
    )


def _outlets(folder: Path) -> int:
    names: dict[str, list[str]] = {}
    for row in rows("outlet_names", folder):
        names.setdefault(row["outlet"], []).append(row["name"].lower())
    return store_outlets(rows("outlets", folder), names)


def store_outlets(outlets: Iterable[Row], names: dict[str, list[str]] | None = None, *, demo: bool = False) -> int:
    """Insert or refresh outlets from rows of the form of outlets.csv; `names` are further names by key."""
    further = names or {}
    sent = (
        (
            row["outlet"],
            row["name"],
            row["kind"],
            row["country"],
            row["language"] if row["language"] in Language.values else "und" if row["language"] else "",
            "\t".join(further.get(row["outlet"], [])),
            "\t".join(row["domains"].split()),
            "true" if demo else "false",
        )
        for row in outlets
    )
    return _merge(
        ("key", "name", "kind", "country", "language", "names", "domains", "demo"),
        sent,
        [
            r"""INSERT INTO articles_outlet AS o
                   (key, name, kind, country, language, names, domains, reliability, demo, version)
               SELECT key, name, kind, country, language, coalesce(string_to_array(nullif(names, ''), E'\t'), '{}'),
                      coalesce(string_to_array(nullif(domains, ''), E'\t'), '{}'), 'F', demo::boolean, 1
               FROM sent
               ON CONFLICT (key) DO UPDATE
               SET name = excluded.name, kind = excluded.kind, country = excluded.country,
                   language = excluded.language, names = excluded.names, domains = excluded.domains
               WHERE o.version = 1""",
        ],
    )
