"""The page on which a reviewer judges a transfer."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_claim, make_item, make_transfer, make_user
from tests.tracker.review.test_views import filled_in
from tracker.decisions import undo
from tracker.models import Claim, Decision, Transfer
from tracker.review.forms import ClaimForm, initial_of_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    client.force_login(make_user("reviewer"), "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def transfer():
    transfer = make_transfer()
    make_claim(transfer, origin=make_actor("US", "United States"))
    return transfer


def sent(transfer, **values):
    return {"version": transfer.version, "key": uuid4(), "credibility": 6, "note": ""} | values


def send(client, transfer, **values):
    return client.post(reverse("transfer_grade", args=[transfer.public_id]), sent(transfer, **values))


def test_a_reviewer_judges_a_transfer_and_takes_it_back(reviewer, transfer):
    page = reviewer.get(reverse("transfer_grade", args=[transfer.public_id])).content.decode()
    assert "1 independent origin supports it: United States." in page
    answer = send(reviewer, transfer, credibility=2, note="Two photographs.")
    assert answer.status_code == 302
    page = reviewer.get(transfer.get_absolute_url()).content.decode()
    assert "2 probably true" in page
    assert "Two photographs." in page
    undo(Decision.objects.get(), by=make_user(), key=uuid4())
    now = Transfer.objects.get()
    assert (now.credibility, now.note, now.updated_at) == (6, "", transfer.updated_at)


def test_credibility_1_below_two_origins_is_an_error_of_the_form(reviewer, transfer):
    answer = send(reviewer, transfer, credibility=1, note="Kept.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Credibility 1 asks for two independent origins. Here is one: United States." in page
    assert "Kept." in page
    make_claim(transfer, origin=make_actor("CL", "Chile"))
    assert send(reviewer, transfer, credibility=1).status_code == 302
    assert Transfer.objects.get().credibility == 1


@pytest.mark.parametrize("values", [{"credibility": 7}, {"credibility": "x"}, {"note": "x" * 10_001}])
def test_what_is_no_grade_is_an_error_of_the_form(reviewer, transfer, values):
    assert send(reviewer, transfer, **values).status_code == 422
    assert Decision.objects.count() == 0


def test_two_who_judge_at_once_see_both_answers_and_lose_none(reviewer, transfer):
    send(reviewer, transfer, credibility=2, note="The first note.")
    answer = send(reviewer, transfer, credibility=4, note="The second note.")
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("The first note.", "The second note.", "4 doubtful", "2 probably true", "6 truth cannot be judged"):
        assert words in page
    now = Transfer.objects.get()
    assert now.note == "The first note."
    assert send(reviewer, now, credibility=4, note="The second note.").status_code == 302


def test_a_form_that_is_sent_twice_acts_once(reviewer, transfer):
    key = uuid4()
    assert send(reviewer, transfer, credibility=2, key=key).status_code == 302
    assert send(reviewer, transfer, credibility=2, key=key).status_code == 302
    assert Decision.objects.count() == 1


def test_a_decision_on_a_grade_costs_few_queries(reviewer, transfer, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        send(reviewer, transfer, credibility=2)


@pytest.mark.parametrize("number", ["T-999999", "T-", "T-x", "12"])
def test_no_such_transfer(reviewer, number):
    assert reviewer.get(reverse("transfer_grade", args=[number])).status_code == 404


def test_a_transfer_that_is_gone_is_not_judged(reviewer):
    gone = make_transfer()
    assert send(reviewer, gone, credibility=2).url == gone.get_absolute_url()
    assert Decision.objects.count() == 0


def test_the_workbench_refuses_credibility_1_with_the_count_and_keeps_what_was_entered(reviewer, transfer):
    item = make_item()
    answer = reviewer.post(reverse("decide", args=[item.event_id]), filled_in(item, credibility=1, note="Kept."))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Credibility 1 asks for two independent origins. Here is one:" in page
    assert "Kept." in page


def test_the_form_of_a_claim_refuses_credibility_1_with_the_count(reviewer, transfer):
    claim = Claim.objects.get()
    form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
    fields = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    fields = {name: "" if value is None else value for name, value in fields.items()}
    fields |= {"evidence_spans": "0-20", "transfer": transfer.public_id, "credibility": 1, "origin": "US"}
    answer = reviewer.post(reverse("claim_edit", args=[claim.pk]), sent(claim) | fields | {"verdict": "save"})
    assert answer.status_code == 422
    assert "Here is one: United States." in answer.content.decode()
