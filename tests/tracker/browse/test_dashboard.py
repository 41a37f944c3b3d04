"""The dashboard: its figures are those of the lists that they lead to."""

import csv
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer
from tracker.browse import counted, dashboard
from tracker.browse.counted import Counted
from tracker.models import ReviewItem, Transfer, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled() -> None:
    """Two transfers of Norway, one contested, and one of Chile; one event waits."""
    norway, peru, chile = make_actor("NO", "Norway"), make_actor("PE", "Peru"), make_actor("CL", "Chile")
    kabar = make_outlet("Kabar", language="id")
    first = make_transfer(supplier=norway, recipient=peru)
    make_claim(first, origin=norway, article=make_article(text="Satu.", outlet=kabar, language="id"))
    make_claim(first, modality="denied", origin=peru)
    make_claim(make_transfer(supplier=norway, recipient=peru), origin=norway, stage="order", category="naval")
    make_claim(make_transfer(supplier=chile, recipient=peru), origin_outlet=kabar, stage="talks")
    event = make_event(make_article(text="Waiting."))
    ReviewItem.objects.filter(event=event).update(created_at=timezone.now() - timedelta(days=6, hours=1))


def figures(answer) -> dict[str, str]:
    return {figure.label: figure.value for figure in answer.context["figures"]}


def test_figures(analyst, filled):
    assert figures(analyst.get("/")) == {
        "transfers reported": "3",
        "claims, 3 origins": "4",
        "contested": "1",
        "to review, oldest 6 days old": "1",
        "new in the last 7 days": "3",
    }


def test_every_figure_is_the_length_of_its_list(analyst, filled):
    for query in ("", "?supplier=NO", "?not_supplier=NO", "?category=naval", "?outlet=kabar", "?contested=no"):
        for figure in analyst.get(f"/{query}").context["figures"]:
            answer = analyst.get(figure.url)
            assert answer.context["summary"].split()[0] == figure.value, (query, figure.label)


def test_every_mark_bar_and_row_leads_to_what_it_counts(analyst, filled):
    answer = analyst.get("/?supplier=NO")
    for block in answer.context["months"].blocks:
        assert analyst.get(block.url).context["summary"] == block.label.split(": ")[1]
    for bar in (*answer.context["pairs"], *answer.context["outlets"], *answer.context["languages"]):
        assert analyst.get(bar.url).context["summary"].split()[0] == str(bar.number), bar.label
    for address in set(re.findall(r'href="([^"#]+)"', answer.content.decode())):
        if "logout" not in address and "static" not in address and ".csv" not in address:
            assert analyst.get(unescape(address)).status_code in {200, 302, 403}, address


def test_what_is_new_is_new(analyst, filled):
    Transfer.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert figures(analyst.get("/"))["new in the last 7 days"] == "0"


def test_new_is_what_came_since_the_last_visit(sign_in, filled):
    client = sign_in("analyst")
    client.get("/")
    ended = timezone.now() - timedelta(hours=5)
    Visit.objects.update(seen_at=ended)
    Transfer.objects.filter(supplier__code="NO").update(created_at=ended - timedelta(minutes=1))
    for _visit in range(2):
        (new,) = [one for one in client.get("/").context["figures"] if one.label.startswith("new since")]
        assert new.value == "1"
        answer = client.get(new.url)
        assert answer.context["summary"] == "1 transfer"
        assert [chip.label for chip in answer.context["chips"]] == ["New since"]


def test_a_visit_is_not_written_down_at_every_view(analyst, filled):
    analyst.get("/")
    began = Visit.objects.get()
    assert began.since is None
    analyst.get("/")
    assert Visit.objects.get().seen_at == began.seen_at
    Visit.objects.update(seen_at=began.seen_at - timedelta(minutes=6))
    analyst.get("/")
    assert Visit.objects.get().seen_at > began.seen_at
    assert Visit.objects.get().since is None


def test_visitors_without_a_name_are_shown_the_last_days(client, settings, filled):
    settings.PUBLIC_BROWSING = True
    assert figures(client.get("/"))["new in the last 7 days"] == "3"
    assert not Visit.objects.exists()


def test_what_is_estimated_says_so(analyst, filled, monkeypatch):
    rows = [counted.row(("month", "kind"))(date(2024, 3, 1), "s1", 120_000)]
    monkeypatch.setattr(counted, "_sampled", lambda *_: Counted(rows, 120_000, 0.05))
    answer = analyst.get("/?linked=yes")
    assert "a sample of 5 % of the claims" in answer.content.decode()
    assert figures(answer)["claims"] == "≈ 120,000"
    assert "a sample" not in analyst.get("/").content.decode()


def test_origins_are_counted_where_there_are_few_enough_claims(analyst, filled, monkeypatch):
    monkeypatch.setattr(dashboard, "FEW", 3)
    assert figures(analyst.get("/"))["claims"] == "4"


def read(client, chart: str, query: str = "") -> list[list[str]]:
    answer = client.get(f"{reverse('chart_csv', args=[chart])}?{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode().splitlines()))


def test_each_chart_has_its_numbers_as_csv(analyst, filled):
    head, row = read(analyst, "months")
    assert dict(zip(head, row, strict=True)) == {
        "first_day": "2024-03-01",
        "last_day": "2024-03-31",
        "talks_request_offer": "1",
        "agreement_order": "1",
        "production": "0",
        "shipment": "1",
        "delivery_use": "0",
        "denies": "1",
        "no_evidence": "0",
        "sample": "",
    }
    assert read(analyst, "pairs")[1:] == [["NO", "Norway", "PE", "Peru", "2"], ["CL", "Chile", "PE", "Peru", "1"]]
    assert read(analyst, "languages")[1:] == [["en", "4"], ["id", "1"]]
    assert ["kabar", "Kabar", "1"] in read(analyst, "outlets")
    assert sum(int(row[2]) for row in read(analyst, "outlets")[1:]) == 5


def test_a_chart_s_csv_has_the_filters_of_the_page(analyst, filled):
    page = analyst.get("/?supplier=NO&outlet=kabar").content.decode()
    for address in re.findall(r'href="(/dashboard/[^"]+)"', page):
        answer = analyst.get(unescape(address))
        assert answer.status_code == 200
        assert "kabar" in address
        if "months" in address:
            assert answer.content.decode().splitlines()[1].split(",")[5] == "1"
    assert read(analyst, "pairs", "supplier=CL")[1:] == [["CL", "Chile", "PE", "Peru", "1"]]
    assert analyst.get(f"{reverse('chart_csv', args=['pairs'])}?stage=unheard").status_code == 400
    assert analyst.get(reverse("chart_csv", args=["unheard"])).status_code == 404


def test_who_is_not_known_has_a_pair_too(analyst, filled):
    make_claim(make_transfer(supplier=None, recipient=make_actor("PE")))
    bar = next(bar for bar in analyst.get("/").context["pairs"] if bar.label == "not said → Peru")
    assert analyst.get(bar.url).context["summary"] == "1 transfer"


def test_lists_of_the_latest_and_of_the_contested(analyst, filled):
    answer = analyst.get("/")
    assert [row.contested for row in answer.context["contested"]] == [True]
    assert len(answer.context["latest"]) == 3


def test_a_reviewer_is_led_to_the_queue(analyst, reviewer, filled):
    def waiting(client):
        return next(figure.url for figure in client.get("/").context["figures"] if "review" in figure.label)

    assert waiting(reviewer) == reverse("review_queue")
    assert waiting(analyst) == "/articles/?waiting=yes"


def test_it_costs_the_same_for_any_number_of_rows(reviewer, filled, django_assert_num_queries):
    reviewer.get("/")
    with django_assert_num_queries(18):
        reviewer.get("/")
    make_claim(make_transfer(), origin=make_actor("SE", "Sweden"), article=make_article(published_on=date(2020, 1, 1)))
    with django_assert_num_queries(18):
        reviewer.get("/")


def test_an_empty_database_says_where_to_begin(analyst, reviewer):
    assert f'href="{reverse("import_list")}">Add an article' in reviewer.get("/").content.decode()
    page = analyst.get("/").content.decode()
    assert "Nothing is reported yet" in page
    assert 'href="/imports/"' not in page


def test_articles_without_claims_are_shown_as_such(analyst):
    make_event()
    page = analyst.get("/").content.decode()
    assert "No claim yet" in page
    assert "Nothing is reported yet" not in page


def test_the_fragment_is_the_part_that_changes(analyst, filled):
    part = analyst.get("/?supplier=NO&q=", headers={"hx-request": "true", "hx-target": "list"})
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/?supplier=NO"


def test_numbers_for_people_never_reach_the_chart(analyst, sign_in, filled):
    page = sign_in(language="id").get("/").content.decode()
    for svg in re.findall(r"<svg class=\"chart.*?</svg>", page, re.S):
        numbers = re.findall(r'\b(?:x|y|width|height|d|viewBox)="([^"]*)"', svg)
        assert numbers
        assert all(re.fullmatch(r"[MH0-9 ]+", number) for number in numbers)


def test_a_filter_that_is_not_known_or_not_understood_is_named(analyst, filled):
    for asked, words in (("suplier", "There is no filter called suplier."), ("stage", "The filter “stage”")):
        answer = analyst.get("/", {asked: "unheard"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'class="dashboard"' not in answer.content.decode()
    refused = analyst.get(f"{reverse('chart_csv', args=['months'])}?suplier=NO")
    assert (refused.status_code, refused.content) == (400, b"There is no filter called suplier.\n")
