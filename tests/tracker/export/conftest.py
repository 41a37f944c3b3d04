"""Readers of files."""

import pytest
from django.test import Client

from tests.factories import make_user


@pytest.fixture
def analyst(client: Client) -> Client:
    """Somebody signed in who reads."""
    client.force_login(make_user("analyst", username="ana"), "tracker.account.backends.RoleBackend")
    return client
