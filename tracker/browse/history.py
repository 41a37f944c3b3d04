"""Who changed what and when, read from the append-only history that the database writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Actor, Claim, Materiel, Transfer, User
from tracker.templatetags.figures import figure

TRANSFER_FIELDS = {
    "supplier_id": gettext_lazy("supplier"),
    "recipient_id": gettext_lazy("recipient"),
    "stage": gettext_lazy("stage"),
    "outlook": gettext_lazy("outlook"),
    "status": gettext_lazy("status"),
    "contested": gettext_lazy("contested"),
    "claim_count": gettext_lazy("claims"),
    "materiel_id": gettext_lazy("materiel"),
    "quantity_min": gettext_lazy("quantity from"),
    "quantity_max": gettext_lazy("quantity to"),
    "credibility": gettext_lazy("credibility"),
    "state": gettext_lazy("state"),
    "note": gettext_lazy("note"),
}
CLAIM_FIELDS = {
    "state": gettext_lazy("state"),
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
LIMIT = 400


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


def of_transfer(transfer: Transfer) -> list[Entry]:
    """The history of a transfer and of the claims that are or were linked to it, newest first."""
    transfers = _rows(Transfer, pgh_obj=transfer.pk)
    linked = _rows(Claim, pgh_obj__in=Claim.pgh_event_model.objects.filter(transfer=transfer.pk).values("pgh_obj"))
    return _entries([(Transfer, TRANSFER_FIELDS, transfers), (Claim, CLAIM_FIELDS, linked)])


def of_claim(claim: Claim) -> list[Entry]:
    """The history of a claim, newest first."""
    return _entries([(Claim, CLAIM_FIELDS, _rows(Claim, pgh_obj=claim.pk))])


def _rows(model: Any, **lookups: Any) -> list[Any]:
    return list(model.pgh_event_model.objects.filter(**lookups).order_by("-pgh_id")[:LIMIT])[::-1]


def _entries(parts: Sequence[tuple[type[Model], dict[str, Any], list[Any]]]) -> list[Entry]:
    names = _Names(parts)
    found: list[tuple[int, Entry]] = []
    for model, fields, rows in parts:
        last: dict[int, Any] = {}
        for row in rows:
            before = last.get(row.pgh_obj_id)
            last[row.pgh_obj_id] = row
            changes = [
                Change(label, names.said(before, name), names.said(row, name))
                for name, label in fields.items()
                if before is not None and getattr(before, name) != getattr(row, name)
            ]
            if before is None or changes:
                entry = Entry(row.pgh_created_at, names.user(row), _what(model, row, before), changes)
                found.append((row.pgh_id, entry))
    return [entry for _id, entry in sorted(found, key=lambda pair: (pair[1].at, pair[0]), reverse=True)]


def _what(model: type[Model], row: Any, before: Any) -> str:
    if model is Transfer:
        return _("opened the transfer") if before is None else _("changed the transfer")
    words = _("accepted claim %d") if before is None else _("changed claim %d")
    return words % row.pgh_obj_id


class _Names:
    """The names of everything that the rows point to, looked up at once."""

    def __init__(self, parts: Sequence[tuple[type[Model], dict[str, Any], list[Any]]]) -> None:
        rows = [row for _model, _fields, rows in parts for row in rows]
        self.actors = Actor.objects.in_bulk(
            {
                pk
                for row in rows
                for name in ("supplier_id", "recipient_id", "origin_id")
                if (pk := getattr(row, name, None))
            }
        )
        self.materiel = Materiel.objects.in_bulk({row.materiel_id for row in rows if row.materiel_id})
        users = {pk for row in rows if (pk := (row.pgh_context or {}).get("user"))}
        self.users = dict(User.objects.filter(pk__in=users).values_list("pk", "username"))

    def user(self, row: Any) -> str | None:
        """Who did it."""
        return self.users.get((row.pgh_context or {}).get("user"))

    def said(self, row: Any, name: str) -> str:
        """A value in words."""
        value = getattr(row, name)
        if value is None or value == "":
            return ""
        if name == "transfer_id":
            return f"T-{value:06d}"
        if name == "materiel_id":
            return str(self.materiel.get(value, value))
        if name.endswith("_id"):
            return str(self.actors.get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(row._meta.get_field(name).flatchoices)
        if value in choices:
            return str(choices[value])
        if isinstance(value, int):
            return figure(value)
        return date_format(value, "j M Y") if name.startswith("date_") else str(value)
