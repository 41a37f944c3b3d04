"""What a request to the review asks for, read with care: a form field can hold anything."""

import math
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tracker.decisions import Refused
from tracker.link.candidates import number_of
from tracker.link.transfers import standing
from tracker.models import Transfer
from tracker.review.queue import Queue, asked_for


def number(written: str | None) -> int | None:
    """A whole number as the database can hold it, or None."""
    return int(written) if written and written.isdecimal() and len(written) < 16 else None


def line(request: HttpRequest) -> Queue:
    """The queue that the request goes through: a form carries its query string, the names of fields are taken."""
    if request.method != "POST":
        return asked_for(request.GET)
    return asked_for(
        QueryDict(request.POST["line"]) if "line" in request.POST else {"order": request.POST.get("order", "")}
    )


def version(request: HttpRequest) -> int:
    """The version of the row that the form was made from; 0, which no row has, where there is none."""
    return number(request.POST.get("version")) or 0


def key(request: HttpRequest) -> UUID:
    """The idempotency key of a form; a form without one gets a key of its own."""
    try:
        return UUID(request.POST.get("key") or "")
    except ValueError:
        return uuid4()


def seconds(request: HttpRequest) -> float | None:
    """How long the card was looked at, as the page measured it; None where it did not."""
    try:
        measured = float(request.POST.get("seconds", ""))
    except ValueError:
        return None
    return round(measured, 1) if math.isfinite(measured) and 0 <= measured < 86400 else None


def transfer(written: str) -> Transfer:
    """The transfer to link to, by its public id; for a merged one what it became. Refused where there is none."""
    found = standing(number_of(written))
    if found is None:
        raise Refused(_("Choose the transfer to link to, or make a new one."))
    return found


def onto(request: HttpRequest, address: str) -> HttpResponse:
    """Go to another page; htmx is told to load it as a whole."""
    if request.headers.get("HX-Request"):
        response = HttpResponse()
        response["HX-Redirect"] = address
        return response
    return redirect(address)
