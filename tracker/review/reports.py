"""Reports that a claim is wrong: write one, take it back, answer it. Every function is one Decision."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tracker.account.backends import REVIEW
from tracker.decisions import CannotUndo, Conflict, Refused, deciding, undo
from tracker.models import Claim, Decision, Report, User
from tracker.review.actions import Part, correct, review_of

Verdict = Decision.Verdict
LATEST = 20


def waiting(user: User) -> QuerySet[Report]:
    """The reports that `user` may answer, the oldest first: nobody answers their own."""
    rows = Report.objects.filter(answered_at__isnull=True, withdrawn=False).exclude(reported_by=user)
    return rows.order_by("pk")


def visible(user: User, claim: Claim | None = None) -> QuerySet[Report]:
    """The reports on a claim that `user` may read: their own, and for reviewers all; without a claim, their latest."""
    rows = Report.objects.filter(withdrawn=False).select_related("reported_by", "answered_by", "claim")
    if claim is None:
        return rows.filter(reported_by=user).order_by("-pk")[:LATEST]
    return rows.filter(claim=claim) if user.has_perm(REVIEW) else rows.filter(claim=claim, reported_by=user)


def report(*, claim: Claim, text: str, by: User, key: UUID) -> Report:
    """Report a claim as wrong. Raises Repeated, and Refused without a text or where a report of theirs still waits."""
    if not text.strip():
        raise Refused(_("Say what is wrong."))
    with deciding(by=by, verdict=Verdict.REPORT, key=key, item=review_of(claim)) as recorder:
        # Locked, so that two tabs of one writer come one after the other.
        shown = Claim.objects.shown().select_for_update(of=("self",)).filter(pk=claim.pk).first()
        if shown is None:
            raise Refused(_("This claim is not shown any more."))
        if claim.reports.filter(reported_by=by, answered_at__isnull=True, withdrawn=False).exists():
            raise Refused(_("You have reported this claim already. It waits for an answer."))
        return recorder.create(
            Report, claim=claim, text=text.strip(), reported_by=by, reported_at=recorder.now, withdrawn=False
        )


def withdraw(*, report: Report, by: User, key: UUID) -> None:
    """Take back one's own report, by undoing the decision that wrote it. Raises CannotUndo where it is answered."""
    if report.reported_by_id != by.pk:
        raise PermissionDenied
    if report.answered_at:
        raise CannotUndo(_("It is answered already."))
    wrote = Decision.objects.filter(
        user=by, verdict=Verdict.REPORT, changes__contains=[{"model": "report", "pk": report.pk}]
    )
    undo(wrote.select_related("undone_by", "item").get(), by=by, key=key)


def answer(
    *,
    report: Report,
    text: str,
    by: User,
    version: int,
    claim_version: int,
    key: UUID,
    part: Part | None = None,
    retract: bool = False,
) -> None:
    """Answer a report: correct the claim as `part` says, or retract it, or keep it as it is; and say so in `text`.

    `version` is that of the report. Raises Conflict for another version of either, Repeated, Refused without a text,
    and PermissionDenied for who wrote the report.
    """
    if report.reported_by_id == by.pk:
        raise PermissionDenied(_("You have written this report. Another reviewer answers it."))
    if not text.strip():
        raise Refused(_("Write an answer: the reporter reads it."))
    claim = report.claim
    with deciding(by=by, verdict=Verdict.ANSWER, key=key, item=review_of(claim)) as recorder:
        # Claims are locked before what is said of them.
        standing = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        if standing.version != claim_version:
            raise Conflict(standing)
        if retract:
            recorder.change(claim, version=claim_version, updated_at=recorder.now, state=Claim.State.RETRACTED)
        elif part is not None:
            values: dict[str, Any] = part.values | {"transfer": part.transfer}
            correct(recorder, claim, claim_version, values, new_transfer=part.new_transfer)
        if report.answered_at and report.version == version:
            raise Refused(_("This report is answered already."))
        written = {"answer": text.strip(), "answered_by": by, "answered_at": recorder.now}
        recorder.change(report, version=version, **written)
