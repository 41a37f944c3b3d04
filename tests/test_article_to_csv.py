"""The whole way as one story: an article comes in, is read, decided, linked, browsed, exported, and undone."""

import csv
import io
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.factories import make_outlet, make_user
from tests.tracker.review.test_views import filled_in
from tracker import reference
from tracker.models import Claim, ReviewItem, Transfer

ARTICLE = """Norwegia Disebut Kirim Dua Belas Howitzer ke Peru

Cakrawala Andes, Lima - Norwegia disebut telah mengirimkan 12 howitzer ke Peru, kata Kementerian Pertahanan Peru, \
Rabu (6/3/2024).

"Kami juga akan membeli amunisi artileri dari Norwegia tahun depan," ujar juru bicara itu.

Pemerintah Norwegia membantah telah mengirimkan howitzer ke Peru.

Pasar ikan di pelabuhan tetap buka seperti biasa, dan hujan turun sepanjang sore.
"""


def run_worker() -> None:
    """Carry out the jobs that wait, in a process of its own, as the program does."""
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        timeout=120,
    )


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role), "tracker.account.backends.RoleBackend")
    return client


def claims_csv(client: Client) -> tuple[bytes, list[dict[str, str]]]:
    """The file as it is sent, and its rows."""
    answer = client.get("/exports/claims.csv")
    assert answer.status_code == 200
    data = b"".join(answer)
    return data, list(csv.DictReader(io.StringIO(data.decode())))


@pytest.mark.django_db(transaction=True)
def test_from_an_article_to_the_csv_and_back():
    reference.load()
    make_outlet("Cakrawala Andes", language="id", country="PE")
    reviewer, analyst = signed_in("reviewer"), signed_in("analyst")

    # What is pasted is recognised, shown, and stored once.
    preview = reviewer.post(reverse("import_preview"), {"text": ARTICLE})
    (form,) = preview.context["forms"].initial_forms
    assert form.initial["title"] == "Norwegia Disebut Kirim Dua Belas Howitzer ke Peru"
    assert (form.initial["outlet"], form.initial["language"]) == ("Cakrawala Andes", "id")
    assert str(form.initial["published_on"]) == "2024-03-06"
    assert not Article.objects.exists()
    sent = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1}
    sent |= {f"form-0-{name}": value for name, value in form.initial.items()}
    for _ in range(2):
        answer = reviewer.post(reverse("import_store"), sent)
    article = Article.objects.get()
    assert answer.url == article.get_absolute_url()
    assert "waiting to be read" in reviewer.get(answer.url).content.decode()

    # The worker reads it, and every event waits for a reviewer.
    run_worker()
    article.refresh_from_db()
    assert article.reading == "read"
    events = {(event.stage, event.modality): event for event in article.events.all()}
    assert {("shipment", "alleged"), ("shipment", "denied")} <= set(events)
    assert ReviewItem.objects.waiting().count() == article.events.count()
    empty, rows = claims_csv(analyst)
    assert rows == []

    # The reviewer makes a transfer of the first, links the denial to it, and rejects what else was read.
    def decide(event, **changes):
        item = ReviewItem.objects.select_related("event__article").get(event=event)
        answer = reviewer.post(reverse("decide", args=[event.pk]), filled_in(item, **changes))
        assert answer.status_code == 302, answer.content.decode()

    decide(events["shipment", "alleged"], verdict="new")
    transfer = Transfer.objects.get()
    before_denial, _ = claims_csv(analyst)
    decide(events["shipment", "denied"], verdict="link", transfer=transfer.public_id)
    for item in ReviewItem.objects.waiting():
        decide(item.event, reason="3")

    # Everybody finds it, contested.
    transfer.refresh_from_db()
    assert (transfer.supplier.code, transfer.recipient.code) == ("NO", "PE")
    assert (transfer.stage, transfer.supports, transfer.denies, transfer.contested) == ("shipment", 1, 1, True)
    for address in ("/", "/transfers/?contested=yes", transfer.get_absolute_url(), article.get_absolute_url()):
        page = analyst.get(address)
        assert page.status_code == 200
        assert "Norway" in page.content.decode()

    # The file holds one row for each claim, and each quote is the text.
    _, rows = claims_csv(analyst)
    assert [row["modality"] for row in rows] == ["alleged", "denied"]
    assert {row["transfer_id"] for row in rows} == {transfer.public_id}
    shipped = rows[0]
    assert (shipped["supplier_code"], shipped["recipient_code"], shipped["stage"]) == ("NO", "PE", "shipment")
    assert (shipped["quantity_min"], shipped["category"]) == ("12", "artillery")
    assert shipped["published_on"] == "2024-03-06"
    for row in rows:
        assert article.text[int(row["quote_start"]) : int(row["quote_end"])] == row["quote"]

    # Undoing goes back, step by step, to the very bytes.
    for _ in range(ReviewItem.objects.filter(state="rejected").count() + 1):
        reviewer.post(reverse("review_undo"))
    assert claims_csv(analyst)[0] == before_denial
    reviewer.post(reverse("review_undo"))
    assert claims_csv(analyst)[0] == empty
    assert Claim.objects.shown().count() == 0
