"""Actors are merged and brought back: all that names them follows, and nothing is lost on the way back."""

from uuid import uuid4

import pytest

from tests.factories import make_actor, make_article, make_claim, make_event, make_item, make_transfer, make_user
from tests.tracker.link.together import at_once, check_links, exported
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated, last_undoable, undo
from tracker.link import actors
from tracker.models import Actor, ActorName, Claim, Decision, Note, ReviewItem, Transfer
from tracker.review import actions

pytestmark = pytest.mark.django_db
KEPT = (Actor, ActorName, Claim, Transfer, ReviewItem, Note)


@pytest.fixture
def admin():
    return make_user("admin", username="ratna")


@pytest.fixture
def twins():
    """Two rows for one company, both named by claims, transfers, events and people."""
    state = make_actor("NO", "Norway")
    one = make_actor("fjord-arms", "Fjord Arms", kind="company", parent=state)
    two = make_actor("fjord", "Fjord Armaments", kind="company", parent=state)
    for actor, name in ((one, "FA"), (two, "Fjord AS"), (two, "FA")):
        ActorName.objects.create(actor=actor, language="en", kind="name", name=name)
    person = make_actor("speaker", "A speaker", kind="person", parent=two)
    peru = make_actor("PE", "Peru")
    first, second = make_transfer(supplier=one, recipient=peru), make_transfer(supplier=two, recipient=peru)
    make_claim(first, origin=one)
    make_claim(second, origin=person)
    make_claim(second, origin=two, intermediary=two, end_user=peru)
    make_claim(second, origin=make_actor("CL", "Chile"))
    make_claim(second, state="retracted")
    make_item(supplier_code="fjord", supplier_name="Fjord Armaments")
    Note.objects.create(actor=two, text="Renamed in 2020.", written_by=make_user())
    return one, two


def merge(gone, into, by, **options):
    gone.refresh_from_db()
    options.setdefault("key", uuid4())
    actors.merge(actor=gone, into=into, by=by, version=gone.version, **options)
    for row in (gone, into):
        row.refresh_from_db()


def unmerge(gone, by):
    gone.refresh_from_db()
    actors.unmerge(actor=gone, by=by, version=gone.version, key=uuid4())
    gone.refresh_from_db()


def stored() -> list[list[dict]]:
    """Every row as it is, but for its version, which only rises."""
    return [[{**row, "version": 0} for row in model.objects.order_by("pk").values()] for model in KEPT]


def test_an_unmerge_is_not_undone_where_somebody_has_named_what_came_back(twins, admin):
    one, two = twins
    merge(two, one, admin)
    unmerge(two, admin)
    away = Decision.objects.get(verdict="unmerge")
    claim = make_claim(supplier=two, reviewed_by=admin)
    before = stored()
    with pytest.raises(CannotUndo, match="ratna has used Fjord Armaments since"):
        undo(away, by=admin, key=uuid4())
    assert stored() == before
    actions.retract(claim=claim, by=admin, version=claim.version, key=uuid4())
    item = make_item(supplier_code="fjord", supplier_name="Fjord Armaments")
    with pytest.raises(CannotUndo, match="review of event"):
        undo(away, by=admin, key=uuid4())
    ReviewItem.objects.filter(pk=item.pk).update(state="superseded")
    undo(away, by=admin, key=uuid4())
    two.refresh_from_db()
    assert two.merged_into == one


def test_all_that_named_the_one_names_the_other_and_the_preview_has_counted_it(twins, admin):
    one, two = twins
    expected = actors.moving(two, one)
    assert (expected.claims, expected.transfers, expected.events, expected.children) == (4, 1, 1, 1)
    assert (expected.names, expected.notes, expected.themselves) == (2, 1, 0)
    merge(two, one, admin)
    assert two.merged_into == one
    assert set(Transfer.objects.values_list("supplier__code", flat=True)) == {"fjord-arms"}
    assert not Claim.objects.filter(supplier=two).exists()
    assert not Claim.objects.filter(origin=two).exists()
    claim = Claim.objects.get(intermediary__isnull=False)
    assert (claim.supplier, claim.intermediary, claim.origin, claim.end_user.code) == (one, one, one, "PE")
    assert ReviewItem.objects.get().supplier == one
    assert Actor.objects.get(code="speaker").parent == one
    assert Note.objects.get().actor == one
    assert len(Decision.objects.get().changes) == 4 + 1 + 1 + 1 + 1 + 1


def test_names_of_the_one_that_goes_find_the_one_that_stays(twins, admin):
    one, two = twins
    merge(two, one, admin)
    found = Actor.objects.named(["Fjord Armaments", "fjord", "FA", "Fjord AS"])
    assert found == {name: [one] for name in ("fjord armaments", "fjord", "fa", "fjord as")}
    item = make_item(make_event(make_article("A text of today."), supplier_code="fjord", supplier_name="Fjord"))
    assert item.supplier == one
    unmerge(two, admin)
    assert Actor.objects.named(["Fjord AS"]) == {"fjord as": [two]}
    assert make_item(make_event(make_article("A later text."), supplier_code="fjord")).supplier == two


@pytest.mark.parametrize("back", ["undo", "unmerge"])
def test_a_merge_and_its_way_back_leave_every_row_and_the_export_as_they_were(twins, admin, back):
    one, two = twins
    before, export = stored(), exported()
    merge(two, one, admin)
    assert exported() != export
    if back == "undo":
        undo(last_undoable(admin), by=admin, key=uuid4())
    else:
        unmerge(two, admin)
    assert exported() == export
    assert stored() == before


def test_who_speaks_for_whom_is_counted_anew_and_back(admin):
    norway, peru = make_actor("NO", "Norway"), make_actor("PE", "Peru")
    council = make_actor("no-council", "Council", kind="institution", parent=norway)
    twin = make_actor("council", "The council", kind="institution")
    speaker = make_actor("voice", "A voice", kind="person", parent=twin)
    transfer = make_transfer(supplier=norway, recipient=peru)
    make_claim(transfer, origin=speaker)
    make_claim(transfer, origin=norway)
    assert transfer.origins == 2
    merge(twin, council, admin)
    transfer.refresh_from_db()
    assert transfer.origins == 1
    undo(last_undoable(admin), by=admin, key=uuid4())
    transfer.refresh_from_db()
    assert transfer.origins == 2
    merge(twin, council, admin)
    unmerge(twin, admin)
    transfer.refresh_from_db()
    assert transfer.origins == 2


def test_what_was_changed_since_stays_where_it_is(twins, admin):
    one, two = twins
    merge(two, one, admin)
    claim = Claim.objects.get(intermediary__isnull=False)
    chile = Actor.objects.get(code="CL")
    actions.edit(claim=claim, values={"intermediary": chile}, by=admin, version=claim.version, key=uuid4())
    assert actors.returning(two) == {"claim": 4, "transfer": 1, "review": 1, "actor": 1, "note": 1}
    unmerge(two, admin)
    claim.refresh_from_db()
    assert (claim.supplier, claim.intermediary, claim.origin) == (two, chile, two)


def test_a_chain_leads_to_what_stands_in_one_step_and_comes_back_link_by_link(admin):
    rows = [make_actor(code, code.title(), kind="group") for code in ("first", "second", "third")]
    first, second, third = rows
    for row in rows:
        make_claim(make_transfer(supplier=row), supplier=row)
    before = exported()
    merge(first, second, admin)
    merge(second, third, admin)
    first.refresh_from_db()
    assert (first.survivor, second.survivor) == (third, third)
    assert Actor.objects.named(["First", "Second"]) == {"first": [third], "second": [third]}
    unmerge(second, admin)
    first.refresh_from_db()
    assert first.merged_into == second
    unmerge(first, admin)
    assert exported() == before


def test_nobody_comes_to_speak_for_themselves(admin):
    state = make_actor("NO", "Norway")
    ministry = make_actor("no-mod", "Ministry", kind="institution", parent=state)
    voice = make_actor("voice", "A voice", kind="person", parent=ministry)
    for below in (ministry, voice):
        with pytest.raises(Refused, match="it would speak for itself"):
            merge(state, below, admin)
    merge(ministry, state, admin)
    voice.refresh_from_db()
    assert (voice.parent, ministry.parent) == (state, state)
    with pytest.raises(Refused, match="does not stand"):
        merge(state, ministry, admin)
    with pytest.raises(Refused, match="Choose another"):
        merge(state, state, admin)
    with pytest.raises(Refused, match="is not merged"):
        unmerge(state, admin)


def test_transfers_that_would_have_one_party_on_both_sides_are_counted(admin):
    one, two = make_actor("one", "One", kind="group"), make_actor("two", "Two", kind="group")
    make_claim(make_transfer(supplier=one, recipient=two), supplier=one, recipient=two)
    assert actors.moving(two, one).themselves == 1


def test_the_same_key_merges_once_and_an_older_version_is_a_conflict(twins, admin):
    one, two = twins
    key = uuid4()
    merge(two, one, admin, key=key)
    with pytest.raises(Repeated):
        actors.merge(actor=two, into=one, by=admin, version=1, key=key)
    with pytest.raises(Conflict):
        actors.merge(actor=two, into=one, by=admin, version=1, key=uuid4())


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_actor_at_once_get_one_merge():
    admins = [make_user("admin"), make_user("admin")]
    for turn in range(4):
        rows = [make_actor(f"{name}-{turn}", f"{name} {turn}", kind="group") for name in ("a", "b", "c")]
        for row in rows:
            make_claim(make_transfer(supplier=row), supplier=row)
        one, two, three = rows

        def merging(into, by, gone=two):
            return lambda: actors.merge(actor=gone, into=into, by=by, version=1, key=uuid4())

        answers = at_once(merging(one, admins[0]), merging(three, admins[1]))
        assert answers.count(None) == 1
        assert Actor.objects.get(pk=two.pk).survivor in {one, three}
        assert not Claim.objects.filter(supplier=two).exists()
        check_links()


@pytest.mark.django_db(transaction=True)
def test_a_claim_accepted_at_the_time_of_a_merge_names_the_one_that_stays_or_is_refused():
    admin, reviewer = make_user("admin"), make_user()
    for turn in range(8):
        one = make_actor(f"one-{turn}", f"One {turn}", kind="group")
        two = make_actor(f"two-{turn}", f"Two {turn}", kind="group")
        make_claim(make_transfer(supplier=two), supplier=two)
        claim = make_claim(article=make_article(f"A further claim {uuid4()}"))

        def naming(claim=claim, two=two):
            actions.edit(claim=claim, values={"supplier": two}, by=reviewer, version=1, key=uuid4())

        def merging(one=one, two=two):
            actors.merge(actor=two, into=one, by=admin, version=1, key=uuid4())

        named, merged = at_once(naming, merging)
        assert merged is None
        claim.refresh_from_db()
        assert claim.supplier.code == ("NO" if isinstance(named, Refused) else one.code)
        assert not Claim.objects.filter(supplier=two).exists()
        check_links()
