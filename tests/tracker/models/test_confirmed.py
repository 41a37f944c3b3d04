"""Credibility 1 is kept from what fewer than two independent origins say, by the database itself."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from articles.codes import Modality, Stage
from tests.factories import make_actor, make_claim, make_outlet, make_transfer, make_user
from tracker.models import Claim, Transfer

pytestmark = pytest.mark.django_db


def now() -> None:
    """Check now what is checked at the end of a transaction."""
    connection.check_constraints()


@pytest.fixture
def states():
    norway = make_actor("NO", "Norway")
    ministry = make_actor("no-mod", "Norwegian ministry", kind="institution", parent=norway)
    return norway, ministry, make_actor("CL", "Chile")


@pytest.fixture
def told_once(states):
    """A transfer that one state tells of, twice, and that a hedge and a denial are about."""
    norway, ministry, chile = states
    make_user()
    transfer = make_transfer()
    make_claim(transfer, origin=norway)
    make_claim(transfer, origin=ministry)
    make_claim(transfer)
    make_claim(transfer, origin=chile, modality="denied")
    return transfer


def grade(row) -> None:
    type(row).objects.filter(pk=row.pk).update(credibility=1)
    now()


def test_a_transfer_of_one_origin_is_refused_and_of_two_is_taken(told_once, states):
    with pytest.raises(IntegrityError, match="tracker_transfer_confirmed_by_two"), transaction.atomic():
        grade(told_once)
    make_claim(told_once, origin=states[2])
    grade(told_once)
    assert Transfer.objects.get().credibility == 1


def test_a_claim_counts_the_origins_that_say_the_same(told_once, states):
    support = Claim.objects.filter(modality="asserted").first()
    with pytest.raises(IntegrityError, match="tracker_claim_confirmed_by_two"), transaction.atomic():
        grade(support)
    make_claim(told_once, origin_outlet=make_outlet())
    grade(support)
    denial = Claim.objects.get(modality="denied")
    with pytest.raises(IntegrityError, match="tracker_claim_confirmed_by_two"), transaction.atomic():
        grade(denial)
    make_claim(told_once, origin=states[0], modality="denied")
    grade(denial)


def test_a_claim_of_no_transfer_stands_alone(states):
    with pytest.raises(IntegrityError, match="confirmed_by_two"), transaction.atomic():
        grade(make_claim(origin=states[0]))


def test_a_grade_that_was_right_once_may_be_put_back(told_once, states):
    other = make_claim(told_once, origin=states[2])
    grade(told_once)
    Claim.objects.filter(pk=other.pk).update(state="retracted")
    Transfer.objects.derive([told_once.pk])
    Transfer.objects.update(credibility=3)
    grade(told_once)


@pytest.mark.parametrize(("stage", "modality"), list(product(Stage.values, Modality.values)))
def test_the_side_of_a_claim_is_the_same_in_the_database(stage, modality):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracker_side(%s, %s)", [stage, modality])
        assert cursor.fetchone()[0] == Claim(stage=stage, modality=modality).bearing


def test_the_origins_of_a_transfer_are_those_that_it_shows(told_once, states):
    make_claim(told_once, origin_outlet=make_outlet())
    told_once.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracker_origins(%s, 'supports')", [told_once.pk])
        assert cursor.fetchone()[0] == told_once.origins == 2
