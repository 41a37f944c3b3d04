"""The pages of one actor, materiel and outlet."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_article, make_claim, make_outlet, make_transfer
from tracker.browse import profile
from tracker.models import Actor, ActorName, Materiel, MaterielName, Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kabar():
    return make_outlet("Kabar", names=["kabar daily"], domains=["kabar.example"], reliability="B")


@pytest.fixture
def howitzer() -> Materiel:
    return Materiel.objects.create(
        key="howitzer", kind="class", category="artillery", name_en="howitzer", name_id="meriam", sort_key="howitzer",
        sipri="Artillery", maker="NO",
    )  # fmt: skip


@pytest.fixture
def norway(kabar, howitzer) -> Actor:
    """Norway supplies Peru twice, Chile, and somebody who is not named; it receives from Sweden."""
    norway = make_actor("NO", "Norway")
    peru, chile, sweden = make_actor("PE", "Peru"), make_actor("CL", "Chile"), make_actor("SE", "Sweden")
    for number, (supplier, recipient, category, stage) in enumerate(
        (
            (norway, peru, "artillery", "delivery"),
            (norway, peru, "naval", "order"),
            (norway, chile, "naval", "order"),
            (norway, None, "naval", "talks"),
            (sweden, norway, "artillery", "offer"),
        )
    ):
        transfer = make_transfer(supplier=supplier, recipient=recipient)
        article = make_article(text=f"Text {number}.", outlet=kabar, published_on=date(2022 + number % 3, 3, 1))
        make_claim(
            transfer, article=article, category=category, stage=stage, quote=f"Text {number}.",
            materiel=howitzer if category == "artillery" else None,
        )  # fmt: skip
    return norway


def test_partners_stand_beside_categories_or_stages_each_a_link(analyst, norway):
    answer = analyst.get(norway.get_absolute_url())
    (role, supplied, _transfers), (_role, received, _others) = answer.context["roles"]
    assert role == "supplier"
    assert supplied.heads == ["artillery", "naval"]
    assert [
        (row.partner and row.partner.code, row.total.number, [cell.number for cell in row.cells])
        for row in supplied.rows
    ] == [
        ("PE", 2, [1, 1]),
        (None, 1, [0, 1]),
        ("CL", 1, [0, 1]),
    ]
    assert [row.partner.code for row in received.rows] == ["SE"]
    for row in (*supplied.rows, *received.rows):
        for cell in (row.total, *row.cells):
            if cell.number:
                assert len(analyst.get(cell.url).context["rows"]) == cell.number
    stages = analyst.get(norway.get_absolute_url(), {"by": "stage"}).context["roles"][0][1]
    assert stages.heads == ["talks", "order", "delivery"]


def test_partners_without_room_are_counted(norway, monkeypatch):
    monkeypatch.setattr(profile, "PARTNERS", 1)
    assert profile.matrix(norway, "supplier", "stage").others == 2


def test_claims_over_time_are_those_of_the_actor(analyst, norway):
    answer = analyst.get(norway.get_absolute_url())
    assert sum(cell.number for _label, cells in answer.context["over_time"].months.rows for cell in cells) == 5
    for block in answer.context["over_time"].months.blocks:
        assert analyst.get(block.url).context["rows"]


def test_a_claim_of_an_actor_on_both_sides_counts_once(norway):
    make_claim(make_transfer(supplier=norway, recipient=norway), supplier=norway, recipient=norway)
    over_time = profile.over_time(party="NO")
    assert sum(cell.number for _label, cells in over_time.months.rows for cell in cells) == 6


@pytest.mark.parametrize("kind", ["actor", "materiel", "outlet"])
def test_the_csv_beside_claims_over_time_holds_the_numbers_of_the_chart(analyst, norway, howitzer, kabar, kind):
    address = {"actor": norway, "materiel": howitzer, "outlet": kabar}[kind].get_absolute_url()
    over_time = analyst.get(address).context["over_time"]
    lines = list(csv.DictReader(io.StringIO(analyst.get(over_time.csv).content.decode())))
    kinds = [name for name in lines[0] if name not in {"first_day", "last_day", "sample"}]
    told = [[int(line[name]) for name in kinds] for line in lines]
    drawn = [[cell.number for cell in cells] for _label, cells in reversed(over_time.months.rows)]
    assert [numbers for numbers in told if any(numbers)] == drawn
    assert sum(map(sum, drawn)) > 0


def test_names_say_where_they_come_from(analyst, norway):
    claim = make_claim(None)
    ActorName.objects.create(actor=norway, language="id", kind="name", name="Norwegia")
    ActorName.objects.create(actor=norway, language="en", kind="historic", name="Norge", source="claim", claim=claim)
    ActorName.objects.create(actor=norway, language="en", kind="name", name="Norwey", withdrawn=True)
    page = analyst.get(norway.get_absolute_url()).content.decode()
    assert "Norwegia" in page
    assert "reference data" in page
    assert f'href="{claim.get_absolute_url()}">claim {claim.pk}' in page
    assert "<del>Norwey</del>" in page


def test_a_materiel_has_its_names_pairs_transfers_and_claims(analyst, norway, howitzer):
    MaterielName.objects.create(materiel=howitzer, language="id", name="howitser")
    answer = analyst.get(howitzer.get_absolute_url())
    page = answer.content.decode()
    assert "howitser" in page
    assert "“Text 0.”" in page
    assert [(pair.supplier.code, pair.recipient.code, pair.number) for pair in answer.context["pairs"]] in (
        [("NO", "PE", 1), ("SE", "NO", 1)],
        [("SE", "NO", 1), ("NO", "PE", 1)],
    )
    for pair in answer.context["pairs"]:
        assert len(analyst.get(pair.url).context["rows"]) == pair.number
    assert len(answer.context["transfers"]) == 2
    assert answer.context["maker"] == norway


def test_an_outlet_says_how_reliable_it_is_and_what_it_covers(analyst, norway, kabar):
    make_claim(make_transfer(), origin_outlet=kabar)
    answer = analyst.get(kabar.get_absolute_url())
    page = answer.content.decode()
    assert "B usually reliable" in page
    assert "kabar daily" in page
    assert (answer.context["article_count"], answer.context["over_time"].total, answer.context["voice_count"]) == (
        "5", "5", "1",
    )  # fmt: skip
    for pair in answer.context["pairs"]:
        assert len(analyst.get(pair.url).context["rows"]) == pair.number


@pytest.mark.parametrize(("kind", "queries"), [("actor", 21), ("materiel", 13), ("outlet", 15)])
def test_a_page_costs_the_same_for_any_number_of_rows(
    analyst, norway, howitzer, kabar, kind, queries, django_assert_num_queries
):
    address = {"actor": norway, "materiel": howitzer, "outlet": kabar}[kind].get_absolute_url()
    analyst.get(address)
    with django_assert_num_queries(queries):
        analyst.get(address)
    transfer = make_transfer(supplier=norway, recipient=make_actor("FI", "Finland"))
    make_claim(transfer, materiel=howitzer, article=make_article(text="One more.", outlet=kabar))
    with django_assert_num_queries(queries):
        analyst.get(address)


def test_what_is_not_there(analyst, howitzer):
    for name in ("actor", "materiel", "outlet"):
        assert analyst.get(reverse(name, args=[999_999])).status_code == 404
    Materiel.objects.update(withdrawn=True)
    assert analyst.get(howitzer.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("kind", ["transfer", "materiel", "outlet"])
def test_a_page_does_not_read_the_texts_behind_its_quotes(
    analyst, norway, howitzer, kabar, kind, django_assert_max_num_queries
):
    """The words that search looks through are as long as the texts: of 45 reports they take longer than the page."""
    address = {"transfer": Transfer.objects.first(), "materiel": howitzer, "outlet": kabar}[kind].get_absolute_url()
    with django_assert_max_num_queries(40) as asked:
        analyst.get(address)
    read = " ".join(query["sql"] for query in asked.captured_queries)
    assert '"articles_article"."title"' in read
    assert not any(f'"articles_article"."{column}"' in read for column in ("text", "search", "written"))
