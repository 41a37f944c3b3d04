"""That a transfer is contested is shown wherever the transfer shows."""

import pytest
from django.urls import reverse

from tests.factories import make_claim, make_event, make_item, make_transfer

pytestmark = pytest.mark.django_db
MARK = '<span class="side contested">'


@pytest.fixture
def places():
    """The addresses at which one contested transfer shows, and nothing else that is."""
    transfer, other = make_transfer(), make_transfer()
    claim = make_claim(transfer)
    make_claim(other)
    make_event(claim.article)
    item = make_item()
    return transfer, {
        "transfers": reverse("transfer_list"),
        "claims": reverse("claim_list"),
        "transfer": transfer.get_absolute_url(),
        "claim": claim.get_absolute_url(),
        "article": claim.article.get_absolute_url(),
        "actor": transfer.supplier.get_absolute_url(),
        "dashboard": reverse("dashboard"),
        "workbench": reverse("workbench", args=[item.event_id]),
        "claim_edit": reverse("claim_edit", args=[claim.pk]),
        "claims_link": f"{reverse('claims_link')}?claim={claim.pk}.{claim.version}",
        "transfer_merge": reverse("transfer_merge", args=[other.public_id]),
    }


def test_contested_is_shown_at_every_place(reviewer, places):
    transfer, addresses = places

    def shown():
        pages = {name: reviewer.get(address).content.decode() for name, address in addresses.items()}
        assert all(transfer.public_id in page for page in pages.values())
        return {name for name, page in pages.items() if MARK in page or 'class="tag contested"' in page}

    assert shown() == set()
    make_claim(transfer, modality="denied")
    assert shown() == set(addresses)
