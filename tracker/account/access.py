"""Who may see a view: the decorators that every view carries."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from tracker.account.backends import ADMINISTER, REVIEW
from tracker.models import User


class Request(HttpRequest):
    """A request of somebody who has signed in, as the middleware leaves it."""

    user: User
    htmx: HtmxDetails


reviewing = permission_required(REVIEW, raise_exception=True)
administering = permission_required(ADMINISTER, raise_exception=True)
open_to_all = login_not_required


def browsing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A read-only view: for everybody who is signed in, and for everybody where PUBLIC_BROWSING is on."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapper.read_only = True  # type: ignore[attr-defined]
    return keepable(wrapper)


def keepable(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A list whose filters people keep under a name."""
    view.keepable = True  # type: ignore[attr-defined]
    return view
