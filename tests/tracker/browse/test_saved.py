"""Views that people keep: renamed, shared, taken back, and what others may do with them."""

import pytest
from django.urls import reverse

from tracker.browse.views import saved
from tracker.models import SavedView, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(analyst) -> SavedView:
    analyst.post(reverse("save_view"), {"path": "/transfers/", "query": "supplier=NO", "name": "Norway"})
    return SavedView.objects.get()


def change(client, view: SavedView, **values: str):
    return client.post(reverse("change_view", args=[view.pk]), values)


def test_a_view_is_renamed_shared_and_taken_back(analyst, reviewer, view):
    listed = reverse("transfer_list")
    assert "Norway" not in [kept.name for kept in reviewer.get(listed).context["saved_views"]]
    assert change(analyst, view, name="From Norway", shared="1").url == "/transfers/?supplier=NO"
    assert [kept.name for kept in reviewer.get(listed).context["saved_views"]] == ["From Norway"]
    change(analyst, view, name="From Norway")
    assert not reviewer.get(listed).context["saved_views"]


def test_nobody_changes_or_deletes_the_view_of_another(analyst, reviewer, sign_in, view):
    change(analyst, view, name="Norway", shared="1")
    for other in (reviewer, sign_in("admin")):
        assert change(other, view, name="Mine").status_code == 404
        assert other.post(reverse("delete_view", args=[view.pk])).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Norway", True)


def test_a_name_is_given_once_and_never_empty(analyst, view):
    analyst.post(reverse("save_view"), {"path": "/claims/", "query": "", "name": "Claims"})
    for name in ("Claims", " "):
        change(analyst, view, name=name, shared="1")
        view.refresh_from_db()
        assert (view.name, view.shared) == ("Norway", False)


def test_a_view_that_is_open_says_what_it_is(analyst, view):
    assert "The view “Norway”" in analyst.get(view.address).content.decode()
    assert "The view “Norway”" not in analyst.get("/transfers/").content.decode()


def test_there_is_a_limit(analyst, view, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 1)
    analyst.post(reverse("save_view"), {"path": "/claims/", "query": "", "name": "One too many"})
    analyst.post(reverse("save_view"), {"path": "/claims/", "query": "stage=order", "name": "Norway"})
    assert [(kept.name, kept.path) for kept in SavedView.objects.all()] == [("Norway", "/claims/")]
    assert User.objects.filter(saved_views__isnull=False).count() == 1
