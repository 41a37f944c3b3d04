"""What is reported, at a glance."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from articles.models import Article
from tracker.account.access import Request, browsing
from tracker.account.visits import last_visit
from tracker.browse import dashboard as figures
from tracker.browse.charts import months
from tracker.browse.charts.files import CHARTS
from tracker.browse.counted import claims_by, transfers_by
from tracker.browse.figures_csv import figures_csv
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
    unknown = claims.unknown()
    told = claims_by(claims, "month", "kind")
    between = transfers_by(transfers, "supplier", "recipient", limit=figures.PAIRS)
    covered = figures.coverage(articles)
    claim_list = reverse("claim_list")
    reviews = request.user.has_perm("tracker.review")
    queue = reverse("review_queue") if reviews else f"{reverse('article_list')}?waiting=yes"
    context = {
        "filters": claims,
        "unknown_filters": ", ".join(unknown),
        "facets": list(claims.bar(figures.SHARED)),
        "ranges": list(claims.spans())[:1],
        "chips": claims.chips(),
        "figures": figures.figures(
            transfers, claims, reported=between.total, told=told, since=last_visit(request.user), queue=queue
        ),
        "months": months.chart(months.numbers(told.rows), lambda **asked: f"{claim_list}?{claims.address(**asked)}"),
        "sample": told.sample and max(round(100 * told.sample), 1),
        "pairs": figures.pairs(transfers, between.rows),
        "contested": figures.contested(transfers),
        "latest": figures.latest(transfers),
        "outlets": figures.outlet_bars(articles, covered),
        "languages": figures.language_bars(articles, covered),
        "transfers_address": transfers.address(),
        "contested_address": transfers.address(contested="yes"),
        "articles_address": articles.address(),
        "saved_views": saved_views(request),
        "query": claims.address(),
        "anything": bool(told.total) or Article.objects.exists(),
    }
    status = 200 if claims.form.is_valid() and not unknown else 422
    if not (request.htmx and request.htmx.target == TARGET):
        return render(request, "browse/dashboard.html", context, status=status)
    response = render(request, "browse/dashboard.html#list", context, status=status)
    return push_url(response, f"{request.path}?{claims.address()}")


@browsing
@require_GET
def chart_csv(request: Request, chart: str) -> HttpResponse:
    """The numbers of one chart of the dashboard, under the same filters; 400 for one that is not understood."""
    if chart not in CHARTS:
        raise Http404
    filtered, read = CHARTS[chart]
    filters = filtered(request.GET)
    if refusal := filters.refusal("for"):
        return HttpResponse(f"{refusal}\n", status=400, content_type="text/plain; charset=utf-8")
    head, rows = read(filters)
    return figures_csv(request, f"{chart}-{timezone.localdate()}", head, rows)
