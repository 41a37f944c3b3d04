"""The filters of lists and exports: any of, none of, not said, days, words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from articles.models import Article, ExtractedEvent, Outlet
from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer, make_user
from tracker.browse import tables
from tracker.browse.filters import (
    ActorFilter,
    ArticleFilter,
    ClaimFilter,
    EventFilter,
    MaterielFilter,
    OutletFilter,
    TransferFilter,
)
from tracker.models import Actor, ActorName, CategoryCrosswalk, Claim, Materiel, Transfer

pytestmark = pytest.mark.django_db
MODELS = {
    ActorFilter: Actor,
    ArticleFilter: Article,
    ClaimFilter: Claim,
    EventFilter: ExtractedEvent,
    MaterielFilter: Materiel,
    OutletFilter: Outlet,
    TransferFilter: Transfer,
}


def transfers(query: str) -> set[str]:
    """The suppliers' and recipients' codes of the transfers that the query leaves, as "NO PE"."""
    found = TransferFilter(QueryDict(query), queryset=Transfer.objects.standing())
    return {
        f"{row.supplier.code if row.supplier else '?'} {row.recipient.code if row.recipient else '?'}"
        for row in found.qs
    }


def claims(query: str) -> set[str]:
    """The notes of the claims that the query leaves."""
    return {row.note for row in ClaimFilter(QueryDict(query), queryset=Claim.objects.shown()).qs}


@pytest.fixture
def traded() -> None:
    """Norway and Chile supply Peru, somebody unnamed supplies Chile."""
    norway, chile, peru = make_actor("NO", "Norway"), make_actor("CL", "Chile"), make_actor("PE", "Peru")
    make_claim(make_transfer(supplier=norway, recipient=peru), category="artillery", stage="order")
    make_claim(make_transfer(supplier=chile, recipient=peru), category="naval", stage="delivery")
    make_claim(make_transfer(supplier=None, recipient=chile), supplier=None, category="naval", modality="planned")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", {"NO PE", "CL PE", "? CL"}),
        ("supplier=NO", {"NO PE"}),
        ("supplier=NO&supplier=CL", {"NO PE", "CL PE"}),
        ("supplier=", {"NO PE", "CL PE", "? CL"}),
        ("not_supplier=NO", {"CL PE", "? CL"}),
        ("not_supplier=NO&not_supplier=CL", {"? CL"}),
        ("supplier=none", {"? CL"}),
        ("supplier=none&supplier=CL", {"CL PE", "? CL"}),
        ("not_supplier=none", {"NO PE", "CL PE"}),
        ("supplier=XX", set()),
        ("not_supplier=XX", {"NO PE", "CL PE", "? CL"}),
        ("party=CL", {"CL PE", "? CL"}),
        ("not_party=CL", {"NO PE"}),
        ("supplier=NO&recipient=PE&category=artillery", {"NO PE"}),
        ("category=naval&not_recipient=PE", {"? CL"}),
        ("stage=order&stage=delivery", {"NO PE", "CL PE"}),
        ("stage=none", {"? CL"}),
        ("not_stage=none", {"NO PE", "CL PE"}),
        ("outlook=shipment", {"? CL"}),
        ("not_status=active", set()),
        ("q=norw", {"NO PE"}),
        ("q=peru+chile", {"CL PE"}),
        ("q=nothing", set()),
    ],
)
def test_transfers(traded, query, left):
    assert transfers(query) == left


def test_a_name_in_any_language_finds_a_party(traded):
    ActorName.objects.create(actor=Actor.objects.get(code="NO"), language="id", kind="name", name="Norwegia")
    assert transfers("q=norwegia") == {"NO PE"}


def test_a_number_finds_its_transfer(traded):
    first = Transfer.objects.get(supplier__code="NO")
    assert transfers(f"q={first.public_id.lower()}") == {"NO PE"}


def test_contested_and_supported():
    contested, denied = (
        make_transfer(),
        make_transfer(supplier=make_actor("CL", "Chile"), recipient=make_actor("PE", "Peru")),
    )
    make_claim(contested)
    make_claim(contested, modality="denied")
    make_claim(denied, modality="denied")
    assert transfers("contested=yes") == {"NO PE"}
    assert transfers("contested=no") == {"CL PE"}
    assert transfers("contested=yes&contested=no") == {"NO PE", "CL PE"}
    assert transfers("supported=no") == {"CL PE"}


def test_transfers_by_outlet_and_language_of_their_claims():
    kabar, post = make_outlet("Kabar"), make_outlet("Post")
    transfer, other = (
        make_transfer(),
        make_transfer(supplier=make_actor("CL", "Chile"), recipient=make_actor("PE", "Peru")),
    )
    make_claim(transfer, article=make_article(text="Teks satu.", outlet=kabar, language="id"))
    make_claim(transfer, article=make_article(text="Text two.", outlet=post))
    make_claim(other, article=make_article(text="Text three.", outlet=post))
    assert transfers("outlet=kabar") == {"NO PE"}
    assert transfers("not_outlet=kabar") == {"CL PE"}
    assert transfers("outlet=none") == set()
    make_claim(other, article=make_article(text="Text four.", outlet=None))
    assert transfers("outlet=none") == {"CL PE"} == transfers("outlet=none&outlet=kabar&not_outlet=kabar")
    assert transfers("language=en") == {"NO PE", "CL PE"}
    assert transfers("not_language=id") == {"CL PE"}


def test_days_overlap():
    spring, undated = (
        make_transfer(),
        make_transfer(supplier=make_actor("CL", "Chile"), recipient=make_actor("PE", "Peru")),
    )
    make_claim(
        spring,
        article=make_article(text="Spring.", published_on=date(2024, 5, 2)),
        date_from=date(2024, 3, 1),
        date_to=date(2024, 5, 1),
    )
    make_claim(undated, article=make_article(text="Undated.", published_on=None))
    assert transfers("dated_from=2024-05-01") == {"NO PE"}
    assert transfers("dated_from=2024-05-02") == set()
    assert transfers("dated_to=2024-03-01") == {"NO PE"}
    assert transfers("dated_to=2024-02-29") == set()
    assert transfers("published_from=2024-05-02&published_to=2024-05-02") == {"NO PE"}
    assert transfers("published_to=2024-05-01") == set()
    today = timezone.now().date()
    assert transfers(f"created_from={today}") == {"NO PE", "CL PE"}
    assert transfers(f"created_from={today + timedelta(days=1)}") == set()


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("bearing=supports", {"said", "planned"}),
        ("bearing=denies&bearing=no_evidence", {"denied", "nothing seen"}),
        ("bearing=beside", {"halted"}),
        ("not_bearing=supports", {"denied", "nothing seen", "halted"}),
        ("modality=planned", {"planned"}),
        ("stage=halted", {"halted"}),
        ("not_stage=halted&not_modality=denied", {"said", "planned", "nothing seen"}),
        ("linked=yes&modality=asserted", {"said", "halted"}),
        ("linked=no", set()),
        ("contested=yes", {"said", "planned", "denied", "nothing seen", "halted"}),
    ],
)
def test_claims(query, left):
    transfer = make_transfer()
    make_claim(transfer, note="said")
    make_claim(transfer, note="planned", modality="planned")
    make_claim(transfer, note="denied", modality="denied")
    make_claim(transfer, note="nothing seen", modality="no_evidence")
    make_claim(transfer, note="halted", stage="halted")
    assert claims(query) == left


def test_claims_of_a_transfer_an_article_an_origin():
    transfer, article = make_transfer(), make_article(text="One text.")
    ministry = make_actor("no-ministry", "Ministry", kind="institution")
    make_claim(transfer, note="a", article=article, origin=ministry)
    make_claim(make_transfer(), note="b")
    assert claims(f"transfer={transfer.public_id}") == {"a"}
    assert claims(f"not_transfer={transfer.public_id}") == {"b"}
    assert claims("transfer=T-999999") == set()
    assert claims(f"article={article.pk}") == {"a"}
    assert claims("origin=no-ministry") == {"a"}
    assert claims("origin=none") == {"b"}


def test_provisional_and_retracted_claims_are_never_found():
    make_claim(make_transfer(), note="a")
    make_claim(None, note="b", state="provisional")
    make_claim(None, note="c", state="retracted")
    assert claims("") == {"a"}


def articles(query: str) -> set[str]:
    return {row.title for row in ArticleFilter(QueryDict(query), queryset=Article.objects.all()).qs}


def test_articles_by_word_state_and_outlet():
    kabar = make_outlet("Kabar", country="ID")
    make_actor("ID", "Indonesia")
    make_article(text="Kapal selam dikirim.", title="sent", language="id", outlet=kabar)
    make_article(text="The ships were delivered.", title="en", reading="failed", outlet=make_outlet(country="PE"))
    make_article(text="Kapal rahasia.", title="gone", language="id", withheld_at=timezone.now(), withheld_reason="law")
    assert articles("q=kapal") == {"sent"}
    assert articles("q=ship") == {"en"}
    assert articles("state=failed") == {"en"}
    assert articles("outlet=kabar") == {"sent"}
    assert articles("country=PE") == {"en"}
    assert articles("withheld=yes") == {"gone"}
    assert articles("not_language=id") == {"en"}


def test_articles_with_something_to_review_or_with_claims():
    waiting = make_article(text="Waiting.", title="waiting")
    make_event(waiting)
    make_claim(make_transfer(), article=make_article(text="Decided.", title="decided"))
    make_article(text="Empty.", title="empty")
    assert articles("waiting=yes") == {"waiting"}
    assert articles("claimed=yes") == {"decided"}
    assert articles("waiting=no&claimed=no") == {"empty"}


def test_actors_materiel_and_outlets():
    transfer = make_transfer()
    howitzer = Materiel.objects.create(
        key="howitzer", kind="class", category="artillery", name_en="howitzer", name_id="howitzer", sort_key="howitzer"
    )
    make_claim(transfer, materiel=howitzer)
    make_actor("acme", "Acme", kind="company")
    found = ActorFilter(QueryDict("kind=company"), queryset=Actor.objects.all()).qs
    assert [actor.code for actor in found] == ["acme"]
    found = ActorFilter(QueryDict("supplies=yes"), queryset=Actor.objects.all()).qs
    assert [actor.code for actor in found] == ["NO"]
    found = MaterielFilter(QueryDict("reported=yes&q=HOW&category=artillery"), queryset=Materiel.objects.all()).qs
    assert list(found) == [howitzer]
    assert transfers("materiel=howitzer") == {"NO PE"}
    outlets = make_outlet("Kabar", domains=["kabar.example"], reliability="B").__class__.objects.all()
    assert [outlet.name for outlet in OutletFilter(QueryDict("q=kabar.ex&reliability=B"), queryset=outlets).qs] == [
        "Kabar"
    ]


@pytest.mark.parametrize(
    "query", ["stage=flying", "published_from=2024-02-30", "contested=perhaps", "credibility=none", "not_category=x"]
)
def test_a_value_that_is_not_understood_leaves_nothing(traded, query):
    found = TransferFilter(QueryDict(query), queryset=Transfer.objects.standing())
    assert not found.qs.exists()
    assert list(found.form.errors) == [query.split("=")[0]]


def test_every_choice_has_a_twin_that_leaves_it_out():
    assert {"supplier", "not_supplier", "stage", "not_stage"} <= set(TransferFilter.base_filters)
    assert "not_contested" not in TransferFilter.base_filters
    for filters in MODELS:
        assert set(filters.shown) <= set(filters.base_filters)


def test_chips_say_what_is_filtered_by_and_how_to_take_it_out(traded):
    found = TransferFilter(
        QueryDict("supplier=NO&not_recipient=CL&stage=order&published_from=2024-03-01&q=gun&contested="),
        queryset=Transfer.objects.standing(),
    )
    chips = {(chip.label, chip.value): chip.remove_url for chip in found.chips()}
    assert set(chips) == {
        ("Search", "gun"),
        ("Supplier", "Norway"),
        ("not Recipient", "Chile"),
        ("Stage", "order"),
        ("Published from", "1 Mar 2024"),
    }
    assert chips["Supplier", "Norway"] == "?q=gun&stage=order&published_from=2024-03-01&not_recipient=CL"


def test_the_bar_keeps_what_is_chosen_and_leads_to_the_rest(traded):
    found = TransferFilter(QueryDict("supplier=XX&not_supplier=NO&origin=PE"), queryset=Transfer.objects.standing())
    supplier = found.bar(("supplier",))[0]
    assert [(option.value, option.label, option.on, option.off) for option in supplier.options] == [
        ("XX", "XX", True, False),
        ("NO", "Norway", False, True),
    ]
    assert (supplier.count, supplier.whole) == (2, False)
    assert supplier.url == "/facets/transfers/supplier/?supplier=XX&origin=PE&not_supplier=NO"
    assert "supplier" not in [facet.name for facet in found.further()]
    assert [facet.name for facet in found.further() if facet.count] == ["origin"]
    assert found.narrowed()


def test_the_form_takes_along_what_it_has_no_place_for():
    found = ClaimFilter(QueryDict("article=7&stage=order&transfer=T-000001&q=x"), queryset=Claim.objects.shown())
    assert found.carried() == [("transfer", "T-000001"), ("article", "7")]


def test_every_column_of_the_csv_can_be_filtered_by():
    """Of the columns, those that are words of one article alone, its hash and its places in it have no filter."""
    alike = {
        "transfer_id": "transfer", "quantity_min": "quantity_from", "quantity_max": "quantity_to",
        "quantity_unit": "unit", "quantity_qualifier": "qualifier", "date_from": "dated_from", "date_to": "dated_to",
        "date_precision": "precision", "sipri_category": "sipri", "unroca_category": "unroca",
        "outlet_country": "country", "source_reliability": "reliability", "information_credibility": "credibility",
        "article_id": "article", "article_language": "language", "published_on": "published_from",
        "reviewed_at": "reviewed_from", "updated_at": "updated_from", "supplier_code": "supplier",
        "recipient_code": "recipient", "supports": "supports_from", "denies": "denies_from",
        "no_evidence": "no_evidence_from", "origins": "origins_from", "first_published": "published_from",
        "last_published": "published_to", "quote": "q", "article_title": "q", "article_url": "q",
    }  # fmt: skip
    words = {"claim_id", "event_id", "quote_start", "quote_end", "quote_translation", "text_sha256"}
    for filters, columns in ((ClaimFilter, tables.CLAIMS), (TransferFilter, tables.TRANSFERS)):
        for column in columns:
            name = alike.get(column.name, column.name)
            if column.name in words or column.name.endswith("_text") or name == "transfer" and filters != ClaimFilter:
                continue
            assert name in filters.base_filters, column.name


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("intermediary=BE", {"a"}),
        ("not_intermediary=BE", {"b", "c"}),
        ("intermediary=none", {"b", "c"}),
        ("end_user=wagner", {"a"}),
        ("designation=Su-35&designation=T-72", {"a", "b"}),
        ("not_designation=Su-35", {"b", "c"}),
        ("designation=none", {"c"}),
        ("speaker=the+minister", {"a"}),
        ("institution=Kremlin", {"b"}),
        ("relayed_by=Wire", {"c"}),
        ("unit=tank", {"a"}),
        ("qualifier=at_least", {"b"}),
        ("qualifier=none", {"c"}),
        ("precision=precise", {"a"}),
        ("precision=none", {"b", "c"}),
        ("quantity_from=11", {"b"}),
        ("quantity_to=10", {"a"}),
        ("quantity_from=10&quantity_to=30", {"a", "b"}),
        ("origin=NO", {"a", "b"}),
        ("not_origin=NO", {"c"}),
        ("origin=no-mod", {"a"}),
        ("origin_outlet=kabar", {"c"}),
        ("country=PE", {"c"}),
        ("reviewed_by=rina", {"b"}),
        ("reviewed_to=2024-05-01", {"a"}),
        ("reviewed_from=2024-05-02", {"b", "c"}),
        ("updated_from=2024-05-02&updated_to=2024-05-02", {"b"}),
        ("updated_to=9999-12-31", {"a", "b", "c"}),
        ("sipri=Artillery", {"a", "b"}),
        ("sipri=none", {"c"}),
        ("unroca=III", {"a"}),
    ],
)
def test_claims_by_every_column(query, left):
    def at(day: int) -> datetime:
        return datetime(2024, 5, day, 12, tzinfo=UTC)

    norway = make_actor("NO", "Norway")
    ministry = make_actor("no-mod", "Ministry", kind="institution", parent=norway)
    howitzer = Materiel.objects.create(
        key="howitzer", kind="class", category="artillery", name_en="howitzer", name_id="howitzer", sort_key="howitzer",
        sipri="Artillery", unroca="III",
    )  # fmt: skip
    crosswalk = {"artillery": "Artillery", "ammunition": ""}
    for position, (category, sipri) in enumerate(crosswalk.items(), 100):
        CategoryCrosswalk.objects.update_or_create(
            category=category, defaults={"sipri": sipri, "unroca": "", "position": position}
        )
    make_claim(
        make_transfer(), note="a", intermediary=make_actor("BE", "Belgium"), end_user=make_actor("wagner", "Wagner"),
        designation="Su-35", speaker="the minister", quantity_min=10, quantity_max=10, quantity_unit="tank",
        quantity_qualifier="exact", date_from=date(2024, 2, 1), date_to=date(2024, 2, 1), date_precision="precise",
        origin=ministry, reviewed_at=at(1), updated_at=at(1), materiel=howitzer, category="artillery",
    )  # fmt: skip
    make_claim(
        make_transfer(), note="b", designation="T-72", institution="Kremlin", quantity_min=20,
        quantity_qualifier="at_least", origin=norway, reviewed_by=make_user(username="rina"), reviewed_at=at(2),
        updated_at=at(2), category="artillery",
    )  # fmt: skip
    make_claim(
        make_transfer(), note="c", relayed_by="Wire", origin_outlet=make_outlet("Kabar"), reviewed_at=at(3),
        updated_at=at(3), category="ammunition",
        article=make_article(text="Three.", outlet=make_outlet("Post", country="PE")),
    )  # fmt: skip
    assert claims(query) == left


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("quantity_from=0", {"none", "five or less", "ten", "to thirty", "twenty or more", "all"}),
        ("quantity_to=0", {"none", "five or less"}),
        ("quantity_to=5", {"none", "five or less"}),
        ("quantity_from=1&quantity_to=9", {"five or less"}),
        ("quantity_from=10&quantity_to=10", {"ten"}),
        ("quantity_from=11&quantity_to=19", {"to thirty"}),
        ("quantity_from=30&quantity_to=30", {"to thirty", "twenty or more"}),
        ("quantity_from=31", {"twenty or more", "all"}),
        ("quantity_from=20&quantity_to=12", {"to thirty"}),
        (f"quantity_from={2**63 - 1}", {"twenty or more", "all"}),
        (f"quantity_from={2**63 - 1}&quantity_to={2**63 - 1}", {"twenty or more", "all"}),
        (f"quantity_from=31&quantity_to={2**63 - 2}", {"twenty or more"}),
    ],
)
def test_a_quantity_fits_where_it_can_be_one_of_those(query, left):
    transfer = make_transfer()
    known = {
        "none": (0, 0), "five or less": (None, 5), "ten": (10, 10), "to thirty": (11, 30), "twenty or more": (20, None),
        "all": (2**63 - 1, 2**63 - 1), "not said": (None, None),
    }  # fmt: skip
    for note, (least, most) in known.items():
        make_claim(transfer, note=note, quantity_min=least, quantity_max=most)
    assert claims(query) == left


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("intermediary=BE", {"NO PE"}),
        ("not_intermediary=BE", {"CL PE"}),
        ("origin=NO", {"NO PE"}),
        ("end_user=none", {"NO PE", "CL PE"}),
        ("supports_from=2", {"NO PE"}),
        ("denies_to=0", {"NO PE"}),
        ("origins_from=1&origins_to=1", {"NO PE"}),
        ("quantity_from=10", {"NO PE"}),
        ("unit=tank", {"NO PE"}),
        ("precision=none", {"NO PE", "CL PE"}),
        (f"updated_from={date.max}", set()),
    ],
)
def test_transfers_by_every_column(query, left):
    transfer = make_transfer()
    other = make_transfer(supplier=make_actor("CL", "Chile"), recipient=make_actor("PE", "Peru"))
    make_claim(
        transfer, intermediary=make_actor("BE", "Belgium"), origin=transfer.supplier, quantity_min=20,
        quantity_max=20, quantity_unit="tank",
    )  # fmt: skip
    make_claim(transfer)
    make_claim(other)
    make_claim(other, modality="denied")
    assert transfers(query) == left


def test_the_code_of_a_merged_actor_finds_the_rows_of_the_one_that_it_became(traded):
    norway = Actor.objects.get(code="NO")
    make_actor("norge", "Norge", merged_into=norway)
    assert transfers("supplier=norge") == {"NO PE"}
    assert transfers("not_supplier=norge") == transfers("not_supplier=NO")
    found = TransferFilter(QueryDict("supplier=norge"), queryset=Transfer.objects.standing())
    assert [(chip.value, chip.remove_url) for chip in found.chips()] == [("Norway", "?")]


def test_names_cost_one_query_for_each_kind_of_them(traded, django_assert_num_queries):
    query = "supplier=NO&not_recipient=CL&party=PE&outlet=kabar&not_outlet=post&unit=tank"
    found = TransferFilter(QueryDict(query), queryset=Transfer.objects.standing())
    with django_assert_num_queries(3):
        list(found.qs)
        found.chips()
        found.bar()
        found.further()


NASTY = (
    "none",
    "\0",
    "-1",
    "9" * 30,
    "1e400",
    "NaN",
    "'\";--%s\\",
    "T-999999999999999",
    "٣",
    "1.5",
    "9223372036854775808",
    "0001-01-01",
    '"a OR (',
)


@pytest.mark.parametrize("filters", MODELS)
def test_no_value_is_an_error_of_the_server(traded, filters):
    for name in filters.base_filters:
        for value in NASTY:
            query = QueryDict(mutable=True)
            query[name] = value
            rows = MODELS[filters].objects.all()
            assert list(filters(query, queryset=rows).qs[:1]) is not None


def test_filter_sets_share_what_they_do_not_change():
    shown = Claim.objects.shown()
    one, other = (ClaimFilter(QueryDict(query), queryset=shown) for query in ("stage=order", "stage=talks"))
    assert one.filters["stage"].parent is one
    assert other.filters["stage"].parent is other
    assert one.filters["stage"].field is other.filters["stage"].field
    assert one.form.fields["stage"] is not other.form.fields["stage"]
