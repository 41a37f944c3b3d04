"""How pages are cited, and the briefs that are printed."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_article, make_claim, make_transfer
from tracker import seal
from tracker.browse.citation import Citation, bibtex, csl, ris
from tracker.models import Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    article = make_article(text="Norway sent ten tanks.", url="https://kabar.example/a/1")
    return make_claim(make_transfer(), article=article, quote="Norway sent ten tanks.")


def cited(analyst, address: str) -> Citation:
    return analyst.get(address).context["citation"]


def test_a_citation_names_id_version_seal_address_and_day(analyst, claim):
    found = cited(analyst, claim.transfer.get_absolute_url())
    assert found.head == ""
    last = seal.seal()[-1]
    found = cited(analyst, claim.transfer.get_absolute_url())
    assert (found.key, found.head, found.seal) == (claim.transfer.public_id, last.head[:12], last.pk)
    for part in (
        claim.transfer.public_id,
        "Norway → Peru: armoured vehicles",
        f"seal {last.pk}, {last.head[:12]}",
        f"http://testserver{claim.transfer.get_absolute_url()}",
        "version of ",
    ):
        assert part in found.text
    assert cited(analyst, claim.get_absolute_url()).key == f"C-{claim.pk}"
    assert cited(analyst, claim.transfer.supplier.get_absolute_url()).title == "Norway"


def test_a_page_of_the_past_is_cited_as_it_stood(analyst, claim):
    now = timezone.localdate().isoformat()
    found = analyst.get(claim.transfer.get_absolute_url(), {"as_of": now}).context["citation"]
    assert f"as_of={now}" in found.address
    assert "as it stood on" in found.text


@pytest.mark.parametrize("kind", ["transfer", "claim", "actor"])
def test_each_form_can_be_downloaded(analyst, claim, kind):
    number = {"transfer": claim.transfer_id, "claim": claim.pk, "actor": claim.transfer.supplier_id}[kind]
    entry = analyst.get(reverse("cite", args=[kind, number, "bibtex"]))
    assert entry["Content-Disposition"].endswith('.bib"')
    assert entry.content.decode().startswith("@misc{")
    record = analyst.get(reverse("cite", args=[kind, number, "ris"])).content.decode()
    assert record.startswith("TY  - ELEC\r\n")
    assert record.endswith("ER  - \r\n")
    (item,) = json.loads(analyst.get(reverse("cite", args=[kind, number, "csl"])).content)
    assert item["URL"].startswith("http://testserver/")
    assert item["type"] == "webpage"


def test_no_name_breaks_out_of_its_field(claim):
    nasty = Citation(
        "T-000001", "A}\\input{x} & 50 % of $1_2#~^\nER  - ", "http://h/", None, None, 0, "", timezone.localdate()
    )
    entry = bibtex(nasty)
    bare = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum){}|\\[&%$#_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert "\\input" not in entry
    assert ris(nasty).count("ER  - \r\n") == 1
    assert "\nER" not in ris(nasty).replace("\r\nER", "")
    assert json.loads(csl(nasty))[0]["title"].endswith(nasty.title)


def test_what_is_not_shown_is_not_cited(analyst, claim):
    assert analyst.get(reverse("cite", args=["transfer", 999_999, "ris"])).status_code == 404
    assert analyst.get(reverse("cite", args=["transfer", claim.transfer_id, "word"])).status_code == 404
    assert analyst.get(reverse("cite", args=["article", claim.article_id, "ris"])).status_code == 404
    Claim.objects.update(state="provisional")
    assert analyst.get(reverse("cite", args=["claim", claim.pk, "ris"])).status_code == 404


def test_the_brief_of_a_transfer_spells_its_sources_out(analyst, claim):
    make_claim(claim.transfer, modality="denied", quote="It is not so.", article=make_article(text="It is not so."))
    page = analyst.get(claim.transfer.get_absolute_url(), {"print": "brief"}).content.decode()
    for part in ("Norway sent ten tanks.", "It is not so.", "https://kabar.example/a/1", "contested", "read "):
        assert part in page


def test_the_brief_of_an_actor(analyst, claim):
    page = analyst.get(claim.transfer.supplier.get_absolute_url(), {"print": "brief"}).content.decode()
    assert claim.transfer.public_id in page
    assert 'class="cite brief-foot"' in page
