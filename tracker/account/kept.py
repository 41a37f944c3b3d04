"""What somebody sent after their session had ended: kept until they have signed in, and then sent by them."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_GET

from tracker.account.access import Request

KEPT = "kept_input"
MOST = 200_000


def keep(request: HttpRequest) -> str:
    """Keep the fields of a request in the session of the stranger; returns the page that gives them back.

    Files are not kept. Only what came with the site's own token gets here: others were refused before.
    """
    try:
        fields = [
            [name, value] for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
        ]
    except RequestDataTooBig:
        return request.get_full_path()
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return request.get_full_path()
    request.session[KEPT] = {"path": request.get_full_path(), "fields": fields}
    return reverse("kept_input")


@require_GET
def kept_input(request: Request) -> HttpResponse:
    """What was sent by somebody who had been signed out, with the button that sends it after all."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("dashboard")
    try:
        resolve(kept["path"].partition("?")[0])
    except Resolver404:
        del request.session[KEPT]
        return redirect("dashboard")
    shown = [value for name, value in kept["fields"] if value and not name.endswith(("_spans", "key", "version"))]
    return render(request, "account/kept.html", {"kept": kept, "shown": shown})
