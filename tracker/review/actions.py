"""What a reviewer decides about an event. Every function is one transaction and one Decision."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from articles.codes import Stage
from articles.models import Article
from tracker.decisions import Recorder, Refused, deciding
from tracker.models import Claim, Decision, ReviewItem, Transfer, User

Verdict = Decision.Verdict


def accept(
    *,
    item: ReviewItem,
    values: dict[str, Any],
    by: User,
    version: int,
    key: UUID,
    seconds: float | None = None,
    transfer: Transfer | None = None,
    new_transfer: bool = False,
) -> Claim:
    """Accept the event as a claim with `values`, linked to `transfer`, to a new transfer, or to none.

    Raises Conflict where the item has another version, Repeated for a key used before, Refused for a sanction that
    would make a transfer.
    """
    verdict = Verdict.NEW if new_transfer else Verdict.LINK if transfer else Verdict.ACCEPT
    if new_transfer and values["stage"] == Stage.SANCTION:
        raise Refused(_("A sanction is no transfer: link it to one, or accept it without a link."))
    with deciding(by=by, verdict=verdict, key=key, item=item, seconds=seconds) as recorder:
        _decide(recorder, item, version, ReviewItem.State.ACCEPTED)
        if new_transfer:
            transfer = _open_transfer(recorder, values, item.event.article)
        return recorder.create(
            Claim,
            article=item.event.article,
            event=item.event,
            transfer=transfer,
            published_on=item.event.article.published_on,
            reviewed_by=by,
            reviewed_at=recorder.now,
            updated_at=recorder.now,
            **values,
        )


def reject(
    *,
    item: ReviewItem,
    reason: int,
    by: User,
    version: int,
    key: UUID,
    note: str = "",
    seconds: float | None = None,
) -> None:
    """Reject the event. Reason 6 (other) needs a note."""
    if reason not in ReviewItem.Reason.values:
        raise Refused(_("Choose a reason from 1 to 6."))
    if reason == ReviewItem.Reason.OTHER and not note.strip():
        raise Refused(_("Say the other reason in a note."))
    with deciding(by=by, verdict=Verdict.REJECT, key=key, item=item, seconds=seconds) as recorder:
        _decide(recorder, item, version, ReviewItem.State.REJECTED, reason=reason, note=note.strip())


def flag(*, item: ReviewItem, by: User, version: int, key: UUID, note: str = "", seconds: float | None = None) -> None:
    """Leave the event to a second reviewer: it waits among the flagged ones."""
    if item.state != ReviewItem.State.PENDING:
        raise Refused(_("This event is already decided."))
    with deciding(by=by, verdict=Verdict.FLAG, key=key, item=item, seconds=seconds) as recorder:
        recorder.change(item, version=version, flagged=True, note=note.strip())


def edit(
    *,
    claim: Claim,
    values: dict[str, Any],
    by: User,
    version: int,
    key: UUID,
    new_transfer: bool = False,
) -> None:
    """Correct the fields `values` of an accepted claim, `transfer` among them; `new_transfer` opens one for it.

    Only what differs is written. Raises Conflict, Repeated, and Refused for a sanction that would make a transfer.
    """
    wanted = {name: getattr(claim, name) for name in ("supplier", "recipient", "stage")} | values
    if new_transfer and wanted["stage"] == Stage.SANCTION:
        raise Refused(_("A sanction is no transfer: link it to one, or accept it without a link."))
    with deciding(by=by, verdict=Verdict.EDIT, key=key, item=_item_of(claim)) as recorder:
        if new_transfer:
            wanted["transfer"] = _open_transfer(recorder, wanted, claim.article)
        changed = {name: value for name, value in wanted.items() if getattr(claim, name) != value}
        recorder.change(claim, version=version, updated_at=recorder.now, **changed)


def retract(*, claim: Claim, by: User, version: int, key: UUID) -> None:
    """Take an accepted claim out of every list; it is kept, and the decision can be undone."""
    with deciding(by=by, verdict=Verdict.EDIT, key=key, item=_item_of(claim)) as recorder:
        recorder.change(claim, version=version, updated_at=recorder.now, state=Claim.State.RETRACTED)


def _open_transfer(recorder: Recorder, values: dict[str, Any], article: Article) -> Transfer:
    """A new transfer between the parties of a claim."""
    return recorder.create(
        Transfer,
        supplier=values["supplier"],
        recipient=values["recipient"],
        edited_at=recorder.now,
        demo=article.demo,
    )


def _item_of(claim: Claim) -> ReviewItem | None:
    return ReviewItem.objects.filter(event_id=claim.event_id).first() if claim.event_id else None


def _decide(recorder: Recorder, item: ReviewItem, version: int, state: str, **values: Any) -> None:
    if item.state != ReviewItem.State.PENDING and item.version == version:
        raise Refused(_("This event is already decided."))
    recorder.change(item, version=version, state=state, reviewed_by=recorder.by, reviewed_at=recorder.now, **values)
