"""Where the claims of a transfer disagree on a value, every value is shown with the claims and origins behind it."""

from datetime import date

import pytest

from tests.factories import make_actor, make_claim, make_transfer, make_user
from tracker.browse import evidence
from tracker.models import Materiel, Transfer

pytestmark = pytest.mark.django_db


def materiel(key: str, kind: str = "designation", category: str = "missiles") -> Materiel:
    return Materiel.objects.create(key=key, kind=kind, category=category, name_en=key, name_id=key)


def claims(*values: dict) -> Transfer:
    """A transfer with one claim for each of `values`, each of an origin of its own."""
    transfer = make_transfer()
    for number, one in enumerate(values):
        make_claim(transfer, **({"origin": make_actor(f"origin-{number}", kind="group")} | one))
    return transfer


def field(transfer: Transfer, label: str):
    found = {str(one.label): one for one in evidence.reported(evidence.claims_of(transfer))}
    return found.get(label)


def test_two_end_users_disagree_and_two_intermediaries_may_both_be_true():
    one, two = make_actor("one", "Brigade", kind="group"), make_actor("two", "Navy", kind="group")
    users = claims({"end_user": one}, {"end_user": one}, {"end_user": two}, {})
    found = field(users, "End user")
    assert found.disagree
    assert [(said.value, said.claims, said.origins) for said in found.values] == [("Brigade", 2, 2), ("Navy", 1, 1)]
    assert not field(claims({"intermediary": one}, {"intermediary": two}), "Through").disagree
    assert not field(claims({"end_user": one}, {}), "End user").disagree


def test_other_designations_and_other_categories_disagree_and_a_class_with_its_designation_does_not():
    dart, arrow, group = materiel("dart"), materiel("arrow"), materiel("missile", "class")
    ship = materiel("ship", "class", "naval")

    def of(*kinds):
        return field(claims(*({"materiel": one, "category": one.category} for one in kinds)), "Materiel")

    assert of(dart, arrow).disagree
    assert of(group, ship).disagree
    assert not of(group, dart).disagree
    vague = claims({"materiel": dart, "category": "missiles"}, {"category": "unspecified"}, {"category": "other"})
    assert not field(vague, "Materiel").disagree


def test_dates_of_one_stage_that_cannot_both_be_true_disagree():
    def on(stage, day):
        return {"stage": stage, "date_from": day, "date_to": day}

    assert field(claims(on("order", date(2024, 1, 1)), on("order", date(2024, 5, 1))), "When").disagree
    assert not field(claims(on("order", date(2024, 1, 1)), on("delivery", date(2024, 5, 1))), "When").disagree


def test_parties_are_told_again_only_where_claims_differ_in_them():
    other = make_actor("CL", "Chile")
    assert field(claims({}, {}), "Recipient") is None
    found = field(claims({}, {"recipient": other}), "Recipient")
    assert (found.disagree, {said.value for said in found.values}) == (True, {"Peru", "Chile"})


def test_relays_of_one_origin_count_once_and_the_page_says_that_they_disagree(client):
    client.force_login(make_user("analyst"), "tracker.account.backends.RoleBackend")
    state = make_actor("US", "United States")
    council = make_actor("us-nsc", "Council", kind="institution", parent=state)
    number = {"quantity_min": 5, "quantity_max": 5}
    transfer = claims(number | {"origin": state}, number | {"origin": council}, {"quantity_min": 9, "quantity_max": 9})
    found = field(transfer, "Quantity")
    assert [(said.claims, said.origins) for said in found.values] == [(2, 1), (1, 1)]
    page = client.get(transfer.get_absolute_url()).content.decode()
    assert page.count("they disagree") == 1


def test_the_most_frequent_values_are_told_and_the_others_counted_and_compared(monkeypatch):
    monkeypatch.setattr(evidence, "VALUES", 2)
    tanks = [{"quantity_min": number, "quantity_max": number, "quantity_unit": "unit"} for number in (7, 8, 8, 8, 9, 9)]
    found = field(claims(*tanks, {}, {}, {}, {}), "Quantity")
    assert [said.claims for said in found.values] == [3, 2]
    assert found.more == 1
    assert found.disagree


def test_what_gives_no_value_takes_no_place_among_the_values(monkeypatch):
    monkeypatch.setattr(evidence, "VALUES", 2)
    day = date(2024, 1, 1)
    undated = [{"stage": stage} for stage in ("talks", "talks", "offer", "offer", "order", "order")]
    found = field(claims(*undated, {"stage": "order", "date_from": day, "date_to": day}), "When")
    assert [said.value for said in found.values] == ["order: 1 Jan 2024"]
    assert found.more == 0
