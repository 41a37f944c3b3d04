"""The values of a facet: how many rows each would leave under the other filters."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests.factories import make_actor, make_article, make_claim, make_outlet, make_transfer
from tracker.browse import options as facets
from tracker.browse.filters import ArticleFilter, ClaimFilter, TransferFilter
from tracker.browse.lists import LISTS
from tracker.browse.options import options
from tracker.models import ActorName, Claim, Transfer

pytestmark = pytest.mark.django_db
MENU = {"headers": {"hx-request": "true", "hx-target": "facet-supplier"}}


@pytest.fixture
def reported() -> None:
    """Claims of three suppliers on two recipients, in two outlets."""
    kabar, post = make_outlet("Kabar"), make_outlet("Post")
    for supplier, recipient, outlet, more in (
        ("NO", "PE", kabar, {"speaker": "the minister"}),
        ("NO", "PE", kabar, {"modality": "denied"}),
        ("NO", "CL", post, {"category": "naval"}),
        ("SE", "PE", post, {"stage": "order"}),
        ("DK", "CL", post, {"stage": "order", "modality": "no_evidence"}),
    ):
        names = {"NO": "Norway", "SE": "Sweden", "DK": "Denmark", "PE": "Peru", "CL": "Chile"}
        transfer = Transfer.objects.filter(supplier__code=supplier, recipient__code=recipient).first()
        transfer = transfer or make_transfer(
            supplier=make_actor(supplier, names[supplier]), recipient=make_actor(recipient, names[recipient])
        )
        text = f"{supplier} {recipient} {Claim.objects.count()} said in so many words."
        make_claim(transfer, article=make_article(text=text, outlet=outlet), **more)
    norway = make_actor("NO")
    ministry = make_actor("no-mod", "Ministry", kind="institution", parent=norway)
    for claim, origin in zip(
        Claim.objects.order_by("pk"), ({"origin": norway}, {"origin": ministry}, {"origin_outlet": kabar}), strict=False
    ):
        Claim.objects.filter(pk=claim.pk).update(**origin)


def claims(query: str = "") -> ClaimFilter:
    return ClaimFilter(QueryDict(query), queryset=Claim.objects.shown())


def numbers(found, name: str, **asked) -> dict[str, int | None]:
    return {option.value: option.number for option in options(found, name, **asked).options if option.number != 0}


@pytest.mark.parametrize(
    ("query", "name", "left"),
    [
        ("", "supplier", {"NO": 3, "DK": 1, "SE": 1}),
        ("recipient=PE", "supplier", {"NO": 2, "SE": 1}),
        ("supplier=SE", "supplier", {"NO": 3, "DK": 1, "SE": 1}),
        ("not_supplier=NO&recipient=PE", "supplier", {"NO": 2, "SE": 1}),
        ("", "party", {"NO": 3, "PE": 3, "CL": 2, "DK": 1, "SE": 1}),
        ("", "stage", {"shipment": 3, "order": 2}),
        ("", "bearing", {"supports": 3, "denies": 1, "no_evidence": 1}),
        ("stage=shipment", "outlet", {"kabar": 2, "post": 1}),
        ("", "contested", {"yes": 2, "no": 3}),
        ("", "speaker", {"none": 4, "the minister": 1}),
        ("", "credibility", {"6": 5}),
        ("", "linked", {"yes": 5}),
        ("", "origin", {"NO": 2, "no-mod": 1, "none": 2}),
    ],
)
def test_each_value_of_a_claim_bears_the_rows_that_it_would_leave(reported, query, name, left):
    assert numbers(claims(query), name) == left
    found = claims(query)
    for value, number in left.items():
        others = {other: found.sent(other) for other in found.filters if other not in (name, f"not_{name}")}
        alone = QueryDict(mutable=True)
        for other, values in others.items():
            alone.setlist(other, values)
        alone[name] = value
        assert ClaimFilter(alone, queryset=Claim.objects.shown()).qs.count() == number


def test_transfers_are_counted_once_for_all_their_claims(reported):
    found = TransferFilter(QueryDict(""), queryset=Transfer.objects.standing())
    assert numbers(found, "outlet") == {"post": 3, "kabar": 1}
    assert numbers(found, "language") == {"en": 4}
    assert numbers(found, "origin") == {"NO": 1, "no-mod": 1, "none": 2}
    assert numbers(found, "origin", find="minis") == {"no-mod": 1}
    assert numbers(found, "contested") == {"yes": 1, "no": 3}


def test_a_list_that_counts_for_each_row_is_counted_too(reported):
    found = ArticleFilter(QueryDict(""), queryset=LISTS["articles"].rows())
    assert numbers(found, "outlet") == {"post": 3, "kabar": 2}
    assert numbers(found, "claimed") == {"yes": 5}


def test_values_are_found_by_any_of_their_names(reported):
    norway = make_actor("NO")
    ActorName.objects.create(actor=norway, language="id", kind="name", name="Norwegia")
    assert numbers(claims(), "supplier", find="norweg") == {"NO": 3}
    assert numbers(claims(), "party", find="norweg") == {"NO": 3}
    assert numbers(claims(), "speaker", find="MINIS") == {"the minister": 1}
    assert numbers(claims(), "outlet", find="kab") == {"kabar": 2}
    assert numbers(claims(), "stage", find="ship") == {"shipment": 3}
    found = TransferFilter(QueryDict(""), queryset=Transfer.objects.standing())
    assert numbers(found, "outlet", find="kab") == {"kabar": 1}
    assert numbers(claims(), "supplier", find="nobody") == {}


def test_what_is_chosen_comes_first_and_may_leave_nothing(reported):
    found = options(claims("supplier=SE&not_supplier=XX&recipient=CL"), "supplier")
    assert [(option.value, option.on, option.off, option.number) for option in found.options] == [
        ("SE", True, False, 0),
        ("XX", False, True, 0),
        ("DK", False, False, 1),
        ("NO", False, False, 1),
    ]


def test_too_many_rows_bear_numbers_only_where_a_summary_has_them(reported, monkeypatch):
    monkeypatch.setattr(facets, "READ", 2)
    assert numbers(claims(), "supplier") == {"NO": 3, "DK": 1, "SE": 1}
    assert numbers(claims(), "supplier", find="nor") == {"NO": 3}
    assert numbers(claims(), "contested") == {"yes": 2, "no": 3}
    found = options(claims(), "speaker")
    assert (found.counted, found.more) == (False, True)
    assert all(option.number is None for option in found.options)
    found = options(claims(), "credibility")
    assert not found.counted
    assert len(found.options) == 6


def test_who_tells_of_any_number_of_transfers_is_counted(reported, monkeypatch):
    monkeypatch.setattr(facets, "READ", 2)
    found = TransferFilter(QueryDict("not_language=id"), queryset=Transfer.objects.standing())
    assert numbers(found, "outlet") == {"post": 3, "kabar": 1}
    assert numbers(found, "language") == {"en": 4}
    assert not options(found, "origin").counted


def test_a_menu_shows_no_more_than_it_can_hold(reported, monkeypatch):
    monkeypatch.setattr(facets, "SHOWN", 2)
    found = options(claims(), "supplier")
    assert [option.value for option in found.options] == ["NO", "DK"]
    assert found.more


def test_the_page_of_a_facet_works_without_script(analyst, reported):
    answer = analyst.get(reverse("facet", args=["claims", "supplier"]), {"recipient": "PE", "sort": "-claim_id"})
    page = answer.content.decode()
    assert '<form class="form whole" method="get" action="/claims/">' in page
    assert '<input type="hidden" name="recipient" value="PE">' in page
    assert '<input type="hidden" name="sort" value="-claim_id">' in page
    assert 'name="supplier" value="NO"' in page
    found = analyst.get(reverse("facet", args=["claims", "supplier"]), {"find": "swe"})
    assert [option.value for option in found.context["facet"].options] == ["SE"]


def test_the_menu_gets_the_part_that_it_shows(analyst, reported):
    page = analyst.get(reverse("facet", args=["claims", "supplier"]), {"at": "/"}, **MENU).content.decode()
    assert "<html" not in page
    assert 'id="options-supplier"' in page


def test_it_leads_back_only_to_a_page_with_filters(analyst, reported):
    address = reverse("facet", args=["transfers", "supplier"])
    for at, back in (("/", "/"), ("https://evil.example/", "/transfers/"), ("/account/", "/transfers/")):
        assert analyst.get(address, {"at": at}).context["at"] == back


def test_a_day_of_the_past_is_not_counted(analyst, reported):
    answer = analyst.get(reverse("facet", args=["claims", "supplier"]), {"as_of": "2024-01-01"})
    assert {option.number for option in answer.context["facet"].options} == {None}
    assert '<input type="hidden" name="as_of" value="2024-01-01">' in answer.content.decode()


@pytest.mark.parametrize("name", ["nothing/supplier", "claims/nothing", "claims/q", "claims/not_supplier"])
def test_there_is_no_page_for_what_is_no_facet(analyst, name):
    assert analyst.get(f"/facets/{name}/").status_code == 404


def test_every_facet_of_every_list_can_be_opened(analyst, reported):
    for name, listing in LISTS.items():
        for field in listing.filters(QueryDict(""), queryset=listing.rows()).facets():
            for find in ("", "o'%"):
                answer = analyst.get(reverse("facet", args=[name, field]), {"find": find})
                assert answer.status_code == 200, (name, field)


@pytest.mark.parametrize(("field", "queries"), [("supplier", 5), ("stage", 4), ("outlet", 5), ("contested", 5)])
def test_a_menu_costs_the_same_for_any_number_of_rows(analyst, reported, field, queries, django_assert_num_queries):
    address = reverse("facet", args=["claims", field])
    with django_assert_num_queries(queries):
        analyst.get(address, **MENU)
    make_claim(make_transfer(supplier=make_actor("FI", "Finland"), recipient=make_actor("EE", "Estonia")))
    with django_assert_num_queries(queries):
        analyst.get(address, **MENU)
