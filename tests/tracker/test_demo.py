"""The demo: loaded once, decided as its curated claims say, and taken out again without a trace in what people own.

Most tests put a machine in the place of the extractor that reads exactly the curated claims, or nothing: what they
say holds however well the extractor reads. One test lets the extractor itself read.
"""

import csv
from collections import Counter
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.ingest.store import ingest
from articles.models import Article, ExtractedEvent, Extraction, Outlet
from articles.reading import events_stored
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
from tracker import demo, reference
from tracker.account import demo as account
from tracker.decisions import CannotUndo, last_undoable, undo
from tracker.models import ActorName, Claim, Decision, Note, NotSame, Opinion, Report, ReviewItem, Transfer, User
from tracker.review import actions

pytestmark = pytest.mark.django_db
ROWS = demo.table(demo.FOLDER / "claims.csv")
CLAIMS = [row for row in ROWS if row["decision"] in {"accept", "flag"}]
# Enough where the stories do not matter: one article with a flagged claim, and four others.
FEW = [
    row
    for row in CLAIMS
    if row["article"]
    in {"alabuga-drone-plant", "rafale-kontrak-pertama", "s-400-murted", "f-16-approval", "mirage-batal"}
]


@pytest.fixture(autouse=True)
def own_secrets(tmp_path, monkeypatch):
    """The demo's password is made in a folder of the test."""
    monkeypatch.setenv("TRACKER_DATA", str(tmp_path))


@pytest.fixture
def machine(monkeypatch):
    """Sets the rows of the form of claims.csv that the machine reads in each article."""

    def reads(rows: list[dict[str, str]]) -> None:
        slugs = {source.text.strip(): source.slug for source in demo.sources() if "copy" not in source.head}

        def read(article: Article) -> None:
            slug = slugs[article.text]
            if article.copy_of_id:
                slug = next(source.slug for source in demo.sources() if source.head.get("copy") == slug)
            extraction = Extraction.objects.create(article=article, extractor="t", lexicon="t", seconds=0)
            found = [row for row in rows if row["article"] == slug]
            ExtractedEvent.objects.bulk_create(
                event_of(row, extraction, position) for position, row in enumerate(found)
            )
            events_stored.send(sender=Extraction, extraction=extraction)

        monkeypatch.setattr("tracker.demo.reading.read", read)
        if rows:
            reference.load()

    return reads


def event_of(row: dict[str, str], extraction: Extraction, position: int) -> ExtractedEvent:
    """An event that says what the row says; its evidence is the sentence of the quote."""
    text = extraction.article.text
    start = text.index(row["quote"])
    end = start + len(row["quote"])
    ends = [place for mark in (". ", "\n") if (place := text.find(mark, end)) >= 0]
    sentence = [max(text.rfind(". ", 0, start) + 2, text.rfind("\n", 0, start) + 1), min(ends, default=len(text))]
    same = ("category", "stage", "modality")
    return ExtractedEvent(
        extraction=extraction,
        article=extraction.article,
        position=position,
        supplier_code=row["supplier"],
        supplier_name=row["supplier"],
        recipient_code=row["recipient"],
        recipient_name=row["recipient"],
        evidence=[sentence],
        spans={},
        score=0.5,
        reasons=[],
        **{name: row[name] for name in same},
    )


def test_every_curated_claim_is_in_its_article():
    texts = {source.slug: source.text for source in demo.sources()}
    undecided = demo.newest_of_each_story(demo.sources())
    for row in ROWS:
        text = texts[row["article"]]
        assert row["article"] not in undecided
        assert not row["quote"] or text.count(row["quote"]) == 1, row
        for name in ("speaker", "institution", "relayed_by"):
            assert row[name] in text, row
        if row["decision"] not in {"accept", "flag"}:
            assert int(row["decision"]) in ReviewItem.Reason.values
        assert (
            not row["translation"] or "language: id" in (demo.FOLDER / "articles" / f"{row['article']}.txt").read_text()
        )


def test_two_thirds_of_the_articles_are_decided_and_every_story_has_some_that_wait():
    sources = demo.sources()
    waiting = demo.newest_of_each_story(sources)
    stories = Counter(source.head["story"] for source in sources)
    left = Counter(source.head["story"] for source in sources if source.slug in waiting)
    assert 0.6 < 1 - len(waiting) / len(sources) < 0.75
    assert set(left) == set(stories)
    assert all(left[story] < count for story, count in stories.items())


def test_what_a_perfect_machine_reads_makes_the_stories(machine):
    machine(CLAIMS)
    loaded = demo.load()
    flagged = sum(row["decision"] == "flag" for row in CLAIMS)
    assert loaded.missed == []
    assert loaded.counts["found"] == loaded.counts["curated"] == len(CLAIMS)
    assert (loaded.counts["accepted"], loaded.counts["flagged"]) == (len(CLAIMS) - flagged, flagged)
    assert not Claim.objects.filter(transfer=None).exists()
    keys = {row["transfer"] for row in CLAIMS if row["decision"] == "accept"}
    assert Transfer.objects.filter(demo=True, state="standing").count() == len(keys)

    ammunition = loaded.transfers["kp-ru-ammunition"]
    assert (ammunition.supplier.code, ammunition.recipient.code, ammunition.category) == ("KP", "RU", "ammunition")
    assert (ammunition.stage, ammunition.outlook, ammunition.contested) == ("delivery", "agreement", True)
    relays = ammunition.claims.filter(quantity_min=1000, stage="delivery")
    assert {claim.article.outlet.key for claim in relays} == {
        "northgate-wire", "harbour-lantern", "bahtera-kata", "warta-teluk-biru",
    }  # fmt: skip
    assert ammunition.origins == 1
    assert ammunition.claims.filter(stage="sanction").count() == 4

    mirage = loaded.transfers["qa-id-mirage"]
    assert (mirage.stage, mirage.status, mirage.quantity_min) == ("order", "cancelled", 12)
    assert (mirage.date_from, mirage.date_to) == (date(2023, 1, 1), date(2023, 1, 31))
    halted = loaded.transfers["us-tr-f-35"]
    assert (halted.stage, halted.outlook, halted.status) == ("", "order", "halted")
    lethal = loaded.transfers["cn-ru-lethal-weapons"]
    assert (lethal.no_support, lethal.no_evidence, lethal.stage) == (True, 1, "")
    drones = loaded.transfers["ir-ru-drones"]
    assert (drones.stage, drones.contested, drones.origins) == ("use", True, 4)
    wagner = loaded.transfers["kp-ru-wagner"].claims.exclude(end_user=None).first()
    assert wagner.end_user.code == "wagner-group"


def test_an_accepted_claim_has_the_curated_values_and_the_quote_that_says_them(machine):
    rows = [row for row in CLAIMS if row["article"] == "s-400-murted"]
    machine([row | {"supplier": "TR", "stage": "talks", "modality": "alleged"} for row in rows[:1]])
    demo.load()
    claim = Claim.objects.get()
    row = rows[0]
    assert (claim.supplier.code, claim.recipient.code) == ("RU", "TR")
    assert (claim.stage, claim.modality, claim.date_from) == ("delivery", "asserted", date(2019, 7, 12))
    assert (claim.origin.code, claim.credibility, claim.translation) == ("tr-mod", 2, row["translation"])
    assert row["quote"] in claim.quote
    [[start, end]] = claim.spans["institution"]
    assert claim.article.text[start:end] == "Kementerian Pertahanan Turki"
    assert claim.reviewed_by.demo
    assert claim.transfer.demo


def test_what_no_curated_claim_says_is_rejected_with_its_reason(machine):
    row = next(row for row in CLAIMS if row["article"] == "alabuga-drone-plant")
    other = row | {"quote": "In recent weeks they have been used", "supplier": "FR", "recipient": "PE"}
    again = row | {"quote": "In recent weeks they have been used"}
    research = {
        **dict.fromkeys(row, ""), "article": "rafale-kontrak-pertama", "quote": "nota kesepahaman di bidang penelitian",
        "supplier": "ID", "recipient": "FR", "category": "naval", "stage": "agreement", "modality": "asserted",
    }  # fmt: skip
    own = research | {"article": "super-garuda-shield", "quote": "Tank tempur utama M1A1 Abrams"}
    machine([row, other, again, research, own])
    demo.load()
    decided = ReviewItem.objects.order_by("event__article__published_on", "event__position")
    Reason = ReviewItem.Reason
    assert [item.reason for item in decided] == [
        Reason.NO_ARMS, None, Reason.WRONG_READING, Reason.DUPLICATE, Reason.DOMESTIC,
    ]  # fmt: skip
    assert all(item.reviewed_by.demo for item in decided)


def test_a_machine_that_reads_nothing_leaves_articles_alone(machine):
    machine([])
    loaded = demo.load()
    assert loaded.counts["articles"] == Article.objects.count() == len(demo.sources())
    assert len(loaded.missed) == len(CLAIMS)
    assert not Transfer.objects.exists()


def test_the_extractor_itself():
    reference.load()
    out = StringIO()
    call_command("demo", "load", stdout=out)
    assert out.getvalue().startswith(f"Demo data: {len(demo.sources())} articles, ")
    assert set(Article.objects.values_list("reading", "demo")) == {("read", True)}
    waiting = demo.newest_of_each_story(demo.sources())
    titles = {source.head["title"] for source in demo.sources() if source.slug in waiting}
    for item in ReviewItem.objects.select_related("event__article"):
        undecided = item.event.article.title in titles
        assert (item.state == "pending") == (undecided or item.flagged)
    for claim in Claim.objects.select_related("article", "transfer"):
        assert claim.article.text[claim.quote_start : claim.quote_end] == claim.quote
        assert any(row["quote"] in claim.quote for row in CLAIMS)
        assert claim.transfer.demo
    before = Decision.objects.count()
    out = StringIO()
    call_command("demo", "load", stdout=out)
    assert out.getvalue() == "The demo data is there already.\n"
    assert (Article.objects.count(), Decision.objects.count()) == (len(demo.sources()), before)


def test_the_copy_repeats_its_original_and_comes_after_it(machine):
    machine([])
    demo.load()
    copy = Article.objects.get(copy_of__isnull=False)
    assert (copy.outlet.key, copy.copy_of.outlet.key) == ("warta-teluk-biru", "bahtera-kata")
    assert copy.pk > copy.copy_of_id


def test_demo_users_sign_in_with_the_one_printed_password(machine):
    machine([])
    demo.load()
    out = StringIO()
    call_command("demo", "users", stdout=out)
    lines = out.getvalue().splitlines()
    password = lines[-1].split()[-1]
    assert [line.split() for line in lines[:-1]] == [[name, str(role)] for name, role in account.ROLES.items()]
    assert len(password) >= 16
    for name in account.ROLES:
        answer = Client().post(reverse("login"), {"username": name, "password": password, "next": "/account/"})
        assert (answer.status_code, answer.url) == (302, "/account/")


def test_without_reference_data_the_command_says_what_to_do():
    with pytest.raises(CommandError, match="load_reference"):
        call_command("demo", "load")
    assert not Article.objects.exists()


def exported(client: Client) -> list[list[str]]:
    """The lines of both exports."""
    sent = [b"".join(client.get(f"/exports/{name}.csv")).decode() for name in ("claims", "transfers")]
    return [line for text in sent for line in csv.reader(StringIO(text))]


def test_removal_leaves_nothing_of_the_demo_and_everything_of_ours(machine, client):
    machine(FEW)
    reviewer = make_user()
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    ours = make_claim(make_transfer(), reviewed_by=reviewer)
    rows = [Article.objects.filter(pk=ours.article_id), Claim.objects.all(), Transfer.objects.all()]
    before = [list(found.values()) for found in rows]
    lines = exported(client)
    loaded = demo.load()
    assert len(exported(client)) > len(lines)
    # A claim of a demo article that somebody linked to a transfer of ours
    borrowed = loaded.transfers["fr-id-scorpene"].claims.get()
    actions.edit(claim=borrowed, values={"transfer": ours.transfer}, by=reviewer, version=borrowed.version, key=uuid4())
    ours.transfer.refresh_from_db()
    assert ours.transfer.claim_count == 2

    out = StringIO()
    call_command("demo", "remove", stdout=out)
    assert out.getvalue().startswith(f"Removed {len(demo.sources())} demo articles, ")
    for model in (Article, Outlet, Transfer):
        assert not model.objects.filter(demo=True).exists()
    assert not User.objects.filter(demo=True, is_active=True).exists()
    assert [list(found.values()) for found in rows] == before
    assert Claim.objects.count() == Article.objects.count() == 1
    assert not ExtractedEvent.objects.exists()
    assert not ReviewItem.objects.exists()
    assert exported(client) == lines
    assert Decision.objects.filter(user__demo=True).exists()


def test_removal_keeps_what_people_tied_to_the_demo(machine):
    machine(FEW)
    loaded = demo.load()
    reviewer = make_user()
    kept = loaded.transfers["ru-tr-s-400"]
    source = Article.objects.get(title__startswith="Komponen S-400")
    outlet = Outlet.objects.get(key="northgate-wire")
    ours = make_article("Peru sent ten tanks to Chile.", outlet=outlet)
    make_claim(kept, article=ours, reviewed_by=reviewer, stage="talks", category="air_defence")
    twins = [ingest(source.text, title="A", language="id", outlet=make_outlet(), read=False).article for _ in range(2)]
    assert {twin.copy_of for twin in twins} == {source}
    merged = make_transfer()
    into = loaded.transfers["fr-id-rafale"]
    Transfer.objects.filter(pk=merged.pk).update(state="merged", merged_into=into)

    removed = account.remove()
    kept.refresh_from_db()
    assert (kept.demo, kept.state, kept.claim_count, kept.stage) == (False, "standing", 1, "talks")
    into.refresh_from_db()
    assert (into.demo, into.state) == (False, "withdrawn")
    assert set(Transfer.objects.all()) == {kept, into, merged}
    first, second = Article.objects.filter(pk__in=[twin.pk for twin in twins]).order_by("pk")
    assert (first.copy_of, second.copy_of) == (None, first)
    assert list(Outlet.objects.filter(articles=ours).values_list("key", "demo")) == [("northgate-wire", False)]
    assert removed.outlets == 7


def test_removal_takes_what_was_said_of_the_demo(machine):
    machine(FEW)
    loaded = demo.load()
    reviewer = make_user()
    transfer, item = loaded.transfers["ru-tr-s-400"], make_item()
    gone = ReviewItem.objects.filter(event__article__demo=True).first()
    claim = Claim.objects.filter(article__demo=True).first()
    NotSame.objects.create(transfer=transfer, item=item, said_by=reviewer)
    NotSame.objects.create(transfer=make_transfer(), claim=claim, said_by=reviewer)
    Note.objects.create(transfer=transfer, text="Seen in May.", written_by=reviewer)
    Report.objects.create(claim=claim, text="Not theirs.", reported_by=reviewer)
    Opinion.objects.create(item=gone, user=reviewer, round=1, verdict="accept", transfer=transfer)
    ActorName.objects.create(actor=make_actor("NO"), language="en", kind="name", name="Norge", claim=claim)
    tied = loaded.transfers["fr-id-rafale"]
    Opinion.objects.create(item=item, user=reviewer, round=1, verdict="accept", transfer=tied)

    account.remove()
    assert not any(model.objects.exists() for model in (NotSame, Note, Report))
    assert list(Opinion.objects.values_list("item", "transfer")) == [(item.pk, tied.pk)]
    assert ActorName.objects.get(name="Norge").claim is None


def test_the_demo_can_be_loaded_again_after_its_removal(machine):
    machine(FEW)
    first = demo.load().counts
    account.remove()
    assert demo.load().counts == first
    assert set(User.objects.filter(demo=True).values_list("is_active", flat=True)) == {True}


def test_an_article_that_somebody_brought_in_before_stays_theirs(machine):
    machine(FEW)
    source = demo.sources()[0]
    account.make_users()
    demo.store_outlets(demo.table(demo.FOLDER / "outlets.csv"), demo=True)
    outlet = Outlet.objects.get(key=source.head["outlet"])
    ours = ingest(source.text, title="Ours", language="id", outlet=outlet, read=False).article
    assert demo.load().counts["articles"] == len(demo.sources()) - 1
    account.remove()
    assert list(Article.objects.values_list("pk", "demo")) == [(ours.pk, False)]


def test_decisions_about_removed_rows_are_shown_and_no_longer_undone(machine, client):
    machine(FEW)
    reviewer = make_user()
    item = make_item(make_event(make_article()))
    actions.reject(item=item, reason=3, by=reviewer, version=item.version, key=uuid4())
    mine = Decision.objects.get()
    demo.load()
    waiting = ReviewItem.objects.filter(event__article__demo=True, flagged=True).select_related("event__article")
    gone = waiting.first()
    actions.reject(item=gone, reason=3, by=reviewer, version=gone.version, key=uuid4())
    decision = last_undoable(reviewer)
    assert decision.item == gone
    account.remove()
    with pytest.raises(CannotUndo, match="demo data"):
        undo(Decision.objects.get(pk=decision.pk), by=reviewer, key=uuid4())
    assert last_undoable(reviewer) == mine
    client.force_login(reviewer, "tracker.account.backends.RoleBackend")
    assert client.get(reverse("account")).status_code == 200
    assert client.get(reverse("review_queue")).status_code == 200
    assert client.get(reverse("workbench", args=[gone.event_id])).status_code == 404
    undo(mine, by=reviewer, key=uuid4())
    item.refresh_from_db()
    assert item.state == "pending"


def test_undo_refuses_to_put_a_claim_back_on_a_removed_transfer(machine):
    machine(FEW)
    loaded = demo.load()
    reviewer = make_user()
    claim = make_claim(loaded.transfers["gb-tr-typhoon"], reviewed_by=reviewer)
    actions.edit(claim=claim, values={"transfer": make_transfer()}, by=reviewer, version=claim.version, key=uuid4())
    account.remove()
    with pytest.raises(CannotUndo, match="demo data"):
        undo(Decision.objects.latest("pk"), by=reviewer, key=uuid4())


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_only_admins_remove_the_demo(client, role):
    make_article(demo=True)
    client.force_login(make_user(role), "tracker.account.backends.RoleBackend")
    assert client.post(reverse("demo_remove")).status_code == 403
    assert "demo/remove" not in client.get(reverse("account")).content.decode()
    assert Article.objects.filter(demo=True).exists()


def test_an_admin_removes_the_demo_from_its_banner(client):
    make_article(demo=True)
    client.force_login(make_user("admin"), "tracker.account.backends.RoleBackend")
    address = reverse("demo_remove")
    assert f'href="{address}"' in client.get(reverse("account")).content.decode()
    page = client.get(address)
    assert "1 demo article goes" in page.content.decode()
    assert Article.objects.filter(demo=True).exists()
    answer = client.post(address)
    assert (answer.status_code, answer.url) == (302, reverse("dashboard"))
    assert not Article.objects.filter(demo=True).exists()


@pytest.mark.parametrize("other", [True, False])
def test_the_demo_admin_stays_only_where_nobody_else_can_administer(client, other):
    users = account.make_users()
    if other:
        make_user("admin")
    client.force_login(users["demo-admin"], "tracker.account.backends.RoleBackend")
    client.post(reverse("demo_remove"))
    active = set(User.objects.filter(demo=True, is_active=True).values_list("username", flat=True))
    assert active == (set() if other else {"demo-admin"})
