"""What somebody said is not the same: never suggested again, until they take it back."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tracker.decisions import Refused, deciding
from tracker.models import Claim, Decision, NotSame, ReviewItem, Transfer, User


def about(*, event_id: int | None, claim_id: int | None = None) -> Any:
    """What was said of an event and of the claim that came from it; `one` is the transfer that stands by now."""
    item = ReviewItem.objects.filter(event=event_id).values("pk")[:1]
    return _standing().filter(Q(item=item) | Q(claim=claim_id, claim__isnull=False))


def said_of(claim: Claim) -> QuerySet[NotSame]:
    """What was said of a claim, or of the event that it came from."""
    return about(event_id=claim.event_id, claim_id=claim.pk).select_related("transfer", "said_by").order_by("pk")


def of_transfer(pk: int, other: Any = None) -> QuerySet[NotSame]:
    """What was said of the transfer `pk`, or what was merged into it, and of another: `other`, or any."""
    said = _standing().filter(other__isnull=False)
    if other is None:
        return said.filter(Q(one=pk) | Q(two=pk))
    return said.filter(Q(one=pk, two=other) | Q(one=other, two=pk))


def _standing() -> Any:
    """Rows that are not taken back, with `one` and `two`, what their transfers are merged into by now."""
    return NotSame.objects.filter(withdrawn=False).annotate(
        one=Coalesce(F("transfer__merged_into"), F("transfer")), two=Coalesce(F("other__merged_into"), F("other"))
    )


def say(
    *,
    transfer: Transfer,
    by: User,
    key: UUID,
    item: ReviewItem | None = None,
    claim: Claim | None = None,
    other: Transfer | None = None,
) -> None:
    """Say that the transfer is not what an event, a claim or another transfer is about. Said before, it stays said.

    Raises Repeated, and Refused for a transfer and itself.
    """
    if other is not None and transfer.pk > other.pk:
        transfer, other = other, transfer
    if transfer == other:
        raise Refused(_("Choose another transfer."))
    what = {"item": item, "claim": claim, "other": other}
    said = NotSame.objects.filter(transfer=transfer, withdrawn=False, **what)
    if said.exists():
        return
    of = item or (ReviewItem.objects.filter(event=claim.event_id).first() if claim and claim.event_id else None)
    try:
        with deciding(by=by, verdict=Decision.Verdict.NOT_SAME, key=key, item=of) as recorder:
            recorder.create(NotSame, transfer=transfer, said_by=by, **what)
    except IntegrityError:
        # Somebody said it at the same time.
        if not said.exists():
            raise


def take_back(*, said: NotSame, by: User, version: int, key: UUID) -> None:
    """Take back that two things are not the same. Raises Conflict and Repeated."""
    with deciding(by=by, verdict=Decision.Verdict.NOT_SAME, key=key, item=said.item) as recorder:
        recorder.change(said, version=version, withdrawn=True)
