"""Materiel."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse import profile
from tracker.browse.evidence import with_sources
from tracker.browse.lists import list_page, transfers
from tracker.models import Actor, Claim, Materiel

LATEST = 10


@browsing
@require_GET
def materiel_list(request: Request) -> HttpResponse:
    """The materiel that fits the filters."""
    empty = {"title": _("No materiel yet"), "text": _("It comes with the reference data: manage.py load_reference.")}
    return list_page(request, "materiel", title=_("Materiel"), empty=empty)


@browsing
@require_GET
def materiel(request: Request, materiel_id: int) -> HttpResponse:
    """One weapon, piece of equipment or material: names, categories, who is said to supply it to whom, and when."""
    found = get_object_or_404(Materiel, pk=materiel_id)
    if found.withdrawn:
        return render(request, "browse/gone.html", {"what": found.name}, status=410)
    claims = Claim.objects.shown().filter(materiel=found)
    return render(
        request,
        "browse/materiel.html",
        {
            "materiel": found,
            "maker": Actor.objects.filter(code=found.maker).first() if found.maker else None,
            "names": found.names.select_related("claim").order_by("withdrawn", "language", "name"),
            "transfers": transfers().filter(materiel=found).order_by("-published_key", "-id")[:LATEST],
            "latest": with_sources(claims).order_by("-published_key", "-id")[:LATEST],
            "pairs": profile.pairs(materiel=found.key),
            "over_time": profile.over_time(materiel=found.key),
        },
    )
