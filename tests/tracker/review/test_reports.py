"""A reader reports a claim as wrong, a reviewer answers, and the reader reads the answer."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_claim, make_transfer, make_user
from tests.tracker.link.together import at_once, exported
from tests.tracker.review.test_claims import save
from tracker.decisions import CannotUndo, Conflict, last_undoable, undo
from tracker.models import Claim, Decision, Report, Transfer
from tracker.review import actions, reports
from tracker.review.forms import ClaimForm, initial_of_claim

pytestmark = pytest.mark.django_db


def desk_of(user) -> Client:
    client = Client()
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def reader():
    return make_user("analyst", username="rina")


@pytest.fixture
def reviewer():
    return make_user(username="wulan")


@pytest.fixture
def claim(reviewer):
    claim = make_claim(make_transfer(), spans={"evidence": [[0, 20]]}, reviewed_by=reviewer)
    return Claim.objects.select_related("article", "transfer").get(pk=claim.pk)


@pytest.fixture
def report(claim, reader):
    return reports.report(claim=claim, text="It says offer, not delivery.", by=reader, key=uuid4())


def sent(report: Report, **changes) -> dict:
    """What the page of an answer sends for the claim as it stands, with changes."""
    claim = Claim.objects.select_related("article", "transfer", "supplier", "recipient").get(pk=report.claim_id)
    form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
    fields = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    values = {name: "" if value is None else value for name, value in fields.items()}
    values |= {"version": claim.version, "report_version": report.version, "key": uuid4(), "answer": "Thank you."}
    return values | {"transfer": claim.transfer.public_id if claim.transfer else ""} | changes


def answer(desk, report, **changes):
    return desk.post(reverse("report_answer", args=[report.pk]), sent(report, **changes))


# Reporting


def test_a_reader_reports_a_claim_and_finds_it_on_its_page_and_their_account(claim, reader):
    desk = desk_of(reader)
    address = reverse("report_claim", args=[claim.pk])
    assert address in desk.get(claim.get_absolute_url()).content.decode()
    assert desk.get(address).status_code == 200
    reply = desk.post(address, {"text": "  It says offer. ", "key": uuid4()})
    assert reply.url == claim.get_absolute_url()
    report = Report.objects.get()
    assert (report.text, report.reported_by, report.claim) == ("It says offer.", reader, claim)
    assert Decision.objects.get().verdict == "report"
    for page in (claim.get_absolute_url(), reverse("account")):
        text = desk.get(page).content.decode()
        assert "It says offer." in text
        assert "waits for an answer" in text


def test_a_double_click_reports_once_and_a_second_report_is_refused_while_one_waits(claim, reader):
    desk, address = desk_of(reader), reverse("report_claim", args=[claim.pk])
    same = {"text": "Wrong.", "key": uuid4()}
    assert [desk.post(address, same).status_code for _ in range(2)] == [302, 302]
    again = desk.post(address, {"text": "Wrong again.", "key": uuid4()})
    assert again.status_code == 422
    assert "You have reported this claim already" in again.content.decode()
    assert "Wrong again." in again.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   "])
def test_a_report_says_what_is_wrong(claim, reader, text):
    reply = desk_of(reader).post(reverse("report_claim", args=[claim.pk]), {"text": text})
    assert reply.status_code == 422
    assert "Say what is wrong." in reply.content.decode()
    assert not Report.objects.exists()


def test_what_is_not_shown_is_not_reported(claim, reader):
    for state in ("provisional", "retracted"):
        Claim.objects.update(state=state)
        assert desk_of(reader).post(reverse("report_claim", args=[claim.pk]), {"text": "x"}).status_code == 404


def test_the_writer_takes_a_report_back_and_nobody_else_does(report, reader, reviewer):
    address = reverse("report_withdraw", args=[report.pk])
    assert desk_of(reviewer).post(address).status_code == 403
    with pytest.raises(PermissionDenied):
        reports.withdraw(report=report, by=reviewer, key=uuid4())
    reply = desk_of(reader).post(address, {"key": uuid4()})
    assert reply.url == report.claim.get_absolute_url()
    report.refresh_from_db()
    assert report.withdrawn
    assert not reports.waiting(reviewer).exists()
    assert Decision.objects.latest("pk").undoes.verdict == "report"
    again = desk_of(reader).post(address, {"key": uuid4()}, follow=True)
    assert "This cannot be undone." in again.content.decode()


def test_an_answered_report_is_not_taken_back(report, reader, reviewer):
    answer(desk_of(reviewer), report, verdict="keep")
    page = desk_of(reader).post(reverse("report_withdraw", args=[report.pk]), follow=True).content.decode()
    assert "It is answered already." in page
    with pytest.raises(CannotUndo, match="wulan has changed it since \\(report answered\\)"):
        undo(last_undoable(reader), by=reader, key=uuid4())


def test_strangers_and_other_readers_see_no_report(report, settings):
    settings.PUBLIC_BROWSING = True
    for desk in (Client(), desk_of(make_user("analyst"))):
        page = desk.get(report.claim.get_absolute_url()).content.decode()
        assert report.text not in page
    assert (
        reverse("report_claim", args=[report.claim_id])
        not in Client().get(report.claim.get_absolute_url()).content.decode()
    )


# The queue


def test_reports_wait_in_the_queue_of_others(report, reviewer, django_assert_num_queries):
    desk = desk_of(reviewer)
    assert reverse("report_list") in desk.get(reverse("review_queue")).content.decode()
    assert report.text in desk.get(reverse("report_list")).content.decode()
    with django_assert_num_queries(6):
        desk.get(reverse("report_list"))
    for _ in range(3):
        reports.report(claim=make_claim(), text="Another one.", by=make_user("analyst"), key=uuid4())
    with django_assert_num_queries(6):
        desk.get(reverse("report_list"))


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_answers_their_own_report(claim, superuser):
    writer = make_user("admin", is_superuser=superuser)
    report = reports.report(claim=claim, text="Mine.", by=writer, key=uuid4())
    desk = desk_of(writer)
    assert "No report waits for an answer" in desk.get(reverse("report_list")).content.decode()
    assert desk.get(reverse("report_answer", args=[report.pk])).status_code == 403
    assert answer(desk, report, verdict="keep").status_code == 403
    with pytest.raises(PermissionDenied):
        reports.answer(report=report, text="x", by=writer, version=1, claim_version=1, key=uuid4())
    with pytest.raises(IntegrityError, match="report_answered_by_another"), transaction.atomic():
        Report.objects.update(answered_by=writer, answered_at=timezone.now())


# Answering


def test_keeping_the_claim_answers_the_reader(report, reader, reviewer, claim):
    before = exported()
    reply = answer(desk_of(reviewer), report, verdict="keep", answer="The text says delivered.", stage="order")
    assert reply.url == reverse("report_list")
    assert exported() == before
    report.refresh_from_db()
    assert (report.answered_by, report.answer) == (reviewer, "The text says delivered.")
    decision = Decision.objects.latest("pk")
    assert (decision.verdict, decision.user) == ("answer", reviewer)
    for page in (claim.get_absolute_url(), reverse("account")):
        text = desk_of(reader).get(page).content.decode()
        assert "The text says delivered." in text
        assert "waits for an answer" not in text


def test_correcting_and_retracting_are_one_decision_with_the_answer_and_one_undo(report, reviewer, claim):
    before, row = exported(), Claim.objects.values().get()
    desk = desk_of(reviewer)
    answer(desk, report, verdict="correct", stage="offer")
    claim.refresh_from_db()
    assert (claim.stage, Transfer.objects.get().stage) == ("offer", "offer")
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    report.refresh_from_db()
    assert report.answered_at is None
    assert exported() == before
    assert Claim.objects.values().get() == row | {"version": 3}
    answer(desk, report, verdict="retract")
    claim.refresh_from_db()
    assert (claim.state, Transfer.objects.get().state) == ("retracted", "withdrawn")
    undo(last_undoable(reviewer), by=reviewer, key=uuid4())
    assert exported() == before


def test_the_reader_of_a_retracted_claim_finds_the_answer(report, reader, reviewer, claim):
    answer(desk_of(reviewer), report, verdict="retract", answer="You are right.")
    desk = desk_of(reader)
    page = desk.get(claim.get_absolute_url())
    assert page.status_code == 410
    assert "You are right." in page.content.decode()
    assert "You are right." in desk.get(reverse("account")).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"verdict": "keep", "answer": " "}, "Write an answer"),
        ({"verdict": "dance"}, "Choose what to do with the claim."),
        ({"verdict": "correct", "supplier": "Atlantis"}, "No actor is called “Atlantis”"),
        ({"verdict": "correct", "transfer_id": "T-999999"}, "Choose the transfer to link to"),
    ],
)
def test_what_cannot_be_stored_is_said_and_keeps_what_was_entered(report, reviewer, changes, message):
    reply = answer(desk_of(reviewer), report, **({"note": "Kept words"} | changes))
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert "Kept words" in reply.content.decode()
    report.refresh_from_db()
    assert report.answered_at is None


def test_a_claim_that_changed_meanwhile_is_a_conflict_field_by_field(report, reviewer, claim):
    stale = sent(report, verdict="correct", stage="offer", answer="Kept answer")
    actions.edit(claim=claim, values={"modality": "denied"}, by=make_user(), version=1, key=uuid4())
    desk, address = desk_of(reviewer), reverse("report_answer", args=[report.pk])
    reply = desk.post(address, stale)
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "Kept answer" in page
    assert 'name="choose-stage"' in page
    assert 'name="choose-modality"' in page
    settled = sent(report, verdict="correct", stage="offer", base="1")
    settled |= {"choose-stage": "mine", "choose-modality": "theirs"}
    assert desk.post(address, settled).status_code == 302
    claim.refresh_from_db()
    assert (claim.stage, claim.modality) == ("offer", "denied")


def test_a_double_click_answers_once(report, reviewer):
    desk, once = desk_of(reviewer), sent(report, verdict="keep")
    address = reverse("report_answer", args=[report.pk])
    assert [desk.post(address, once).status_code for _ in range(2)] == [302, 302]
    assert Decision.objects.filter(verdict="answer").count() == 1


def test_the_report_of_a_claim_that_is_retracted_by_now_is_still_answered(report, reviewer, claim):
    actions.retract(claim=claim, by=make_user(), version=1, key=uuid4())
    desk = desk_of(reviewer)
    page = desk.get(reverse("report_answer", args=[report.pk])).content.decode()
    assert "This claim is retracted by now." in page
    assert 'value="retract"' not in page
    assert answer(desk, report, verdict="keep").status_code == 302


def test_an_edit_of_the_claim_leaves_its_report_open(report, reviewer, claim):
    save(desk_of(reviewer), claim, stage="offer")
    assert reports.waiting(reviewer).get() == report


def test_selected_words_fill_a_field_and_store_nothing(report, reviewer, claim):
    start = claim.article.text.index("Peru")
    address = reverse("report_answer", args=[report.pk]) + "?fill=recipient"
    reply = desk_of(reviewer).post(address, sent(report, start=start, end=start + 4))
    assert f'name="recipient_spans" value="{start}-{start + 4}"' in reply.content.decode()
    assert not Decision.objects.filter(verdict="answer").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_give_one_answer():
    users = [make_user(), make_user()]
    for _ in range(4):
        report = reports.report(claim=make_claim(), text="Wrong.", by=make_user("analyst"), key=uuid4())

        def answering(user, pk=report.pk):
            own = Report.objects.select_related("claim").get(pk=pk)
            write = {"report": own, "text": "So.", "by": user, "version": 1, "claim_version": 1, "key": uuid4()}
            return lambda: reports.answer(**write, retract=user == users[0])

        answers = at_once(*map(answering, users))
        assert sorted(type(one).__name__ for one in answers) == ["Conflict", "NoneType"], answers
        assert isinstance(next(one for one in answers if one), Conflict)
        assert Report.objects.filter(pk=report.pk, answered_at__isnull=False).count() == 1


def test_htmx_gets_the_card_that_asks_again_and_is_led_onward_when_it_is_answered(report, reviewer):
    desk, address = desk_of(reviewer), reverse("report_answer", args=[report.pk])
    assert f'hx-post="{address}"' in desk.get(address).content.decode()
    fragment = desk.post(address, sent(report, answer=""), headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    assert fragment.content.decode().lstrip().startswith('<div id="workbench"')
    answered = desk.post(address, sent(report, verdict="keep", answer="It is right."), headers={"HX-Request": "true"})
    assert answered["HX-Redirect"] == reverse("report_list")
