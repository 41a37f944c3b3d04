"""Suggested transfers, with the reasons field by field."""

from datetime import date

import pytest

from tests.factories import make_actor, make_claim, make_transfer, make_user
from tracker.link.candidates import search, similar, suggest
from tracker.models import Materiel, NotSame, Transfer

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


@pytest.mark.parametrize(("one", "other"), [("unspecified", "missiles"), ("missiles", "unspecified")])
def test_materiel_that_is_not_specified_fits_any_category(one, other):
    transfer = transfer_of(one, date(2024, 1, 1))
    assert ask(category=other).first == transfer
    assert ask(category=other).candidates[0].category == "unknown"


def test_what_fits_is_found_behind_many_that_do_not():
    for _ in range(8):
        make_claim(transfer_of("missiles", date(2010, 1, 1)), published_on=date(2010, 2, 1), category="missiles")
    fits = transfer_of("unspecified", date(2024, 1, 1))
    found = ask(limit=3)
    assert (found.first, found.candidates[0].transfer, len(found.candidates)) == (fits, fits, 3)


def test_the_same_materiel_comes_before_other_materiel_and_the_nearer_in_time_before_the_farther():
    rows = {
        key: Materiel.objects.create(key=key, kind="designation", category="missiles", name_en=key, name_id=key)
        for key in ("dart", "arrow")
    }
    far = transfer_of("missiles", date(2023, 6, 1), materiel=rows["dart"])
    other = transfer_of("missiles", date(2024, 3, 1), materiel=rows["arrow"])
    near = transfer_of("missiles", date(2024, 2, 1), materiel=rows["dart"])
    found = ask(materiel_id=rows["dart"].pk).candidates
    assert [candidate.transfer for candidate in found] == [near, far, other]
    assert [candidate.materiel for candidate in found] == ["agree", "agree", "differ"]


@pytest.mark.parametrize("known", [{"published_on": None}, {}])
def test_no_date_on_either_side_is_unknown_and_fits(known):
    transfer = transfer_of("missiles", date(2024, 1, 1) if known else None)
    found = ask(**known)
    assert (found.first, found.candidates[0].dates, found.candidates[0].months) == (transfer, "unknown", None)


def test_similar_transfers_are_ranked_the_same_way_and_a_country_alone_gives_none(django_assert_num_queries):
    one = transfer_of("missiles", date(2024, 1, 1))
    two = transfer_of("missiles", date(2024, 2, 1))
    transfer_of("missiles", date(2024, 2, 1), recipient="CL")
    one.refresh_from_db()
    with django_assert_num_queries(1):
        assert similar(one).first == two
    NotSame.objects.create(transfer=one, other=two, said_by=make_user())
    assert similar(one).candidates == similar(two).candidates == []
    alone = make_transfer(supplier=one.supplier)
    make_claim(alone, category="missiles", recipient=None)
    assert similar(alone).candidates == []


def test_a_search_finds_by_number_by_every_word_and_by_what_a_merged_one_became():
    one, two = transfer_of("missiles", date(2024, 1, 1)), transfer_of("naval", date(2024, 1, 1), recipient="CL")
    assert search("pe") == [one]
    assert search("no cl") == search(two.public_id.lower()) == search(str(two.pk)) == [two]
    assert search("cl pe") == []
    Transfer.objects.filter(pk=two.pk).update(merged_into=one, state="merged")
    assert search(two.public_id) == [one]


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
        assert suggest(category="missiles", published_on=date(2024, 3, 1), **ids, event_id=1, claim_id=1).first
