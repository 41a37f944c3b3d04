"""Every kind of row that a decision creates can be taken back, unless somebody uses it by then."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_claim, make_item, make_transfer, make_user
from tracker.decisions import CannotUndo, Refused, Repeated, deciding, last_undoable, undo
from tracker.decisions.recorded import RECORDED
from tracker.models import Actor, ActorName, Claim, Decision, Materiel, MaterielName, Note, NotSame, Opinion, Report

pytestmark = pytest.mark.django_db

ACTOR = {"code": "seller", "kind": "company", "name_en": "Seller", "name_id": "Penjual", "sort_key": "seller"}
MATERIEL = {
    "key": "dart",
    "kind": "designation",
    "category": "missiles",
    "name_en": "Dart",
    "name_id": "Panah",
    "sort_key": "dart",
}


def new_actor(recorder):
    return recorder.create(Actor, **ACTOR)


def new_name(recorder):
    name = {"language": "en", "kind": "abbreviation", "name": "NRW", "source": "claim"}
    return recorder.create(ActorName, actor=make_actor("NO", "Norway"), claim=make_claim(), **name)


def new_materiel(recorder):
    return recorder.create(Materiel, **MATERIEL)


def new_materiel_name(recorder):
    return recorder.create(MaterielName, materiel=Materiel.objects.create(**MATERIEL), language="en", name="Dart 2")


def new_not_same(recorder):
    return recorder.create(NotSame, transfer=make_transfer(), item=make_item(), said_by=recorder.by)


def new_note(recorder):
    return recorder.create(Note, claim=make_claim(), text="Look again.", written_by=recorder.by)


def new_opinion(recorder):
    return recorder.create(Opinion, item=make_item(), user=recorder.by, round=1, verdict="reject", reason=1)


def new_report(recorder):
    return recorder.create(Report, claim=make_claim(), text="The number is wrong.", reported_by=recorder.by)


MAKERS = {
    "actor": new_actor,
    "actor_name": new_name,
    "materiel": new_materiel,
    "materiel_name": new_materiel_name,
    "not_same": new_not_same,
    "note": new_note,
    "opinion": new_opinion,
    "report": new_report,
}


def test_every_kind_but_those_that_other_tests_undo_is_tried_here():
    assert set(RECORDED) - {"claim", "transfer", "review"} == set(MAKERS)


@pytest.fixture
def reviewer():
    return make_user(username="sari")


def decide(by, make, verdict="add"):
    with deciding(by=by, verdict=verdict, key=uuid4()) as recorder:
        return make(recorder)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_created_row_is_withdrawn_by_the_undo_and_kept(reviewer, kind):
    row = decide(reviewer, MAKERS[kind])
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    row.refresh_from_db()
    assert (row.withdrawn, row.version) == (True, 2)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_changed_row_gets_back_what_it_had(reviewer, kind):
    row = decide(reviewer, MAKERS[kind])
    before = type(row).objects.values().get(pk=row.pk)
    decide(reviewer, lambda recorder: recorder.change(row, withdrawn=True))
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert type(row).objects.values().get(pk=row.pk) == before | {"version": 3}


def test_withdrawn_actors_and_names_are_called_nothing_and_stand_in_no_list(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    decide(reviewer, new_actor)
    decide(reviewer, new_name)
    named = ["Seller", "NRW"]
    assert {name: str(found[0]) for name, found in Actor.objects.named(named).items()} == {
        "seller": "Seller",
        "nrw": "Norway",
    }
    for _ in range(2):
        undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Actor.objects.named(named) == {}
    assert Actor.objects.like("Seller") == []
    page = client.get(reverse("actor_list")).content.decode()
    assert "Norway" in page
    assert "Seller" not in page
    assert "Norway" not in client.get(reverse("actor_list"), {"q": "NRW"}).content.decode()


def test_the_reading_of_an_article_takes_no_withdrawn_actor_or_name(reviewer):
    decide(reviewer, new_actor)
    seller = {"supplier_code": "seller", "supplier_name": "Seller"}
    assert make_item(**seller).supplier.code == "seller"
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert make_item(**seller).supplier is None
    decide(reviewer, new_name)
    assert make_item(supplier_code="NRW", supplier_name="NRW").supplier.code == "NO"
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert make_item(supplier_code="NRW", supplier_name="NRW").supplier is None


def test_withdrawn_materiel_is_called_nothing_and_stands_in_no_list(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    row = decide(reviewer, new_materiel)
    dart = {"category": "missiles", "materiel_text": "Dart"}
    assert Materiel.objects.named("Panah", "missiles") == make_item(**dart).materiel == row
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Materiel.objects.named("Dart", "missiles") is None
    assert make_item(**dart).materiel is None
    assert "Dart" not in client.get(reverse("materiel_list")).content.decode()


@pytest.mark.parametrize("kind", ["actor", "materiel"])
def test_what_somebody_uses_since_is_not_taken_back_and_the_user_is_named(reviewer, kind):
    row = decide(reviewer, MAKERS[kind])
    other = make_user(username="wulan")
    claim = make_claim(reviewed_by=other)
    field = {"actor": "origin", "materiel": "materiel"}[kind]
    decide(other, lambda recorder: recorder.change(claim, **{field: row}), verdict="edit")
    with pytest.raises(CannotUndo, match=f"wulan has used {row} since"):
        undo(Decision.objects.get(user=reviewer), by=reviewer, key=uuid4())
    row.refresh_from_db()
    assert not row.withdrawn
    undo(last_undoable(other), by=other, key=uuid4())
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    row.refresh_from_db()
    assert row.withdrawn


def test_an_actor_with_its_name_and_its_claim_goes_as_it_came_in_one_decision(reviewer):
    with deciding(by=reviewer, verdict="write", key=uuid4()) as recorder:
        actor = new_actor(recorder)
        claim = make_claim()
        recorder.create(ActorName, actor=actor, language="en", kind="name", name="The Seller", claim=claim)
        recorder.change(claim, supplier=actor)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    actor.refresh_from_db()
    assert actor.withdrawn
    assert Claim.objects.get().supplier.code == "NO"


def test_a_row_that_one_decision_wrote_twice_goes_back_to_the_beginning(reviewer):
    claim = make_claim(note="first")
    with deciding(by=reviewer, verdict="edit", key=uuid4()) as recorder:
        recorder.change(claim, note="second", stage="order")
        recorder.change(claim, note="third", quantity_min=3)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    claim.refresh_from_db()
    assert (claim.note, claim.stage, claim.quantity_min) == ("first", "shipment", None)


@pytest.mark.parametrize("kind", ["actor", "materiel"])
def test_nothing_new_is_said_with_what_is_withdrawn(reviewer, kind):
    row = decide(reviewer, MAKERS[kind])
    claim = make_claim()
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    row.refresh_from_db()
    field = {"actor": "supplier", "materiel": "materiel"}[kind]
    with pytest.raises(Refused, match="was withdrawn"):
        decide(reviewer, lambda recorder: recorder.change(claim, **{field: row}), verdict="edit")
    claim.refresh_from_db()
    assert getattr(claim, field) != row


def test_the_same_key_acts_once_where_nothing_else_stands_in_its_way(reviewer):
    key, claim = uuid4(), make_claim()

    def note() -> None:
        with deciding(by=reviewer, verdict="note", key=key) as recorder:
            recorder.create(Note, claim=claim, text="once", written_by=reviewer)

    note()
    with pytest.raises(Repeated) as repeated:
        note()
    assert repeated.value.decision.key == key
    assert Note.objects.count() == 1


def test_many_rows_are_changed_and_put_back_as_exactly_as_one(reviewer):
    claims = [make_claim(spans={"evidence": [[0, n]]}, quantity_min=n) for n in range(1, 4)]
    before = list(Claim.objects.order_by("pk").values())
    with deciding(by=reviewer, verdict="edit", key=uuid4()) as recorder:
        recorder.change_all(
            [
                (claim, {"quantity_min": None, "origin": claim.supplier, "spans": {}, "date_from": "2024-02-01"})
                for claim in claims
            ]
        )
    assert set(Claim.objects.values_list("quantity_min", "origin__code", "version")) == {(None, "NO", 2)}
    assert {str(claim.date_from) for claim in claims} == {"2024-02-01"}
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert list(Claim.objects.order_by("pk").values()) == [row | {"version": 3} for row in before]
