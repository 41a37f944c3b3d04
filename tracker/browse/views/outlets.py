"""Outlets."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.models import Article, Outlet
from tracker.account.access import Request, browsing
from tracker.browse import profile
from tracker.browse.dashboard import counted
from tracker.browse.evidence import with_sources
from tracker.browse.lists import list_page
from tracker.models import Actor, Claim

LATEST = 10


@browsing
@require_GET
def outlet_list(request: Request) -> HttpResponse:
    """The outlets that fit the filters."""
    empty = {"title": _("No outlet yet"), "text": _("It comes with the reference data: manage.py load_reference.")}
    return list_page(request, "outlets", title=_("Outlets"), empty=empty)


@browsing
@require_GET
def outlet(request: Request, outlet_id: int) -> HttpResponse:
    """One outlet: names, reliability, and what its articles report about whom."""
    found = get_object_or_404(Outlet, pk=outlet_id)
    articles = Article.objects.filter(outlet=found)
    claims = Claim.objects.shown().filter(article__outlet=found)
    return render(
        request,
        "browse/outlet.html",
        {
            "outlet": found,
            "country": Actor.objects.filter(code=found.country).first() if found.country else None,
            "article_count": counted(articles),
            "copy_count": counted(articles.filter(copy_of__isnull=False)),
            "voice_count": counted(Claim.objects.shown().filter(origin_outlet=found)),
            "articles": articles.defer("text", "search", "written").order_by("-published_key", "-id")[:LATEST],
            "latest": with_sources(claims).order_by("-published_key", "-id")[:LATEST],
            "pairs": profile.pairs(outlet=found.key),
            "over_time": profile.over_time(outlet=found.key),
        },
    )
