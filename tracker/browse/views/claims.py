"""Claims: single statements, each with its quote."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, browsing
from tracker.browse import history
from tracker.browse.as_of import DatedRequest, dated
from tracker.browse.lists import list_page
from tracker.browse.views.citing import of_claim
from tracker.models import Claim, ReviewItem


@browsing
@require_GET
@dated
def claim_list(request: Request) -> HttpResponse:
    """The claims that fit the filters."""
    empty = {"title": _("No claim yet"), "text": _("A claim is an event that a reviewer has accepted.")}
    if request.user.has_perm("tracker.review"):
        empty |= {"url": reverse("review_queue"), "action": _("Review events")}
        return list_page(request, "claims", title=_("Claims"), empty=empty, tick_url=reverse("claims_link"))
    return list_page(request, "claims", title=_("Claims"), empty=empty)


@browsing
@require_GET
@dated
def claim(request: DatedRequest, claim_id: int) -> HttpResponse:
    """One claim with its words in the article. 410 for one that was retracted."""
    found = get_object_or_404(
        Claim.objects.select_related(
            "article__outlet",
            "transfer",
            "supplier",
            "recipient",
            "intermediary",
            "end_user",
            "materiel",
            "origin",
            "origin_outlet",
            "event__extraction",
            "reviewed_by",
        ).defer("article__search", "article__written"),
        pk=claim_id,
    )
    if hidden(found):
        raise Http404
    until = request.as_of.at if request.as_of else None
    if found.state == Claim.State.RETRACTED:
        gone = {
            "what": _("claim %d") % found.pk,
            "claim": found,
            "history": history.of_claim(found, until=until),
            "history_url": reverse("history", args=["claim", found.pk]),
        }
        return render(request, "browse/gone.html", gone, status=410)
    return render(
        request,
        "browse/claim.html",
        {
            "claim": found,
            "paragraphs": passage(found),
            "history": history.of_claim(found, until=until),
            "citation": of_claim(request, found),
        },
    )


def hidden(claim: Claim) -> bool:
    """Whether it holds the answer of one reviewer that another may not see yet, be it taken back since."""
    blind = ReviewItem.objects.filter(event=claim.event_id, state__in=history.BLIND)
    return claim.state == Claim.State.PROVISIONAL or claim.state == Claim.State.RETRACTED and blind.exists()


def passage(claim: Claim) -> list[object]:
    """The paragraphs of the article that hold the quote, marked; none of a withheld article."""
    if claim.article.withheld_at:
        return []
    quoted = claim.spans.get("evidence") or [[claim.quote_start, claim.quote_end]]
    every = paragraphs(claim.article.text, event_marks(claim.spans, quoted))
    return [one for one in every if any(piece.evidence for piece in one.pieces)]
