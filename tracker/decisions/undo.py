"""Undo a decision: put back what was before, where nobody has built on it since."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tracker.decisions.record import RECORDED, Recorder, deciding
from tracker.models import Claim, Decision, ReviewItem, Transfer, User


class CannotUndo(Exception):
    """The decision cannot be undone; the message says why, in the reader's words."""


def last_undoable(user: User) -> Decision | None:
    """The user's newest decision that is neither undone nor itself an undo, nor about demo data that is removed."""
    return (
        Decision.objects.filter(Q(item_id=None) | Q(item__event__isnull=False), user=user, undone_by__isnull=True)
        .exclude(verdict=Decision.Verdict.UNDO)
        .select_related("item__event")
        .first()
    )


def undo(decision: Decision, *, by: User, key: UUID) -> Decision:
    """Record the undo of `decision` and return the decision that was undone.

    Rows that it changed get their values back, times of review included; rows that it created are withdrawn, never
    deleted. Raises CannotUndo where a row was changed since, or where somebody linked to a transfer that it made.
    """
    if hasattr(decision, "undone_by"):
        raise CannotUndo(_("This decision is already undone."))
    if decision.item_id and not ReviewItem.objects.filter(pk=decision.item_id).exists():
        raise _demo_is_gone()
    with deciding(by=by, verdict=Decision.Verdict.UNDO, key=key, item=decision.item, undoes=decision) as recorder:
        made = [change["pk"] for change in decision.changes if change["model"] == "claim"]
        for change in reversed(decision.changes):
            model: Any = RECORDED[change["model"]]
            row = model._default_manager.select_for_update(of=("self",)).filter(pk=change["pk"]).first()
            if row is None:
                raise _demo_is_gone()
            if row.version != change["version"]:
                raise CannotUndo(_built_on(decision, change))
            if change["before"] is None:
                _withdraw(recorder, row, made)
            else:
                before = {row._meta.get_field(name).attname: value for name, value in change["before"].items()}
                if before.get("transfer_id") and not Transfer.objects.filter(pk=before["transfer_id"]).exists():
                    raise _demo_is_gone()
                recorder.change(row, **{name: row._meta.get_field(name).to_python(v) for name, v in before.items()})
    return decision


def _demo_is_gone() -> CannotUndo:
    """Rows of the demo alone are ever deleted."""
    return CannotUndo(_("It was about demo data, which is removed."))


def _withdraw(recorder: Recorder, row: Claim | Transfer, made: list[int]) -> None:
    """Take a created row out of every list. A transfer goes by itself when its last claim has gone."""
    if isinstance(row, Claim):
        recorder.change(row, state=Claim.State.RETRACTED)
        return
    others = Claim.objects.filter(transfer=row, state=Claim.State.ACTIVE).exclude(pk__in=made)
    builder = others.select_related("reviewed_by").order_by("pk").first()
    if builder is not None:
        raise CannotUndo(
            _("%(user)s has linked another claim to %(transfer)s since.")
            % {"user": builder.reviewed_by, "transfer": row.public_id}
        )


def _built_on(decision: Decision, change: dict[str, Any]) -> str:
    """Who changed the row after the decision."""
    later = (
        Decision.objects.filter(pk__gt=decision.pk, changes__contains=[{"model": change["model"], "pk": change["pk"]}])
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if later is None:
        return _("It has been changed in another way since.")
    return _("%(user)s has changed it since (%(verdict)s).") % {
        "user": later.user,
        "verdict": later.get_verdict_display(),
    }
