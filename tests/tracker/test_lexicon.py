"""A name that a reviewer adds is known to the next reading: from the card to the event of another article."""

from uuid import uuid4

import pytest
from django.urls import reverse

from articles import reading
from articles.extract import load_lexicon
from tests.factories import make_article, make_claim, make_event, make_item, make_user
from tests.tracker.review.test_views import decide
from tracker.decisions import last_undoable, undo
from tracker.lexicon import added_names
from tracker.models import Actor, ActorName, Claim, Materiel, MaterielName, ReviewItem
from tracker.review import naming

pytestmark = pytest.mark.django_db
NEXT = "The Varelian Front supplied forty rifles to Peru last year, the ministry said."


@pytest.fixture
def reviewer():
    return make_user(username="sari")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    return client


def read_events(text: str) -> list[ReviewItem]:
    """What the machine reads in an article with that text, as it waits for a reviewer."""
    extraction = reading.read(make_article(text=text, reading="waiting"))
    return list(ReviewItem.objects.filter(event__extraction=extraction).select_related("event", "supplier", "materiel"))


def test_an_unknown_name_is_offered_to_be_added_and_is_then_known_to_the_next_article(desk, reviewer):
    # The name means nothing to the machine yet.
    assert "Varelian Front" not in {item.event.supplier_name for item in read_events(NEXT)}
    item = make_item(make_event(make_article(text="The Varelian Front sent rifles to Peru.")))
    answer = decide(desk, item, supplier="Varelian Front")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Varelian Front” is not known: add it?" in page
    assert 'name="supplier_kind"' in page
    assert 'name="recipient_kind"' not in page
    decide(desk, item, supplier="Varelian Front", supplier_kind="group")
    actor = Actor.objects.get(name_en="Varelian Front")
    assert (actor.kind, actor.code, actor.parent) == ("group", "varelian-front", None)
    claim = Claim.objects.get()
    assert claim.supplier == actor
    name = ActorName.objects.get(actor=actor)
    assert (name.name, name.language, name.source, name.claim) == ("Varelian Front", "en", "reviewer", claim)

    (event,) = read_events(NEXT.replace("forty", "fifty"))
    assert (event.event.supplier_name, event.supplier) == ("Varelian Front", actor)
    assert event.event.extraction.lexicon == reading.lexicon().hash != load_lexicon().hash

    # One undo takes back the claim, the actor and its name; the machine forgets it.
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    actor.refresh_from_db()
    assert actor.withdrawn
    assert added_names() == ([], [])
    assert reading.lexicon().hash == load_lexicon().hash


def test_whom_a_new_actor_speaks_for_is_looked_up(desk):
    item = make_item()
    wrong = decide(desk, item, supplier="Acme Arms", supplier_kind="company", supplier_parent="Atlantis")
    assert wrong.status_code == 422
    decide(desk, item, supplier="Acme Arms", supplier_kind="company", supplier_parent="Norway")
    assert Actor.objects.get(code="acme-arms").parent.code == "NO"
    (actors, _materiel) = added_names()
    assert (actors[0]["home"], actors[0]["actor_kind"], actors[0]["language"]) == ("NO", "company", "*")


def test_a_name_that_stands_twice_in_a_claim_is_added_once(desk):
    decide(desk, make_item(), supplier="Acme Arms", supplier_kind="company", origin="acme arms", origin_kind="company")
    claim = Claim.objects.get()
    assert claim.supplier == claim.origin == Actor.objects.get(name_en="Acme Arms")
    assert ActorName.objects.filter(source="reviewer").count() == 1


def test_new_materiel_is_known_to_the_next_article(desk, reviewer):
    decide(desk, make_item(), materiel="Zorvex-9", category="missiles", materiel_kind="designation")
    claim = Claim.objects.get()
    assert (claim.materiel.key, claim.designation, claim.materiel.category) == ("zorvex-9", "Zorvex-9", "missiles")
    assert MaterielName.objects.get().claim == claim
    (event,) = read_events("Norway delivered forty Zorvex-9 missiles to Peru in March, the ministry said.")
    assert (event.event.designation, event.materiel) == ("zorvex-9", claim.materiel)
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert Materiel.objects.get().withdrawn


def test_without_a_kind_unknown_materiel_stays_words(desk):
    decide(desk, make_item(), materiel="Zorvex-9", category="missiles")
    claim = Claim.objects.get()
    assert (claim.materiel, claim.materiel_text) == (None, "Zorvex-9")


def test_a_further_name_of_an_actor_is_added_with_its_claim_and_taken_back(desk, reviewer):
    claim = make_claim()
    actor = claim.supplier
    address = reverse("actor_names", args=[actor.pk])
    sent = {"name": "Norvegia", "language": "en", "kind": "historic", "claim": str(claim.pk), "key": uuid4()}
    for _ in range(2):
        assert desk.post(address, sent).status_code == 302
    name = ActorName.objects.get(actor=actor)
    assert (name.name, name.kind, name.claim, name.source) == ("Norvegia", "historic", claim, "reviewer")
    assert desk.post(address, sent | {"key": uuid4()}).status_code == 422
    assert desk.post(address, sent | {"key": uuid4(), "name": "X", "claim": "99999"}).status_code == 422
    assert "Norvegia" in desk.get(address).content.decode()
    (event,) = read_events("Norvegia supplied forty rifles to Peru last year, the ministry said.")
    assert event.supplier == actor
    desk.post(reverse("actor_name_withdraw", args=[name.pk]), {"version": 1, "key": uuid4()})
    assert added_names() == ([], [])
    # Once more, the row that was taken back stands again.
    desk.post(address, sent | {"key": uuid4()})
    assert ActorName.objects.get(actor=actor).withdrawn is False
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert ActorName.objects.get(actor=actor).withdrawn is True


def test_a_name_of_the_reference_data_stays(desk, reviewer):
    from tracker.decisions import Refused

    name = ActorName.objects.create(actor=make_claim().supplier, language="en", kind="name", name="Noreg")
    with pytest.raises(Refused):
        naming.withdraw_name(name=name, by=reviewer, version=1, key=uuid4())
