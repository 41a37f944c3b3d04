"""Actors, materiel and outlets."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse.lists import list_page, transfers
from tracker.models import Actor, ActorName, Claim, Transfer

LATEST = 10


@browsing
@require_GET
def actor_list(request: Request) -> HttpResponse:
    """The actors that fit the filters."""
    empty = {"title": _("No actor yet"), "text": _("Actors come with the reference data: manage.py load_reference.")}
    return list_page(request, "actors", title=_("Actors"), empty=empty)


@browsing
@require_GET
def actor(request: Request, actor_id: int) -> HttpResponse:
    """One actor: names, what it is said to supply and to receive, and with whom."""
    found = get_object_or_404(Actor.objects.select_related("parent", "merged_into"), pk=actor_id)
    if found.merged_into:
        words = {"gone": found, "into": found.merged_into}
        messages.info(request, _("%(gone)s was merged into %(into)s.") % words)
        return redirect(found.merged_into)
    if found.withdrawn:
        return render(request, "browse/gone.html", {"what": found.name}, status=410)
    merged = list(found.merged_from.order_by("pk"))
    names = ActorName.objects.filter(actor__in=[found, *merged], withdrawn=False).select_related("claim")
    return render(
        request,
        "browse/actor.html",
        {
            "actor": found,
            "names": names.order_by("kind", "language", "name"),
            "merged": merged,
            "children": found.children.standing(),
            "roles": [
                ("supplier", transfers().filter(supplier=found).order_by("-published_key", "-id")[:LATEST]),
                ("recipient", transfers().filter(recipient=found).order_by("-published_key", "-id")[:LATEST]),
            ],
            "partners": partners(found),
            "said": Claim.objects.shown().filter(origin=found).count(),
        },
    )


@dataclass(frozen=True, slots=True)
class Partner:
    """With whom an actor is said to trade, and the number of transfers each way."""

    actor: Actor
    received: int
    supplied: int


def partners(actor: Actor) -> list[Partner]:
    """The partners of an actor, by name."""

    def count(this: str, other: str) -> dict[int, int]:
        rows = Transfer.objects.standing().filter(**{this: actor, f"{other}__isnull": False})
        return dict(rows.order_by().values_list(other).annotate(n=Count("pk")))

    received, supplied = count("supplier", "recipient"), count("recipient", "supplier")
    actors = Actor.objects.filter(pk__in=received.keys() | supplied.keys()).order_by("sort_key", "pk")
    return [Partner(other, received.get(other.pk, 0), supplied.get(other.pk, 0)) for other in actors]


@browsing
@require_GET
def materiel_list(request: Request) -> HttpResponse:
    """The materiel that fits the filters."""
    empty = {"title": _("No materiel yet"), "text": _("It comes with the reference data: manage.py load_reference.")}
    return list_page(request, "materiel", title=_("Materiel"), empty=empty)


@browsing
@require_GET
def outlet_list(request: Request) -> HttpResponse:
    """The outlets that fit the filters."""
    empty = {"title": _("No outlet yet"), "text": _("It comes with the reference data: manage.py load_reference.")}
    return list_page(request, "outlets", title=_("Outlets"), empty=empty)
