"""Atom feeds: valid, under the filters of the lists, with ids that stay."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_actor, make_article, make_claim, make_transfer
from tracker.export import feed
from tracker.models import Transfer

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def taken(client, name: str, **query: str) -> ElementTree.Element:
    answer = client.get(reverse("feed", args=[name]), query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def texts(root: ElementTree.Element, name: str) -> list[str]:
    return [found.text for found in root.findall(f"{ATOM}entry/{ATOM}{name}")]


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


@pytest.mark.parametrize("name", feed.FEEDS)
def test_a_feed_has_all_that_atom_asks_for(analyst, name):
    make_claim(make_transfer(), modality="denied", quantity_min=10, quantity_max=10, quantity_unit="tank")
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
    root = taken(analyst, name)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for wanted in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{wanted}")
            assert found.text
        datetime.fromisoformat(element.find(f"{ATOM}updated").text)
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert links(root)["self"] == f"http://testserver/feeds/{name}.atom"
    assert links(root)["alternate"] == f"http://testserver/{name}/"
    ids = texts(root, "id")
    assert len(set(ids)) == len(ids) == 2
    assert all(one.startswith(f"tag:testserver,2026:{name}/") for one in ids)
    for entry in root.findall(f"{ATOM}entry"):
        assert analyst.get(links(entry)["alternate"].removeprefix("http://testserver")).status_code == 200


def test_what_changed_last_comes_first_and_keeps_its_id(analyst):
    first, second = (make_claim(make_transfer(), updated_at=datetime(2024, 3, day, tzinfo=UTC)) for day in (1, 2))
    before = texts(taken(analyst, "claims"), "id")
    assert before == [f"tag:testserver,2026:claims/{claim.pk}" for claim in (second, first)]
    first.updated_at = datetime(2024, 3, 3, tzinfo=UTC)
    first.save()
    assert texts(taken(analyst, "claims"), "id") == before[::-1]


def test_a_feed_says_what_a_transfer_shows(analyst):
    transfer = make_transfer()
    make_claim(transfer, stage="delivery")
    make_claim(transfer, modality="denied")
    root = taken(analyst, "transfers")
    assert texts(root, "title")[0].startswith(f"{transfer.public_id}: Norway → Peru, ")
    (summary,) = texts(root, "summary")
    for words in ("delivery", "contested", "1 claim supports it", "1 claim denies it"):
        assert words in summary


def test_filters_are_those_of_the_list(analyst):
    make_claim(make_transfer())
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
    root = taken(analyst, "transfers", supplier="CL")
    assert len(texts(root, "id")) == 1
    assert root.find(f"{ATOM}title").text == "Transfers, Supplier: Chile"
    assert links(root)["alternate"] == "http://testserver/transfers/?supplier=CL"
    page = analyst.get(reverse("transfer_list"), {"supplier": "CL", "sort": "stage"})
    assert '<link rel="alternate" type="application/atom+xml"' in page.content.decode()
    assert page.context["feed_url"] == "/feeds/transfers.atom?supplier=CL"
    assert taken(analyst, "transfers", supplier="XX").findall(f"{ATOM}entry") == []


def test_no_words_of_a_withheld_article_and_nothing_that_xml_cannot_hold(analyst):
    hidden = make_article(text="Norway secretly sent tanks.", withheld_at=timezone.now(), withheld_reason="order")
    make_claim(None, article=hidden, quote="secretly")
    make_claim(None, quote="a\x01b <i>\ufffe & \x0b")
    summaries = " ".join(texts(taken(analyst, "claims"), "summary"))
    assert "secretly" not in summaries
    assert "a\ufffdb <i>\ufffd & \ufffd" in summaries


def test_provisional_retracted_and_withdrawn_are_left_out(analyst):
    make_claim(None, state="provisional")
    make_claim(None, state="retracted")
    make_transfer()
    assert Transfer.objects.exists()
    for name in feed.FEEDS:
        assert texts(taken(analyst, name), "id") == []


@pytest.mark.parametrize("query", [{"colour": "red"}, {"stage": "flying"}, {"as_of": "2024-01-01"}])
def test_what_is_not_understood_is_refused(analyst, query):
    assert analyst.get(reverse("feed", args=["transfers"]), query).status_code == 400


def test_there_is_no_feed_of_events(analyst):
    assert analyst.get("/feeds/events.atom").status_code == 404


@pytest.mark.parametrize("name", feed.FEEDS)
def test_a_feed_costs_the_same_for_any_number_of_entries(analyst, name, django_assert_num_queries):
    analyst.get(reverse("feed", args=[name]))
    for _ in range(2):
        make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
        with django_assert_num_queries(3):
            analyst.get(reverse("feed", args=[name]))


def test_strangers_read_it_only_where_browsing_is_public(client, settings):
    assert client.get(reverse("feed", args=["transfers"])).status_code == 302
    settings.PUBLIC_BROWSING = True
    assert client.get(reverse("feed", args=["transfers"])).status_code == 200
