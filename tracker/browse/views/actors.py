"""Actors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse import profile
from tracker.browse.as_of import DatedRequest
from tracker.browse.dashboard import counted
from tracker.browse.lists import list_page, transfers
from tracker.browse.views.citing import of_actor
from tracker.models import Actor, ActorName, Claim

LATEST = 10
CHILDREN = 60


@browsing
@require_GET
def actor_list(request: Request) -> HttpResponse:
    """The actors that fit the filters."""
    empty = {"title": _("No actor yet"), "text": _("Actors come with the reference data: manage.py load_reference.")}
    return list_page(request, "actors", title=_("Actors"), empty=empty)


@browsing
@require_GET
def actor(request: DatedRequest, actor_id: int) -> HttpResponse:
    """One actor: names, what it is said to supply and to receive, with whom and when.

    `?by=stage` sets stages beside its partners in place of categories, `?print=brief` is the page to print.
    """
    found = get_object_or_404(Actor.objects.select_related("parent", "merged_into"), pk=actor_id)
    if found.merged_into:
        words = {"gone": found, "into": found.merged_into}
        messages.info(request, _("%(gone)s was merged into %(into)s.") % words)
        return redirect(found.merged_into)
    if found.withdrawn:
        return render(request, "browse/gone.html", {"what": found.name}, status=410)
    by = "stage" if request.GET.get("by") == "stage" else "category"
    merged = list(found.merged_from.order_by("pk"))
    names = ActorName.objects.filter(actor__in=[found, *merged]).select_related("claim")
    children = list(found.children.standing()[: CHILDREN + 1])
    return render(
        request,
        "browse/actor_brief.html" if request.GET.get("print") == "brief" else "browse/actor.html",
        {
            "actor": found,
            "names": names.order_by("withdrawn", "kind", "language", "name"),
            "merged": merged,
            "children": children[:CHILDREN],
            "more_children": len(children) > CHILDREN,
            "by": by,
            "roles": [
                (
                    role,
                    profile.matrix(found, role, by),
                    transfers().filter(**{role: found}).order_by("-published_key", "-id")[:LATEST],
                )
                for role in ("supplier", "recipient")
            ],
            "over_time": profile.over_time(party=found.code),
            "citation": of_actor(request, found),
            "said": counted(Claim.objects.shown().filter(origin=found)),
        },
    )
