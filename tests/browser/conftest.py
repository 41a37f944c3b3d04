"""A signed-in browser on a live server, and what every page must not do."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.factories import make_user


class Watched:
    """What a page complained of: console errors (refusals of the content policy among them) and foreign requests."""

    def __init__(self, page: Page, origin: str) -> None:
        self.complaints: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url, origin))

    def _console(self, kind: str, text: str) -> None:
        # The answers 409 and 422 are content, and the browser notes them as failed loads.
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(f"{kind}: {text}")

    def _request(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "data:", "blob:")):
            self.complaints.append(f"left the server: {url}")


@pytest.fixture
def sign_in(live_server, context: BrowserContext) -> Callable[..., None]:
    """Signs the browser in as a user, or as a new one of the role."""

    def signed_in(role: str = "reviewer", user=None) -> None:
        client = Client()
        client.force_login(user or make_user(role), "tracker.account.backends.RoleBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return signed_in


@pytest.fixture
def watched(page: Page, live_server) -> Iterator[Page]:
    """A page that fails the test at its end if it complained."""
    page.set_default_timeout(10_000)
    watch = Watched(page, live_server.url)
    yield page
    assert watch.complaints == []
