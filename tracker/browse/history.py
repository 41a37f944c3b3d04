"""Who changed what and when, read from the append-only history that the database writes.

Rows that one transaction wrote are one entry: it shows each field as it was before and as it was left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.models import Actor, Claim, Materiel, Transfer, User
from tracker.templatetags.figures import figure

TRANSFER_FIELDS = {
    "supplier_id": gettext_lazy("supplier"),
    "recipient_id": gettext_lazy("recipient"),
    "stage": gettext_lazy("stage"),
    "outlook": gettext_lazy("outlook"),
    "status": gettext_lazy("status"),
    "contested": gettext_lazy("contested"),
    "materiel_id": gettext_lazy("materiel"),
    "quantity_min": gettext_lazy("quantity from"),
    "quantity_max": gettext_lazy("quantity to"),
    "credibility": gettext_lazy("credibility"),
    "state": gettext_lazy("state"),
    "note": gettext_lazy("note"),
}
CLAIM_FIELDS = {
    "transfer_id": gettext_lazy("transfer"),
    "supplier_id": gettext_lazy("supplier"),
    "recipient_id": gettext_lazy("recipient"),
    "materiel_id": gettext_lazy("materiel"),
    "category": gettext_lazy("category"),
    "stage": gettext_lazy("stage"),
    "modality": gettext_lazy("modality"),
    "quantity_min": gettext_lazy("quantity from"),
    "quantity_max": gettext_lazy("quantity to"),
    "date_from": gettext_lazy("first day"),
    "date_to": gettext_lazy("last day"),
    "origin_id": gettext_lazy("origin"),
    "credibility": gettext_lazy("credibility"),
    "translation": gettext_lazy("translation"),
    "note": gettext_lazy("note"),
}
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, in words."""

    field: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `by` is None for the program."""

    at: datetime
    by: str | None
    what: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did to one row: `before` is None where it was inserted."""

    model: type[Transfer] | type[Claim]
    before: Any
    after: Any


def of_transfer(transfer: Transfer) -> list[Entry]:
    """The history of a transfer and of the claims that are or were linked to it, newest first."""
    linked = _written(Claim).filter(transfer=transfer.pk).values("pgh_obj")
    return _entries([*_steps(Transfer, pgh_obj=transfer.pk), *_steps(Claim, pgh_obj__in=linked)])


def of_claim(claim: Claim) -> list[Entry]:
    """The history of a claim, newest first."""
    return _entries(_steps(Claim, pgh_obj=claim.pk))


def _steps(model: Any, **lookups: Any) -> list[Step]:
    """The latest changes, oldest first, one for each row and transaction."""
    rows = list(_written(model).filter(**lookups).order_by("-pgh_id")[:LIMIT])[::-1]
    rows.sort(key=lambda row: (row.pgh_obj_id, row.pgh_id))
    found = []
    for _id, versions in groupby(rows, key=lambda row: row.pgh_obj_id):
        before = None
        for _at, written in groupby(versions, key=_transaction):
            *_between, last = written
            found.append(Step(model, before, last))
            before = last
    return found


def _written(model: Any) -> QuerySet[Any]:
    return model.pgh_event_model.objects.all()


def _transaction(row: Any) -> tuple[datetime, Any]:
    # The time of a row is that of the beginning of its transaction.
    return row.pgh_created_at, (row.pgh_context or {}).get("user")


def _entries(steps: list[Step]) -> list[Entry]:
    names = _Names(steps)
    steps.sort(key=lambda step: (step.after.pgh_created_at, step.after.pgh_id), reverse=True)
    entries = (_entry(list(together), names) for _at, together in groupby(steps, key=lambda s: _transaction(s.after)))
    return [entry for entry in entries if entry.what or entry.changes]


def _entry(steps: list[Step], names: "_Names") -> Entry:
    transfers = [step for step in steps if step.model is Transfer]
    claims = sorted((step for step in steps if step.model is Claim), key=lambda step: step.after.pgh_obj_id)
    changes = [change for step in transfers for change in names.changes(step, TRANSFER_FIELDS)]
    changed = [(step, names.changes(step, CLAIM_FIELDS) if step.before else []) for step in claims]
    changes += [change for _step, made in changed for change in made]
    accepted = [step for step in claims if step.before is None]
    withdrawn = [step for step in claims if step.before and _left(step, Claim.State.RETRACTED)]
    restored = [step for step in claims if step.before and _left(step, Claim.State.ACTIVE)]
    others = [step for step, made in changed if made and step not in (*withdrawn, *restored)]
    said = [
        _("opened the transfer") if any(step.before is None for step in transfers) else "",
        ngettext("accepted claim %s", "accepted claims %s", len(accepted)) % _numbers(accepted) if accepted else "",
        ngettext("withdrew claim %s", "withdrew claims %s", len(withdrawn)) % _numbers(withdrawn) if withdrawn else "",
        ngettext("restored claim %s", "restored claims %s", len(restored)) % _numbers(restored) if restored else "",
        ngettext("changed claim %s", "changed claims %s", len(others)) % _numbers(others) if others else "",
    ]
    what = ", ".join(part for part in said if part)
    if not what and changes:
        what = _("changed the transfer")
    return Entry(steps[0].after.pgh_created_at, names.who(steps), what, changes)


def _left(step: Step, state: str) -> bool:
    return step.before.state != step.after.state == state


def _numbers(steps: Iterable[Step]) -> str:
    return ", ".join(str(step.after.pgh_obj_id) for step in steps)


class _Names:
    """The names of everything that the rows point to, looked up at once."""

    def __init__(self, steps: list[Step]) -> None:
        rows = [row for step in steps for row in (step.before, step.after) if row]
        actors = {getattr(row, name, None) for row in rows for name in ("supplier_id", "recipient_id", "origin_id")}
        self.actors = Actor.objects.in_bulk(actors - {None})
        self.materiel = Materiel.objects.in_bulk({row.materiel_id for row in rows} - {None})
        users = {(row.pgh_context or {}).get("user") for row in rows}
        users |= {getattr(row, "reviewed_by_id", None) for row in rows}
        self.users = dict(User.objects.filter(pk__in=[pk for pk in users if pk]).values_list("pk", "username"))

    def who(self, steps: list[Step]) -> str | None:
        """Who did it; outside of a request, who is said to have accepted the claims."""
        context = steps[0].after.pgh_context or {}
        if context.get("user"):
            return self.users.get(context["user"])
        accepted = {step.after.reviewed_by_id for step in steps if step.model is Claim and step.before is None}
        return ", ".join(sorted(self.users[pk] for pk in accepted if pk in self.users)) or None

    def changes(self, step: Step, fields: dict[str, Any]) -> list[Change]:
        """The named fields that differ; for a new row those that it has."""
        return [
            Change(label, before, after)
            for name, label in fields.items()
            if (before := self.said(step.before, name)) != (after := self.said(step.after, name))
            and (step.before or name not in {"supplier_id", "recipient_id", "state", "credibility", "status"})
        ]

    def said(self, row: Any, name: str) -> str:
        """A value in words."""
        value = getattr(row, name) if row else None
        if value is None or value is False or value == "":
            return ""
        if name == "transfer_id":
            return f"T-{value:06d}"
        if name == "materiel_id":
            return str(self.materiel.get(value, value))
        if name.endswith("_id"):
            return str(self.actors.get(value, value))
        if value is True:
            return _("yes")
        choices = dict(row._meta.get_field(name).flatchoices)
        if value in choices:
            return str(choices[value])
        if isinstance(value, int):
            return figure(value)
        return date_format(value, "j M Y") if name.startswith("date_") else str(value)
