"""Transfers and what is reported about each."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse import evidence, history
from tracker.browse.as_of import DatedRequest, dated
from tracker.browse.charts.timeline import timeline
from tracker.browse.lists import list_page
from tracker.browse.views.citing import of_transfer
from tracker.models import Transfer

PUBLIC_ID = re.compile(r"^T-(\d{6,15})$")
# Claims of each side that are quoted, and of those beside the sides; articles that a brief names; origins told.
QUOTES, BESIDE, SOURCES, ORIGINS = 15, 6, 12, 30


@browsing
@require_GET
@dated
def transfer_list(request: Request) -> HttpResponse:
    """The transfers that fit the filters."""
    empty = {
        "title": _("No transfer yet"),
        "text": _("A transfer is opened when a reviewer accepts an event as a new one."),
    }
    if request.user.has_perm("tracker.review"):
        empty |= {"url": reverse("review_queue"), "action": _("Review events")}
    return list_page(request, "transfers", title=_("Transfers"), empty=empty)


@browsing
@require_GET
@dated
def transfer(request: DatedRequest, public_id: str) -> HttpResponse:
    """One transfer: its stages, its values, who supports and who denies it. 410 for one that was withdrawn.

    `?print=brief` is the page to print: one or two sheets, with the sources spelled out.
    """
    written = PUBLIC_ID.match(public_id)
    if not written:
        raise Http404
    onward, until = (request.as_of.query, request.as_of.at) if request.as_of else ("", None)
    found = get_object_or_404(
        Transfer.objects.select_related("supplier", "recipient", "materiel", "merged_into"), pk=int(written[1])
    )
    if found.public_id != public_id:
        return redirect(found, permanent=True)
    if found.merged_into:
        words = {"gone": found, "into": found.merged_into}
        messages.info(request, _("%(gone)s was merged into %(into)s.") % words)
        return redirect(f"{found.merged_into.get_absolute_url()}{onward}")
    if found.state == Transfer.State.WITHDRAWN:
        gone = {
            "what": found.public_id,
            "history": history.of_transfer(found, until=until),
            "history_url": reverse("history", args=["transfer", found.pk]),
        }
        return render(request, "browse/gone.html", gone, status=410)
    claims = evidence.claims_of(found)
    sides = evidence.sides(claims)
    quoted = evidence.quoted([claim for side in evidence.SIDES for claim in sides[side][:QUOTES]])
    shown = [(side, [quoted[claim.pk] for claim in sides[side][:QUOTES]], len(sides[side])) for side in evidence.SIDES]
    origins, more_origins = evidence.origins((claim for claim in claims if claim.bearing != "beside"), ORIGINS)
    brief = request.GET.get("print") == "brief"
    sources, source_count = evidence.sources(claims, SOURCES) if brief else ([], 0)
    return render(
        request,
        "browse/transfer_brief.html" if brief else "browse/transfer.html",
        {
            "transfer": found,
            "ladder": evidence.ladder(found, claims),
            "reported": evidence.reported(sides["supports"] or claims),
            "origins": origins,
            "more_origins": more_origins,
            "timeline": timeline(claims, _listed(found, request)),
            "sides": shown[:3],
            "beside": shown[3][1][:BESIDE],
            "beside_count": shown[3][2],
            "claim_count": len(claims),
            "history": history.of_transfer(found, until=until),
            "merged": found.merged_from.select_related("supplier", "recipient", "materiel").order_by("pk"),
            "citation": of_transfer(request, found),
            "sources": sources,
            "source_count": source_count,
        },
    )


def _listed(transfer: Transfer, request: DatedRequest) -> str:
    """The address of the list of its claims, which further filters are added to."""
    asked = {"transfer": transfer.public_id} | ({"as_of": request.as_of.written} if request.as_of else {})
    return f"{reverse('claim_list')}?{urlencode(asked)}"
