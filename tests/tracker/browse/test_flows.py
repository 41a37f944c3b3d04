"""The flows: every number is the length of the list that it leads to, in each view."""

import csv
import re
from html import unescape

import pytest

from tests.factories import make_actor, make_article, make_claim, make_transfer
from tracker.browse.charts import matrix, sankey, worldmap
from tracker.models import Claim

pytestmark = pytest.mark.django_db
VIEWS = ("sankey", "matrix", "map", "table")
# Queries of each view for a reviewer, session and user included; the number of rows must not matter.
QUERIES = {"sankey": 7, "matrix": 7, "map": 8, "table": 7}


@pytest.fixture
def filled() -> None:
    """Norway to Peru three times, once contested, and to the Houthis; somebody to Chile; a Russian company at home."""
    norway, peru, chile, russia = (
        make_actor(code, name) for code, name in (("NO", "Norway"), ("PE", "Peru"), ("CL", "Chile"), ("RU", "Russia"))
    )
    rostec = make_actor("rostec", "Rostec", kind="company", parent=russia)
    houthis = make_actor("houthis", "Houthis", kind="group")
    contested = make_transfer(supplier=norway, recipient=peru)
    make_claim(contested)
    make_claim(contested, modality="denied")
    for pair in ((norway, peru), (norway, peru), (norway, houthis), (None, chile), (rostec, russia), (rostec, peru)):
        make_claim(make_transfer(supplier=pair[0], recipient=pair[1]), category="naval")


def length(client, url: str) -> int:
    fragment = {"hx-request": "true", "hx-target": "list"}
    return int(client.get(url, headers=fragment).context["summary"].split()[0].replace(",", ""))


def number(label: str) -> int:
    """The number in "Norway → Peru: 3 transfers, 1 contested"."""
    return int(re.search(r": ([\d,]+)", label)[1].replace(",", ""))


@pytest.fixture
def few(monkeypatch):
    """So little room that some flows have to share a place."""
    monkeypatch.setattr(sankey, "SINGLE", 2)
    monkeypatch.setattr(matrix, "MOST", 2)
    monkeypatch.setattr(worldmap, "ARCS", 1)


@pytest.mark.parametrize("of", ["transfers", "claims"])
@pytest.mark.parametrize(
    ("filters", "room"),
    [("", "all"), ("", "few"), ("category=naval", "few"), ("not_supplier=rostec", "few"), ("contested=yes", "all")],
)
def test_every_mark_is_the_length_of_its_list(analyst, filled, of, filters, room, request):
    if room == "few":
        request.getfixturevalue("few")
    address = f"/flows/?of={of}&{filters}&view="
    bands = analyst.get(f"{address}sankey").context["chart"]
    marks = [*bands.nodes, *bands.ribbons]
    for mark in marks:
        assert length(analyst, mark.url) == number(mark.label), mark.label
    if bands.rest:
        assert length(analyst, bands.rest[1]) == number(bands.rest[0])
    table = analyst.get(f"{address}matrix").context["chart"]
    cells = [head.total for head in table.heads] + [table.total]
    for head, row in table.rows:
        cells += [head.total, *row]
        assert sum(cell.number for cell in row) == head.total.number
    for cell in cells:
        assert length(analyst, cell.url) == cell.number, cell.label
    drawn = analyst.get(f"{address}map").context["chart"]
    for mark in (*drawn.arcs, *drawn.marks):
        assert length(analyst, mark.url) == mark.number, mark.label
    for away in (*drawn.away, *drawn.within):
        assert length(analyst, away.url) == int(away.number.split()[0]), away.label
    for flow, url in analyst.get(f"{address}table").context["rows"]:
        assert length(analyst, url) == flow.n


def test_what_is_contested_is_marked_in_words_and_by_a_pattern(analyst, filled):
    chart = analyst.get("/flows/?view=sankey").context["chart"]
    assert {ribbon.label for ribbon in chart.ribbons if ribbon.contested} == {"Norway → Peru: 3 transfers, 1 contested"}
    drawn = analyst.get("/flows/?view=map&contested=yes").context["chart"]
    assert [arc.disputed for arc in drawn.arcs] == [True]


def test_who_is_on_no_map_is_named_below_it(analyst, filled):
    chart = analyst.get("/flows/?view=map").context["chart"]
    assert {away.label for away in chart.away} == {"Houthis receives", "supplier not said"}
    # The company stands at its state, and what it supplies there leads nowhere.
    assert [(away.label, away.number) for away in chart.within] == [("Russia", "1 transfer")]
    assert {(arc.supplier, arc.recipient) for arc in chart.arcs} == {("Norway", "Peru"), ("Russia", "Peru")}


@pytest.mark.parametrize("view", VIEWS)
def test_every_link_of_a_view_leads_somewhere(analyst, filled, view):
    page = analyst.get(f"/flows/?view={view}").content.decode()
    for address in set(re.findall(r'href="([^"#]+)"', page)):
        if "logout" not in address and "static" not in address:
            address = unescape(address)
            answer = analyst.get(f"/flows/{address}" if address.startswith("?") else address)
            assert answer.status_code in {200, 302, 403}, address


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_costs_the_same_for_any_number_of_flows(reviewer, filled, view, django_assert_num_queries):
    reviewer.get(f"/flows/?view={view}")
    with django_assert_num_queries(QUERIES[view]):
        reviewer.get(f"/flows/?view={view}")
    make_claim(make_transfer(supplier=make_actor("SE", "Sweden"), recipient=make_actor("wagner", kind="group")))
    with django_assert_num_queries(QUERIES[view]):
        reviewer.get(f"/flows/?view={view}")


@pytest.mark.parametrize("view", VIEWS)
def test_the_fragment_is_the_part_that_changes(analyst, filled, view):
    part = analyst.get(f"/flows/?view={view}&supplier=NO&q=", headers={"hx-request": "true", "hx-target": "list"})
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == f"/flows/?supplier=NO&view={view}&of=transfers"
    assert analyst.get(part["HX-Push-Url"]).status_code == 200


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_for_people_never_reach_a_coordinate(sign_in, filled, view):
    page = sign_in(language="id").get(f"/flows/?view={view}").content.decode()
    drawn = re.findall(r"<svg class=\"chart.*?</svg>", page, re.S)
    assert bool(drawn) == (view in {"sankey", "map"})
    for svg in drawn:
        numbers = re.findall(r'\b(?:x|y|cx|cy|r|width|height|stroke-width|viewBox|d)="([^"]*)"', svg)
        assert numbers
        assert all(re.fullmatch(r"[MCVQLHZ0-9. ]+", written) for written in numbers)


def test_the_csv_holds_every_flow(analyst, filled):
    answer = analyst.get("/flows/?category=naval")
    rows = list(csv.DictReader(analyst.get(answer.context["csv_url"]).content.decode().splitlines()))
    assert [*rows[0]] == [
        "supplier",
        "supplier_code",
        "recipient",
        "recipient_code",
        "transfers",
        "contested",
        "sampled",
    ]
    found = {(row["supplier_code"], row["recipient_code"]): int(row["transfers"]) for row in rows}
    assert found == {
        ("NO", "PE"): 2,
        ("NO", "houthis"): 1,
        ("none", "CL"): 1,
        ("rostec", "RU"): 1,
        ("rostec", "PE"): 1,
    }
    assert "claims" in analyst.get("/flows/flows.csv?of=claims").content.decode().splitlines()[0]


def test_the_values_of_a_filter_lead_back_to_the_view(analyst, filled):
    page = analyst.get("/flows/?view=map&of=claims&category=naval")
    facet = next(one for one in page.context["facets"] if one.name == "supplier")
    chosen = analyst.get(f"{facet.url}&at=/flows/&view=map&of=claims")
    assert chosen.context["at"] == "/flows/"
    assert {("view", "map"), ("of", "claims"), ("category", "naval")} <= set(chosen.context["hidden"])


def test_a_filter_that_is_not_understood_shows_nothing(analyst, filled):
    page = analyst.get("/flows/?stage=nonsense")
    assert page.status_code == 422
    assert page.context["flows"].total == 0
    assert analyst.get("/flows/flows.csv?stage=nonsense").status_code == 400
    assert analyst.get("/flows/flows.csv?suplier=NO").status_code == 400


def test_what_the_other_kind_would_refuse_is_left_out_on_the_way_to_it(analyst, filled):
    for query in ("stage=none&category=naval&of=transfers", "stage=halted&category=naval&of=claims"):
        page = analyst.get(f"/flows/?{query}")
        assert page.status_code == 200
        for _of, _label, address in page.context["of"]:
            assert analyst.get(f"/flows/{address}").status_code == 200
            assert "category=naval" in address


def test_unknown_views_and_kinds_fall_back_to_the_first(analyst, filled):
    context = analyst.get("/flows/?view=pie&of=rumours").context
    assert (context["view"], context["flows"].of) == ("sankey", "transfers")


def test_the_flows_of_an_earlier_day(analyst, filled):
    Claim.objects.filter(transfer__supplier__code="NO").update(published_on="2024-01-01")
    page = analyst.get("/flows/?as_of=2020-01-01")
    assert page.status_code == 200
    assert page.context["flows"].total == 0
    assert "as_of=2020-01-01" in page.context["csv_url"]


@pytest.mark.parametrize("view", VIEWS)
def test_without_flows_a_view_says_so(analyst, view):
    page = analyst.get(f"/flows/?view={view}")
    assert "No flow yet" in page.content.decode()
    assert "Nothing fits these filters" in analyst.get(f"/flows/?view={view}&stage=order").content.decode()


def test_who_is_not_said_is_a_party_of_its_own(analyst, filled):
    make_claim(None, supplier=None, recipient=make_actor("PE"), article=make_article())
    chart = analyst.get("/flows/?view=sankey&of=claims").context["chart"]
    assert "supplier not said supplies: 2 claims" in {node.label for node in chart.nodes}


def test_a_filter_that_is_not_known_is_named(analyst, filled):
    answer = analyst.get("/flows/", {"suplier": "NO", "view": "table"})
    assert answer.status_code == 422
    assert "There is no filter called suplier." in answer.content.decode()
