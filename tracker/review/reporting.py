"""Report a claim as wrong, which everybody who is signed in may do, and answer the reports that wait."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated
from tracker.models import Claim, Report
from tracker.review import asked, conflicts, queue, reports
from tracker.review.claims import RELATED, chosen, fill, part_of, transfers_for
from tracker.review.forms import ClaimForm, initial_of_claim
from tracker.review.queue import Queue

LONGEST = 4000
SHOWN = 100


@require_http_methods(["GET", "POST"])
def report_claim(request: Request, claim_id: int) -> HttpResponse:
    """Say what is wrong with a claim."""
    claim = get_object_or_404(Claim.objects.shown().select_related("article__outlet"), pk=claim_id)
    text, error = request.POST.get("text", "")[:LONGEST], ""
    if request.method == "POST":
        try:
            reports.report(claim=claim, text=text, by=request.user, key=asked.key(request))
            messages.success(request, _("Your report waits for a reviewer. The answer will stand here."))
            return redirect(claim)
        except Repeated:
            return redirect(claim)
        except Refused as refused:
            error = str(refused)
    values = {"claim": claim, "text": text, "error": error, "key": uuid4(), "longest": LONGEST}
    return render(request, "review/report.html", values, status=422 if error else 200)


@require_POST
def report_withdraw(request: Request, report_id: int) -> HttpResponse:
    """Take back one's own report."""
    report = get_object_or_404(Report.objects.select_related("claim"), pk=report_id)
    if report.reported_by_id != request.user.pk:
        raise PermissionDenied(_("Only its writer takes a report back."))
    try:
        reports.withdraw(report=report, by=request.user, key=asked.key(request))
        messages.success(request, _("Your report is taken back."))
    except CannotUndo as refused:
        messages.error(request, _("This cannot be undone. %s") % refused)
    except Repeated:
        messages.info(request, _("This was already done."))
    return redirect("account" if report.claim.state != Claim.State.ACTIVE else report.claim)


@reviewing
@require_GET
def report_list(request: Request) -> HttpResponse:
    """The reports that wait for an answer, the oldest first."""
    waiting = reports.waiting(request.user).select_related(
        "reported_by", "claim__supplier", "claim__recipient", "claim__transfer", "claim__article"
    )
    values = {
        "reports": waiting.defer("claim__article__text", "claim__article__search", "claim__article__written")[:SHOWN],
        "waiting": waiting.count(),
        "tabs": [(order, label, Queue(order).query) for order, label in queue.ORDERS.items()],
    }
    return render(request, "review/report_list.html", values)


@reviewing
@require_http_methods(["GET", "POST"])
def report_answer(request: Request, report_id: int) -> HttpResponse:
    """Answer a report: correct the claim, retract it, or keep it. 409 where somebody changed one of them since."""
    rows = Report.objects.filter(withdrawn=False).select_related("reported_by", "answered_by", "claim")
    report = get_object_or_404(rows, pk=report_id)
    if report.reported_by_id == request.user.pk:
        raise PermissionDenied(_("You have written this report. Another reviewer answers it."))
    claim = report.claim = Claim.objects.select_related(*RELATED).get(pk=report.claim_id)
    if claim.state == Claim.State.PROVISIONAL:
        raise Http404
    if request.method == "GET":
        form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
        return _page(request, report, form, linked=claim.transfer.public_id if claim.transfer else "")
    posted, base = request.POST.copy(), request.POST.get("base", "")
    if any(name.startswith("choose-") for name in posted):
        posted = conflicts.settled(posted, conflicts.standing(claim), conflicts.began(claim, base))
    form, linked = ClaimForm(posted, article=claim.article), chosen(posted)
    if field := request.GET.get("fill"):
        posted["fill"] = field
        return _page(request, report, fill(form, posted), linked=linked, base=base)
    outcome = posted.get("verdict", "")
    try:
        write: dict[str, Any] = {
            "report": report,
            "text": posted.get("answer", "")[:LONGEST],
            "by": request.user,
            "version": asked.number(posted.get("report_version")) or 0,
            "claim_version": asked.version(request),
            "key": asked.key(request),
        }
        if outcome in {"keep", "retract"}:
            reports.answer(**write, retract=outcome == "retract")
        elif outcome != "correct":
            raise Refused(_("Choose what to do with the claim."))
        elif form.is_valid():
            reports.answer(**write, part=part_of(form, linked))
        else:
            return _page(request, report, form, linked=linked, base=base, status=422)
    except Refused as refused:
        form.is_valid()
        form.add_error(None, str(refused))
        return _page(request, report, form, linked=linked, base=base, status=422)
    except Conflict:
        report = rows.get(pk=report_id)
        report.claim = Claim.objects.select_related(*RELATED).get(pk=report.claim_id)
        base = base or str(write["claim_version"])
        return _page(request, report, form, linked=linked, base=base, conflict=True, status=409)
    except Repeated:
        messages.info(request, _("This was already done."))
    else:
        messages.success(request, _("The report is answered. Undo takes the answer back."))
    following = reports.waiting(request.user).filter(pk__gt=report_id).first()
    address = reverse("report_answer", args=[following.pk]) if following else reverse("report_list")
    return asked.onto(request, address)


def _page(
    request: Request,
    report: Report,
    form: ClaimForm,
    *,
    linked: str,
    base: str = "",
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    claim, article, differences = report.claim, report.claim.article, []
    if conflict and claim.state == Claim.State.ACTIVE and str(claim.version) != base:
        mine, theirs = conflicts.sent(form, linked), conflicts.standing(claim)
        differences = conflicts.differences(mine, theirs, conflicts.began(claim, base), article)
    values = {
        "report": report,
        "claim": claim,
        "article": article,
        "form": form,
        "linked": linked,
        "answer": request.POST.get("answer", ""),
        "base": base,
        "conflict": conflict,
        "differences": differences,
        "here": reverse("report_answer", args=[report.pk]),
        "key": uuid4(),
        "transfers": transfers_for(form, claim.transfer, claim_id=claim.pk),
        "paragraphs": paragraphs(article.text, event_marks(*form.marked())),
        "open": report.answered_at is None,
        "typing": status == 422 or conflict or bool(request.GET.get("fill")),
    }
    template = "review/report_answer.html#workbench" if request.htmx else "review/report_answer.html"
    return render(request, template, values, status=status)
