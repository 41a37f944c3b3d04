"""The figures of agreement, checked against examples worked out by hand, and who sees whose."""

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_actor, make_article, make_event, make_item, make_transfer, make_user
from tracker.models import Decision, Opinion, ReviewItem
from tracker.review import agreement, agreement_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [make_user(username=name) for name in ("sari", "budi", "tuti")]


def desk_of(client, user):
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


def both_answer(first, second, one: dict, two: dict, times: int = 1) -> None:
    """So many events that two reviewers answered: {} rejects, other values are those of the claim."""
    article = make_article()
    for _ in range(times):
        item = make_item(make_event(article))
        for number, user, values in ((1, first, one), (2, second, two)):
            verdict = {"verdict": "accept", "values": values} if values else {"verdict": "reject", "reason": 1}
            Opinion.objects.create(item=item, user=user, round=number, **verdict)


def decided(user, *, seconds=None, verdict="accept", item=None, at=None) -> Decision:
    values = {"created_at": at} if at else {}
    return Decision.objects.create(
        user=user, verdict=verdict, seconds=seconds, item=item, key=uuid4(), changes=[], **values
    )


def of(found, field):
    return next(one for one in found if one.field == field)


YES = {"stage": "order", "supplier": 1}


def test_kappa_of_two_values_is_that_of_the_textbook(people):
    # 20 both accept, 5 only the first, 10 only the second, 15 neither: observed 0.7, by chance 0.5.
    for one, two, times in ((YES, YES, 20), (YES, {}, 5), ({}, YES, 10), ({}, {}, 15)):
        both_answer(*people[:2], one, two, times)
    found = of(agreement.agreements(people[0], everybody=False)[None], "verdict")
    assert (found.events, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_of_three_values_counts_the_fields_of_events_that_both_accept(people):
    # Stages:        talks order use   of the first 6, 4, 2; of the second 5, 5, 2; agreed 4 + 3 + 1 = 8 of 12.
    # By chance: (6·5 + 4·5 + 2·2) / 144 = 54 / 144; kappa = (8/12 - 54/144) / (1 - 54/144) = 42 / 90.
    table = {
        ("talks", "talks"): 4,
        ("talks", "order"): 1,
        ("talks", "use"): 1,
        ("order", "talks"): 1,
        ("order", "order"): 3,
        ("use", "order"): 1,
        ("use", "use"): 1,
    }
    for (one, two), times in table.items():
        both_answer(*people[:2], {"stage": one}, {"stage": two}, times)
    both_answer(*people[:2], {}, {"stage": "talks"}, 3)
    found = agreement.agreements(people[0], everybody=False)[None]
    stage = of(found, "stage")
    assert (stage.events, stage.agreed) == (12, 8)
    assert stage.kappa == pytest.approx(42 / 90)
    assert of(found, "verdict").events == 15


def test_where_one_value_is_all_that_was_said_kappa_is_not_defined(people):
    both_answer(*people[:2], YES, YES, 12)
    stage = of(agreement.agreements(people[0], everybody=False)[None], "stage")
    assert (stage.agreed, stage.kappa, stage.share) == (12, None, 1.0)


def test_less_than_chance_is_negative(people):
    both_answer(*people[:2], YES, {}, 5)
    both_answer(*people[:2], {}, YES, 5)
    assert of(agreement.agreements(people[0], everybody=False)[None], "verdict").kappa == pytest.approx(-1)


def test_the_figures_of_one_reviewer_set_their_answers_against_those_of_the_others(people):
    sari, budi, tuti = people
    both_answer(sari, budi, YES, {}, 3)
    both_answer(budi, sari, YES, YES, 4)
    both_answer(budi, tuti, YES, YES, 2)
    found = agreement.agreements(sari, everybody=False)
    assert set(found) == {None, sari.pk}
    assert (of(found[None], "verdict").events, of(found[None], "verdict").agreed) == (9, 6)
    assert (of(found[sari.pk], "verdict").events, of(found[sari.pk], "verdict").agreed) == (7, 4)
    assert set(agreement.agreements(sari, everybody=True)) == {None, sari.pk, budi.pk, tuti.pk}


def test_a_merged_actor_and_case_and_spaces_make_no_difference(people):
    stays = make_actor("SE", "Sweden")
    gone = make_actor("XX", "Svea", merged_into=stays)
    one, two = {"supplier": gone.pk, "speaker": " A Minister"}, {"supplier": stays.pk, "speaker": "a minister "}
    both_answer(*people[:2], one, two, 2)
    found = agreement.agreements(people[0], everybody=False)[None]
    assert [(one.field, one.agreed) for one in found if one.agreed < 2] == []


def test_the_link_is_a_field_and_a_new_transfer_a_value_of_it(people):
    stays = make_transfer()
    gone = make_transfer(state="merged", merged_into=stays)
    both_answer(*people[:2], YES | {"new_transfer": True}, YES | {"new_transfer": True})
    both_answer(*people[:2], YES | {"new_transfer": True}, YES)
    both_answer(*people[:2], YES, YES)
    Opinion.objects.filter(round=1, item=ReviewItem.objects.latest("pk")).update(transfer=gone)
    Opinion.objects.filter(round=2, item=ReviewItem.objects.latest("pk")).update(transfer=stays)
    link = of(agreement.agreements(people[0], everybody=False)[None], "transfer")
    assert (link.events, link.agreed) == (3, 2)


def test_a_withdrawn_answer_does_not_count(people):
    both_answer(*people[:2], YES, YES, 2)
    Opinion.objects.filter(round=2).update(withdrawn=True)
    assert agreement.agreements(people[0], everybody=False) == {}


def test_seconds_are_those_of_decisions_that_stand(people):
    sari, budi, _tuti = people
    for seconds in (1, 2, 3, 4, 10):
        decided(sari, seconds=seconds)
    decided(budi, seconds=100)
    decided(budi)
    undone = decided(budi, seconds=9000)
    Decision.objects.create(user=budi, verdict="undo", undoes=undone, key=uuid4(), changes=[])
    decided(budi, seconds=9000, verdict="note")
    everyone, own = agreement.pace(sari, everybody=False)
    assert (everyone.user, everyone.decisions, everyone.timed) == (None, 7, 6)
    assert (own.name, own.decisions, own.median) == ("sari", 5, 3)
    assert own.p90 == pytest.approx(7.6)
    assert [one.name for one in agreement.pace(sari, everybody=True)] == ["", "sari", "budi"]


def test_the_precision_of_a_rule_counts_each_event_once_and_the_worst_come_first(people):
    article = make_article()
    for number in range(6):
        reasons = ["frame sent → shipment", "frame sent → shipment", "told by a third party → alleged"]
        reasons += ["cue → denied"] if number < 5 else []
        item = make_item(make_event(article, reasons=reasons))
        state = {"state": "accepted"} if number == 0 else {"state": "rejected", "reason": 1}
        at = datetime(2026, 1, 1, tzinfo=UTC)
        ReviewItem.objects.filter(pk=item.pk).update(reviewed_by=people[0], reviewed_at=at, **state)
        decided(people[0], item=item)
    for _ in range(5):
        item = make_item(make_event(article, reasons=["frame sold → order"]))
        ReviewItem.objects.filter(pk=item.pk).update(state="accepted")
        decided(people[0], item=item)
    for _ in range(4):
        decided(people[0], item=make_item(make_event(article, reasons=["frame rare → use"])))
    found = [(one.rule, one.accepted, one.decided) for one in agreement.precision()]
    assert found == [("frame sent → shipment", 1, 6), ("cue → denied", 1, 5), ("frame sold → order", 5, 5)]


def test_weeks_begin_on_monday_in_the_reader_s_time_zone(people):
    decided(people[0], at=datetime(2026, 11, 15, 23, 30, tzinfo=UTC))
    decided(people[1], at=datetime(2026, 11, 16, 0, 30, tzinfo=UTC))
    found = [(str(one.first), one.decisions, one.own) for one in agreement.by_week(people[0])]
    assert found == [("2026-11-16", 1, 0), ("2026-11-09", 1, 1)]


# The page


@pytest.fixture
def figures(people):
    sari, budi, _tuti = people
    both_answer(sari, budi, YES, YES, 8)
    both_answer(sari, budi, YES, {}, 4)
    for user in (sari, budi):
        decided(user, seconds=4)


def test_a_reviewer_sees_their_own_figures_and_those_of_all_without_names(client, people, figures):
    page = desk_of(client, people[0]).get(reverse("agreement"), {"reviewer": people[1].pk}).content.decode()
    assert "budi" not in page
    assert "67" in page
    assert "too few" in page
    for table in ("fields", "reviewers", "rules", "weeks"):
        answer = client.get(reverse("agreement_csv", args=[table]))
        assert "budi" not in answer.content.decode()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert client.get(reverse("agreement_csv", args=["secrets"])).status_code == 404


def test_an_admin_sees_all_by_name(client, people, figures):
    desk = desk_of(client, make_user("admin", username="admin-one"))
    page = desk.get(reverse("agreement"), {"reviewer": people[1].pk}).content.decode()
    assert "sari" in page
    assert "Kappa, budi" in page
    text = desk.get(reverse("agreement_csv", args=["fields"])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["reviewer"] for row in rows} == {"", "sari", "budi"}
    verdict = rows[0]
    assert (verdict["field"], verdict["events"], verdict["agreed"], verdict["raw_agreement"]) == (
        "verdict",
        "12",
        "8",
        "0.6667",
    )
    paces = list(csv.DictReader(io.StringIO(desk.get(reverse("agreement_csv", args=["reviewers"])).content.decode())))
    assert [(row["reviewer"], row["median_seconds"], row["events_answered_twice"]) for row in paces] == [
        ("", "4.0", "12"),
        ("budi", "4.0", "12"),
        ("sari", "4.0", "12"),
    ]


def test_without_a_decision_the_page_says_what_to_do(client, people):
    page = desk_of(client, people[0]).get(reverse("agreement")).content.decode()
    assert "Nothing is decided yet" in page
    assert reverse("review_queue") in page


def test_the_page_takes_a_fixed_number_of_queries(client, people, figures):
    desk = desk_of(client, people[0])
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse("agreement")).status_code == 200
        counts.append(len(captured))
        both_answer(people[2], people[1], YES, {}, 3)
        decided(people[2], seconds=7)
    assert counts == [8, 8]


def test_a_table_for_a_spreadsheet_is_guarded(client, monkeypatch):
    monkeypatch.setitem(agreement_page.TABLES, "rules", lambda *_: (["rule", "decided"], [["=1+1", -3], ["hedge", 4]]))
    client.force_login(make_user("reviewer"), "tracker.account.backends.RoleBackend")
    address = reverse("agreement_csv", args=["rules"])
    assert client.get(address).content.decode() == "rule,decided\n=1+1,-3\nhedge,4\n"
    guarded = client.get(address, {"for": "spreadsheet"}).content.decode()
    assert guarded == "\ufeffrule,decided\n'=1+1,-3\nhedge,4\n"
