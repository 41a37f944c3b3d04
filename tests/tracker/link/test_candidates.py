"""Suggested transfers, with the reasons field by field."""

from datetime import date

import pytest

from tests.factories import make_actor, make_claim, make_transfer
from tracker.link.candidates import suggest

pytestmark = pytest.mark.django_db


def transfer_of(category: str, published: date, recipient: str = "PE", **values):
    transfer = make_transfer(supplier=make_actor("NO"), recipient=make_actor(recipient))
    make_claim(transfer, category=category, published_on=published, **values)
    return transfer


def ask(**values):
    wanted = {
        "supplier_id": make_actor("NO").pk,
        "recipient_id": make_actor("PE").pk,
        "category": "missiles",
        "published_on": date(2024, 3, 1),
    }
    return suggest(**(wanted | values))


def test_the_same_pair_category_and_time_is_suggested_with_its_reasons():
    transfer = transfer_of("missiles", date(2024, 1, 1), quantity_min=20, quantity_max=20)
    found = ask(quantity_min=20)
    assert found.first == transfer
    (candidate,) = found.candidates
    assert (candidate.pair, candidate.category, candidate.dates, candidate.quantity) == ("agree",) * 4


def test_one_country_alone_suggests_nothing():
    transfer_of("missiles", date(2024, 1, 1))
    assert ask(recipient_id=None).candidates == []
    assert ask(supplier_id=None).candidates == []
    assert ask(recipient_id=make_actor("CL").pk).candidates == []


def test_another_category_is_shown_and_not_suggested():
    transfer_of("naval", date(2024, 1, 1))
    found = ask()
    assert [candidate.category for candidate in found.candidates] == ["differ"]
    assert found.first is None


def test_materiel_that_is_not_specified_fits_any_category():
    transfer = transfer_of("unspecified", date(2024, 1, 1))
    assert ask().first == transfer
    assert ask().candidates[0].category == "unknown"


@pytest.mark.parametrize(("published", "fits"), [(date(2022, 10, 1), True), (date(2022, 7, 1), False)])
def test_more_than_18_months_apart_is_not_suggested(published, fits):
    transfer_of("missiles", published)
    assert bool(ask().first) is fits


def test_several_that_fit_equally_are_ambiguous_and_none_is_first():
    transfer_of("missiles", date(2024, 1, 1))
    transfer_of("missiles", date(2024, 2, 1))
    found = ask()
    assert found.ambiguous
    assert found.first is None
    assert len(found.fitting) == 2


def test_the_very_category_comes_before_one_that_is_merely_compatible():
    transfer_of("unspecified", date(2024, 2, 20))
    exact = transfer_of("missiles", date(2024, 1, 1))
    assert ask().first == exact


def test_one_query(django_assert_num_queries):
    transfer_of("missiles", date(2024, 1, 1))
    ids = {"supplier_id": make_actor("NO").pk, "recipient_id": make_actor("PE").pk}
    with django_assert_num_queries(1):
        suggest(category="missiles", published_on=date(2024, 3, 1), **ids)
