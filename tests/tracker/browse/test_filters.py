"""The filters of lists and exports: any of, none of, not said, days, words."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from articles.models import Article, ExtractedEvent, Outlet
from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer
from tracker.browse.filters import (
    ActorFilter,
    ArticleFilter,
    ClaimFilter,
    EventFilter,
    MaterielFilter,
    OutletFilter,
    TransferFilter,
)
from tracker.models import Actor, ActorName, Claim, Materiel, Transfer

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


def test_the_bar_keeps_a_choice_that_has_no_row(traded):
    found = TransferFilter(QueryDict("supplier=XX&not_supplier=NO"), queryset=Transfer.objects.standing())
    supplier = next(found.bar(("supplier",)))
    assert [(option.value, option.on, option.off) for option in supplier.options] == [
        ("CL", False, False),
        ("NO", False, True),
        ("none", False, False),
        ("XX", True, False),
    ]
    assert supplier.count == 2


NASTY = ("none", "\0", "-1", "9" * 30, "1e400", "NaN", "'\";--%s\\", "T-999999999999999", "٣", "0001-01-01", '"a OR (')


@pytest.mark.parametrize("filters", MODELS)
def test_no_value_is_an_error_of_the_server(traded, filters):
    for name in filters.base_filters:
        for value in NASTY:
            query = QueryDict(mutable=True)
            query[name] = value
            rows = MODELS[filters].objects.all()
            assert list(filters(query, queryset=rows).qs[:1]) is not None
