"""Files, and the pages that explain them."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.browse import choosing, keyset
from tracker.browse.as_of import DatedRequest, dated
from tracker.export.dictionary import KINDS
from tracker.export.feed import FEEDS
from tracker.export.formats import FORMATS, asked_for
from tracker.export.stream import Busy, Export, TooMany
from tracker.export.tables import ALL, EVERY, REGISTERS, TABLES, NotUnderstood
from tracker.seal import last
from tracker.templatetags.figures import figure

RETRY_AFTER = 30


@browsing
@require_GET
def export_list(request: Request) -> HttpResponse:
    """What can be exported, and what its columns mean."""
    return render(
        request, "export/exports.html", {"tables": TABLES.values(), "registers": REGISTERS.values(), "seal": last()}
    )


@browsing
@require_GET
@dated
def export_table(request: DatedRequest, name: str) -> HttpResponse:
    """What the filters leave of a table, its columns to choose from, and the forms it can be had in.

    422 for a filter or column not understood.
    """
    if name not in EVERY:
        raise Http404
    table, wrong = EVERY[name], ""
    found = table.filters(request.GET, queryset=table.rows())
    shown = table.columns
    try:
        rows, shown = table.filtered(request.GET), table.chosen(request.GET)
    except NotUnderstood as error:
        rows, wrong = table.rows().none(), str(error)
    own = shown != table.columns
    time = {"as_of": request.as_of.written} if request.as_of else {}
    kept = ({"columns": ",".join(column.name for column in shown)} if own else {}) | time
    filtered = found.address()
    address = "&".join(part for part in (filtered, urlencode(kept)) if part)
    number, exact = keyset.count(rows)
    menu = choosing.choices(table.columns, shown, own, "&".join(part for part in (filtered, urlencode(time)) if part))
    page = {
        "table": table,
        "wrong": wrong,
        "filters": found,
        "facets": list(found.bar(table.bar or None)),
        "ranges": list(found.spans()),
        "chips": found.chips(**kept),
        "kept": kept.items(),
        "dated": table.dated,
        "today_url": f"?{filtered}",
        "number": figure(number) if exact else f"{figure(number)}+",
        "counted": number,
        "forms": [(form, form.address(name, address)) for form in FORMATS.values()],
        "choices": menu,
        "feed_url": name in FEEDS and reverse("feed", args=[name]) + (f"?{filtered}" if filtered else ""),
        "public": settings.PUBLIC_BROWSING,
        "columns": [(choice, KINDS[choice.column.kind]) for choice in menu.columns],
        "taken": len(shown),
    }
    return render(request, "export/table.html", page, status=422 if wrong else 200)


@browsing
@require_GET
def export_file(request: Request, name: str, form: str = "csv") -> HttpResponseBase:
    """The rows that the filters leave, in the form that the address ends with.

    400 for a filter or column not understood, 413 where the form holds fewer rows, 503 where two exports are under way.
    """
    asked = asked_for(form, request.GET.get("for", ""))
    if not asked or (name not in EVERY and (name, form) != (ALL, "zip")):
        raise Http404
    tables = (EVERY[name],) if name in EVERY else tuple(TABLES.values())
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
