"""Which claims belong to which transfer: merge, unmerge, move. Every function is one transaction and one Decision."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.codes import Stage
from tracker.decisions import Conflict, Recorder, Refused, deciding
from tracker.link.merging import change_all, coming_back, hold, merge_of
from tracker.link.not_same import of_transfer
from tracker.models import Claim, Decision, Note, NotSame, Transfer, User

Verdict = Decision.Verdict


class ToldApart(Refused):
    """Somebody said that the two are not the same. `said` are the rows that say so."""

    def __init__(self, said: list[NotSame]) -> None:
        who = ", ".join(dict.fromkeys(str(one.said_by) for one in said))
        super().__init__(_("%s has said that they are not the same.") % who)
        self.said = said


def told_apart(transfer: Transfer, other: Transfer) -> QuerySet[NotSame]:
    """Who said that two transfers, or what was merged into them, are not the same."""
    return of_transfer(transfer.pk, other.pk).select_related("said_by").order_by("pk")


def merge(
    *,
    transfer: Transfer,
    into: Transfer,
    by: User,
    version: int,
    key: UUID,
    despite: bool = False,
) -> None:
    """Merge `transfer` into another: all its claims and notes move, it keeps its number and leads to the other.

    Its own note and credibility stay with it. Raises Conflict, Repeated, ToldApart where somebody said that they are
    not the same (`despite` takes that back), and Refused for a transfer that does not stand.
    """
    with deciding(by=by, verdict=Verdict.MERGE, key=key) as recorder:
        if transfer.pk == into.pk:
            raise Refused(_("Choose another transfer."))
        claims = Claim.objects.filter(transfer=transfer.pk).order_by("pk").only("version", "transfer", "updated_at")
        # Claims are locked before transfers, as whoever decides locks them; what comes in between is found after.
        list(claims.select_for_update(of=("self",)))
        rows = hold(Transfer, [transfer.pk, into.pk])
        for row in rows.values():
            if row.pk == transfer.pk and row.version != version:
                raise Conflict(row)
            if row.state != Transfer.State.STANDING:
                raise Refused(_("%(row)s is %(state)s.") % {"row": row, "state": row.get_state_display()})
        said = list(told_apart(transfer, into))
        if said and not despite:
            raise ToldApart(said)
        change_all(recorder, ((one, {"withdrawn": True}) for one in said))
        moved: list[Any] = list(claims.select_for_update(of=("self",)))
        change_all(recorder, ((claim, {"transfer": into.pk, "updated_at": recorder.now}) for claim in moved))
        notes = Note.objects.filter(transfer=transfer.pk).select_for_update(of=("self",)).order_by("pk")
        change_all(recorder, ((note, {"transfer": into.pk}) for note in notes))
        earlier = hold(Transfer, transfer.merged_from.values_list("pk", flat=True))
        change_all(recorder, ((row, {"merged_into": into.pk}) for row in earlier.values()))
        recorder.change(rows[transfer.pk], state=Transfer.State.MERGED, merged_into=rows[into.pk])


def unmerge(*, transfer: Transfer, by: User, version: int, key: UUID) -> None:
    """Bring back a merged transfer, with the claims that its merge moved and that are still where they were moved to.

    Raises Conflict, Repeated, and Refused for one that is not merged.
    """
    with deciding(by=by, verdict=Verdict.UNMERGE, key=key) as recorder:
        decision = merge_of(transfer)
        if transfer.merged_into_id is None or decision is None:
            raise Refused(_("%s is not merged.") % transfer)
        back = list(coming_back(transfer, decision, recorder))
        rows = hold(Transfer, [transfer.pk, transfer.merged_into_id])
        gone = rows[transfer.pk]
        if gone.version != version or gone.merged_into_id != transfer.merged_into_id:
            raise Conflict(gone)
        change_all(recorder, back)
        # With its claims it stands again; without any it is withdrawn.
        recorder.change(gone, state=Transfer.State.WITHDRAWN, merged_into=None)


def move(
    *,
    claims: Mapping[int, int],
    by: User,
    key: UUID,
    transfer: Transfer | None = None,
) -> Transfer:
    """Link claims, given as {id: version}, all to `transfer`, or to a new one; returns it.

    Raises Conflict, Repeated, and Refused where not all are between the parties of the transfer, or where only
    sanctions would make one.
    """
    with deciding(by=by, verdict=Verdict.EDIT, key=key) as recorder:
        rows: list[Any] = list(
            Claim.objects.shown()
            .filter(pk__in=claims)
            .select_related("article", "supplier", "recipient")
            .defer("article__text", "article__search", "article__written")
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        if len(rows) < len(claims) or not rows:
            raise Refused(_("Some of these claims are not there any more."))
        for claim in rows:
            if claim.version != claims[claim.pk]:
                raise Conflict(claim)
        transfer = transfer or _open(recorder, rows)
        if others := others_than(transfer, rows):
            numbers = ", ".join(str(claim.pk) for claim in others)
            raise Refused(_("These claims are between other parties: %s. Take them out.") % numbers)
        moving = [claim for claim in rows if claim.transfer_id != transfer.pk]
        recorder.change_all([(claim, {"transfer": transfer.pk, "updated_at": recorder.now}) for claim in moving])
        return transfer


def others_than(transfer: Transfer, claims: list[Claim]) -> list[Claim]:
    """The claims that are not between the two parties of the transfer."""
    pair = transfer.supplier_id, transfer.recipient_id
    return [claim for claim in claims if (claim.supplier_id, claim.recipient_id) != pair]


def _open(recorder: Recorder, claims: list[Claim]) -> Transfer:
    """A new transfer between the parties of the claims."""
    if all(claim.stage == Stage.SANCTION for claim in claims):
        raise Refused(_("A sanction is no transfer: link it to one, or accept it without a link."))
    return recorder.create(
        Transfer,
        supplier=claims[0].supplier,
        recipient=claims[0].recipient,
        edited_at=recorder.now,
        demo=all(claim.article.demo for claim in claims),
    )


def merged_into(transfer: Transfer) -> QuerySet[Transfer]:
    """What was merged into a transfer, the lowest number first."""
    return transfer.merged_from.select_related("supplier", "recipient", "materiel").order_by("pk")


def standing(pk: int | None) -> Transfer | None:
    """The transfer of a number, or the one that it was merged into, where that stands."""
    row = Transfer.objects.filter(pk=pk).select_related("merged_into").first() if pk else None
    return row.survivor if row and row.survivor.state == Transfer.State.STANDING else None
