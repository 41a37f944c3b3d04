"""The whole history of one object."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.models import Article
from tracker.account.access import Request, browsing
from tracker.browse import history as histories
from tracker.browse.history import BLIND
from tracker.browse.views.claims import hidden
from tracker.models import Claim, ReviewItem


@browsing
@require_GET
def history(request: Request, kind: str, number: int) -> HttpResponse:
    """Who changed what of one object and when, newest first. `?before=` begins where the page before ended."""
    model: Any = histories.KINDS.get(kind)
    if model is None:
        raise Http404
    rows = model._default_manager.all()
    rows = rows.defer("text", "search", "written") if model is Article else rows
    row = get_object_or_404(rows, **({"event": number} if model is ReviewItem else {"pk": number}))
    if isinstance(row, Claim) and hidden(row) or isinstance(row, ReviewItem) and row.state in BLIND:
        raise Http404
    found = histories.page(row, before=request.GET.get("before", ""))
    return render(
        request,
        "browse/history_page.html",
        {
            "name": _name(row),
            "back": _back(request, row),
            "history": found.entries,
            "first": "before" not in request.GET,
            "older_url": found.older and f"?{urlencode({'before': found.older})}",
        },
    )


def _name(row: Any) -> str:
    if isinstance(row, Claim):
        return _("claim %d") % row.pk
    if isinstance(row, ReviewItem):
        return _("event %d") % row.event_id
    return row.title if isinstance(row, Article) else str(row)


def _back(request: Request, row: Any) -> str:
    """The page of the object; nothing for who may not see it."""
    if isinstance(row, ReviewItem):
        return reverse("workbench", args=[row.event_id]) if request.user.has_perm("tracker.review") else ""
    return str(row.get_absolute_url())
