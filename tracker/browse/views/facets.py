"""The values of one filter, to choose from."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse.lists import LISTS
from tracker.browse.options import options

# Parameters of a list that are no filters, and that the way through this page keeps.
KEPT = ("sort", "as_of", "view", "of")
LONGEST = 100
TITLES = {
    "transfers": gettext_lazy("Transfers"),
    "claims": gettext_lazy("Claims"),
    "articles": gettext_lazy("Articles"),
    "actors": gettext_lazy("Actors"),
    "materiel": gettext_lazy("Materiel"),
    "outlets": gettext_lazy("Outlets"),
}


@browsing
@require_GET
def facet(request: Request, name: str, field: str) -> HttpResponse:
    """What one filter of a list can be set to, with the number of rows behind each under the other filters.

    `?at=` is the page whose filter it is, `?find=` looks for values by name. A menu that is opened gets the part of
    it that it shows.
    """
    listing = LISTS.get(name)
    found = listing.filters(request.GET, queryset=listing.rows()) if listing else None
    if found is None or field not in found.facets():
        raise Http404
    at = _page(request.GET.get("at", "")) or reverse(f"{name.removesuffix('s')}_list")
    find = request.GET.get("find", "").replace("\0", "").strip()[:LONGEST]
    values = options(found, field, find=find, count="as_of" not in request.GET)
    own = (field, f"not_{field}")
    hidden = [(one, value) for one in found.filters if one not in own for value in found.sent(one)]
    hidden += [(one, request.GET[one]) for one in KEPT if one in request.GET]
    sent = [(one, value) for one in own for value in found.sent(one)]
    context = {
        "facet": replace(found.facet(field, whole=True), options=values.options),
        "found": values,
        "named": found.filters[field].named is not None,
        "list": TITLES[name],
        "find": find,
        "find_url": f"{request.path}?{urlencode([*hidden, ('at', at)])}",
        "at": at,
        "back": urlencode(hidden + sent),
        "hidden": hidden,
        "kept": [*hidden, *sent, ("at", at)],
    }
    part = "#menu" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"browse/facet.html{part}", context)


def _page(path: str) -> str:
    """The path of a page with filters, or nothing."""
    try:
        return path if getattr(resolve(path).func, "keepable", False) else ""
    except Resolver404:
        return ""
