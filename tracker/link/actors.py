"""Merge and unmerge actors: all that names the one that goes names the one that stays."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from tracker.decisions import Conflict, Recorder, Refused, deciding
from tracker.decisions.recorded import LABELS
from tracker.link.merging import Change, change_all, coming_back, hold, merge_of
from tracker.models import Actor, ActorName, Claim, Decision, Note, ReviewItem, Transfer, User

Verdict = Decision.Verdict
PARTIES = ("supplier", "recipient")
ROLES = (*PARTIES, "intermediary", "end_user", "origin")
# Who points to an actor, by which fields, and which time says that such a row has changed. The order is that in which
# rows are locked: whoever accepts an event locks its review, then writes its claim, then derives the transfer.
POINTING: tuple[tuple[Any, tuple[str, ...], str], ...] = (
    (ReviewItem, ROLES, ""),
    (Claim, ROLES, "updated_at"),
    (Transfer, PARTIES, "edited_at"),
    (Actor, ("parent", "merged_into"), ""),
    (Note, ("actor",), ""),
)


@dataclass(frozen=True, slots=True)
class Moving:
    """How many rows of each kind a merge would point to another actor.

    `names` stay with the one that goes and count for the one that stays. `themselves` are the transfers that would
    have the same supplier and recipient.
    """

    claims: int
    transfers: int
    events: int
    children: int
    names: int
    notes: int
    themselves: int


def moving(actor: Actor, into: Actor) -> Moving:
    """What a merge would move."""
    pair = {actor.pk, into.pk}
    return Moving(
        claims=_pointing(Claim, ROLES, actor).count(),
        transfers=_pointing(Transfer, PARTIES, actor).count(),
        events=_pointing(ReviewItem, ROLES, actor).count(),
        children=actor.children.filter(withdrawn=False).count(),
        names=names_of(actor).count(),
        notes=actor.notes.filter(withdrawn=False).count(),
        themselves=Transfer.objects.standing()
        .filter(supplier__in=pair, recipient__in=pair)
        .exclude(supplier=F("recipient"))
        .count(),
    )


def names_of(actor: Actor) -> QuerySet[ActorName]:
    """The further names of an actor, and of those that were merged into it."""
    names = ActorName.objects.filter(Q(actor=actor) | Q(actor__merged_into=actor), withdrawn=False)
    return names.order_by("kind", "language", "name")


def returning(actor: Actor) -> dict[str, int]:
    """How many rows of each kind an unmerge would bring back, by their label; empty for one that is not merged."""
    decision = merge_of(actor)
    if decision is None or actor.merged_into_id is None:
        return {}
    return Counter(LABELS[type(row)] for row, _values in coming_back(actor, decision))


def merge(*, actor: Actor, into: Actor, by: User, version: int, key: UUID) -> None:
    """Merge `actor` into another: claims, transfers, events, notes and those that speak for it move.

    It keeps its number and leads to the other. Its code and names stay with it and count for the other. Raises
    Conflict, Repeated, and Refused where one of them does not stand, or where the other would speak for itself.
    """
    with deciding(by=by, verdict=Verdict.MERGE, key=key) as recorder:
        if actor.pk == into.pk:
            raise Refused(_("Choose another actor."))
        # Rows are locked before the actors, as whoever decides locks them; what comes in between is found after.
        for model, fields, _changed in POINTING[:2]:
            list(_pointing(model, fields, actor).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        rows = hold(Actor, [actor.pk, into.pk])
        gone, stays = rows[actor.pk], rows[into.pk]
        if gone.version != version:
            raise Conflict(gone)
        for row in (gone, stays):
            if row.merged_into_id or row.withdrawn:
                raise Refused(_("%s does not stand any more.") % row)
        if gone.pk in above(stays.pk):
            names = {"actor": gone, "other": stays}
            raise Refused(_("%(other)s speaks for %(actor)s: merged, it would speak for itself.") % names)
        for model, fields, changed in POINTING:
            change_all(recorder, _pointed(recorder, model, fields, changed, gone, stays))
        recorder.change(gone, merged_into=stays)


def unmerge(*, actor: Actor, by: User, version: int, key: UUID) -> None:
    """Bring back a merged actor, with all that its merge moved and that still names the other.

    Raises Conflict, Repeated, and Refused for one that is not merged, or that would speak for itself.
    """
    with deciding(by=by, verdict=Verdict.UNMERGE, key=key) as recorder:
        decision = merge_of(actor)
        if actor.merged_into_id is None or decision is None:
            raise Refused(_("%s is not merged.") % actor)
        back = list(coming_back(actor, decision, recorder))
        gone = hold(Actor, [actor.pk, actor.merged_into_id])[actor.pk]
        if gone.version != version or gone.merged_into_id != actor.merged_into_id:
            raise Conflict(gone)
        change_all(recorder, back)
        recorder.change(gone, merged_into=None)
        if gone.pk in above(gone.pk):
            raise Refused(_("%s would speak for itself.") % gone)


def above(actor_id: int) -> set[int]:
    """The actors that an actor speaks for, up to the last; itself among them only where they run in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up AS (
                   SELECT parent_id AS id FROM tracker_actor WHERE id = %(actor)s
                   UNION
                   SELECT a.parent_id FROM tracker_actor a JOIN up ON a.id = up.id
               ) SELECT id FROM up WHERE id IS NOT NULL""",
            {"actor": actor_id},
        )
        return {pk for (pk,) in cursor.fetchall()}


def _pointing(model: Any, fields: tuple[str, ...], actor: Actor) -> QuerySet[Any]:
    """The rows of a model that point to the actor."""
    condition = Q()
    for name in fields:
        condition |= Q(**{name: actor.pk})
    return model._default_manager.filter(condition)


def _pointed(
    recorder: Recorder, model: Any, fields: tuple[str, ...], changed: str, gone: Actor, stays: Actor
) -> Iterator[Change]:
    """The changes that point the rows of a model to the actor that stays."""
    read = {"version", *fields} | ({changed} if changed else set()) | ({"transfer"} if model is Claim else set())
    rows = _pointing(model, fields, gone).select_for_update(of=("self",)).order_by("pk").only(*read)
    for row in rows:
        values: dict[str, Any] = {name: stays.pk for name in fields if getattr(row, f"{name}_id") == gone.pk}
        yield row, values | ({changed: recorder.now} if changed else {})
