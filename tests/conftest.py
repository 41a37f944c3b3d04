"""What every test finds: a database of its own under the app's role, no network, and a browser where there is one."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone, translation

from tests import databases
from tracker.settings import database

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
REQUIRE_BROWSER = os.environ.get("TRACKER_REQUIRE_BROWSER") == "1"
NO_BROWSER = (
    "no Chromium was found: install one (Debian, Ubuntu: `sudo apt install chromium`), "
    "or name its program in the variable CHROMIUM"
)

# Before any connection is made: no test may ever reach the program's own database.
databases.move_to_test_server()
settings.DATABASES["default"].update(database(os.environ["DATABASE_URL"], pool=False))
# Slow by design, and no test is about its strength.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# Database


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, worker_id) -> Iterator[None]:
    """Clone the template for this worker; a transactional test leaves a fresh clone behind instead of flushing.

    The tests run as the app's role, which may not truncate, and so could not flush.
    """
    template = databases.template()
    name = f"clone_{os.getpid()}_{worker_id}"

    def renew(*_: object) -> None:
        connections.close_all()
        databases.clone(template, name)

    renew()
    databases.use(name)
    settings.DATABASES["default"].update(database(os.environ["DATABASE_URL"], pool=False))
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop(name)


@pytest.fixture(autouse=True)
def no_language_left() -> None:
    """Begin in the language and time zone of the settings: the last request of another test has left its own."""
    translation.deactivate()
    timezone.deactivate()


# Network


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""

    def local(address: object) -> bool:
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(host, bytes):
            host = host.decode(errors="replace")
        if host in (None, "", "localhost"):
            return True
        try:
            return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
        except ValueError:
            return False

    def guarded(real):
        def connect(self, address, *arguments):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not local(address):
                raise PermissionError(f"a test may not connect to {address!r}")
            return real(self, address, *arguments)

        return connect

    real_lookup = socket.getaddrinfo

    def lookup(host, *arguments, **options):
        if not local(host):
            raise socket.gaierror(socket.EAI_NONAME, f"a test may not look up {host!r}")
        return real_lookup(host, *arguments, **options)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


# Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that opens a browser, and run them last.

    Playwright leaves its loop running in the thread; later tests would get other database connections and could
    start no loop of their own.
    """
    for item in items:
        if {"browser", "context", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without a Chromium a browser test is skipped; with TRACKER_REQUIRE_BROWSER=1, as in CI, it fails."""
    if item.get_closest_marker("browser") and not CHROMIUM:
        if REQUIRE_BROWSER:
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter) -> None:
    """Say loudly how many browser tests were skipped."""
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS SKIPPED", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} browser tests were not run: {NO_BROWSER}.", red=True)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name the live server themselves; the plugin's own fixture warns of a form that pytest gives up."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The system's Chromium, which reaches this machine alone."""
    # Playwright's loop runs in this thread, and Django would take the test for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ],
    }
