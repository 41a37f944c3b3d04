"""CSV files, and the page that explains them."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.export.stream import Busy, Export
from tracker.export.tables import TABLES, NotUnderstood
from tracker.seal import last

RETRY_AFTER = 30


@browsing
@require_GET
def export_list(request: Request) -> HttpResponse:
    """What can be exported, and what its columns mean."""
    return render(request, "export/exports.html", {"tables": TABLES.values(), "seal": last()})


@browsing
@require_GET
def csv(request: Request, name: str) -> HttpResponseBase:
    """The CSV of what the filters leave. 400 for a filter not understood, 503 where two exports are under way."""
    guarded = request.GET.get("for") == "spreadsheet"
    # Within a transaction the export takes this very connection until it is read.
    sealed = last()
    try:
        export = Export(TABLES[name], request.GET, guarded=guarded, by=request.user.get_username() or "a visitor")
    except NotUnderstood as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    except Busy:
        words = _("Two exports are already under way. Try again in half a minute.")
        response = HttpResponse(f"{words}\n", status=503, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    stream = StreamingHttpResponse(export, content_type="text/csv; charset=utf-8")
    day = f"as-of-{timezone.localdate(export.moment.at)}" if export.moment else timezone.localdate().isoformat()
    stream["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    stream["X-Content-Type-Options"] = "nosniff"
    if sealed:
        stream["Tracker-Seal"] = f"{sealed.pk} {sealed.head}"
    return stream
