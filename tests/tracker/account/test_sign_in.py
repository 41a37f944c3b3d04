"""Signing in, and what stands against guessing."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.factories import make_item, make_user


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


@pytest.mark.django_db
def test_what_a_signed_out_form_sent_is_there_after_the_sign_in_and_can_be_sent():
    user = make_user()
    item = make_item()
    client = Client()
    sent = {"verdict": "reject", "reason": "6", "note": "a <toy>", "version": item.version, "key": str(uuid4())}
    answer = client.post(reverse("decide", args=[item.event_id]), sent)
    assert answer.url == f"{reverse('login')}?next={reverse('kept_input')}"
    answer = client.post(answer.url, {"username": user.username, "password": "secret"})
    assert answer.url == reverse("kept_input")
    page = client.get(answer.url).content.decode()
    assert f'action="{reverse("decide", args=[item.event_id])}"' in page
    assert 'name="note" value="a &lt;toy&gt;"' in page
    assert "csrfmiddlewaretoken" in page
    client.post(reverse("decide", args=[item.event_id]), sent)
    item.refresh_from_db()
    assert (item.state, item.note) == ("rejected", "a <toy>")


@pytest.mark.django_db
def test_a_signed_out_fragment_request_leads_back_to_the_page_that_asked(client):
    item = make_item()
    page = reverse("workbench", args=[item.event_id])
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}?order=mine"}
    answer = client.post(reverse("decide", args=[item.event_id]), {"note": "x"}, headers=headers)
    assert answer["HX-Redirect"] == f"{reverse('login')}?next={page}%3Forder%3Dmine"


@pytest.mark.django_db
def test_a_form_without_the_token_is_refused_before_anything_is_kept():
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("decide", args=[make_item().event_id]), {"note": "x"}).status_code == 403
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_with_nothing_kept_there_is_nothing_to_send(client):
    client.force_login(make_user("analyst"), "tracker.account.backends.RoleBackend")
    assert client.get(reverse("kept_input")).url == reverse("dashboard")
