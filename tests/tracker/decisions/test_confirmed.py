"""Credibility 1 asks for two independent origins, whoever gives it and however."""

from uuid import uuid4

import pytest

from tests.factories import make_actor, make_article, make_claim, make_item, make_outlet, make_transfer, make_user
from tests.tracker.review.test_views import filled_in
from tracker.decisions import Refused, undo
from tracker.decisions.confirmed import origins
from tracker.models import Claim, Decision, Transfer
from tracker.review import actions
from tracker.review.forms import ClaimForm
from tracker.review.grades import grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("reviewer")


@pytest.fixture
def united_states():
    return make_actor("US", "United States")


def voices(state):
    """Everybody who speaks for the state: its council, its seat of government, a speaker, officials without a name."""
    council = make_actor("us-council", "Security Council", kind="institution", parent=state)
    seat = make_actor("us-seat", "Seat of government", kind="institution", parent=state)
    speaker = make_actor("us-speaker", "A speaker", kind="person", parent=council)
    other = make_actor("us-other-speaker", "Another speaker", kind="person", parent=seat)
    return [state, council, seat, speaker, other]


def read(item, **changes):
    """The values of the claim that the workbench would make of the event, with changes in the form."""
    form = ClaimForm(filled_in(item, **changes), article=item.event.article, item=item)
    assert form.is_valid(), form.errors
    return form.claim_values()


def judged(transfer, by, **values):
    transfer.refresh_from_db()
    grade(transfer=transfer, by=by, version=transfer.version, key=uuid4(), **({"note": ""} | values))


def test_ten_articles_that_relay_one_statement_have_one_origin(user, united_states):
    transfer = make_transfer()
    for voice in voices(united_states) * 2:
        make_claim(transfer, origin=voice)
    assert (transfer.claim_count, transfer.origins) == (10, 1)
    with pytest.raises(Refused, match="Here is one: United States"):
        judged(transfer, user, credibility=1)
    transfer.refresh_from_db()
    assert transfer.credibility == 6


def test_a_hedge_that_names_nobody_is_no_origin(user):
    transfer = make_transfer()
    make_claim(transfer, modality="alleged")
    make_claim(transfer, modality="alleged")
    assert transfer.origins == 0
    with pytest.raises(Refused, match="Here is none"):
        judged(transfer, user, credibility=1)


def test_an_outlet_that_speaks_for_itself_counts_as_itself_through_its_copies(user):
    """Two portals print what one agency wrote in its own voice: one origin, the agency."""
    agency, portal = make_outlet("Agency"), make_outlet("Portal")
    text = "Norway sent ten tanks to Peru."
    original = make_article(text, outlet=agency)
    copy = make_article(text, outlet=portal, copy_of=original)
    claims = []
    for article in (original, copy):
        item = make_item(article=article)
        transfer = claims[0].transfer if claims else None
        asked = {"item": item, "by": user, "version": item.version, "key": uuid4(), "values": read(item)}
        claims.append(actions.accept(**asked, transfer=transfer, new_transfer=transfer is None))
    assert [claim.origin_outlet for claim in claims] == [agency, agency]
    transfer = Transfer.objects.get()
    assert transfer.origins == 1
    with pytest.raises(Refused, match="Here is one: Agency"):
        judged(transfer, user, credibility=1)
    make_claim(transfer, origin_outlet=make_outlet("Another paper"))
    judged(transfer, user, credibility=1)
    assert origins(transfer) == ["Agency", "Another paper"]


def test_a_claim_is_confirmed_by_what_says_the_same_of_its_transfer(user, united_states):
    transfer = make_transfer()
    first = make_claim(transfer, origin=united_states)
    make_claim(transfer, origin=make_actor("CL", "Chile"), modality="denied")
    with pytest.raises(Refused, match="Here is one: United States"):
        actions.edit(claim=first, values={"credibility": 1}, by=user, version=first.version, key=uuid4())
    second = make_claim(transfer, origin=make_actor("BR", "Brazil"))
    first.refresh_from_db()
    actions.edit(claim=first, values={"credibility": 1}, by=user, version=first.version, key=uuid4())
    assert Claim.objects.get(pk=first.pk).credibility == 1
    # Elsewhere it would stand alone.
    second.refresh_from_db()
    with pytest.raises(Refused, match="Here is one: Brazil"):
        actions.edit(
            claim=second, values={"credibility": 1, "transfer": None}, by=user, version=second.version, key=uuid4()
        )


def test_an_event_is_accepted_with_credibility_1_where_another_origin_says_it_already(user, united_states):
    transfer = make_transfer()
    make_claim(transfer, origin=united_states)
    item = make_item()
    values = read(item, credibility=1, origin=make_actor("CL", "Chile"))
    asked = {"item": item, "by": user, "version": item.version, "key": uuid4(), "values": values}
    with pytest.raises(Refused, match="Here is one: Chile"):
        actions.accept(**asked, new_transfer=True)
    item.refresh_from_db()
    assert (item.state, Decision.objects.count(), Claim.objects.count()) == ("pending", 0, 1)
    assert actions.accept(**asked, transfer=transfer).credibility == 1


def test_what_takes_an_origin_away_leaves_the_grade_and_says_that_it_does_not_hold(client, user, united_states):
    transfer = make_transfer()
    make_claim(transfer, origin=united_states)
    second = make_claim(transfer, origin=make_actor("CL", "Chile"))
    judged(transfer, user, credibility=1)
    client.force_login(user, "tracker.account.backends.RoleBackend")
    warning = "credibility no longer holds"
    assert warning not in client.get(transfer.get_absolute_url()).content.decode()
    actions.retract(claim=second, by=user, version=second.version, key=uuid4())
    retracted = Decision.objects.first()
    transfer.refresh_from_db()
    assert (transfer.credibility, transfer.origins, transfer.grade_holds) == (1, 1, False)
    assert warning in client.get(transfer.get_absolute_url()).content.decode()
    undo(retracted, by=user, key=uuid4())
    assert warning not in client.get(transfer.get_absolute_url()).content.decode()


def test_an_undo_puts_a_grade_back_that_does_not_hold_any_more(user, united_states):
    transfer = make_transfer()
    make_claim(transfer, origin=united_states)
    second = make_claim(transfer, origin=make_actor("CL", "Chile"))
    judged(transfer, user, credibility=1)
    actions.retract(claim=second, by=user, version=second.version, key=uuid4())
    judged(transfer, user, credibility=3)
    with pytest.raises(Refused):
        judged(transfer, user, credibility=1)
    undo(Decision.objects.first(), by=user, key=uuid4())
    transfer.refresh_from_db()
    assert (transfer.credibility, transfer.grade_holds) == (1, False)
