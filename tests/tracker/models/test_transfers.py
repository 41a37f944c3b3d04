"""What a transfer shows follows from its active claims."""

from datetime import date

import pytest

from tests.factories import make_actor, make_claim, make_transfer
from tracker.models import Claim, Transfer

pytestmark = pytest.mark.django_db


def test_the_stage_is_the_highest_that_is_asserted_or_alleged_and_the_outlook_the_highest_that_may_come():
    transfer = make_transfer()
    make_claim(transfer, stage="talks", modality="alleged")
    make_claim(transfer, stage="request", modality="alleged")
    make_claim(transfer, stage="agreement", modality="potential")
    make_claim(transfer, stage="delivery", modality="denied")
    make_claim(transfer, stage="sanction", modality="planned")
    assert (transfer.stage, transfer.outlook, transfer.status) == ("request", "agreement", "active")
    assert (transfer.supports, transfer.denies, transfer.contested) == (3, 1, True)


def test_no_evidence_alone_is_no_support():
    transfer = make_transfer()
    make_claim(transfer, stage="delivery", modality="no_evidence")
    assert (transfer.stage, transfer.outlook, transfer.no_evidence) == ("", "", 1)
    assert transfer.no_support
    assert not transfer.contested
    assert transfer.state == "standing"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ([("order", date(2022, 1, 1))], "active"),
        ([("order", date(2022, 1, 1)), ("halted", date(2023, 1, 1))], "halted"),
        ([("halted", date(2023, 1, 1)), ("cancelled", date(2024, 1, 1))], "cancelled"),
        ([("cancelled", date(2023, 1, 1)), ("halted", date(2024, 1, 1))], "halted"),
        ([("halted", date(2023, 1, 1)), ("shipment", date(2023, 6, 1))], "active"),
    ],
)
def test_the_latest_dated_halt_or_cancellation_decides_until_something_supports_a_later_day(claims, status):
    transfer = make_transfer()
    for stage, day in claims:
        make_claim(transfer, stage=stage, date_from=day, date_to=day, date_precision="precise")
    assert transfer.status == status


def test_a_denied_halt_denies_no_transfer():
    transfer = make_transfer()
    make_claim(transfer, stage="order")
    make_claim(transfer, stage="halted", modality="denied")
    assert (transfer.denies, transfer.contested, transfer.status) == (0, False, "active")


def test_origins_are_counted_at_the_state_and_relays_of_one_statement_count_once():
    state = make_actor("US", "United States")
    council = make_actor("us-nsc", "National Security Council", kind="institution", parent=state)
    speaker = make_actor("john-kirby", "John Kirby", kind="person", parent=council)
    company = make_actor("maker", "Maker", kind="company", parent=state)
    transfer = make_transfer()
    for origin in (state, council, speaker, speaker):
        make_claim(transfer, origin=origin)
    assert transfer.origins == 1
    make_claim(transfer, origin=company)
    assert transfer.origins == 2
    make_claim(transfer, origin=None)
    assert transfer.origins == 2


def test_materiel_that_is_not_specified_is_refined_by_a_specific_claim():
    transfer = make_transfer()
    make_claim(transfer, category="unspecified")
    assert transfer.category == "unspecified"
    make_claim(transfer, category="ammunition")
    assert transfer.category == "ammunition"


def test_quantities_and_dates_span_what_the_supporting_claims_say():
    transfer = make_transfer()
    make_claim(transfer, quantity_min=200, quantity_max=None, date_from=date(2022, 10, 1), date_to=date(2022, 12, 31))
    make_claim(transfer, quantity_min=300, quantity_max=400, date_from=date(2022, 9, 1), date_to=date(2022, 9, 1))
    make_claim(
        transfer,
        quantity_min=1,
        quantity_max=1,
        modality="denied",
        date_from=date(2020, 1, 1),
        date_to=date(2020, 1, 1),
    )
    assert (transfer.quantity_min, transfer.quantity_max) == (200, None)
    assert (transfer.date_from, transfer.date_to, transfer.date_precision) == (
        date(2022, 9, 1),
        date(2022, 12, 31),
        "imprecise",
    )


def test_retracted_and_provisional_claims_do_not_count():
    transfer = make_transfer()
    make_claim(transfer, state="retracted")
    make_claim(transfer, state="provisional")
    assert transfer.state == "withdrawn"
    assert list(Transfer.objects.standing()) == []
    assert list(Claim.objects.shown()) == []


def test_deriving_twice_gives_the_same_row():
    transfer = make_transfer()
    make_claim(transfer, stage="order", quantity_min=5, quantity_max=5)
    before = Transfer.objects.values().get()
    Transfer.objects.derive([transfer.pk])
    assert Transfer.objects.values().get() == before


def test_the_public_id_is_the_key():
    assert Transfer(pk=123).public_id == "T-000123"
