"""The pages of exports: what is filtered, how many rows that leaves, which columns and forms there are."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_claim, make_event, make_transfer
from tests.tracker.export.taken import of_json
from tracker.export.formats import FORMATS
from tracker.export.tables import EVERY

pytestmark = pytest.mark.django_db


def address(name: str) -> str:
    return reverse("export_table", args=[name])


@pytest.mark.parametrize("name", EVERY)
def test_a_page_counts_explains_and_offers_every_form(analyst, name):
    if name == "events":
        make_event()
    make_claim(make_transfer())
    answer = analyst.get(address(name))
    page = answer.content.decode()
    assert answer.context["number"] == "1"
    for column in EVERY[name].columns:
        assert f"<code>{column.name}</code>" in page
    links = [url for _form, url in answer.context["forms"]]
    assert len(links) == len(FORMATS)
    for link in links:
        assert f'href="{link}"' in page
        b"".join(analyst.get(link))


def test_filter_columns_and_count_are_those_of_the_files(analyst):
    make_claim(make_transfer())
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
    answer = analyst.get(address("claims"), {"supplier": "CL", "columns": ["stage", "claim_id"]})
    assert answer.context["number"] == "1"
    assert [chip.value for chip in answer.context["chips"]] == ["Chile"]
    (lines,) = [url for form, url in answer.context["forms"] if form.name == "jsonl"]
    assert lines == "/exports/claims.jsonl?supplier=CL&columns=claim_id%2Cstage"
    (row,) = of_json(b"".join(analyst.get(lines)))
    assert list(row) == ["claim_id", "stage"]
    # The list shows the same rows.
    shown = re.search(r'href="(/claims/[^"]*)">See these rows', answer.content.decode())[1]
    assert len(analyst.get(shown).context["rows"]) == 1


def test_a_page_of_the_past_leads_to_files_of_the_past(analyst):
    make_claim(make_transfer())
    answer = analyst.get(address("transfers"), {"as_of": "2020-01-01"})
    assert answer.context["number"] == "0"
    assert all("as_of=2020-01-01" in url for _form, url in answer.context["forms"])


@pytest.mark.parametrize("asked", [{"colour": "red"}, {"columns": "colour"}, {"stage": "flying"}])
def test_what_is_not_understood_is_said_and_no_file_offered(analyst, asked):
    make_claim(make_transfer())
    answer = analyst.get(address("claims"), asked)
    assert answer.status_code == 422
    assert 'class="notice error"' in answer.content.decode()
    assert "claims.jsonl" not in answer.content.decode()


def test_a_table_that_is_not_there(analyst):
    assert analyst.get("/exports/actors/").status_code == 404


def test_the_page_costs_the_same_for_any_number_of_rows(analyst, django_assert_num_queries):
    analyst.get(address("claims"))
    for _ in range(2):
        make_claim(make_transfer())
        with django_assert_num_queries(4):
            analyst.get(address("claims"))
