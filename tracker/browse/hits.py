"""Which rows hold what is sought, and how many do: asked so that the indexes of words answer it.

To take one claim's text apart costs what an index says about a thousand. The planner is therefore told to ask indexes,
and where very many rows hold the words, to walk from the newest instead of gathering them all.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

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


class Among(Func):
    """id = ANY (ids): one value for thousands of ids, where `pk__in` would be as many. NULL where the id is."""

    conditional = True
    output_field = BooleanField()
    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY ("


def among(path: str, ids: str) -> Q:
    """The rows whose id at the path is one of a literal array of the database."""
    return Q(Among(F(path), Value(ids)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of which the first `size` are wanted, and their number, exact up to `most`.

    `key` is the column that they are sorted by, with the id in the same direction; a minus before it lets them fall.
    Where at least the `dense` share of all rows is wanted, the newest rows are walked through; and where these are
    `stored` as they are sought, an index tells which of the newest are wanted. Else all are gathered. `among` are rows
    that are found before anything else is asked of them.
    """

    rows: QuerySet[Any]
    key: str
    size: int
    dense: float | None = None
    stored: bool = False
    most: int = 1_000
    among: QuerySet[Any] | None = None

    @property
    def table(self) -> str:
        """The table of the rows, as statements name it."""
        return f'"{self.rows.model._meta.db_table}"'


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of the first rows, and the number of all; beyond `most` any larger one, None where nobody counted."""

    ids: list[int]
    number: int | None


Compiled = tuple[str, tuple[Any, ...]]
# As many rows are gathered and sorted in less time than it takes to look for the newest of them.
GATHERED = 5_000
# The newest rows that are looked at are so many that this number of times as many hits as wanted is expected; of those
# that are walked through, at least as many, for it ends where enough are found.
MARGIN = 2
WALKED = 300


def first(wanted: dict[str, Wanted]) -> dict[str, Hits]:
    """The hits of each, by its name; those without any are left out. Two queries for all, or three."""
    compiled = {name: made for name, one in wanted.items() if (made := _hits(one))}
    shares = _shares({name: one for name, one in wanted.items() if one.dense and name in compiled}, compiled)
    since = _since({name: one for name, one in wanted.items() if name in shares}, shares)
    tables: list[str] = []
    answers: list[str] = []
    values: list[Any] = []
    for name, every in compiled.items():
        one = wanted[name]
        falls = "DESC" if one.key.startswith("-") else "ASC"
        number = f"(SELECT count(*) FROM {name})"
        parts = [(name, every)]
        if name in since:
            parts, number = _near_or_all(name, one, every, _hits(one, since=since[name]) or every)
        elif name in shares and shares[name] >= (one.dense or 0):
            near = _walked(one, max(WALKED, ceil(MARGIN * one.size / shares[name]))) or every
            parts, number = _near_or_all(name, one, every, near, counted=False)
        for table, (sql, of_table) in parts:
            tables.append(f"{table} (id, key) AS MATERIALIZED ({sql})")
            values += of_table
        ids = f"ARRAY(SELECT id FROM {name} ORDER BY key {falls}, id {falls} LIMIT {one.size})"
        answers.append(f"SELECT '{name}', {number}, {ids}")
    if not compiled:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} {' UNION ALL '.join(answers)}", values)
        return {name: Hits(ids, number) for name, number, ids in cursor.fetchall() if ids}


def _shares(wanted: dict[str, Wanted], compiled: dict[str, Compiled]) -> dict[str, float]:
    """The share of the rows that is wanted, of those of which there are too many to be gathered; one query."""
    whole: dict[str, Compiled] = {}
    for name, one in wanted.items():
        every = None if one.among is None else _compiled(one.rows.values_list("pk"))
        whole[f"whole_{name}"] = every or (f"SELECT FROM {one.table}", ())
    about = estimated({name: compiled[name] for name in wanted} | whole)
    # Those that are found among others take as long as all of these.
    few = {name: GATHERED if one.among is None else MARGIN * one.most for name, one in wanted.items()}
    return {name: about[name] / max(about[f"whole_{name}"], 1) for name in wanted if about[name] > few[name]}


def _since(wanted: dict[str, Wanted], shares: dict[str, float]) -> dict[str, Any]:
    """From which key on the newest rows are looked at, of which an index tells; one query where there are any.

    It is asked for beforehand, since the planner would take any unknown one for that of a third of all rows.
    """
    known = [name for name, one in wanted.items() if one.stored and shares[name] < (one.dense or 0)]
    if not known:
        return {}
    places = []
    for name in known:
        key = wanted[name].key.removeprefix("-")
        number = ceil(MARGIN * wanted[name].size / shares[name])
        newest = f'FROM {wanted[name].table} ORDER BY "{key}" DESC, "id" DESC'
        places.append(f'(SELECT "{key}" {newest} OFFSET {number} LIMIT 1)')
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(places)}")
        return {name: key for name, key in zip(known, cursor.fetchone(), strict=True) if key is not None}


def _near_or_all(
    name: str, one: Wanted, every: Compiled, near: Compiled, *, counted: bool = True
) -> tuple[list[tuple[str, Compiled]], str]:
    """The tables of rows, all of which are gathered only where there are too few `near` ones; and their number."""
    sql, values = every
    enough = f"(SELECT count(*) >= {one.size} FROM {name}_near)"
    either = f"SELECT * FROM {name}_near WHERE {enough} UNION ALL SELECT * FROM ({sql}) AS every WHERE NOT {enough}"
    parts = [(f"{name}_near", near), (name, (either, values))]
    number = "NULL"
    if counted:
        # Read only where those near are not themselves more than are counted.
        parts.append((f"{name}_counted", (f"{sql} LIMIT {one.most + 1}", values)))
        number = f"""CASE WHEN (SELECT count(*) FROM {name}_near) > {one.most} THEN {one.most + 1}
            ELSE (SELECT count(*) FROM {name}_counted) END"""
    return parts, f"CASE WHEN {enough} THEN {number} ELSE (SELECT count(*) FROM {name}) END"


def _hits(one: Wanted, *, since: Any = None) -> Compiled | None:
    """The statement for the ids and keys of the rows, from the key `since` on where it is given."""
    key = one.key.removeprefix("-")
    found = one.rows if since is None else one.rows.filter(**{f"{key}__gte": since})
    if one.among is None:
        return _compiled(found.values_list("pk", key))
    return _within(_compiled(one.among), _compiled(found.values_list("pk", key)), one)


def _walked(one: Wanted, number: int) -> Compiled | None:
    """The statement for the first `size` ids and keys among so many of the newest rows, read one after another."""
    key = one.key.removeprefix("-")
    everyone = one.rows.model._default_manager.all() if one.among is None else one.rows
    newest = _compiled(everyone, f' ORDER BY {one.table}."{key}" DESC, {one.table}."id" DESC LIMIT {number}')
    wanted = (one.rows if one.among is None else one.among).values_list("pk", key)
    return _within(newest, _compiled(wanted, f" ORDER BY 2 DESC, 1 DESC LIMIT {one.size}"), one)


def _within(inner: Compiled | None, outer: Compiled | None, one: Wanted) -> Compiled | None:
    """The outer statement about the rows of the inner one alone."""
    if not inner or not outer:
        return None
    # The planner moves no condition over OFFSET 0.
    rows = f"FROM ({inner[0]} OFFSET 0) AS {one.table}"
    return outer[0].replace(f"FROM {one.table}", rows, 1), inner[1] + outer[1]


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


def ids(rows: QuerySet[Any], most: int) -> tuple[int, str] | None:
    """How many rows there are, and their ids as a literal array of the database, in no order; None beyond `most`."""
    compiled = _compiled(rows.values_list("pk"))
    if not compiled:
        return 0, "{}"
    # Ten times as many are surely more: an estimate errs less than that.
    if estimated({"found": compiled})["found"] > 10 * most:
        return None
    sql, values = compiled
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), array_agg(id)::text FROM ({sql} LIMIT {most + 1}) AS found (id)", values)
        number, found = cursor.fetchone()
    return None if number > most else (number, found or "{}")


def _compiled(rows: QuerySet[Any], ending: str = "") -> Compiled | None:
    """The statement for the rows, in no order but by its ending; None where there are none."""
    try:
        sql, values = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql + ending, values
