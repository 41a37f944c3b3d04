"""Pages and exports as they stood at an earlier time."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.codes import Modality, Stage
from tests.factories import make_actor, make_article, make_claim, make_outlet, make_transfer, make_user
from tracker.browse.as_of import NotATime, Shadow, as_of, moment
from tracker.decisions import CannotUndo, Conflict, Refused, last_undoable, undo
from tracker.export import stream
from tracker.export.stream import Export
from tracker.export.tables import TABLES
from tracker.link import actors, transfers
from tracker.models import Actor, Claim, Transfer
from tracker.models.derivation import derived
from tracker.review import actions
from tracker.review.grades import grade

pytestmark = pytest.mark.django_db


def exported(name: str, **query: str) -> bytes:
    asked = QueryDict(mutable=True)
    asked.update(query)
    export = Export(TABLES[name], asked)
    try:
        return b"".join(export)
    finally:
        export.close()


def clock() -> datetime:
    """The time of the database, behind everything that was committed and before everything that will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


class Workshop:
    """Random work of two reviewers and an admin."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.people = [make_user("reviewer"), make_user("reviewer"), make_user("admin")]
        states = [make_actor(code, name) for code, name in (("NO", "Norway"), ("PE", "Peru"), ("CL", "Chile"))]
        offices = [make_actor(f"{state.code.lower()}-office", kind="institution", parent=state) for state in states]
        people = [make_actor(f"{office.code}-speaker", kind="person", parent=office) for office in offices]
        self.states, self.voices = states, [*states, *offices, *people, make_actor("maker", kind="company")]
        self.outlets = [make_outlet("Kabar"), make_outlet("Wire")]
        self.articles = [
            make_article(outlet=self.random.choice(self.outlets), language=self.random.choice(["en", "id"]))
            for _ in range(4)
        ]

    def act(self) -> None:
        """One random thing that somebody does; some are refused."""
        work = [self.write, self.write, self.edit, self.edit, self.retract, self.move, self.grade, self.undo, self.undo]
        work += [self.merge, self.unmerge, self.merge_actors, self.merge_actors, self.unmerge_actor]
        with suppress(Refused, CannotUndo, Conflict):
            self.random.choice(work)()

    def asked(self) -> dict:
        return {"by": self.random.choice(self.people), "key": uuid4()}

    def one(self, rows):
        rows = list(rows.order_by("pk"))
        if not rows:
            raise Refused("there is none")
        return self.random.choice(rows)

    def values(self) -> dict:
        chosen = self.random
        supplier, recipient = chosen.sample(list(Actor.objects.standing().filter(kind="state").order_by("pk")), 2)
        day = date(2024, 1, 1) + timedelta(days=chosen.randrange(200))
        # Mostly somebody who speaks for another.
        origin = chosen.choice([None, *self.voices, *self.voices[3:], *self.voices[3:]])
        origin = origin and Actor.objects.get(pk=origin.pk).survivor
        return {
            "supplier": supplier,
            "recipient": recipient,
            "category": chosen.choice(["naval", "missiles", "unspecified"]),
            "stage": chosen.choice(Stage.values[:11]),
            "modality": chosen.choice(Modality.values),
            "quantity_min": chosen.choice([None, chosen.randrange(50)]),
            "date_from": day,
            "date_to": day + timedelta(days=chosen.randrange(20)),
            "origin": origin,
            "origin_outlet": None if origin else chosen.choice([None, *self.outlets]),
            "note": chosen.choice(["", '=1+1, "quoted"\nand a line']),
        }

    def write(self) -> None:
        values = self.values() | {"quote": "Norway", "quote_start": 0, "quote_end": 6}
        pair = {"supplier": values["supplier"], "recipient": values["recipient"]}
        linked = Transfer.objects.standing().filter(**pair).order_by("pk").first()
        part = actions.Part(values, linked, new_transfer=linked is None or self.random.random() < 0.3)
        actions.write(article=self.random.choice(self.articles), part=part, **self.asked())

    def edit(self) -> None:
        claim = self.one(Claim.objects.shown())
        values = self.values()
        names = self.random.sample(["stage", "modality", "quantity_min", "note", "category"], 2)
        changed = {name: values[name] for name in names} | self.random.choice(
            [{}, {"origin": values["origin"], "origin_outlet": values["origin_outlet"]}, {"transfer": None}]
        )
        actions.edit(claim=claim, values=changed, version=claim.version, **self.asked())

    def retract(self) -> None:
        claim = self.one(Claim.objects.shown())
        actions.retract(claim=claim, version=claim.version, **self.asked())

    def grade(self) -> None:
        transfer = self.one(Transfer.objects.standing())
        wanted = {"credibility": self.random.randint(1, 6), "note": self.random.choice(["", "seen"])}
        grade(transfer=transfer, version=transfer.version, **wanted, **self.asked())

    def move(self) -> None:
        claim = self.one(Claim.objects.shown())
        pair = {"supplier": claim.supplier, "recipient": claim.recipient}
        transfer = self.random.choice([None, self.one(Transfer.objects.standing().filter(**pair))])
        transfers.move(claims={claim.pk: claim.version}, transfer=transfer, **self.asked())

    def merge(self) -> None:
        gone = self.one(Transfer.objects.standing())
        into = self.one(Transfer.objects.standing().exclude(pk=gone.pk))
        transfers.merge(transfer=gone, into=into, version=gone.version, **self.asked())

    def unmerge(self) -> None:
        gone = self.one(Transfer.objects.filter(state="merged"))
        transfers.unmerge(transfer=gone, version=gone.version, **self.asked())

    def merge_actors(self) -> None:
        gone = self.one(Actor.objects.standing().filter(pk__in=[one.pk for one in self.voices[2:]]))
        into = self.one(Actor.objects.standing().filter(kind="state").exclude(pk=gone.pk))
        actors.merge(actor=gone, into=into, version=gone.version, **self.asked())

    def unmerge_actor(self) -> None:
        gone = self.one(Actor.objects.filter(merged_into__isnull=False))
        actors.unmerge(actor=gone, version=gone.version, **self.asked())

    def undo(self) -> None:
        asked = self.asked()
        decision = last_undoable(asked["by"])
        if decision is None:
            raise Refused("there is none")
        undo(decision, **asked)


FILTERS = ({}, {"contested": "yes"}, {"supplier": "NO"}, {"outlet": "kabar"}, {"language": "id"}, {"credibility": "6"})
ADDED_UP = ("stage", "outlook", "status", "supports", "denies", "origins", "contested")
DERIVED = (*ADDED_UP, "state", "updated_at")


def added_up(pks) -> dict[int, dict]:
    """What the claims of the time give the transfers, by their number."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({derived()} SELECT * FROM shown) s", {"ids": list(pks)})
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_an_export_as_of_a_moment_is_the_file_that_was_taken_then(seed, monkeypatch):
    workshop = Workshop(seed)
    taken = []
    for _ in range(6):
        for _ in range(12):
            workshop.act()
        rows = {row["id"]: row for row in Transfer.objects.values("id", *DERIVED)}
        files = {
            (name, number): exported(name, **query)
            for name in ("claims", "transfers")
            for number, query in enumerate(FILTERS)
        }
        taken.append((clock(), files, rows))
    for name in ("claims", "transfers"):
        assert len({files[name, 0] for _at, files, _rows in taken}) > 3
    # In slices, as a file of the past with many rows is written.
    monkeypatch.setattr(stream, "FIRST", 2)
    monkeypatch.setattr(stream, "GROWTH", 2)
    for at, files, rows in taken:
        written = at.astimezone(UTC).isoformat()
        for (name, number), content in files.items():
            assert exported(name, as_of=written, **FILTERS[number]) == content, (name, FILTERS[number], at)
        with as_of(moment(written)):
            assert {row["id"]: row for row in Transfer.objects.values("id", *DERIVED)} == rows
            # What the history holds is what the claims of that time add up to.
            for pk, shown in added_up(rows).items():
                assert {name: shown[name] for name in ADDED_UP} == {name: rows[pk][name] for name in ADDED_UP}


@pytest.mark.django_db(transaction=True)
def test_the_root_of_an_actor_at_a_time_is_what_it_was():
    workshop = Workshop(7)
    asked = "SELECT id, tracker_actor_root(id) FROM tracker_actor ORDER BY id"
    taken = []
    for number in range(12):
        [workshop.merge_actors, workshop.unmerge_actor][number % 3 == 2]()
        with connection.cursor() as cursor:
            cursor.execute(asked)
            taken.append((clock(), cursor.fetchall()))
    assert len({tuple(roots) for _at, roots in taken}) > 4
    for at, roots in taken:
        with connection.cursor() as cursor:
            cursor.execute(asked.replace("tracker_actor_root(", "tracker_actor_root_at(%s, "), [at])
            assert cursor.fetchall() == roots


# Pages


@pytest.fixture
def story(db):
    """A claim that was accepted, then edited; its transfer was then merged into another."""
    user = make_user("reviewer", username="rina")
    transfer, other = make_transfer(), make_transfer()
    first = make_claim(transfer, stage="talks", note="first", origin=make_actor("CL", "Chile"))
    make_claim(other, stage="order")
    times = {"accepted": clock()}
    actions.edit(
        claim=first, values={"stage": "delivery", "note": "second"}, by=user, version=first.version, key=uuid4()
    )
    times["edited"] = clock()
    transfers.merge(transfer=transfer, into=other, by=user, version=transfer.version, key=uuid4())
    times["merged"] = clock()
    first.refresh_from_db()
    actions.retract(claim=first, by=user, version=first.version, key=uuid4())
    return {"claim": first, "transfer": transfer, "other": other, **times}


def at(time: datetime) -> dict[str, str]:
    return {"as_of": time.astimezone(UTC).isoformat()}


@pytest.mark.django_db(transaction=True)
def test_a_claim_and_a_transfer_are_shown_as_they_stood(sign_in, story):
    reader = sign_in("reviewer")
    address = story["claim"].get_absolute_url()
    assert reader.get(address).status_code == 410
    for time, stage in ((story["accepted"], "talks"), (story["edited"], "delivery")):
        answer = reader.get(address, at(time))
        assert (answer.status_code, answer.context["claim"].stage) == (200, stage)
        page = answer.content.decode()
        assert "As it stood on" in page
        assert "are today’s" in page
        assert f'href="{address}"' in page
        # What was is not edited.
        assert reverse("claim_edit", args=[story["claim"].pk]) not in page
        page = reader.get(story["transfer"].get_absolute_url(), at(time))
        assert (page.context["transfer"].stage, page.context["transfer"].state) == (stage, "standing")
    answer = reader.get(story["transfer"].get_absolute_url(), at(story["merged"]))
    assert answer.status_code == 302
    assert answer.url.startswith(f"{story['other'].get_absolute_url()}?as_of=")
    assert reader.get(answer.url).context["transfer"].claim_count == 2
    assert reader.get(story["other"].get_absolute_url()).context["transfer"].claim_count == 1


@pytest.mark.django_db(transaction=True)
def test_what_did_not_exist_then_is_not_found(analyst, story):
    before = at(timezone.now() - timedelta(days=3))
    for address in (story["claim"].get_absolute_url(), story["transfer"].get_absolute_url()):
        assert analyst.get(address, before).status_code == 404
    for name in ("claim_list", "transfer_list"):
        answer = analyst.get(reverse(name), before)
        assert (answer.status_code, list(answer.context["rows"])) == (200, [])
    assert exported("claims", **before).count(b"\n") == 1


@pytest.mark.django_db(transaction=True)
def test_a_list_keeps_its_time_in_its_links(analyst, story):
    time = at(story["edited"])
    answer = analyst.get(reverse("transfer_list"), time | {"sort": "supplier"})
    assert {row.pk for row in answer.context["rows"]} == {story["transfer"].pk, story["other"].pk}
    page = answer.content.decode()
    assert f"{story['transfer'].get_absolute_url()}?as_of=" in page
    assert f"{reverse('export_transfers')}?as_of=" in page
    assert all("as_of=" in head.url for head in answer.context["heads"] if head.url)
    assert answer.context["today_url"] == reverse("transfer_list")
    # The field of the filter bar holds it, and no hidden one does.
    bar = page.partition('class="filters"')[2].partition("</form>")[0]
    assert bar.count('name="as_of"') == 1
    found = analyst.get(reverse("claim_list"), time | {"stage": "delivery"})
    assert [row.pk for row in found.context["rows"]] == [story["claim"].pk]


@pytest.mark.django_db(transaction=True)
def test_a_page_of_the_past_that_takes_too_long_says_so(analyst, story, monkeypatch):
    def slow(self, sql):
        return f"SELECT pg_sleep(1); {sql}" if '"tracker_claim"' in sql else sql

    monkeypatch.setattr(Shadow, "shadowed", slow)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 200")
    answer = analyst.get(reverse("claim_list"), at(story["edited"]))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 5000")
    assert answer.status_code == 503
    assert "too much of it for a page" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_of_the_past_costs_what_a_page_of_today_costs(analyst, story, django_assert_num_queries):
    # One more asks what has changed since, and in a list one picks the rows of the page.
    lists = [(reverse("transfer_list"), 2), (reverse("claim_list"), 2)]
    for address, more in ((story["other"].get_absolute_url(), 1), *lists):
        analyst.get(address)
        with CaptureQueriesContext(connection) as today:
            analyst.get(address)
        time = at(clock())
        with django_assert_num_queries(len(today) + more):
            analyst.get(address, time)


@pytest.mark.django_db(transaction=True)
def test_a_day_is_over_at_the_reader_s_midnight(sign_in):
    make_claim(make_transfer())
    reader = sign_in("analyst", time_zone="Asia/Jakarta")
    with timezone.override("Asia/Jakarta"):
        today = timezone.localdate()
        assert moment(today.isoformat()).at == datetime.combine(
            today + timedelta(days=1), datetime.min.time(), timezone.get_current_timezone()
        ) - timedelta(microseconds=1)
    for wanted, number in ((today, 1), (today - timedelta(days=1), 0)):
        assert len(reader.get(reverse("claim_list"), {"as_of": wanted.isoformat()}).context["rows"]) == number


@pytest.mark.parametrize(
    "written",
    ["soon", "2024-02-30", "2024-13-01", "2024-01-01T25:00", "99999-01-01", "9999-12-31", "2024-01-01'; --", "\0", "0"],
)
def test_what_is_no_time_of_the_past_is_refused_in_words(analyst, written):
    with pytest.raises(NotATime):
        moment(written)
    claim = make_claim(make_transfer())
    for address in (claim.get_absolute_url(), claim.transfer.get_absolute_url(), reverse("claim_list")):
        answer = analyst.get(address, {"as_of": written})
        assert answer.status_code == 422
        assert "2024-03-01" in answer.content.decode() or "yet to come" in answer.content.decode()
    for name in ("claims", "transfers"):
        answer = analyst.get(reverse(f"export_{name}"), {"as_of": written})
        assert answer.status_code == 400


@pytest.mark.parametrize("written", ["2024-03-01T08:00", "2024-03-01T08:00:00Z", "2024-03-01T15:00:00 07:00"])
def test_a_time_may_name_its_zone(written):
    assert moment(written).at == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_tomorrow_is_refused_and_today_is_taken():
    today = timezone.localdate()
    assert moment(today.isoformat()).whole_day
    for written in ((today + timedelta(days=1)).isoformat(), (timezone.now() + timedelta(hours=1)).isoformat()):
        with pytest.raises(NotATime, match="yet to come"):
            moment(written)


def test_events_have_no_earlier_time(analyst):
    assert analyst.get(reverse("export_events"), {"as_of": "2024-03-01"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_down_stays_down(analyst, story):
    article = story["claim"].article
    type(article).objects.filter(pk=article.pk).update(withheld_at=timezone.now(), withheld_reason="a court's order")
    page = analyst.get(story["claim"].get_absolute_url(), at(story["edited"])).content.decode()
    assert story["claim"].quote not in page
    assert story["claim"].quote.encode() not in exported("claims", **at(story["edited"]), article=str(article.pk))
