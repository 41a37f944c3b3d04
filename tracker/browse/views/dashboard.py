"""What is reported, at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from articles.models import Article
from tracker.account.access import Request, browsing
from tracker.browse import dashboard as figures
from tracker.browse.charts import months
from tracker.browse.filters import ArticleFilter, ClaimFilter, TransferFilter
from tracker.browse.lists import TARGET, saved_views
from tracker.models import Claim, Transfer


@browsing
@require_GET
def dashboard(request: Request) -> HttpResponse:
    """Counts, charts and lists, each a link to the rows behind it."""
    claims = ClaimFilter(request.GET, queryset=Claim.objects.shown())
    transfers = TransferFilter(request.GET, queryset=Transfer.objects.standing())
    articles = ArticleFilter(request.GET, queryset=Article.objects.all())
    found = months.numbers(claims.qs)
    outlets, languages = figures.coverage(articles)
    claim_list, claims_csv = reverse("claim_list"), reverse("export_claims")
    reviews = request.user.has_perm("tracker.review")
    queue = reverse("review_queue") if reviews else f"{reverse('article_list')}?waiting=yes"
    context = {
        "filters": claims,
        "facets": list(claims.bar(figures.SHARED)),
        "ranges": list(claims.spans())[:1],
        "chips": claims.chips(),
        "figures": figures.figures(transfers, claims, today=timezone.localdate(), queue=queue),
        "months": months.chart(found, lambda **asked: f"{claim_list}?{claims.address(**asked)}"),
        "months_csv": f"{claims_csv}?{claims.address()}",
        "pairs": figures.pairs(transfers),
        "contested": figures.contested(transfers),
        "latest": figures.latest(transfers),
        "outlets": outlets,
        "languages": languages,
        "transfers_address": transfers.address(),
        "saved_views": saved_views(request),
        "query": claims.address(),
        "anything": bool(found) or Article.objects.exists(),
    }
    status = 200 if claims.form.is_valid() else 422
    if not (request.htmx and request.htmx.target == TARGET):
        return render(request, "browse/dashboard.html", context, status=status)
    response = render(request, "browse/dashboard.html#list", context, status=status)
    return push_url(response, f"{request.path}?{claims.address()}")
