"""Record a decision: who, what, when, and every field that it changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from tracker.models import Claim, Decision, ReviewItem, Transfer, User

Row = TypeVar("Row", Claim, ReviewItem, Transfer)
RECORDED: dict[str, type[models.Model]] = {"claim": Claim, "review": ReviewItem, "transfer": Transfer}
LABELS = {model: label for label, model in RECORDED.items()}


class Conflict(Exception):
    """Somebody else changed the row since it was read. `row` is how it stands now."""

    def __init__(self, row: models.Model) -> None:
        super().__init__(f"{row} was changed in the meantime")
        self.row = row


class Repeated(Exception):
    """This request was already carried out. `decision` is what it did."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"decision {decision.key} was already recorded")
        self.decision = decision


class Exact(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds; an undo has to put back the very time."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them."""
    return json.loads(json.dumps(values, cls=Exact))


def stored(row: models.Model, names: list[str]) -> dict[str, Any]:
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

    def create(self, model: type[Row], **values: Any) -> Row:
        """Insert a row."""
        row = model._default_manager.create(**values)
        self.changes.append(
            {
                "model": LABELS[model],
                "pk": row.pk,
                "version": row.version,
                "before": None,
                "after": stored(row, list(values)),
            }
        )
        self._touches(row)
        return row

    def change(self, row: Row, *, version: int | None = None, **values: Any) -> Row:
        """Update the named fields of a row that still has `version`; raises Conflict where it has another."""
        expected = row.version if version is None else version
        model = type(row)
        self._touches(row)
        before = stored(row, list(values))
        updated = model._default_manager.filter(pk=row.pk, version=expected).update(**values, version=expected + 1)
        if not updated:
            row.refresh_from_db()
            raise Conflict(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.version = expected + 1
        self.changes.append(
            {
                "model": LABELS[model],
                "pk": row.pk,
                "version": row.version,
                "before": before,
                "after": stored(row, list(values)),
            }
        )
        self._touches(row)
        return row

    def _touches(self, row: models.Model) -> None:
        if isinstance(row, Transfer):
            self.transfers.add(row.pk)
        elif isinstance(row, Claim) and row.transfer_id:
            self.transfers.add(row.transfer_id)


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

    Raises Repeated where `key` was used before, and passes Conflict on; then nothing is written.
    """
    with transaction.atomic():
        repeated = Decision.objects.filter(key=key).first()
        if repeated is not None:
            raise Repeated(repeated)
        recorder = Recorder(by)
        yield recorder
        Transfer.objects.derive(recorder.transfers)
        Decision.objects.create(
            user=by,
            verdict=verdict,
            key=key,
            item=item,
            seconds=seconds,
            undoes=undoes,
            changes=recorder.changes,
        )
