"""What a reviewer decides about an event. Every function is one transaction and one Decision."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from articles.codes import Stage
from articles.models import Article, ExtractedEvent
from tracker.decisions import Recorder, Refused, deciding
from tracker.models import Claim, Decision, ReviewItem, Transfer, User
from tracker.models.transfers import Credibility
from tracker.review import opinions
from tracker.review.naming import NewNames

Verdict = Decision.Verdict
# The most rows that one decision in bulk changes.
AT_ONCE = 500


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

    Where the event gets a second opinion, the claim is provisional and not linked yet. Raises Conflict where the item
    has another version, Repeated for a key used before, Refused for a sanction that would make a transfer.
    """
    verdict = Verdict.NEW if new_transfer else Verdict.LINK if transfer else Verdict.ACCEPT
    with deciding(by=by, verdict=verdict, key=key, item=item, seconds=seconds) as recorder:
        names, article = NewNames(recorder), item.event.article
        if not opinions.wanted(item):
            _decide(recorder, item, version, ReviewItem.State.ACCEPTED)
            return new_claim(recorder, names, article, Part(values, transfer, new_transfer), event=item.event)
        _still_waits(item, version)
        if new_transfer:
            may_open_transfer(values)
        values = names.resolve(values)
        opinions.first(recorder, item, version, opinions.Answer(values, transfer, new_transfer), seconds)
        # What confirms it is the link, and that comes last.
        values = values | {"credibility": Credibility.UNJUDGED}
        return new_claim(recorder, names, article, Part(values), event=item.event, state=Claim.State.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class Part:
    """The values of one claim, linked to `transfer`, to a new transfer, to that of the first part, or to none."""

    values: dict[str, Any]
    transfer: Transfer | None = None
    new_transfer: bool = False
    with_first: bool = False


def split(
    *, item: ReviewItem, parts: list[Part], by: User, version: int, key: UUID, seconds: float | None = None
) -> list[Claim]:
    """Accept the event as two or more claims, in one decision.

    Raises Conflict, Repeated, and Refused for fewer than two parts or a sanction that would make a transfer.
    """
    if len(parts) < 2:
        raise Refused(_("An event is split into two claims or more."))
    with deciding(by=by, verdict=Verdict.SPLIT, key=key, item=item, seconds=seconds) as recorder:
        _decide(recorder, item, version, ReviewItem.State.ACCEPTED)
        names = NewNames(recorder)
        claims: list[Claim] = []
        for part in parts:
            part = replace(part, transfer=claims[0].transfer) if part.with_first and claims else part
            claims.append(new_claim(recorder, names, item.event.article, part, event=item.event))
        return claims


def write(*, article: Article, part: Part, by: User, key: UUID) -> Claim:
    """Write a claim of what the machine missed in the article. Raises Repeated, and Refused as `accept` does."""
    with deciding(by=by, verdict=Verdict.WRITE, key=key) as recorder:
        return new_claim(recorder, NewNames(recorder), article, part)


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
    """Reject the event. Reason 6 (other) needs a note. One that gets a second opinion waits for it."""
    answer = rejection(reason, note)
    with deciding(by=by, verdict=Verdict.REJECT, key=key, item=item, seconds=seconds) as recorder:
        if opinions.wanted(item):
            _still_waits(item, version)
            opinions.first(recorder, item, version, answer, seconds)
        else:
            _decide(recorder, item, version, ReviewItem.State.REJECTED, reason=reason, note=answer.note)


def rejection(reason: int, note: str) -> opinions.Answer:
    """The answer that rejects an event. Refused for an unknown reason, and for reason 6 (other) without a note."""
    if reason not in ReviewItem.Reason.values:
        raise Refused(_("Choose a reason from 1 to 6."))
    if reason == ReviewItem.Reason.OTHER and not note.strip():
        raise Refused(_("Say the other reason in a note."))
    return opinions.Answer(reason=reason, note=note.strip())


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
    with deciding(by=by, verdict=Verdict.EDIT, key=key, item=review_of(claim)) as recorder:
        correct(recorder, claim, version, values, new_transfer=new_transfer)


def correct(
    recorder: Recorder, claim: Claim, version: int, values: dict[str, Any], *, new_transfer: bool = False
) -> None:
    """Write those of `values` that differ, with the names and the transfer that they ask for."""
    names = NewNames(recorder)
    wanted = {name: getattr(claim, name) for name in ("supplier", "recipient", "stage")} | values
    wanted = names.resolve(wanted)
    if new_transfer:
        wanted["transfer"] = open_transfer(recorder, wanted, claim.article)
    changed = {name: value for name, value in wanted.items() if getattr(claim, name) != value}
    recorder.change(claim, version=version, updated_at=recorder.now, **changed)
    names.of(claim)


def retract(*, claim: Claim, by: User, version: int, key: UUID) -> None:
    """Take an accepted claim out of every list; it is kept, and the decision can be undone."""
    with deciding(by=by, verdict=Verdict.EDIT, key=key, item=review_of(claim)) as recorder:
        recorder.change(claim, version=version, updated_at=recorder.now, state=Claim.State.RETRACTED)


# What a claim of a copy takes over: all that reviewers judge.
COPIED = [
    field.name
    for field in Claim._meta.concrete_fields
    if not field.generated
    and field.name
    not in {"id", "state", "article", "event", "published_on", "reviewed_by", "reviewed_at", "updated_at", "version"}
]


def decide_copies(*, item: ReviewItem, twins: list[tuple[ReviewItem, int]], by: User, key: UUID) -> int:
    """Decide events of copies, each with the version it was shown in, as `item` was decided. Returns how many.

    Raises Conflict, Repeated, and Refused where `item` is not decided, or nothing was ticked.
    """
    claims = list(Claim.objects.shown().filter(event=item.event_id).order_by("pk"))
    rejected = item.state == ReviewItem.State.REJECTED
    if not rejected and not claims:
        raise Refused(_("This event is not decided, or no longer."))
    if not twins:
        raise Refused(_("Tick the copies that shall be decided the same."))
    reason = {"reason": item.reason, "note": item.note} if rejected else {}
    with deciding(by=by, verdict=Verdict.REJECT if rejected else Verdict.ACCEPT, key=key) as recorder:
        for twin, version in twins:
            _decide(recorder, twin, version, item.state, **reason)
            for claim in [] if rejected else claims:
                values = {name: getattr(claim, name) for name in COPIED if name != "transfer"}
                part = Part(values, claim.transfer)
                new_claim(recorder, NewNames(recorder), twin.event.article, part, event=twin.event)
    return len(twins)


def assign(*, items: list[ReviewItem], to: User | None, by: User, key: UUID) -> int:
    """Assign waiting events to a reviewer, or to nobody, and end the leases of others on them. Returns how many.

    Raises Conflict, Repeated, and Refused where there is nothing to change.
    """
    changed = [item for item in items if item.assigned_to != to]
    if not changed:
        raise Refused(_("Nothing was ticked that is not assigned so already."))
    with deciding(by=by, verdict=Verdict.ASSIGN, key=key, item=changed[0] if len(changed) == 1 else None) as recorder:
        recorder.change_all([(item, {"assigned_to": to}) for item in changed])
        held = ReviewItem.objects.filter(pk__in=[item.pk for item in changed], leased_by__isnull=False)
        held.exclude(leased_by=to).update(leased_by=None, leased_until=None)
    return len(changed)


def new_claim(
    recorder: Recorder,
    names: NewNames,
    article: Article,
    part: Part,
    event: ExtractedEvent | None = None,
    state: str = Claim.State.ACTIVE,
) -> Claim:
    """The claim of one part, with the transfer and the names that it asks for."""
    values = names.resolve(part.values)
    transfer = open_transfer(recorder, values, article) if part.new_transfer else part.transfer
    claim = recorder.create(
        Claim,
        state=state,
        article=article,
        event=event,
        transfer=transfer,
        published_on=article.published_on,
        reviewed_by=recorder.by,
        reviewed_at=recorder.now,
        updated_at=recorder.now,
        **values,
    )
    names.of(claim)
    return claim


def open_transfer(recorder: Recorder, values: dict[str, Any], article: Article) -> Transfer:
    """A new transfer between the parties of a claim. Refused for a sanction."""
    may_open_transfer(values)
    return recorder.create(
        Transfer,
        supplier=values["supplier"],
        recipient=values["recipient"],
        edited_at=recorder.now,
        demo=article.demo,
    )


def may_open_transfer(values: dict[str, Any]) -> None:
    """Refused for the values of a sanction."""
    if values["stage"] == Stage.SANCTION:
        raise Refused(_("A sanction is no transfer: link it to one, or accept it without a link."))


def review_of(claim: Claim) -> ReviewItem | None:
    """The review of the event that the claim was accepted from, where there is one."""
    return ReviewItem.objects.filter(event_id=claim.event_id).first() if claim.event_id else None


def _still_waits(item: ReviewItem, version: int) -> None:
    if item.state != ReviewItem.State.PENDING and item.version == version:
        raise Refused(_("This event is already decided."))


def _decide(recorder: Recorder, item: ReviewItem, version: int, state: str, **values: Any) -> None:
    _still_waits(item, version)
    if item.flagged:
        raise Refused(_("This event gets a second opinion: decide it by itself, and as one claim."))
    recorder.change(item, version=version, state=state, reviewed_by=recorder.by, reviewed_at=recorder.now, **values)
