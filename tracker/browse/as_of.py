"""Claims and transfers as they stood at an earlier time.

Inside `as_of` every query finds, under the names of the tables, what they held at that time: rows that have not
changed since are read from the table itself, the others from the history; transfers are derived anew from the claims
of that time. So the filters, pages and exports of today need to know nothing about it. Names (of actors, materiel,
outlets and users) and articles are today's: what was taken down stays down.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracker.account.access import Request
from tracker.models import Actor, Claim, Materiel, Transfer
from tracker.models.derivation import SHOWN, derived

# Fields that show the names of today, whatever they were then.
TODAY: dict[Any, set[str]] = {
    Claim: set(),
    Transfer: set(),
    Actor: {"code", "name_en", "name_id", "sort_key"},
    Materiel: {"key", "name_en", "name_id", "sort_key"},
}
GENERATED = {Claim: "coalesce({row}.published_on, '0001-01-01'::date)"}
# The sign of an offset arrives as a space where an address was not encoded.
UNENCODED = re.compile(r" (?=\d\d:?\d\d$)")


class NotATime(ValueError):
    """What was asked for is no time in the past; the message says why."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the past: all that was committed by then counts. `written` is how an address asks for it."""

    written: str
    at: datetime
    whole_day: bool

    @property
    def query(self) -> str:
        """What leads on to another page of the same time."""
        return "?" + urlencode({"as_of": self.written})

    @property
    def literal(self) -> str:
        """The time in SQL."""
        return f"'{self.at.isoformat()}'::timestamptz"


class DatedRequest(Request):
    """A request to a view that is `dated`; `as_of` is None for today."""

    as_of: Moment | None


def moment(written: str) -> Moment:
    """The end of a day in the reader's zone, or a time in ISO 8601, in the reader's zone where it names none.

    Raises NotATime.
    """
    written = written.strip()
    try:
        day = parse_date(written)
        at = None if day else parse_datetime(UNENCODED.sub("+", written))
        if day:
            following = datetime.combine(day + timedelta(days=1), time.min)
            at = timezone.make_aware(following) - timedelta(microseconds=1)
        if at is None:
            raise ValueError
        at = timezone.make_aware(at) if timezone.is_naive(at) else at
        at = at.astimezone(timezone.get_fixed_timezone(0))
    except (ValueError, OverflowError):
        raise NotATime(
            _("“%s” is no day such as 2024-03-01, and no time such as 2024-03-01T12:00.") % written
        ) from None
    if (day > timezone.localdate()) if day else at > timezone.now():
        raise NotATime(_("“%s” is yet to come.") % written)
    return Moment(written, at, day is not None)


def tables(at: str) -> str:
    """The WITH under whose names the tables stand as they stood at the time `at`, given in SQL."""
    changed = f"IN (SELECT h.pgh_obj_id FROM tracker_transferevent h WHERE h.pgh_created_at > {at})"
    shadows: list[str] = [
        *(f"{model._meta.db_table} AS NOT MATERIALIZED ({_stood(model, at)})" for model in (Actor, Materiel, Claim)),
        f"tracker_transfer AS NOT MATERIALIZED ({_transfers(at, changed)})",
    ]
    return f"WITH {', '.join(shadows)} "


def _stood(model: Any, at: str) -> str:
    """The rows of a table at a time."""
    table, names = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    then = [_then(model, field) for field in model._meta.concrete_fields]
    return f"""
        SELECT {", ".join(f"n.{name}" for name in names)} FROM {table} n
        WHERE NOT EXISTS (SELECT 1 FROM {table}event h WHERE h.pgh_obj_id = n.id AND h.pgh_created_at > {at})
        UNION ALL SELECT {", ".join(then)} FROM ({_last(table, at)}) e JOIN {table} n ON n.id = e.pgh_obj_id"""


def _then(model: Any, field: Any) -> str:
    if field.generated:
        return GENERATED[model].format(row="e")
    return f"n.{field.column}" if field.name in TODAY[model] else f"e.{field.column}"


def _last(table: str, at: str) -> str:
    """Of the rows that have changed since, the last state that was written by then."""
    return f"""
        SELECT e.* FROM {table}event e
        WHERE e.pgh_created_at <= {at}
          AND EXISTS (SELECT 1 FROM {table}event h WHERE h.pgh_obj_id = e.pgh_obj_id AND h.pgh_created_at > {at})
          AND NOT EXISTS (
              SELECT 1 FROM {table}event h
              WHERE h.pgh_obj_id = e.pgh_obj_id AND h.pgh_created_at <= {at} AND h.pgh_id > e.pgh_id
          )"""


def _transfers(at: str, changed: str) -> str:
    """Transfers at a time: what people judged by then, and what the claims of that time add up to."""
    fields = Transfer._meta.concrete_fields
    columns: list[str] = [field.column for field in fields if field.column]
    values = {name: SHOWN.get(name, f"t.{name}") for name in columns}
    values["published_key"] = "coalesce(s.last_published, '0001-01-01'::date)"
    return f"""
        SELECT {", ".join(f"n.{name}" for name in values)} FROM tracker_transfer n
        WHERE n.id NOT {changed}
        UNION ALL SELECT {", ".join(values.values())} FROM (
            {derived(wanted=changed)} SELECT * FROM shown
        ) s JOIN ({_last("tracker_transfer", at)}) t ON t.pgh_obj_id = s.id"""


class Shadow:
    """Lets a query find the tables of a time under the names of today's; for `connection.execute_wrapper`."""

    def __init__(self, asked: Moment) -> None:
        self.asked = asked
        self.named = [f'"{model._meta.db_table}"' for model in TODAY]

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute(self.shadowed(sql), params, many, context)

    def shadowed(self, sql: str) -> str:
        """The query about the tables of that time."""
        if not sql.startswith("SELECT") or not any(name in sql for name in [*self.named, "tracker_actor_root("]):
            return sql
        then = tables(self.asked.literal) + sql
        return then.replace("tracker_actor_root(", f"tracker_actor_root_at({self.asked.literal}, ")


@contextmanager
def as_of(asked: Moment | None) -> Iterator[None]:
    """Within it all that Django asks the database is answered as of that time."""
    if asked is None:
        yield
        return
    with connection.execute_wrapper(Shadow(asked)):
        yield


def dated(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that answers as of the time that `?as_of=` names, and 422 where that is none."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked: Any = request
        asked.as_of = None
        if written := request.GET.get("as_of", "").strip():
            try:
                asked.as_of = moment(written)
            except NotATime as error:
                part = "#reason" if asked.htmx else ""
                return render(request, f"browse/no_time.html{part}", {"reason": str(error)}, status=422)
        with as_of(asked.as_of):
            return view(request, *args, **kwargs)

    return wrapper
