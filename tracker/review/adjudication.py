"""What settles an event that two reviewers answer: the second answer, or a third reviewer where the two differ."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tracker.decisions import Conflict, Recorder, Refused, deciding
from tracker.decisions.record import plain, stored
from tracker.models import Claim, Decision, Opinion, ReviewItem, Transfer, User
from tracker.review import opinions
from tracker.review.actions import Part, may_open_transfer, new_claim, open_transfer, rejection
from tracker.review.naming import NewNames
from tracker.review.opinions import Answer

Verdict = Decision.Verdict
State = ReviewItem.State


def accept(*, values: dict[str, Any], transfer: Transfer | None = None, new_transfer: bool = False, **by: Any) -> None:
    """Accept the event as the second reviewer; see `second`."""
    second(answer=Answer(values, transfer, new_transfer), **by)


def reject(*, reason: int, note: str = "", **by: Any) -> None:
    """Reject the event as the second reviewer; see `second`."""
    second(answer=rejection(reason, note), **by)


def second(
    *, item: ReviewItem, answer: Answer, by: User, version: int, key: UUID, seconds: float | None = None
) -> ReviewItem:
    """Take the second answer: it settles the event where it is the same as the first, else a third reviewer does.

    Raises Conflict, Repeated, Refused as `actions.accept`, and PermissionDenied for who gave the first answer.
    """
    opinions.bar(item, by, key)
    with deciding(by=by, verdict=Verdict.SECOND, key=key, item=item, seconds=seconds) as recorder:
        _asked(item, version, State.AWAITING_SECOND)
        names, answer = _resolved(recorder, answer)
        claim, opinion = opinions.provisional(item), next(iter(opinions.given(item)), None)
        if opinion is None:
            raise Conflict(item)
        standing = stored(claim, answer.values) if claim and answer.values else {}
        if not opinions.agree(opinion, standing, answer):
            free: dict[str, Any] = {"leased_by": None, "leased_until": None}
            recorder.change(item, version=version, state=State.ADJUDICATING, **free)
        elif claim is None or answer.values is None:
            reason = {"reason": opinion.reason, "note": opinion.note or answer.note or item.note}
            _settle(recorder, item, version, State.REJECTED, **reason)
        else:
            _activate(recorder, claim, opinion, answer)
            _settle(recorder, item, version, State.ACCEPTED)
        opinions.give(recorder, item, opinions.SECOND, answer, seconds)
        if claim:
            names.of(claim)
        _claim_last(recorder)
    return item


def adjudicate(
    *, item: ReviewItem, answer: Answer, by: User, version: int, key: UUID, seconds: float | None = None
) -> ReviewItem:
    """Settle an event that two reviewers answered differently. The claim is then what the third reviewer says.

    Raises Conflict, Repeated, Refused as `actions.accept`, and PermissionDenied for the two.
    """
    opinions.bar(item, by, key)
    with deciding(by=by, verdict=Verdict.ADJUDICATE, key=key, item=item, seconds=seconds) as recorder:
        _asked(item, version, State.ADJUDICATING)
        names, answer = _resolved(recorder, answer)
        claim, article = opinions.provisional(item), item.event.article
        accepted = answer.values is not None
        if claim and answer.values is None:
            recorder.change(claim, state=Claim.State.RETRACTED, updated_at=recorder.now)
        elif claim and answer.values is not None:
            changed = _changed(claim, answer.values) | _link(recorder, claim, answer) | _reviewed(recorder)
            recorder.change(claim, state=Claim.State.ACTIVE, **changed)
        reason = {} if accepted else {"reason": answer.reason, "note": answer.note or item.note}
        _settle(recorder, item, version, State.ACCEPTED if accepted else State.REJECTED, **reason)
        opinions.give(recorder, item, opinions.ADJUDICATED, answer, seconds)
        if claim:
            names.of(claim)
        elif answer.values is not None:
            part = Part(answer.values, answer.transfer, answer.new_transfer)
            new_claim(recorder, names, article, part, event=item.event)
        _claim_last(recorder)
    return item


def _asked(item: ReviewItem, version: int, state: str) -> None:
    """Refused where the event does not ask for this answer; Conflict where it changed since it was read."""
    if item.version != version:
        raise Conflict(item)
    if item.state != state:
        raise Refused(_("This event is already decided."))


def _resolved(recorder: Recorder, answer: Answer) -> tuple[NewNames, Answer]:
    """The answer with a row for every name that it adds."""
    names = NewNames(recorder)
    if answer.values is None:
        return names, answer
    if answer.new_transfer:
        may_open_transfer(answer.values)
    return names, Answer(names.resolve(answer.values), answer.transfer, answer.new_transfer)


def _claim_last(recorder: Recorder) -> None:
    """Put what was done to claims last: everybody locks claims before items, and an undo goes the other way round."""
    recorder.changes.sort(key=lambda change: change["model"] == "claim")


def _settle(recorder: Recorder, item: ReviewItem, version: int, state: str, **values: Any) -> None:
    recorder.change(item, version=version, state=state, reviewed_by=recorder.by, reviewed_at=recorder.now, **values)


def _activate(recorder: Recorder, claim: Claim, opinion: Opinion, answer: Answer) -> None:
    """Show the claim that both have accepted, in the words of the first and with the more careful credibility."""
    values = answer.values or {}
    more = {name: values[name] for name in ("translation", "note") if not getattr(claim, name)}
    more["credibility"] = max(int(opinion.values["credibility"]), int(values["credibility"]))
    changed = _changed(claim, more) | _link(recorder, claim, answer)
    recorder.change(claim, state=Claim.State.ACTIVE, updated_at=recorder.now, **changed)


def _changed(claim: Claim, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that the claim has otherwise."""
    before, after = stored(claim, values), plain(values)
    return {name: value for name, value in values.items() if before[name] != after[name]}


def _link(recorder: Recorder, claim: Claim, answer: Answer) -> dict[str, Any]:
    """The transfer of the claim, where the answer says one."""
    if answer.new_transfer:
        return {"transfer": open_transfer(recorder, answer.values or {}, claim.article)}
    return {"transfer": answer.transfer} if answer.transfer else {}


def _reviewed(recorder: Recorder) -> dict[str, Any]:
    return {"reviewed_by": recorder.by, "reviewed_at": recorder.now, "updated_at": recorder.now}
