"""The list pages: what they cost, show, sort and say when they are empty."""

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer, make_user
from tracker.browse.lists import LISTS
from tracker.models import Actor, Materiel, SavedView
from tracker.models.sorting import sort_key

pytestmark = pytest.mark.django_db
# Queries of each page for a reviewer, session and user included; the number of rows must not matter.
QUERIES = {
    "transfer_list": 7,
    "claim_list": 11,
    "article_list": 7,
    "actor_list": 7,
    "materiel_list": 7,
    "outlet_list": 7,
}
FRAGMENT = {"headers": {"hx-request": "true", "hx-target": "list"}}


@pytest.fixture
def filled() -> None:
    """Three rows and more in every list."""
    howitzer = Materiel.objects.create(
        key="howitzer", kind="class", category="artillery", name_en="howitzer", name_id="howitzer", sort_key="howitzer"
    )
    for number in range(3):
        article = make_article(text=f"Text {number}.", title=f"Title {number}", published_on=date(2024, 3, 1 + number))
        make_event(article)
        supplier = make_actor(f"S{number}", f"Supplier {number}")
        make_claim(
            make_transfer(supplier=supplier, recipient=make_actor("PE", "Peru")),
            article=article,
            materiel=howitzer,
            origin=supplier,
        )


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_costs_the_same_for_any_number_of_rows(reviewer, filled, name, django_assert_num_queries):
    reviewer.get(reverse(name))
    with django_assert_num_queries(QUERIES[name]):
        answer = reviewer.get(reverse(name))
    assert answer.status_code == 200
    assert len(answer.context["rows"]) >= 3 or name == "materiel_list"


@pytest.mark.parametrize("name", QUERIES)
def test_a_fragment_costs_no_more(reviewer, filled, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES[name]):
        answer = reviewer.get(reverse(name), **FRAGMENT)
    assert answer.status_code == 200


@pytest.mark.parametrize("name", QUERIES)
def test_an_empty_list_says_what_to_do_next(analyst, name):
    page = analyst.get(reverse(name)).content.decode()
    assert 'class="empty"' in page
    assert "<table" not in page


def test_a_reviewer_is_led_to_what_fills_the_list(reviewer):
    assert f'href="{reverse("review_queue")}">Review events' in reviewer.get(reverse("transfer_list")).content.decode()
    assert f'href="{reverse("import_list")}">Add an article' in reviewer.get(reverse("article_list")).content.decode()


def test_filters_that_leave_nothing_can_be_cleared(analyst, filled):
    page = analyst.get(reverse("transfer_list"), {"supplier": "XX"}).content.decode()
    assert "Nothing fits these filters" in page
    assert f'href="{reverse("transfer_list")}">Clear all' in page


def test_the_fragment_is_the_part_that_changes(analyst, filled):
    address = reverse("transfer_list")
    whole = analyst.get(address, {"supplier": "S1"})
    part = analyst.get(address, {"supplier": "S1"}, **FRAGMENT)
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    rows = re.compile(r"T-\d{6}")
    assert rows.findall(part.content.decode()) == rows.findall(whole.content.decode())
    assert "HX-Request" in part["Vary"]
    assert 'id="status"' in part.content.decode()


def test_another_target_gets_the_whole_page(analyst, filled):
    boosted = analyst.get(reverse("transfer_list"), headers={"hx-request": "true", "hx-target": "main"})
    assert "<html" in boosted.content.decode()


def test_a_filter_that_is_not_understood_is_named(analyst, filled):
    answer = analyst.get(reverse("transfer_list"), {"stage": "flying"})
    assert answer.status_code == 422
    assert not answer.context["rows"]
    assert "flying" in answer.content.decode()


def suppliers(answer) -> list[str]:
    return [row.supplier.name for row in answer.context["rows"]]


def test_heads_sort_both_ways(analyst, filled):
    address = reverse("transfer_list")
    assert suppliers(analyst.get(address)) == ["Supplier 2", "Supplier 1", "Supplier 0"]
    rising = analyst.get(address, {"sort": "supplier"})
    assert suppliers(rising) == ["Supplier 0", "Supplier 1", "Supplier 2"]
    falling = analyst.get(address, {"sort": "-supplier"})
    assert suppliers(falling) == ["Supplier 2", "Supplier 1", "Supplier 0"]
    head = next(head for head in rising.context["heads"] if head.column.name == "supplier")
    assert (head.direction, head.url) == ("ascending", "?sort=-supplier")
    assert suppliers(analyst.get(address, {"sort": "nonsense"})) == suppliers(analyst.get(address))


@pytest.mark.parametrize("name", LISTS)
def test_every_column_that_sorts_has_a_key_without_null(name):
    listing = LISTS[name]
    for column in listing.shown():
        if column.key:
            field = listing.rows().model._meta.get_field(column.key)
            assert not field.null or field.generated


def test_pages_follow_each_other_with_the_filters_kept(analyst, monkeypatch):
    monkeypatch.setattr("tracker.browse.keyset.page.__kwdefaults__", {"after": "", "before": "", "size": 4})
    outlet = make_outlet("Kabar")
    for number in range(10):
        make_article(text=f"Text {number}.", title=f"Title {number // 2}", published_on=None, outlet=outlet)
    address, seen = f"{reverse('article_list')}?outlet=kabar&sort=title", []
    while address:
        answer = analyst.get(address)
        seen += [row.pk for row in answer.context["rows"]]
        assert {row.outlet_id for row in answer.context["rows"]} == {outlet.pk}
        following = answer.context["next_url"]
        address = following and reverse("article_list") + following
    assert len(seen) == len(set(seen)) == 10
    back = analyst.get(reverse("article_list") + answer.context["previous_url"])
    assert [row.pk for row in back.context["rows"]] == seen[4:8]


def test_the_csv_link_carries_the_filters_and_nothing_else(analyst, filled):
    answer = analyst.get(reverse("transfer_list"), {"supplier": "S1", "sort": "stage", "after": "x", "colour": "red"})
    assert answer.context["csv_url"] == "/exports/transfers.csv?supplier=S1"


def test_names_follow_the_language(sign_in, filled):
    Actor.objects.filter(code="S1").update(name_id="Pemasok Satu")
    assert "Pemasok Satu" in sign_in(language="id").get(reverse("transfer_list")).content.decode()


def test_a_stranger_is_asked_to_sign_in_unless_browsing_is_public(client, filled):
    address = reverse("transfer_list")
    assert client.get(address).status_code == 302
    settings.PUBLIC_BROWSING = True
    try:
        answer = client.get(address)
    finally:
        settings.PUBLIC_BROWSING = False
    assert answer.status_code == 200
    assert "Save view" not in answer.content.decode()


def test_a_view_is_kept_listed_and_deleted(sign_in):
    mine, others = sign_in(username="me"), sign_in(username="other")
    path = reverse("transfer_list")
    sent = {"path": path, "query": "supplier=KP", "name": "North Korea"}
    assert mine.post(reverse("save_view"), sent).url == f"{path}?supplier=KP"
    assert "North Korea" in mine.get(path).content.decode()
    assert "North Korea" not in others.get(path).content.decode()
    mine.post(reverse("save_view"), sent | {"shared": "1", "query": "supplier=RU"}, follow=True)
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("supplier=RU", True)
    assert "North Korea" in others.get(path).content.decode()
    assert "North Korea" not in mine.get(reverse("claim_list")).content.decode()
    assert others.post(reverse("delete_view", args=[view.pk])).status_code == 404
    assert mine.post(reverse("delete_view", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "https://elsewhere.example/", "name": "x"},
        {"path": "//elsewhere.example/", "name": "x"},
        {"path": "/imports/", "name": "x"},
        {"path": "/nowhere/", "name": "x"},
        {"path": "/transfers/", "name": " "},
    ],
)
def test_only_lists_are_kept_and_only_under_a_name(analyst, sent):
    answer = analyst.post(reverse("save_view"), sent)
    assert answer.url in {"/", "/transfers/?"}
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["transfer_list", "claim_list", "flows"])
def test_a_list_that_was_empty_then_says_so_and_leads_to_today(analyst, filled, name):
    answer = analyst.get(reverse(name), {"as_of": "2001-01-01"})
    page = answer.content.decode()
    assert "Nothing was there yet" in page
    assert f'href="{reverse(name)}' in page[page.index("Nothing was there yet") :]


@pytest.mark.parametrize("name", ["actor_list", "materiel_list"])
def test_names_are_sorted_in_the_language_of_the_reader(client, name):
    for number, (english, indonesian) in enumerate(
        (("Egypt", "Mesir"), ("United States", "Amerika"), ("Åland", "Åland"))
    ):
        if name == "actor_list":
            make_actor(f"a{number}", english, name_id=indonesian)
        else:
            Materiel.objects.create(
                key=f"m{number}", kind="class", category="other", name_en=english, name_id=indonesian,
                sort_key=sort_key(english),
            )  # fmt: skip
    for language, names in (("en", ["Åland", "Egypt", "United States"]), ("id", ["Åland", "Amerika", "Mesir"])):
        client.force_login(make_user("analyst", language=language), "tracker.account.backends.RoleBackend")
        answer = client.get(reverse(name))
        assert [getattr(row, f"name_{language}") for row in answer.context["rows"]] == names
        after = client.get(reverse(name), {"after": json.dumps([sort_key(names[0]), answer.context["rows"][0].pk])})
        assert [getattr(row, f"name_{language}") for row in after.context["rows"]] == names[1:]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_without_a_filter_that_it_does_not_know_would_show_too_much(analyst, filled, name):
    answer = analyst.get(reverse(f"{name.removesuffix('s')}_list"), {"suplier": "NO", "sort": "x", "after": "y"})
    assert answer.status_code == 422
    assert answer.context["rows"] == []
    assert "There is no filter called suplier." in answer.content.decode()


def test_a_list_that_has_no_past_says_so(analyst):
    assert analyst.get(reverse("article_list"), {"as_of": "2024-01-01"}).status_code == 422
