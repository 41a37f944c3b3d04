"""Signing in, and what stands against guessing."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import make_user


@pytest.mark.django_db
def test_guessing_a_password_ends_in_a_page_that_says_so():
    user = make_user()
    client = Client(headers={"Accept-Language": "id"})
    guess = {"username": user.username, "password": "a guess"}
    answers = [client.post(reverse("login"), guess).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    # The right password is refused as well until the time is over.
    answer = client.post(reverse("login"), {"username": user.username, "password": "secret"})
    assert answer.status_code == 429
    assert "Terlalu banyak percobaan masuk" in answer.content.decode()
