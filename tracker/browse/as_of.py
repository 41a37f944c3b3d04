"""Claims and transfers as they stood at an earlier time.

Inside `as_of` every query finds, under the names of the tables, what they held at that time: rows that have not
changed since are read from the table itself, the others from the history. So the filters, pages and exports of today
need to know nothing about it. What a transfer showed is in its history, as it was derived from the claims of that
time. Names (of actors, materiel, outlets and users) and articles are today's: what was taken down stays down.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from tracker.account.access import Request
from tracker.models import Claim, Transfer

# Fields without a history, from those that have one.
UNTRACKED: dict[Any, dict[str, str]] = {
    Claim: {"published_key": "coalesce(e.published_on, '0001-01-01'::date)"},
    Transfer: {
        "published_key": "coalesce(e.last_published, '0001-01-01'::date)",
        "supplier_key": "coalesce((SELECT a.sort_key FROM tracker_actor a WHERE a.id = e.supplier_id), '')",
        "recipient_key": "coalesce((SELECT a.sort_key FROM tracker_actor a WHERE a.id = e.recipient_id), '')",
    },
}
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


def tables(at: str, changed: Iterable[type[Model]]) -> str:
    """The WITH under whose names the `changed` tables stand as they stood at the time `at`, given in SQL."""
    shadows = [f"{model._meta.db_table} AS NOT MATERIALIZED ({_stood(model, at)})" for model in changed]
    return f"WITH {', '.join(shadows)} "


def _stood(model: Any, at: str) -> str:
    """The rows of a table at a time: those that have not changed since, and what the others were."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    then = [_then(model, field) for field in fields]
    return f"""
        SELECT {", ".join(f"n.{field.column}" for field in fields)} FROM {table} n
        WHERE NOT EXISTS (SELECT FROM {table}event h WHERE h.pgh_obj_id = n.id AND h.pgh_created_at > {at})
        UNION ALL
        SELECT {", ".join(then)} FROM {table}event e
        WHERE e.pgh_created_at <= {at} AND EXISTS (SELECT 1 FROM {table} n WHERE n.id = e.pgh_obj_id)
          AND e.pgh_obj_id IN (
              SELECT h.pgh_obj_id FROM {table}event h WHERE h.pgh_created_at > {at} AND h.pgh_label <> 'insert'
          )
          AND NOT EXISTS (
              SELECT 1 FROM {table}event h
              WHERE h.pgh_obj_id = e.pgh_obj_id AND h.pgh_created_at <= {at} AND h.pgh_id > e.pgh_id
          )"""


def _then(model: Any, field: Any) -> str:
    return UNTRACKED[model].get(field.name, f"e.{field.column}")


class Shadow:
    """Lets a query find the tables of a time under the names of today's; for `connection.execute_wrapper`.

    A table that has not changed since is read as it is.
    """

    def __init__(self, asked: Moment) -> None:
        self.at = asked.literal
        since = f"h.pgh_created_at > {self.at}"
        asked_for = [f"EXISTS (SELECT 1 FROM {model._meta.db_table}event h WHERE {since})" for model in UNTRACKED]
        # Whose voice an origin is: an actor that came later was nobody's.
        moved = f"EXISTS (SELECT 1 FROM tracker_actorevent h WHERE {since} AND h.pgh_label <> 'insert')"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(asked_for)}, {moved}")
            *changes, self.roots = cursor.fetchone()
        changed = [model for model, has_changed in zip(UNTRACKED, changes, strict=True) if has_changed]
        self.prefix = tables(self.at, changed) if changed else ""
        self.named = re.compile(rf"\b({'|'.join(model._meta.db_table for model in changed)})\b")

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute(self.shadowed(sql), params, many, context)

    def shadowed(self, sql: str) -> str:
        """The query about the tables of that time."""
        if not sql.startswith("SELECT"):
            return sql
        if self.roots:
            sql = sql.replace("tracker_actor_root(", f"tracker_actor_root_at({self.at}, ")
        return self.prefix + sql if self.prefix and self.named.search(sql) else sql


@contextmanager
def as_of(asked: Moment | None) -> Iterator[None]:
    """Within it all that Django asks the database is answered as of that time."""
    if asked is None:
        yield
        return
    with connection.execute_wrapper(Shadow(asked)):
        yield


def is_past() -> bool:
    """Whether what is asked now is answered as of an earlier time."""
    return any(isinstance(wrapper, Shadow) for wrapper in connection.execute_wrappers)


def dated(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that answers as of the time that `?as_of=` names; 422 where that is none, 503 where it takes too long."""

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
        try:
            with as_of(asked.as_of):
                return view(request, *args, **kwargs)
        except OperationalError as error:
            if asked.as_of is None or not isinstance(error.__cause__, QueryCanceled):
                raise
            part = "#reason" if asked.htmx else ""
            reason = _("There is too much of it for a page. The CSV as of that time has no limit.")
            return render(request, f"browse/no_time.html{part}", {"reason": reason}, status=503)

    return wrapper
