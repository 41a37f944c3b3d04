"""Files, and the pages that explain them."""

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.export.formats import asked_for
from tracker.export.stream import Busy, Export, TooMany
from tracker.export.tables import ALL, TABLES, NotUnderstood
from tracker.seal import last
from tracker.templatetags.figures import figure

RETRY_AFTER = 30


@browsing
@require_GET
def export_list(request: Request) -> HttpResponse:
    """What can be exported, and what its columns mean."""
    return render(request, "export/exports.html", {"tables": TABLES.values(), "seal": last()})


@browsing
@require_GET
def export_file(request: Request, name: str, form: str = "csv") -> HttpResponseBase:
    """The rows that the filters leave, in the form that the address ends with.

    400 for a filter or column not understood, 413 where the form holds fewer rows, 503 where two exports are under way.
    """
    asked = asked_for(form, request.GET.get("for", ""))
    if not asked or (name not in TABLES and (name, form) != (ALL, "zip")):
        raise Http404
    tables = (TABLES[name],) if name in TABLES else tuple(TABLES.values())
    by = request.user.get_username() or "a visitor"
    try:
        export = Export(tables, request.GET, asked.write, limit=asked.limit, by=by)
    except NotUnderstood as error:
        return _refused(400, str(error))
    except TooMany as error:
        words = _("These are more rows than the %s that a worksheet holds. Filter further, or take CSV or JSON Lines.")
        return _refused(413, words % figure(error.args[0]))
    except Busy:
        response = _refused(503, _("Two exports are already under way. Try again in half a minute."))
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    answer = StreamingHttpResponse(export, content_type=asked.media)
    day = f"as-of-{timezone.localdate(export.moment.at)}" if export.moment else timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    if export.seal:
        answer["Tracker-Seal"] = f"{export.seal.pk} {export.seal.head}"
    return answer


def _refused(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
