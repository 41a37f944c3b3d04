"""Columns chosen for a list, and the way from there to its files."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_article, make_claim, make_event, make_transfer
from tests.tracker.export.taken import of_csv
from tracker.browse.lists import LISTS
from tracker.models import SavedView

pytestmark = pytest.mark.django_db
CHOOSABLE = {"transfers": "transfer_list", "claims": "claim_list"}


def names(answer) -> list[str]:
    return [column.name for column in answer.context["columns"]]


@pytest.mark.parametrize("name", CHOOSABLE)
def test_every_declared_column_has_a_label_and_a_cell(analyst, name, django_assert_max_num_queries):
    article = make_article(text="Norway sent ten tanks to Peru.")
    for _ in range(3):
        make_claim(make_transfer(), article=article, event=make_event(article), supplier_text="Oslo", quantity_min=1)
    columns = LISTS[name].columns
    assert all(column.label for column in columns)
    with django_assert_max_num_queries(10):
        answer = analyst.get(reverse(CHOOSABLE[name]), {"columns": ",".join(column.name for column in columns)})
    assert answer.status_code == 200
    assert names(answer) == [column.name for column in columns]
    assert answer.content.decode().count("<td") >= 3 * (len(columns) - 1)


def test_a_plain_cell_shows_what_the_csv_holds(analyst):
    make_claim(make_transfer(), supplier_text="Oslo | the fjords", date_to="2024-02-29", date_from="2024-02-01")
    page = analyst.get(reverse("claim_list"), {"columns": "claim_id,supplier_text,date_to"}).content.decode()
    assert "Oslo | the fjords" in page
    assert "29 Feb 2024" in page


def test_columns_stand_in_their_declared_order_and_stay(analyst):
    make_claim(make_transfer())
    answer = analyst.get(reverse("claim_list"), {"columns": ["stage,quote", "claim_id"], "sort": "claim_id"})
    assert names(answer) == ["claim_id", "stage", "quote"]
    assert answer.context["csv_url"] == "/exports/claims.csv?columns=claim_id%2Cstage%2Cquote"
    assert answer.context["query"] == "sort=claim_id&columns=claim_id%2Cstage%2Cquote"
    head = next(head for head in answer.context["heads"] if head.column.name == "claim_id")
    assert head.url == "?sort=-claim_id&columns=claim_id%2Cstage%2Cquote"
    assert list(of_csv(b"".join(analyst.get(answer.context["csv_url"])))[0]) == ["claim_id", "stage", "quote"]
    page = answer.content.decode()
    # A search keeps the columns, and choosing others keeps the order.
    assert '<input type="hidden" name="columns" value="claim_id,stage,quote">' in page
    assert '<input type="hidden" name="sort" value="claim_id">' in page


def test_the_list_sorts_by_a_column_that_it_does_not_show(analyst):
    first, second = (make_claim(make_transfer()) for _ in range(2))
    answer = analyst.get(reverse("claim_list"), {"columns": "quote", "sort": "claim_id"})
    assert [row.pk for row in answer.context["rows"]] == [first.pk, second.pk]


def test_the_usual_columns_leave_the_address_as_it_is(analyst):
    usual = ",".join(LISTS["transfers"].page)
    answer = analyst.get(reverse("transfer_list"), {"columns": usual})
    assert (answer.context["query"], answer.context["csv_url"]) == ("", "/exports/transfers.csv")


def test_a_column_that_is_not_there_is_named_and_shows_nothing(analyst):
    make_claim(make_transfer())
    answer = analyst.get(reverse("transfer_list"), {"columns": "stage,colour"})
    assert answer.status_code == 422
    assert not answer.context["rows"]
    assert "There is no column called colour." in answer.content.decode()


def test_a_saved_view_keeps_its_columns(analyst):
    query = analyst.get(reverse("claim_list"), {"columns": "claim_id,quote", "stage": "shipment"}).context["query"]
    analyst.post(reverse("save_view"), {"path": reverse("claim_list"), "query": query, "name": "Quotes"})
    assert names(analyst.get(SavedView.objects.get().address)) == ["claim_id", "quote"]


@pytest.mark.parametrize("name", CHOOSABLE)
def test_every_file_of_the_menu_is_there(analyst, name):
    make_claim(make_transfer())
    page = analyst.get(reverse(CHOOSABLE[name]), {"supplier": "NO", "columns": "supplier,stage"}).content.decode()
    links = re.findall(rf'href="(/exports/{name}[^"]*)"', page)
    assert len(links) == 6
    for link in links:
        answer = analyst.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        b"".join(answer)
