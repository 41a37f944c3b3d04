"""Who supplies whom, as bands, matrix, map and table."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from tracker.account.access import browsing
from tracker.browse.as_of import DatedRequest, dated
from tracker.browse.charts import matrix, sankey, worldmap
from tracker.browse.figures_csv import figures_csv
from tracker.browse.flows import COUNTED, Flows, homes
from tracker.browse.lists import TARGET, saved_views

# The rows of the table beside a chart, and of the table alone.
BESIDE, ROWS = 30, 150
VIEWS = {
    "sankey": pgettext_lazy("a kind of chart", "Bands"),
    "matrix": gettext_lazy("Matrix"),
    "map": gettext_lazy("Map"),
    "table": gettext_lazy("Table"),
}
# Parameters of the page that are no filters.
OTHERS = ("view", "of", "as_of", "for")
HEADS = ["supplier", "supplier_code", "recipient", "recipient_code"]


@browsing
@require_GET
@dated
def flows(request: DatedRequest) -> HttpResponse:
    """Suppliers and recipients of what the filters leave, in the view that `?view=` names."""
    found = Flows(request.GET, asked=request.as_of)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else next(iter(VIEWS))
    kept = {"view": view, "of": found.of}
    unknown = found.filters.unknown(*OTHERS)
    rows = found.flows[: ROWS if view == "table" else BESIDE]
    context = {
        "flows": found,
        "view": view,
        "views": [(key, label, found.page(key)) for key, label in VIEWS.items()],
        "of": [(key, label, found.page(view, key)) for key, label in COUNTED.items()],
        "chart": _charts()[view](found),
        "rows": [
            (flow, found.between([flow.supplier.code], [flow.recipient.code])) for flow in rows if view != "matrix"
        ],
        "summary": found.counted(found.total),
        "more": len(found.flows) - len(rows),
        "filters": found.filters,
        "unknown_filters": ", ".join(unknown),
        "facets": list(found.filters.bar()),
        "ranges": list(found.filters.spans()),
        "chips": found.filters.chips(**kept, **found.time),
        "kept": kept.items(),
        "query": found.page(view).removeprefix("?"),
        "saved_views": saved_views(request),
        "clear_url": f"?view={view}&of={found.of}",
        "csv_url": found.csv(),
        "dated": True,
        "today_url": f"{request.path}?{found.filters.address(view=view, of=found.of)}",
    }
    status = 200 if found.filters.form.is_valid() and not unknown else 422
    if not (request.htmx and request.htmx.target == TARGET):
        return render(request, "browse/flows.html", context, status=status)
    response = render(request, "browse/flows.html#list", context, status=status)
    return push_url(response, f"{request.path}{found.page(view)}")


def _charts() -> dict[str, Callable[[Flows], Any]]:
    return {
        "sankey": sankey.chart,
        "matrix": matrix.chart,
        "map": lambda found: worldmap.chart(
            found, homes([party for flow in found.flows for party in (flow.supplier, flow.recipient)])
        ),
        "table": lambda found: None,
    }


@browsing
@require_GET
@dated
def flows_csv(request: DatedRequest) -> HttpResponse:
    """All flows as CSV, the largest first; `sampled` is empty where the numbers are exact. 400 for a bad filter."""
    found = Flows(request.GET, asked=request.as_of)
    if refusal := found.filters.refusal(*OTHERS):
        return HttpResponse(f"{refusal}\n", status=400, content_type="text/plain; charset=utf-8")
    sampled = "" if found.sample is None else found.sample
    rows = []
    for flow in found.flows:
        names = [cell for party in (flow.supplier, flow.recipient) for cell in (party.name, party.code)]
        rows.append([*names, flow.n, flow.contested, sampled])
    return figures_csv(request, f"flows-{timezone.localdate()}", [*HEADS, found.of, "contested", "sampled"], rows)
