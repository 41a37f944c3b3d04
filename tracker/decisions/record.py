"""Record a decision: who, what, when, and every field that it changed."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tracker.decisions.confirmed import unconfirmed
from tracker.decisions.recorded import LABELS
from tracker.models import Actor, Claim, Decision, Materiel, ReviewItem, Transfer, User
from tracker.models.transfers import Credibility

Row = TypeVar("Row", bound=models.Model)
# What decides whose voice an origin is.
ROOT_OF = {"kind", "parent", "merged_into"}
MANY = 500


class Conflict(Exception):
    """Somebody else changed the row since it was read. `row` is how it stands now."""

    def __init__(self, row: models.Model) -> None:
        super().__init__(f"{row} was changed in the meantime")
        self.row: Any = row


class Repeated(Exception):
    """This request was already carried out. `decision` is what it did."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"decision {decision.key} was already recorded")
        self.decision = decision


class Refused(ValueError):
    """The decision makes no sense as asked; the message says why and what to do."""


class Exact(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds; an undo has to put back the very time."""

    def default(self, o: Any) -> Any:
        if isinstance(o, models.Model):
            return o.pk
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them; a row is its id."""
    return json.loads(json.dumps(values, cls=Exact))


def stored(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a row by column, as JSON holds them."""
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    return plain({name: getattr(row, columns.get(name, name)) for name in names})


class Recorder:
    """Writes rows for one decision and remembers what it changed."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.now = timezone.now()
        self.changes: list[dict[str, Any]] = []
        self.transfers: set[int] = set()
        self.actors: set[int] = set()
        self.moved_actors: set[int] = set()
        self.materiel: set[int] = set()
        self.confirmed: list[Any] = []

    def create(self, model: type[Row], **values: Any) -> Row:
        """Insert a row."""
        row = model._default_manager.create(**values)
        self._remember(row, None, stored(row, values))
        return row

    def change(self, row: Row, *, version: int | None = None, **values: Any) -> Row:
        """Update the named fields of a row that still has `version`; raises Conflict where it has another."""
        known: Any = row
        expected = known.version if version is None else version
        self._touches(row)
        before = stored(row, values)
        rows = type(row)._default_manager.filter(pk=row.pk, version=expected)
        if not rows.update(**values, version=expected + 1):
            row.refresh_from_db()
            raise Conflict(row)
        for name, value in values.items():
            setattr(row, name, value)
        known.version = expected + 1
        self._remember(row, before, stored(row, values))
        return row

    def change_all(self, changes: list[tuple[Row, dict[str, Any]]]) -> None:
        """Update many rows of one model in one statement, each to its own values of the same fields.

        Raises Conflict where a row has another version than the one that was read; then nothing is written.
        """
        if not changes:
            return
        model = type(changes[0][0])
        fields: list[Any] = [model._meta.get_field(name) for name in changes[0][1]]
        written: list[tuple[Any, dict[str, Any]]] = [(row, plain(values)) for row, values in changes]
        sent = [
            {"id": row.pk, "version": row.version} | {field.column: values[field.name] for field in fields}
            for row, values in written
        ]
        quoted = {connection.ops.quote_name(field.column): field.db_type(connection) for field in fields}
        columns = ["id bigint", "version integer", *(f"{name} {kind}" for name, kind in quoted.items())]
        settings = ["version = t.version + 1", *(f"{name} = v.{name}" for name in quoted)]
        with connection.cursor() as cursor:
            _take_time(cursor, len(sent))
            cursor.execute(
                f"""UPDATE {model._meta.db_table} t SET {", ".join(settings)}
                    FROM jsonb_to_recordset(%s) AS v({", ".join(columns)})
                    WHERE t.id = v.id AND t.version = v.version
                    RETURNING t.id""",
                [json.dumps(sent)],
            )
            done = {pk for (pk,) in cursor.fetchall()}
        for row, values in written:
            if row.pk not in done:
                row.refresh_from_db()
                raise Conflict(row)
            self._touches(row)
            before = stored(row, values)
            for field in fields:
                setattr(row, field.attname, field.to_python(values[field.name]))
            row.version += 1
            self._remember(row, before, values)

    def _remember(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        label = LABELS[type(row)]
        change = {"model": label, "pk": row.pk, "version": row.version, "before": before, "after": after}
        self.changes.append(change)
        self._touches(row)
        if after.get("credibility") == Credibility.CONFIRMED:
            self.confirmed.append(row)
        if isinstance(row, Actor) and before and ROOT_OF & after.keys():
            self.moved_actors.add(row.pk)
        for name, value in after.items():
            model = row._meta.get_field(name).related_model
            if value and model in (Actor, Materiel):
                (self.actors if model is Actor else self.materiel).add(value)

    def _touches(self, row: models.Model) -> None:
        if isinstance(row, Transfer):
            self.transfers.add(row.pk)
        elif isinstance(row, Claim) and row.transfer_id:
            self.transfers.add(row.transfer_id)


# Foreign keys are checked at the end of a transaction, too late. Whoever names an actor or links to a transfer waits
# here for whoever merges it, and then finds it merged; and two who link to one transfer derive it one after the other,
# each from all of its claims. Merges take actors before transfers too.
SETTLE = """
WITH named AS (
    SELECT id, merged_into_id, withdrawn FROM tracker_actor WHERE id = ANY(%(actors)s) ORDER BY id FOR KEY SHARE
), linked AS (
    SELECT id, merged_into_id FROM tracker_transfer WHERE id = ANY(%(transfers)s) ORDER BY id FOR NO KEY UPDATE
)
SELECT 'actor', n.id, n.merged_into_id FROM named n WHERE n.merged_into_id IS NOT NULL OR n.withdrawn
UNION ALL
SELECT 'transfer', l.id, l.merged_into_id FROM linked l
WHERE l.merged_into_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM tracker_claim c WHERE c.transfer_id = l.id AND c.state <> 'retracted')
UNION ALL
SELECT 'materiel', m.id, NULL FROM tracker_materiel m WHERE m.id = ANY(%(materiel)s) AND m.withdrawn
"""
# Transfers whose origins may be others now, since somebody on the way to the root of an origin has moved.
ORIGINS_MOVED = """
WITH RECURSIVE below AS (
    SELECT unnest(%(actors)s::bigint[]) AS id
    UNION
    SELECT a.id FROM tracker_actor a JOIN below b ON a.parent_id = b.id OR a.merged_into_id = b.id
)
SELECT DISTINCT c.transfer_id FROM tracker_claim c JOIN below b ON b.id = c.origin_id
WHERE c.transfer_id IS NOT NULL AND c.state = 'active'
"""


def _take_time(cursor: Any, rows: int) -> None:
    """Lift the limit for statements, which is meant for pages, where a decision writes very many rows."""
    if rows > MANY:
        cursor.execute("SET LOCAL statement_timeout = '5min'")


def _settle(recorder: Recorder) -> None:
    """Derive the transfers that the decision touched. Refused where it links to what is merged or withdrawn by now."""
    with connection.cursor() as cursor:
        if recorder.moved_actors:
            cursor.execute(ORIGINS_MOVED, {"actors": sorted(recorder.moved_actors)})
            recorder.transfers |= {pk for (pk,) in cursor.fetchall()}
        if not (recorder.transfers or recorder.actors or recorder.materiel):
            return
        _take_time(cursor, len(recorder.transfers))
        names = ("transfers", "actors", "materiel")
        cursor.execute(SETTLE, {name: sorted(getattr(recorder, name)) for name in names})
        gone = cursor.fetchone()
    if gone:
        kind, pk, survivor = gone
        model: Any = {"transfer": Transfer, "actor": Actor, "materiel": Materiel}[kind]
        rows = model._default_manager.in_bulk([pk, survivor] if survivor else [pk])
        if survivor:
            raise Refused(_("%(row)s was merged into %(other)s.") % {"row": rows[pk], "other": rows[survivor]})
        raise Refused(_("%s was withdrawn.") % rows[pk])
    Transfer.objects.derive(recorder.transfers)


@contextmanager
def deciding(
    *,
    by: User,
    verdict: str,
    key: UUID,
    item: ReviewItem | None = None,
    seconds: float | None = None,
    undoes: Decision | None = None,
) -> Iterator[Recorder]:
    """Everything inside is one transaction and one Decision; the transfers that it touched are derived again.

    Raises Repeated where `key` was used before, by a request at the same time too, and Refused where it links to what
    was merged or withdrawn or gives credibility 1 to what fewer than two origins say; passes Conflict on. Then nothing
    is written.
    """
    try:
        # Outside of a request nobody else says in the history who it was.
        with transaction.atomic(), pghistory.context(user=by.pk, decision=str(key)):
            recorder = Recorder(by)
            yield recorder
            _settle(recorder)
            # An undo puts back what was right when it was decided; the page says where it holds no longer.
            if undoes is None and (reason := unconfirmed(recorder.confirmed)):
                raise Refused(reason)
            Decision.objects.create(
                user=by,
                verdict=verdict,
                key=key,
                item=item,
                seconds=seconds,
                undoes=undoes,
                changes=recorder.changes,
            )
    except OperationalError as error:
        # Another decision, or a merge of very many rows, holds what this one needs for longer than a page waits.
        if isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
            raise Refused(_("Somebody else is changing the same rows at this moment. Try again.")) from error
        raise
    except (Conflict, Refused, IntegrityError):
        # The key is unique: what was sent twice stumbles over its first time here, at the latest.
        repeated = Decision.objects.filter(key=key).first()
        if repeated is None:
            raise
        raise Repeated(repeated) from None
