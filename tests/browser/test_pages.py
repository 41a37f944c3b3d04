"""Every page in both languages, light and dark, wide and narrow: no violation, no complaint, no sideways scroll."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_item,
    make_outlet,
    make_transfer,
    make_user,
)
from tests.tracker.review.test_opinions import values_of
from tracker.link import actors, transfers
from tracker.models import Claim, Materiel, ReviewItem
from tracker.review import actions, adjudication, reports

pytestmark = pytest.mark.django_db(transaction=True)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def addresses() -> list[str]:
    """The address of every kind of page, with something on each."""
    outlet = make_outlet("Cakrawala Andes")
    article = make_article(text="Norway sent ten tanks to Peru, officials said.\n\nPeru denied it.", outlet=outlet)
    event = make_event(article, spans={"supplier": [[0, 6]], "recipient": [[25, 29]]})
    transfer = make_transfer()
    howitzer = Materiel.objects.create(
        key="howitzer", kind="class", category="artillery", name_en="howitzer", name_id="meriam", sort_key="howitzer"
    )
    claim = make_claim(
        transfer,
        article=article,
        materiel=howitzer,
        stage="shipment",
        date_from=date(2024, 2, 1),
        date_to=date(2024, 2, 29),
    )
    make_claim(transfer, stage="delivery", modality="denied")
    make_claim(transfer, stage="delivery", modality="no_evidence")
    make_claim(transfer, stage="halted")
    return [
        "/",
        "/articles/",
        f"/articles/{article.pk}/",
        "/review/",
        f"/review/{event.pk}/",
        f"/review/{event.pk}/split/",
        *merged_and_linked(),
        *opinions_and_reports(claim),
        f"/review/articles/{article.pk}/write/?start=0&end=6",
        f"/review/actors/{transfer.supplier_id}/names/",
        "/claims/",
        f"/claims/{claim.pk}/",
        f"/review/claims/{claim.pk}/",
        "/transfers/",
        transfer.get_absolute_url(),
        f"{transfer.get_absolute_url()}?print=brief",
        f"/actors/{transfer.supplier_id}/?print=brief",
        *(f"/flows/?view={view}&of=claims" for view in ("sankey", "matrix", "map", "table")),
        "/actors/",
        f"/actors/{transfer.supplier_id}/",
        "/materiel/",
        f"/materiel/{howitzer.pk}/",
        "/outlets/",
        f"/outlets/{outlet.pk}/",
        "/facets/claims/supplier/?recipient=PE",
        "/search/",
        "/search/?q=tanks",
        "/search/?q=nothing+of+it&kind=claims",
        "/imports/",
        "/exports/",
        "/exports/claims/?columns=quote,stage&supplier=NO",
        "/exports/events/",
        "/exports/sipri/",
        "/claims/?columns=claim_id,event_id,quote,reviewed_at,date_to,supplier_text",
        "/account/",
    ]


def merged_and_linked() -> list[str]:
    """The pages that merge, bring back, grade and link."""
    by, (gone, into, other) = make_user(), (make_transfer(), make_transfer(), make_transfer())
    claims = [make_claim(one, origin=make_actor("US", "United States")) for one in (gone, into, other)]
    transfers.merge(transfer=gone, into=into, by=by, version=gone.version, key=uuid4())
    twin, kept = (make_actor(f"fjord-{n}", f"Fjord {n}", kind="company") for n in (1, 2))
    make_claim(other, supplier=twin)
    actors.merge(actor=twin, into=kept, by=by, version=twin.version, key=uuid4())
    return [
        f"/transfers/{other}/merge/",
        f"/transfers/{other}/merge/?with={into}",
        f"/transfers/{gone}/unmerge/",
        f"/actors/{kept.pk}/merge/",
        f"/actors/{kept.pk}/merge/?with={into.supplier_id}",
        f"/actors/{twin.pk}/unmerge/",
        f"/review/transfers/{other}/grade/",
        f"/claims/link/?claim={claims[1].pk}.1&claim={claims[2].pk}.1",
    ]


def opinions_and_reports(claim: Claim) -> list[str]:
    """The pages of two reviewers who differ, of what all of them agree on, and of a claim that a reader calls wrong."""
    one, two = make_user(), make_user()
    disputed, other = make_item(), make_item()
    ReviewItem.objects.filter(pk__in=[disputed.pk, other.pk]).update(flagged=True)
    disputed.refresh_from_db(), other.refresh_from_db()
    for item in (disputed, other):
        values = values_of(item, stage="delivery")
        actions.accept(item=item, by=one, version=item.version, key=uuid4(), values=values, seconds=4)
        item.refresh_from_db()
    adjudication.accept(item=disputed, by=two, version=disputed.version, key=uuid4(), values=values_of(disputed))
    report = reports.report(claim=claim, text="The article says otherwise.", by=two, key=uuid4())
    return [
        f"/review/{other.event_id}/?order=second",
        f"/review/{disputed.event_id}/adjudicate/",
        "/review/?order=adjudicate",
        "/agreement/",
        "/review/reports/",
        f"/review/reports/{report.pk}/",
        f"/review/claims/{claim.pk}/report/",
    ]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_every_page_is_accessible(watched: Page, sign_in, live_server, addresses, language, scheme, width):
    sign_in(user=make_user("admin", language=language))
    watched.set_viewport_size({"width": width, "height": 900})
    watched.emulate_media(color_scheme=scheme)
    found = []
    for address in addresses:
        watched.goto(live_server.url + address)
        assert watched.locator("html").get_attribute("lang") == language
        watched.evaluate(AXE)
        result = watched.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
        found += [
            f"{address}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
        if watched.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: scrolls sideways at {width} px")
    assert not found, "\n".join(found)


def test_the_page_at_320_px_does_not_scroll_sideways(watched: Page, sign_in, live_server, addresses):
    sign_in("admin")
    watched.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for address in addresses:
        watched.goto(live_server.url + address)
        if watched.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(address)
    assert wide == []
