"""Two reviewers answer an event, each blind to the other; equal answers settle it, and a third settles the others."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_actor, make_article, make_claim, make_event, make_item, make_transfer, make_user
from tests.tracker.link.together import at_once, exported
from tests.tracker.review.test_views import filled_in
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated, last_undoable, undo
from tracker.models import Claim, Decision, Opinion, ReviewItem, Transfer
from tracker.review import actions, adjudication, opinions, queue
from tracker.review.forms import ClaimForm
from tracker.review.opinions import Answer
from tracker.review.queue import Queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [make_user(username=name) for name in ("sari-first", "budi-second", "tuti-third")]


def flagged(**values) -> ReviewItem:
    item = make_item(**values)
    ReviewItem.objects.filter(pk=item.pk).update(flagged=True)
    item.refresh_from_db()
    return item


def values_of(item: ReviewItem, **changes) -> dict:
    form = ClaimForm(filled_in(item, **changes), article=item.event.article)
    assert form.is_valid(), form.errors
    return form.claim_values()


def signed(item: ReviewItem, user, **changes) -> dict:
    return {"item": item, "by": user, "version": item.version, "key": uuid4()} | changes


def first_accepts(item, user, *, transfer=None, new_transfer=False, **changes) -> Claim:
    values = values_of(item, **changes)
    return actions.accept(**signed(item, user), values=values, transfer=transfer, new_transfer=new_transfer)


def second_accepts(item, user, *, transfer=None, new_transfer=False, **changes) -> None:
    values = values_of(item, **changes)
    adjudication.accept(**signed(item, user), values=values, transfer=transfer, new_transfer=new_transfer)


def desk_of(user) -> Client:
    client = Client()
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


def stands(item: ReviewItem) -> tuple[str, str | None]:
    """The state of the event, and of its claim."""
    item.refresh_from_db()
    claim = Claim.objects.filter(event=item.event_id).first()
    return item.state, claim and claim.state


# Who is asked


def test_without_a_rate_and_a_flag_one_reviewer_settles_an_event(people):
    item = make_item()
    first_accepts(item, people[0])
    assert stands(item) == ("accepted", "active")
    assert not Opinion.objects.exists()


def test_the_sample_is_as_large_as_the_rate_and_always_the_same(settings):
    settings.SECOND_OPINION_RATE = 0.2
    drawn = [opinions.drawn(number) for number in range(1, 5001)]
    assert 850 < sum(drawn) < 1150
    assert drawn == [opinions.drawn(number) for number in range(1, 5001)]
    settings.SECRET_KEY = "another installation"
    assert drawn != [opinions.drawn(number) for number in range(1, 5001)]
    for rate, size in ((0, 0), (1, 5000)):
        settings.SECOND_OPINION_RATE = rate
        assert sum(opinions.drawn(number) for number in range(1, 5001)) == size


def test_a_drawn_event_is_marked_at_its_first_decision_and_no_earlier(settings, people):
    settings.SECOND_OPINION_RATE = 1
    item = make_item()
    assert not item.sampled
    first_accepts(item, people[0])
    assert stands(item) == ("awaiting_second", "provisional")
    assert item.sampled


def test_the_demo_is_in_no_sample(settings, people):
    settings.SECOND_OPINION_RATE = 1
    item = make_item(make_event(make_article(demo=True)))
    first_accepts(item, people[0])
    assert stands(item) == ("accepted", "active")


def test_an_event_that_gets_two_answers_is_split_by_nobody(people):
    item = flagged()
    with pytest.raises(Refused, match="gets a second opinion"):
        actions.split(**signed(item, people[0]), parts=[actions.Part(values_of(item))] * 2)
    assert stands(item) == ("pending", None)


# Hidden until both have answered


def test_a_provisional_claim_is_shown_nowhere_and_changes_no_transfer(people):
    transfer = make_transfer()
    make_claim(transfer, reviewed_by=people[2])
    before, row = exported(), Transfer.objects.values().get()
    item = flagged()
    claim = first_accepts(item, people[0], transfer=transfer, supplier="Peru", recipient="Norway", stage="delivery")
    assert stands(item) == ("awaiting_second", "provisional")
    assert exported() == before
    Transfer.objects.derive([transfer.pk])
    assert Transfer.objects.values().get() == row
    reader = desk_of(make_user("admin"))
    assert reader.get(reverse("claim", args=[claim.pk])).status_code == 404
    assert reader.get(reverse("claim_edit", args=[claim.pk])).status_code == 404
    assert reader.get(reverse("report_claim", args=[claim.pk])).status_code == 404
    for address in (
        reverse("claim_list"),
        transfer.get_absolute_url(),
        item.event.article.get_absolute_url(),
        claim.supplier.get_absolute_url(),
        reverse("dashboard"),
    ):
        page = reader.get(address).content.decode()
        assert claim.get_absolute_url() not in page
        assert "sari-first" not in page


def test_an_answer_that_was_taken_back_and_given_anew_is_not_shown_either(people):
    item = flagged()
    old = first_accepts(item, people[0], stage="delivery")
    undo(last_undoable(people[0]), by=people[0], key=uuid4())
    reader = desk_of(people[1])
    assert reader.get(old.get_absolute_url()).status_code == 410
    item.refresh_from_db()
    first_accepts(item, people[0])
    for address in (old.get_absolute_url(), reverse("history", args=["claim", old.pk])):
        assert reader.get(address).status_code == 404
    assert reader.get(reverse("history", args=["event", item.event_id])).status_code == 404
    item.refresh_from_db()
    second_accepts(item, people[1])
    assert reader.get(old.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_the_second_sees_the_machine_s_event_and_neither_the_first_answer_nor_who_gave_it(people, verdict):
    first, second, _third = people
    item, transfer = flagged(), make_transfer()
    make_claim(transfer, reviewed_by=second)
    sent = filled_in(item, supplier="Peru", recipient="Norway", quantity_min="7654321", note="My very own words")
    sent |= {"verdict": "new"} if verdict == "accept" else {"reason": "5"}
    assert desk_of(first).post(reverse("decide", args=[item.event_id]), sent).status_code == 302
    desk = desk_of(second)
    answer = desk.get(reverse("review_next"), {"order": "second"})
    assert answer.url.startswith(reverse("workbench", args=[item.event_id]))
    pages = [
        answer.url,
        reverse("review_queue") + "?order=second",
        item.event.article.get_absolute_url(),
        reverse("history", args=["transfer", transfer.pk]),
        reverse("history", args=["article", item.event.article_id]),
        reverse("transfer_list"),
        transfer.get_absolute_url(),
        make_actor("NO").get_absolute_url(),
        reverse("agreement"),
        reverse("account"),
        reverse("dashboard"),
    ]
    for address in pages:
        page = desk.get(address)
        assert page.status_code == 200, address
        for secret in ("sari-first", "My very own words", 'value="7654321"'):
            assert secret not in page.content.decode(), address
    page = desk.get(answer.url).content.decode()
    assert 'name="supplier" value="Norway"' in page
    assert "decide for yourself" in page
    assert "damaged text" not in page.split('<details class="menu up reject">')[0]


# Nobody approves their own work


@pytest.mark.parametrize("superuser", [False, True])
def test_the_first_is_refused_the_second_answer_even_as_a_superuser(superuser):
    first = make_user("admin", is_superuser=superuser)
    item = flagged()
    first_accepts(item, first)
    item.refresh_from_db()
    desk = desk_of(first)
    for answer in (
        desk.get(reverse("workbench", args=[item.event_id])),
        desk.get(reverse("split", args=[item.event_id])),
        desk.post(reverse("hold", args=[item.event_id])),
        desk.post(reverse("fill", args=[item.event_id, "supplier"]), {"start": 0, "end": 4}),
        desk.post(reverse("decide", args=[item.event_id]), filled_in(item)),
        desk.post(reverse("decide", args=[item.event_id]), filled_in(item, reason="1")),
    ):
        assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        second_accepts(item, first)
    assert queue.next_event(by=first, queue=Queue("second")) is None
    assert Opinion.objects.count() == 1


def test_the_two_are_refused_the_adjudication(people):
    item = flagged()
    first_accepts(item, people[0])
    second_accepts(item, people[1], stage="delivery")
    assert stands(item) == ("adjudicating", "provisional")
    for user in people[:2]:
        desk = desk_of(user)
        assert desk.get(reverse("adjudicate", args=[item.event_id])).status_code == 403
        assert desk.post(reverse("adjudicate", args=[item.event_id]), {"reason": "1"}).status_code == 403
        assert queue.next_event(by=user, queue=Queue("adjudicate")) is None
        with pytest.raises(PermissionDenied):
            adjudication.adjudicate(**signed(item, user), answer=Answer(reason=1))
        # Both have decided: they may read what came of it.
        assert "A third reviewer chooses" in desk.get(reverse("workbench", args=[item.event_id])).content.decode()
    assert queue.next_event(by=people[2], queue=Queue("adjudicate")) == item.event_id


def test_a_double_click_of_the_first_is_no_second_answer(people):
    item = flagged()
    desk, sent = desk_of(people[0]), filled_in(item)
    answers = [desk.post(reverse("decide", args=[item.event_id]), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Opinion.objects.count() == 1
    assert stands(item) == ("awaiting_second", "provisional")


# Equal answers settle it


def test_the_same_answer_twice_shows_the_claim_and_derives_its_transfer(people):
    item, transfer = flagged(), make_transfer()
    make_claim(transfer)
    claim = first_accepts(item, people[0], transfer=transfer)
    second_accepts(item, people[1], transfer=transfer, speaker=" ", note="agreed")
    assert stands(item) == ("accepted", "active")
    claim.refresh_from_db()
    transfer.refresh_from_db()
    assert (claim.transfer, claim.reviewed_by, claim.note) == (transfer, people[0], "agreed")
    assert (transfer.claim_count, item.reviewed_by) == (2, people[1])
    assert [one.round for one in opinions.given(item)] == [1, 2]
    assert [one.verdict for one in Decision.objects.order_by("pk")] == ["link", "second"]


def test_two_who_ask_for_a_new_transfer_get_one(people):
    item = flagged()
    first_accepts(item, people[0], new_transfer=True)
    assert not Transfer.objects.exists()
    second_accepts(item, people[1], new_transfer=True)
    assert stands(item) == ("accepted", "active")
    assert Transfer.objects.get().claim_count == 1


def test_two_rejections_settle_it_with_the_first_reason(people):
    item = flagged()
    actions.reject(**signed(item, people[0]), reason=2)
    assert stands(item) == ("awaiting_second", None)
    assert item.reason is None
    adjudication.reject(**signed(item, people[1]), reason=3)
    assert stands(item) == ("rejected", None)
    assert (item.reason, item.reviewed_by) == (2, people[1])


@pytest.mark.parametrize(
    "change",
    [
        {"supplier": "Peru"},
        {"recipient": "Norway"},
        {"intermediary": "Peru"},
        {"end_user": "Peru"},
        {"category": "artillery"},
        {"quantity_min": "10"},
        {"quantity_unit": "lorry"},
        {"stage": "order"},
        {"modality": "alleged"},
        {"date_from": "2024-01-02"},
        {"speaker": "A minister"},
        {"institution": "A ministry"},
        {"relayed_by": "A paper"},
        {"origin": "Peru"},
    ],
)
def test_a_difference_in_a_field_that_matters_goes_to_a_third(people, change):
    item = flagged()
    first_accepts(item, people[0])
    second_accepts(item, people[1], **change)
    assert stands(item) == ("adjudicating", "provisional")
    assert item.leased_by is None


@pytest.mark.parametrize("change", [{"note": "seen"}, {"translation": "dikirim"}, {"credibility": "3"}])
def test_a_difference_beside_the_matter_does_not(people, change):
    item = flagged()
    first_accepts(item, people[0])
    second_accepts(item, people[1], **change)
    assert stands(item) == ("accepted", "active")
    assert Claim.objects.get().credibility == 6


def test_another_transfer_another_verdict_and_a_merged_transfer(people):
    one, two = make_transfer(), make_transfer()
    make_claim(one), make_claim(two)
    apart, refused, merged = flagged(), flagged(), flagged()
    first_accepts(apart, people[0], transfer=one)
    second_accepts(apart, people[1], transfer=two)
    assert stands(apart) == ("adjudicating", "provisional")
    first_accepts(refused, people[0], transfer=one)
    adjudication.reject(**signed(refused, people[1]), reason=1)
    assert stands(refused) == ("adjudicating", "provisional")
    first_accepts(merged, people[0], transfer=one)
    Transfer.objects.filter(pk=one.pk).update(state="merged", merged_into=two.pk)
    second_accepts(merged, people[1], transfer=two)
    assert stands(merged) == ("accepted", "active")


def test_a_sanction_makes_no_transfer_in_a_second_opinion_either(people):
    item = flagged()
    with pytest.raises(Refused, match="A sanction is no transfer"):
        first_accepts(item, people[0], stage="sanction", new_transfer=True)
    first_accepts(item, people[0], stage="sanction")
    with pytest.raises(Refused, match="A sanction is no transfer"):
        second_accepts(item, people[1], stage="sanction", new_transfer=True)


# A third settles the rest


def chosen(item, **choices) -> dict:
    sent = filled_in(item, **{f"choose-{name}": source for name, source in choices.items()})
    return sent | {"order": "adjudicate"}


@pytest.fixture
def disputed(people):
    """An event of which the second says another stage, another quantity and a new transfer."""
    item, transfer = flagged(), make_transfer()
    make_claim(transfer)
    first_accepts(item, people[0], transfer=transfer, quantity_min="10", quantity_max="10")
    second_accepts(item, people[1], new_transfer=True, stage="delivery", quantity_min="12", quantity_max="12")
    item.refresh_from_db()
    return item


def test_the_third_sees_both_beside_the_machine_and_chooses_field_by_field(people, disputed):
    desk = desk_of(people[2])
    assert desk.get(reverse("workbench", args=[disputed.event_id])).url.startswith(
        reverse("adjudicate", args=[disputed.event_id])
    )
    page = desk.get(reverse("adjudicate", args=[disputed.event_id])).content.decode()
    for name in ("stage", "quantity", "transfer"):
        assert page.count(f'name="choose-{name}"') == 4
    assert 'name="choose-supplier"' not in page
    assert "delivery" in page
    sent = chosen(disputed, stage="second", quantity="first", transfer="second")
    answer = desk.post(reverse("adjudicate", args=[disputed.event_id]), sent)
    assert answer.status_code == 302
    assert stands(disputed) == ("accepted", "active")
    claim = Claim.objects.get(event=disputed.event_id)
    assert (claim.stage, claim.quantity_min, claim.reviewed_by) == ("delivery", 10, people[2])
    assert claim.transfer.claim_count == 1
    assert Decision.objects.first().verdict == "adjudicate"
    assert [one.round for one in opinions.given(disputed)] == [1, 2, 3]


def test_the_third_may_take_the_machine_s_value_or_type_another(people, disputed):
    sent = chosen(disputed, stage="machine", quantity="typed", transfer="machine")
    sent |= {"quantity_min": "11", "quantity_max": "11"}
    desk_of(people[2]).post(reverse("adjudicate", args=[disputed.event_id]), sent)
    claim = Claim.objects.get(event=disputed.event_id)
    assert (claim.stage, claim.quantity_min, claim.transfer) == ("shipment", 11, None)


def test_htmx_gets_the_card_that_asks_again_and_is_led_onward_when_it_is_settled(people, disputed):
    desk, address = desk_of(people[2]), reverse("adjudicate", args=[disputed.event_id])
    assert f'hx-post="{address}"' in desk.get(address).content.decode()
    fragment = desk.post(address, chosen(disputed, stage="second"), headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    assert fragment.content.decode().lstrip().startswith('<div id="workbench"')
    every = chosen(disputed, stage="second", quantity="second", transfer="second")
    settled = desk.post(address, every, headers={"HX-Request": "true"})
    assert settled["HX-Redirect"] == "/review/?order=adjudicate"
    assert stands(disputed) == ("accepted", "active")


def test_a_field_without_a_choice_is_asked_for_and_what_was_entered_stays(people, disputed):
    sent = chosen(disputed, stage="second") | {"note": "Kept words"}
    answer = desk_of(people[2]).post(reverse("adjudicate", args=[disputed.event_id]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose an answer: Quantity." in page
    assert "Kept words" in page
    assert 'name="choose-stage" value="second" aria-describedby="row-stage" checked' in page
    assert stands(disputed) == ("adjudicating", "provisional")


def test_the_third_may_reject_and_the_provisional_claim_goes(people, disputed):
    sent = chosen(disputed) | {"reason": "4"}
    desk_of(people[2]).post(reverse("adjudicate", args=[disputed.event_id]), sent)
    assert stands(disputed) == ("rejected", "retracted")
    assert disputed.reason == 4


def test_where_one_has_rejected_the_third_begins_from_the_other_answer(people):
    item = flagged()
    actions.reject(**signed(item, people[0]), reason=2)
    second_accepts(item, people[1], stage="delivery")
    desk = desk_of(people[2])
    page = desk.get(reverse("adjudicate", args=[item.event_id])).content.decode()
    assert "domestic or own forces" in page
    item.refresh_from_db()
    answer = desk.post(reverse("adjudicate", args=[item.event_id]), chosen(item, stage="second"))
    assert answer.status_code == 302
    assert stands(item) == ("accepted", "active")
    assert Claim.objects.get().stage == "delivery"


def test_an_older_version_and_an_unknown_reason_are_told(people, disputed):
    desk, address = desk_of(people[2]), reverse("adjudicate", args=[disputed.event_id])
    assert desk.post(address, chosen(disputed) | {"reason": "9"}).status_code == 422
    stale = chosen(disputed, stage="first", quantity="first", transfer="first") | {"version": 1, "note": "Kept words"}
    answer = desk.post(address, stale)
    assert answer.status_code == 409
    assert "Kept words" in answer.content.decode()
    again = Decision.objects.latest("pk").key
    with pytest.raises(Repeated):
        adjudication.adjudicate(**signed(disputed, people[2], key=again), answer=Answer(reason=1))


# Undo, in order


def test_every_step_is_undone_in_order_and_refused_out_of_order(people, disputed):
    first, second, third = people
    before = exported()
    adjudication.adjudicate(**signed(disputed, third), answer=Answer(values_of(disputed, stage="order")))
    assert stands(disputed) == ("accepted", "active")
    with pytest.raises(CannotUndo, match="tuti-third has changed it since \\(adjudicated\\)"):
        undo(last_undoable(second), by=second, key=uuid4())
    with pytest.raises(CannotUndo, match="has changed it since"):
        undo(last_undoable(first), by=first, key=uuid4())
    undo(last_undoable(third), by=third, key=uuid4())
    assert stands(disputed) == ("adjudicating", "provisional")
    assert exported() == before
    with pytest.raises(CannotUndo, match="budi-second has changed it since \\(second opinion given\\)"):
        undo(last_undoable(first), by=first, key=uuid4())
    undo(last_undoable(second), by=second, key=uuid4())
    assert stands(disputed) == ("awaiting_second", "provisional")
    undo(last_undoable(first), by=first, key=uuid4())
    assert stands(disputed) == ("pending", "retracted")
    assert not Opinion.objects.filter(withdrawn=False).exists()
    assert exported() == before
    # And all of it again, by the same people.
    disputed.refresh_from_db()
    first_accepts(disputed, first)
    second_accepts(disputed, second)
    assert disputed.state == "accepted"
    assert Claim.objects.shown().filter(event=disputed.event_id).count() == 1


def test_do_and_undo_of_an_agreement_leave_the_same_export(people):
    item = flagged()
    first_accepts(item, people[0], new_transfer=True)
    before = exported()
    second_accepts(item, people[1], new_transfer=True)
    assert exported() != before
    undo(last_undoable(people[1]), by=people[1], key=uuid4())
    assert exported() == before
    assert stands(item) == ("awaiting_second", "provisional")


# The queue


def test_the_second_gets_it_at_once_under_a_lease_of_their_own(people):
    item = flagged()
    assert queue.next_event(by=people[0], queue=Queue("flagged")) == item.event_id
    first_accepts(item, people[0])
    assert queue.next_event(by=people[1], queue=Queue("second")) == item.event_id
    assert queue.next_event(by=people[2], queue=Queue("second")) is None
    assert queue.next_event(by=people[2], queue=Queue("flagged")) is None
    assert desk_of(people[1]).post(reverse("hold", args=[item.event_id])).status_code == 204
    assert desk_of(people[2]).post(reverse("hold", args=[item.event_id])).status_code == 409


@pytest.mark.parametrize("change", [{}, {"supplier": "Sweden", "stage": "delivery"}])
def test_each_answer_takes_at_most_15_queries(people, change):
    make_actor("SE", "Sweden")
    transfer = make_transfer()
    make_claim(transfer)
    items = [flagged() for _ in range(3)]
    for item in items[1:]:
        first_accepts(item, people[2])
        if change:
            second_accepts(item, make_user(), stage="order")
    items.append(flagged())
    link = {"verdict": "link", "transfer": transfer.public_id, "order": "flagged"}
    counts = []
    for user, more in ((people[0], {}), (people[1], change | {"order": "second"})):
        items[0].refresh_from_db()
        sent, desk = filled_in(items[0], **(link | more)), desk_of(user)
        with CaptureQueriesContext(connection) as captured:
            answer = desk.post(reverse("decide", args=[items[0].event_id]), sent, headers={"hx-request": "true"})
        assert answer.status_code == 200
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    assert max(counts) <= 15, counts
    assert stands(items[0])[0] == ("adjudicating" if change else "accepted")
    if change:
        items[0].refresh_from_db()
        sent = chosen(items[0], supplier="second", stage="first")
        desk = desk_of(people[2])
        with CaptureQueriesContext(connection) as captured:
            assert desk.post(reverse("adjudicate", args=[items[0].event_id]), sent).status_code == 302
        assert sum("SAVEPOINT" not in query["sql"] for query in captured) <= 15


# Two at once, each with a connection of its own


@pytest.mark.django_db(transaction=True)
def test_two_second_reviewers_at_once_give_one_second_answer():
    first, *others = (make_user() for _ in range(3))
    for _ in range(6):
        item = flagged()
        first_accepts(item, first)
        item.refresh_from_db()

        def answering(user, item=item):
            own = ReviewItem.objects.select_related("event__article").get(pk=item.pk)
            values = values_of(own)
            return lambda: adjudication.second(**signed(own, user), answer=Answer(values))

        answers = at_once(*map(answering, others))
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "ReviewItem"]
        assert Opinion.objects.filter(item=item).count() == 2
        assert stands(item) == ("accepted", "active")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_the_first_s_undo_and_the_second_answer_at_once_leave_one_of_the_two(verdict):
    first, second = make_user(), make_user()
    for _ in range(8):
        item = flagged()
        if verdict == "accept":
            first_accepts(item, first, new_transfer=True)
        else:
            actions.reject(**signed(item, first), reason=1)
        own = ReviewItem.objects.select_related("event__article").get(pk=item.pk)
        answer = Answer(values_of(own), new_transfer=True) if verdict == "accept" else Answer(reason=1)
        decision = last_undoable(first)

        def undoing(decision=decision):
            try:
                return undo(decision, by=first, key=uuid4())
            except CannotUndo as refused:
                return refused

        def answering(own=own, answer=answer):
            return adjudication.second(**signed(own, second), answer=answer)

        undone, answered = at_once(undoing, answering)
        settled = "accepted" if verdict == "accept" else "rejected"
        if isinstance(undone, CannotUndo):
            assert isinstance(answered, ReviewItem)
            assert stands(item)[0] == settled
            assert Opinion.objects.filter(item=item, withdrawn=False).count() == 2
        else:
            assert isinstance(answered, Conflict)
            assert stands(item)[0] == "pending"
            assert not Opinion.objects.filter(item=item, withdrawn=False).exists()
            assert not Transfer.objects.filter(state="standing", claims__event=item.event_id).exists()
