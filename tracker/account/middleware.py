"""Sign-in before everything, and each user's language and time zone."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from tracker.account.kept import keep


class AccessMiddleware(LoginRequiredMiddleware):
    """Nothing but sign-in for strangers, unless PUBLIC_BROWSING opens the read-only views.

    A fragment request of a signed-out session is answered with a redirect of the whole page: the sign-in form never
    lands inside a card, and leads back to the page that asked, which keeps what was entered. What another form sent
    is kept until its sender has signed in. Signed-in pages are never kept by a cache.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if settings.PUBLIC_BROWSING and getattr(view_func, "read_only", False):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        login, field = self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        if request.htmx:
            asking = request.htmx.current_url_abs_path or request.get_full_path()
            return HttpResponseClientRedirect(redirect_to_login(asking, login, field)["Location"])
        if request.method == "POST" and request.POST:
            return redirect_to_login(keep(request), login, field)
        return super().handle_no_permission(request, view_func)

    def __call__(self, request):
        response: Any = self.get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL}"):
            patch_vary_headers(response, ["HX-Request"])
            if request.user.is_authenticated:
                add_never_cache_headers(response)
        return response


class PreferencesMiddleware:
    """The language and the time zone that a signed-in user chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        chosen = user.is_authenticated
        if chosen and user.language:
            request.LANGUAGE_CODE = user.language
        # Both end with the answer: the thread that served it goes on to somebody else, or to a job.
        with (
            translation.override(request.LANGUAGE_CODE),
            timezone.override(zoneinfo.ZoneInfo(user.time_zone) if chosen else None),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response
