"""Who changed what and when, read from the append-only history that the database writes.

Rows that one transaction wrote are one entry: it shows each field as it was before and as it was left.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Outlet
from tracker.browse.fields import FIELDS, NO_NEWS, Values, users
from tracker.models import Actor, ActorName, Claim, Decision, Materiel, MaterielName, ReviewItem, Transfer
from tracker.templatetags.figures import figure

# The answer of one reviewer is not shown before the other has given theirs.
BLIND = {ReviewItem.State.AWAITING_SECOND, ReviewItem.State.ADJUDICATING}
LATEST = 10
SIZE = 50
# Claims that are named where many were written at once.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, in words."""

    field: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `by` is None for the program. `event` is the event that was decided."""

    at: datetime
    by: str | None
    what: str
    changes: list[Change]
    decision: Decision | None = None
    event: int | None = None


class Accepted(NamedTuple):
    """A claim as it was accepted: its number is told, and its values are not. Thousands may come at once."""

    pgh_id: int
    pgh_obj_id: int
    pgh_label: str
    pgh_created_at: datetime
    pgh_context: Any
    reviewed_by_id: int
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did to one row: `before` is None where it was inserted."""

    model: type[Model]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; `older` is the place where the next page begins, None at the end."""

    entries: list[Entry]
    older: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one history table that belong to an object."""

    model: type[Model]
    rows: QuerySet[Any]


def of_transfer(transfer: Transfer, *, until: datetime | None = None) -> list[Entry]:
    """The latest of the history of a transfer and of the claims that are or were linked to it."""
    return page(transfer, until=until, size=LATEST).entries


def of_claim(claim: Claim, *, until: datetime | None = None) -> list[Entry]:
    """The latest of the history of a claim."""
    return page(claim, until=until, size=LATEST).entries


def page(row: Any, *, before: str = "", until: datetime | None = None, size: int = SIZE) -> Page:
    """The history of an object, newest first: up to `size` entries from before the place that `older` gave.

    A place that is not understood is the beginning. `until` leaves out what came later.
    """
    parts = [Part(part.model, part.rows.filter(pgh_created_at__lte=until) if until else part.rows) for part in _of(row)]
    try:
        place = parse_datetime(before)
    except ValueError:
        place = None
    written = [_latest(part, place, size + 1) for part in parts]
    times = sorted({at for found in written for at in found}, reverse=True)
    shown = times[:size]
    if not shown:
        return Page([], None)
    steps = [
        step
        for part, found in zip(parts, written, strict=True)
        for step in _steps(part.model, [pk for at in shown for pk in found.get(at, ())])
    ]
    return Page(_entries(steps), shown[-1].isoformat() if len(times) > size else None)


def _of(row: Any) -> list[Part]:
    """The histories that belong to an object."""
    model: Any = type(row)
    parts = [Part(model, _written(model).filter(pgh_obj=row.pk))]
    if model is Transfer:
        out = Q(state=Claim.State.RETRACTED, event__review__state__in=BLIND)
        blind = Claim.objects.filter(Q(state=Claim.State.PROVISIONAL) | out).values("pk")
        linked = _written(Claim).filter(transfer=row.pk).exclude(pgh_obj__in=blind).values("pgh_obj")
        parts.append(Part(Claim, _written(Claim).filter(pgh_obj__in=linked)))
    elif model is Actor:
        parts.append(Part(ActorName, _written(ActorName).filter(actor=row.pk)))
    elif model is Materiel:
        parts.append(Part(MaterielName, _written(MaterielName).filter(materiel=row.pk)))
    return parts


def _written(model: Any) -> QuerySet[Any]:
    return model.pgh_event_model.objects.order_by()


def _latest(part: Part, before: datetime | None, limit: int) -> dict[datetime, list[int]]:
    """The ids of the rows by the time when they were written: the latest times, up to `limit` of them."""
    rows = part.rows.filter(pgh_created_at__lt=before) if before else part.rows
    times = rows.values("pgh_created_at").annotate(ids=ArrayAgg("pgh_id")).order_by("-pgh_created_at")
    return dict(times.values_list("pgh_created_at", "ids")[:limit])


def _steps(model: type[Model], ids: list[int]) -> list[Step]:
    """What these rows did, a step for each object and transaction, with what stood before."""
    if not ids:
        return []
    rows = _rows(model, ids)
    oldest: dict[int, Any] = {}
    for row in rows:
        oldest.setdefault(row.pgh_obj_id, row)
    stood = _before(model, {pk: row.pgh_id for pk, row in oldest.items() if row.pgh_label != "insert"})
    found = []
    for pk, versions in groupby(rows, key=lambda row: row.pgh_obj_id):
        before = stood.get(pk)
        for _at, written in groupby(versions, key=_transaction):
            *_between, after = written
            found.append(Step(model, before, after))
            before = after
    return found


def _rows(model: type[Model], ids: list[int]) -> list[Any]:
    """These rows of a history, by object. Of a claim that was accepted and no more, what is told of it."""
    rows = _written(model).filter(pgh_id__in=ids).order_by("pgh_obj_id", "pgh_id")
    if model is not Claim:
        return list(rows)
    told = [Accepted._make(row) for row in rows.values_list(*Accepted._fields)]
    changed = {row.pgh_obj_id for row in told if row.pgh_label != "insert"}
    found = [row for row in told if row.pgh_obj_id not in changed]
    if changed:
        found += rows.filter(pgh_obj__in=changed)
    return sorted(found, key=attrgetter("pgh_obj_id", "pgh_id"))


def _before(model: type[Model], oldest: dict[int, int]) -> dict[int, Any]:
    """For each object the row that stood before its first change here."""
    if not oldest:
        return {}
    earlier = reduce(lambda a, b: a | b, (Q(pgh_obj=pk, pgh_id__lt=first) for pk, first in oldest.items()))
    rows = _written(model)
    last = rows.filter(earlier).values("pgh_obj").annotate(last=Max("pgh_id")).values("last")
    return {row.pgh_obj_id: row for row in rows.filter(pgh_id__in=last)}


def _transaction(row: Any) -> tuple[datetime, Any, str | None]:
    """When, by whom and by which decision a row was written. Its time is that of the beginning of its transaction."""
    context = row.pgh_context or {}
    return row.pgh_created_at, context.get("user"), context.get("decision")


def _entries(steps: list[Step]) -> list[Entry]:
    rows = [
        (step.model, row)
        for step in steps
        for row in (step.before, step.after)
        if row and not isinstance(row, Accepted)
    ]
    values = Values(rows)
    decisions = _decisions(steps)
    acting = {_transaction(step.after)[1] for step in steps} | {
        step.after.reviewed_by_id for step in steps if step.model is Claim and step.before is None
    }
    names = users(acting)
    together: dict[Any, list[Step]] = {}
    for step in sorted(steps, key=lambda step: step.after.pgh_id, reverse=True):
        together.setdefault(_transaction(step.after), []).append(step)

    def place(done: list[Step]) -> tuple[datetime, int, int]:
        decision = decisions.get(_key(done[0]))
        return done[0].after.pgh_created_at, decision.pk if decision else 0, done[0].after.pgh_id

    found = []
    for done in sorted(together.values(), key=place, reverse=True):
        entry = _entry(done, values, names, decisions.get(_key(done[0])))
        if entry.what or entry.changes:
            found.append(entry)
    return found


def _key(step: Step) -> str | None:
    """The key of the decision by which the step came."""
    return _transaction(step.after)[2]


def _decisions(steps: list[Step]) -> dict[str | None, Decision]:
    """The decisions by which the steps came, by key."""
    keys = {key for step in steps if (key := _key(step))}
    rows = Decision.objects.filter(key__in=keys).defer("changes").select_related("user", "item")
    return {str(decision.key): decision for decision in rows}


def _entry(steps: list[Step], values: Values, names: dict[int, str], decision: Decision | None) -> Entry:
    user = _transaction(steps[0].after)[1]
    told = [step for step in steps if step.model in (Transfer, Claim)]
    what, changes = _of_transfer(told, values) if told else _of_other(steps, values)
    by = names.get(user) if user else _reviewers(steps, names)
    event = decision.item.event_id if decision and decision.item else None
    if event is None:
        event = next((step.after.event_id for step in steps if step.model is Claim and step.before is None), None)
    return Entry(steps[0].after.pgh_created_at, by, what, changes, decision, event)


def _reviewers(steps: list[Step], names: dict[int, str]) -> str | None:
    """Outside of a request: who is said to have accepted the claims."""
    accepted = {step.after.reviewed_by_id for step in steps if step.model is Claim and step.before is None}
    return ", ".join(sorted(names[pk] for pk in accepted if pk in names)) or None


def _of_transfer(steps: list[Step], values: Values) -> tuple[str, list[Change]]:
    """What happened to a transfer and its claims, and which values changed by it."""
    transfers = [step for step in steps if step.model is Transfer]
    claims = sorted((step for step in steps if step.model is Claim), key=lambda step: step.after.pgh_obj_id)
    changes = [change for step in transfers for change in _changes(step, values)]
    changed = [(step, _changes(step, values) if step.before else []) for step in claims]
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
    return what, changes


def _of_other(steps: list[Step], values: Values) -> tuple[str, list[Change]]:
    """What happened to an actor, a materiel, an outlet, an article or a review, and to its names."""
    said, changes = [], []
    for step in reversed(steps):
        made = _changes(step, values)
        named = step.model in (ActorName, MaterielName)
        if step.after.pgh_label == "delete":
            said.append(_("removed the name %s") % step.after.name if named else _("removed it"))
            continue
        if step.before is None:
            said.append(_("added the name %s") % step.after.name if named else _("added it"))
            changes += [] if named else made
        elif made:
            said.append(_("changed the name %s") % step.after.name if named else _("changed it"))
            changes += made
    return ", ".join(dict.fromkeys(said)), changes


def _left(step: Step, state: str) -> bool:
    return step.before.state != step.after.state == state


def _numbers(steps: list[Step]) -> str:
    """The ids of rows that were written together, the first of many."""
    said = ", ".join(str(step.after.pgh_obj_id) for step in steps[:NAMED])
    more = len(steps) - NAMED
    return f"{said} {_('and %s more') % figure(more)}" if more > 0 else said


def _changes(step: Step, values: Values) -> list[Change]:
    """The fields that differ; for a new row those that it has."""
    left_out = NO_NEWS.get(step.model, set()) if step.before is None else set()
    found = []
    for name, label in FIELDS[step.model].items():
        if name in left_out:
            continue
        before, after = (values.said(step.model, row, name) for row in (step.before, step.after))
        if before != after:
            found.append(Change(label, before, after))
    return found


KINDS: dict[str, type[Model]] = {
    "claim": Claim,
    "transfer": Transfer,
    "actor": Actor,
    "materiel": Materiel,
    "outlet": Outlet,
    "article": Article,
    "event": ReviewItem,
}
