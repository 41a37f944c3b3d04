"""Readers of the pages."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from tests.factories import make_user


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language of a reader outlives the request in the thread; it must not outlive the test."""
    with translation.override("en"):
        yield


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A client that is signed in with a role."""

    def signed(role: str = "analyst", **values: object) -> Client:
        client = Client()
        client.force_login(make_user(role, **values), "tracker.account.backends.RoleBackend")
        return client

    return signed


@pytest.fixture
def analyst(sign_in) -> Client:
    return sign_in("analyst")


@pytest.fixture
def reviewer(sign_in) -> Client:
    return sign_in("reviewer")
