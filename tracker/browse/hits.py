"""Which rows hold what is sought, and how many do: asked so that the indexes of words answer it.

To take one claim's text apart costs what an index says about a thousand. The planner is therefore told to ask indexes,
and where very many rows hold the words, to walk from the newest instead of gathering them all.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

# It takes a stored vector for cheap to compare; to start parallel workers takes longer than these queries do; and a
# bitmap that does not fit the memory would have the text of every row on a page taken apart.
PLANNED = """SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '32MB'"""
AS_BEFORE = """SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT;
SET LOCAL work_mem TO DEFAULT"""


@contextmanager
def by_index() -> Iterator[None]:
    """Within it, what is asked is planned for words."""
    within_another = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNED)
        yield
        # The settings last as long as the transaction around all.
        if within_another:
            cursor.execute(AS_BEFORE)


@dataclass(frozen=True, slots=True)
class Near:
    """When to walk from the newest row on: where at least `enough` of the `looked_at` newest rows are wanted ones."""

    looked_at: int
    enough: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of which the first `size` and their number are wanted.

    `key` is the column that they are sorted by, with the id in the same direction; a minus before it lets them fall.
    Without `near` all of them are gathered.
    """

    rows: QuerySet[Any]
    key: str
    size: int
    near: Near | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of the first rows, and the number of all: None where they are too many to be gathered."""

    ids: list[int]
    number: int | None


Compiled = tuple[str, tuple[Any, ...]]
# As many rows are gathered and sorted in less time than it takes to look what the newest rows say.
GATHERED = 20_000


def first(wanted: dict[str, Wanted]) -> dict[str, Hits]:
    """The hits of each, by its name; those without any are left out. Two queries for all."""
    compiled = {name: made for name, one in wanted.items() if (made := _compiled(one.rows, one.key))}
    about = estimated({name: made for name, made in compiled.items() if wanted[name].near})
    tables, answers = [], []
    params: list[Any] = []
    for name, (sql, values) in compiled.items():
        one = wanted[name]
        falls = "DESC" if one.key.startswith("-") else "ASC"
        number = f"(SELECT count(*) FROM {name})"
        if one.near and about[name] > GATHERED:
            tables += _walked_or_gathered(name, sql, one, one.near)
            params += values * 3
            number = f"CASE WHEN (SELECT enough FROM {name}_near) THEN NULL ELSE {number} END"
        else:
            tables.append(f"{name} (id, key) AS MATERIALIZED ({sql})")
            params += values
        ids = f"ARRAY(SELECT id FROM {name} ORDER BY key {falls}, id {falls} LIMIT {one.size})"
        answers.append(f"SELECT '{name}', {number}, {ids}")
    if not compiled:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} {' UNION ALL '.join(answers)}", params)
        return {name: Hits(ids, number) for name, number, ids in cursor.fetchall() if ids}


def _walked_or_gathered(name: str, sql: str, one: Wanted, near: Near) -> list[str]:
    """The tables of rows that may be too many to be gathered: the newest ones tell, whatever was estimated."""
    table, key = one.rows.model._meta.db_table, one.key.removeprefix("-")
    newest = f'SELECT * FROM "{table}" ORDER BY "{key}" DESC, "id" DESC LIMIT {near.looked_at}'
    looked_at = sql.replace(f'FROM "{table}"', f'FROM ({newest}) AS "{table}"', 1)
    return [
        f"{name}_near (enough) AS MATERIALIZED (SELECT count(*) >= {near.enough} FROM ({looked_at}) AS near)",
        f"""{name} (id, key) AS MATERIALIZED (
            SELECT * FROM ({sql} ORDER BY 2 DESC, 1 DESC LIMIT {one.size}) AS walked
            WHERE (SELECT enough FROM {name}_near)
            UNION ALL
            SELECT * FROM ({sql}) AS gathered WHERE NOT (SELECT enough FROM {name}_near)
        )""",
    ]


def estimated(compiled: dict[str, Compiled]) -> dict[str, int]:
    """How many rows each statement finds, by the statistics of the database; one query."""
    if not compiled:
        return {}
    tables = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, (sql, _values) in compiled.items())
    params = [value for _sql, values in compiled.values() for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) WITH {tables} SELECT FROM {', '.join(compiled)}", params)
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    nodes = {node.get("Subplan Name"): node["Plan Rows"] for node in plan[0]["Plan"]["Plans"]}
    return {name: nodes[f"CTE {name}"] for name in compiled}


def ids(rows: QuerySet[Any], most: int) -> str | None:
    """The ids of the rows as a literal array of the database, in no order; None where they are more than `most`."""
    compiled = _compiled(rows)
    if not compiled:
        return "{}"
    # Ten times as many are surely more: an estimate errs less than that.
    if estimated({"found": compiled})["found"] > 10 * most:
        return None
    sql, values = compiled
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), array_agg(id)::text FROM ({sql} LIMIT {most + 1}) AS found (id)", values)
        number, found = cursor.fetchone()
    return None if number > most else found or "{}"


def _compiled(rows: QuerySet[Any], *keys: str) -> Compiled | None:
    """The statement for the ids of rows, and for the columns that they are sorted by; None where there are none."""
    columns = [key.removeprefix("-") for key in keys]
    try:
        return rows.order_by().values_list("pk", *columns).query.sql_with_params()
    except EmptyResultSet:
        return None
