"""Undo a decision: put back what was before, where nobody has built on it since."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from tracker.decisions.record import Recorder, Refused, deciding
from tracker.decisions.recorded import LABELS, RECORDED, Kind
from tracker.models import Actor, ActorName, Claim, Decision, ReviewItem, Transfer, User


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


def net(changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the changes of a decision come to: one a row, in the order in which the rows were last written."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for change in changes:
        row = change["model"], change["pk"]
        if earlier := found.pop(row, None):
            before = None if earlier["before"] is None else change["before"] | earlier["before"]
            change = change | {"before": before, "after": earlier["after"] | change["after"]}
        found[row] = change
    return list(found.values())


def undo(decision: Decision, *, by: User, key: UUID) -> Decision:
    """Record the undo of `decision` and return the decision that was undone.

    Rows that it changed get their values back, times of review included; rows that it created are withdrawn, never
    deleted. Raises CannotUndo where a row was changed since, or where somebody uses a row that it made.
    """
    if hasattr(decision, "undone_by"):
        raise CannotUndo(_("This decision is already undone."))
    if decision.item_id and not ReviewItem.objects.filter(pk=decision.item_id).exists():
        raise _demo_is_gone()
    changes = net(decision.changes)
    made = {(change["model"], change["pk"]) for change in changes if change["before"] is None}

    def alike(change: dict[str, Any]) -> tuple[str, bool, list[str]]:
        return change["model"], change["before"] is None, sorted(change["after"] if change["before"] else ())

    try:
        with deciding(by=by, verdict=Decision.Verdict.UNDO, key=key, item=decision.item, undoes=decision) as recorder:
            for (label, created, _names), together in groupby(reversed(changes), alike):
                _put_back(recorder, decision, RECORDED[label], list(together), made if created else None)
            for change in changes:
                if (change["before"] or {}).get("merged_into"):
                    _goes_again(decision, RECORDED[change["model"]].model._default_manager.get(pk=change["pk"]))
    except Refused as refused:
        raise CannotUndo(str(refused)) from None
    except IntegrityError as error:
        # What the decision took back has been said again by another row; all of its kind are said once.
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise CannotUndo(_("The same has been said again since.")) from error
    return decision


def _put_back(
    recorder: Recorder,
    decision: Decision,
    kind: Kind,
    changes: list[dict[str, Any]],
    made: set[tuple[str, int]] | None,
) -> None:
    """Undo changes of one kind; `made` are the rows that the decision created, where these are among them."""
    found = kind.model._default_manager.select_for_update(of=("self",)).order_by("pk")
    rows = {row.pk: row for row in found.filter(pk__in=[change["pk"] for change in changes])}
    since = _Since(decision)
    for change in changes:
        if change["pk"] not in rows:
            raise _demo_is_gone()
        row = rows[change["pk"]]
        if row.version != change["version"] and not since.came_back(change, row):
            raise CannotUndo(_built_on(decision, change))
    if made is not None:
        for row in rows.values():
            _withdraw(recorder, decision, kind, row, made)
        return
    transfers = {change["before"]["transfer"] for change in changes if change["before"].get("transfer")}
    if Transfer.objects.filter(pk__in=transfers).count() < len(transfers):
        raise _demo_is_gone()
    recorder.change_all([(rows[change["pk"]], change["before"]) for change in changes])


def _demo_is_gone() -> CannotUndo:
    """Rows of the demo alone are ever deleted."""
    return CannotUndo(_("It was about demo data, which is removed."))


def _withdraw(recorder: Recorder, decision: Decision, kind: Kind, row: Any, made: set[tuple[str, int]]) -> None:
    """Take a created row out of every list."""
    for model, field, condition in kind.uses:
        own = [pk for label, pk in made if label == LABELS[model]]
        used = model._default_manager.filter(condition, **{field: row}).exclude(pk__in=own).order_by("pk").first()
        if used is not None:
            raise CannotUndo(_uses(decision, row, used))
    if kind.withdrawal:
        recorder.change(row, **kind.withdrawal)


def _goes_again(decision: Decision, gone: Actor | Transfer) -> None:
    """Refuse to merge a row again, by undoing its unmerge, where somebody has used it since: nobody points to what is
    merged. An actor's names stay with it, as in every merge."""
    uses = [use for use in RECORDED[LABELS[type(gone)]].uses if use[0] is not ActorName]
    if isinstance(gone, Actor):
        waiting = ~Q(state__in=[ReviewItem.State.REJECTED, ReviewItem.State.ACCEPTED, ReviewItem.State.SUPERSEDED])
        roles = ("supplier", "recipient", "intermediary", "end_user", "origin")
        uses += [(ReviewItem, role, waiting) for role in roles]
    for model, field, condition in uses:
        used = model._default_manager.filter(condition, **{field: gone}).order_by("pk").first()
        if used is not None:
            raise CannotUndo(_uses(decision, gone, used))


class _Since:
    """What was decided after a decision, read once for all the rows that the same later decisions wrote."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        # The versions that each later decision gave a row, and whether what it did to the row holds no longer.
        self.written: dict[tuple[str, int], dict[int, tuple[list[int], bool]]] = {}

    def came_back(self, change: dict[str, Any], row: Any) -> bool:
        """Whether all that was decided about the row since is undone, so that it stands as the decision left it."""
        if self._came_back(change, row):
            return True
        for later in _wrote(self.decision, change["model"], change["pk"]):
            over = hasattr(later, "undone_by") or later.undoes_id is not None and later.undoes_id > self.decision.pk
            for one in later.changes:
                of_row = self.written.setdefault((one["model"], one["pk"]), {})
                versions, _over = of_row.setdefault(later.pk, ([], over))
                if one["version"] not in versions:
                    versions.append(one["version"])
        return self._came_back(change, row)

    def _came_back(self, change: dict[str, Any], row: Any) -> bool:
        version = change["version"]
        for _pk, (versions, over) in sorted(self.written.get((change["model"], change["pk"]), {}).items()):
            if min(versions) != version + 1 or not over:
                return False
            version = max(versions)
        return version == row.version


def _uses(decision: Decision, row: Any, used: Any) -> str:
    """Who uses a row that the decision made."""
    later = _later(decision, LABELS[type(used)], used.pk)
    who = later.user if later else used.reviewed_by if isinstance(used, Claim) else ""
    if isinstance(row, Transfer) and isinstance(used, Claim):
        return _("%(user)s has linked another claim to %(transfer)s since.") % {"user": who, "transfer": row}
    return _("%(user)s has used %(row)s since: %(use)s.") % {"user": who or "?", "row": row, "use": used}


def _built_on(decision: Decision, change: dict[str, Any]) -> str:
    """Who changed the row after the decision."""
    later = _later(decision, change["model"], change["pk"])
    if later is None:
        return _("It has been changed in another way since.")
    return _("%(user)s has changed it since (%(verdict)s).") % {
        "user": later.user,
        "verdict": later.get_verdict_display(),
    }


def _later(decision: Decision, label: str, pk: int) -> Decision | None:
    """The first decision after `decision` that wrote the row, and that is neither an undo nor undone."""
    wrote = _wrote(decision, label, pk)
    return next((one for one in wrote if one.undoes_id is None and not hasattr(one, "undone_by")), None)


def _wrote(decision: Decision, label: str, pk: int) -> QuerySet[Decision]:
    """The decisions after `decision` that wrote the row, in their order."""
    wrote = Decision.objects.filter(pk__gt=decision.pk, changes__contains=[{"model": label, "pk": pk}])
    return wrote.select_related("user", "undone_by").order_by("pk")
