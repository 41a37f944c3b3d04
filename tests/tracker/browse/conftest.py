"""Readers of the pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import make_user


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
