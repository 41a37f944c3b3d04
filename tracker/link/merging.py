"""Merge and unmerge, of transfers and of actors alike: who may, what moves, and what comes back.

Everything that pointed to the one that goes is pointed to the one that stays, and the Decision keeps what was before.
The one that goes keeps its number. What was merged into it before is merged into the one that stays, so that one step
leads from any number to the row that stands.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

from tracker.decisions import Recorder, net
from tracker.decisions.recorded import LABELS, RECORDED
from tracker.models import Actor, Claim, Decision, Transfer

Merged = TypeVar("Merged", Transfer, Actor)
Change = tuple[Any, dict[str, Any]]
# When a row was last changed, as exports show it.
TIMES = {"updated_at", "edited_at"}


def hold(model: type[Merged], pks: Iterable[int]) -> dict[int, Merged]:
    """The rows of one model, locked against everybody who would point to them or merge them."""
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=list(pks)).order_by("pk")
    return {row.pk: row for row in rows}


def change_all(recorder: Recorder, changes: Iterable[Change]) -> None:
    """Write changes of several models, each group of the same fields in one statement."""

    def alike(change: Change) -> tuple[str, list[str]]:
        row, values = change
        return LABELS[type(row)], sorted(values)

    for _alike, together in groupby(sorted(changes, key=alike), alike):
        recorder.change_all(list(together))


def merge_of(gone: Transfer | Actor) -> Decision | None:
    """The merge by which a row went; one that was undone does not hold."""
    wrote = [{"model": LABELS[type(gone)], "pk": gone.pk, "before": {"merged_into": None}}]
    merges = Decision.objects.filter(verdict=Decision.Verdict.MERGE, changes__contains=wrote, undone_by=None)
    return merges.select_related("user").order_by("-pk").first()


def coming_back(gone: Transfer | Actor, merge: Decision, recorder: Recorder | None = None) -> Iterator[Change]:
    """What an unmerge gives back: every field that the merge pointed away from `gone` and that is still there.

    A time of change that the merge has written is put back where nobody has changed the row since; else, with a
    recorder, it is set to now. With a recorder the rows are locked.
    """
    survivor = gone.merged_into_id
    changes = [change for change in net(merge.changes) if change["before"] is not None]
    for label, together in groupby(sorted(changes, key=lambda change: change["model"]), lambda c: c["model"]):
        wrote = {change["pk"]: change for change in together}
        model = RECORDED[label].model
        names = {name for change in wrote.values() for name in change["before"]}
        names |= {"transfer"} if model is Claim else set()
        rows = model._default_manager.filter(pk__in=wrote).order_by("pk").only("version", *names)
        for row in rows.select_for_update(of=("self",)) if recorder else rows:
            change = wrote[row.pk]
            if type(row) is type(gone) and row.pk == gone.pk:
                continue
            values = {
                name: before
                for name, before in change["before"].items()
                if before == gone.pk and points(row, name, type(gone)) == survivor
            }
            if not values:
                continue
            for name in TIMES & change["before"].keys():
                same = getattr(row, name).isoformat() == change["after"][name]
                values[name] = change["before"][name] if same or recorder is None else recorder.now
            yield row, values


def points(row: Any, name: str, model: type[Transfer] | type[Actor]) -> int | None:
    """The id that the field points to, where it points to a row of `model`."""
    field = row._meta.get_field(name)
    return getattr(row, field.attname) if field.related_model is model else None
