"""Which event comes next: orders, filters, assignments, leases. Leases are tried by connections of their own."""

import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import make_actor, make_article, make_claim, make_event, make_item, make_outlet, make_transfer
from tests.factories import make_user as make
from tests.tracker.review.test_views import filled_in
from tracker.decisions import last_undoable, undo
from tracker.models import Decision, ReviewItem, SavedView
from tracker.review import queue
from tracker.review.queue import Queue, asked_for, next_event, progress


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def reviewer(db):
    return make(username="sari")


@pytest.fixture
def desk(reviewer):
    return signed_in(reviewer)


@pytest.fixture
def admin(db):
    return make("admin", username="rahma")


# Orders and filters


def walk(by, line: Queue) -> list[int]:
    """The events of the queue, one after the other, until it begins again."""
    found, after = [], None
    while (event := next_event(by=by, queue=line, after=after)) not in {None, *found}:
        found.append(event)
        after = ReviewItem.objects.get(event=event).pk
    return found


@pytest.mark.django_db
def test_contested_holds_what_lies_between_the_parties_of_a_contested_transfer(reviewer):
    transfer = make_transfer()
    make_claim(transfer)
    plain = make_item(make_event(recipient_code="CL", recipient_name="Chile"))
    contested = make_item()
    assert walk(reviewer, Queue("contested")) == []
    make_claim(transfer, modality="denied")
    assert transfer.contested
    assert walk(reviewer, Queue("contested")) == [contested.event_id]
    assert walk(reviewer, Queue()) == [plain.event_id, contested.event_id]


@pytest.mark.django_db
def test_filters_narrow_the_queue_and_its_progress(reviewer, desk):
    outlet = make_outlet("Andes Wire")
    there = make_item(make_event(make_article(outlet=outlet), category="drones"))
    other = make_item(make_event(make_article(language="id"), supplier_code="SE", supplier_name="Sweden"))
    cases = {
        f"outlet={outlet.pk}": there,
        "language=en": there,
        "category=drones": there,
        "actor=NO": there,
        "actor=SE": other,
        "language=id&actor=PE": other,
    }
    for query, item in cases.items():
        asked = dict(part.split("=") for part in query.split("&"))
        assert walk(reviewer, asked_for(asked)) == [item.event_id], query
        assert progress(reviewer, asked_for(asked)).waiting == 1
        page = desk.get(f"{reverse('review_queue')}?{query}").content.decode()
        assert reverse("workbench", args=[item.event_id]) in page
        assert (there if item is other else other).event_id not in walk(reviewer, asked_for(asked))
    assert walk(reviewer, asked_for({"language": "en", "actor": "SE"})) == []
    page = desk.get(f"{reverse('review_queue')}?language=en&actor=SE").content.decode()
    assert "Nothing waits in this queue" in page


@pytest.mark.django_db
def test_a_filtered_queue_goes_on_filtered_and_can_be_saved(reviewer, desk):
    first, _other, third = make_item(), make_item(make_event(category="drones")), make_item()
    line = "order=least_sure&category=armoured_vehicles"
    answer = desk.post(reverse("decide", args=[first.event_id]), filled_in(first, line=line))
    assert answer.url == f"{reverse('workbench', args=[third.event_id])}?{line}"
    assert f'name="line" value="{line.replace("&", "&amp;")}"' in desk.get(answer.url).content.decode()


@pytest.mark.django_db
def test_nonsense_in_the_address_is_the_plain_queue():
    nonsense = {"order": "dance", "outlet": "-1", "language": "xx", "category": "'", "actor": "\0"}
    assert asked_for(nonsense) == Queue()


@pytest.mark.django_db
def test_counts_end_where_they_cost_more_than_they_tell(reviewer, desk, monkeypatch):
    monkeypatch.setattr(queue, "COUNTED", 2)
    items = [make_item() for _ in range(4)]
    found = progress(reviewer)
    assert (found.waiting, found.counted, found.more) == (3, 2, True)
    page = desk.get(reverse("workbench", args=[items[0].event_id])).content.decode()
    assert "more than 2 left" in page


# Assignments


@pytest.mark.django_db
def test_an_admin_assigns_ticked_articles_and_one_undo_takes_it_back(admin, reviewer):
    items = [make_item() for _ in range(3)]
    office = signed_in(admin)
    page = office.get(reverse("review_queue")).content.decode()
    assert page.count('name="article"') == 3
    ticked = [item.event.article_id for item in items[:2]]
    data = {"article": ticked, "to": reviewer.pk, "key": uuid4()}
    for _ in range(2):
        office.post(reverse("assign"), data)
    assert Decision.objects.get().verdict == "assign"
    assert walk(reviewer, Queue("mine")) == [items[0].event_id, items[1].event_id]
    assert "sari" in office.get(reverse("review_queue")).content.decode()
    undo(last_undoable(admin), by=admin, key=uuid4())
    assert walk(reviewer, Queue("mine")) == []


@pytest.mark.django_db
def test_what_is_assigned_to_another_comes_last_and_never_leaves_nothing(admin, reviewer):
    first, second = make_item(), make_item()
    signed_in(admin).post(reverse("assign"), {"event": first.event_id, "to": admin.pk, "key": uuid4()})
    assert next_event(by=reviewer) == second.event_id
    ReviewItem.objects.filter(pk=second.pk).update(state="superseded")
    assert next_event(by=reviewer) == first.event_id


@pytest.mark.django_db
def test_assigning_ends_the_lease_of_another_and_goes_to_no_analyst(admin, reviewer):
    item = make_item()
    next_event(by=reviewer)
    office = signed_in(admin)
    assert office.post(reverse("assign"), {"event": item.event_id, "to": make("analyst").pk}).status_code == 404
    office.post(reverse("assign"), {"event": item.event_id, "to": admin.pk, "key": uuid4()})
    item.refresh_from_db()
    assert (item.assigned_to, item.leased_by) == (admin, None)
    answer = office.post(reverse("assign"), {"key": uuid4()}, follow=True)
    assert "Nothing was ticked" in answer.content.decode()


@pytest.mark.django_db
def test_an_admin_ends_a_lease(admin, reviewer):
    item = make_item()
    next_event(by=reviewer)
    office = signed_in(admin)
    assert "End the lease" in office.get(reverse("workbench", args=[item.event_id])).content.decode()
    office.post(reverse("release", args=[item.event_id]))
    assert next_event(by=admin) == item.event_id


@pytest.mark.django_db
def test_the_saved_queues_of_a_reviewer_are_on_the_page(reviewer, desk):
    data = {"path": reverse("review_queue"), "query": "order=oldest&language=id", "name": "Indonesian"}
    assert desk.post(reverse("save_view"), data).url == "/review/?order=oldest&language=id"
    assert SavedView.objects.get().user == reviewer
    assert "Indonesian" in desk.get(reverse("review_queue")).content.decode()


# Leases


@pytest.mark.django_db(transaction=True)
def test_several_reviewers_at_once_never_get_the_same_event_and_none_is_left():
    """Four connections take, decide and take on, until nothing waits; each believes what the database tells it."""
    make_actor("NO", "Norway"), make_actor("PE", "Peru")
    items = [make_item() for _ in range(24)]
    reviewers = [make(username=f"reviewer-{number}") for number in range(4)]
    begin = threading.Barrier(4)
    taken: list[tuple[int, int]] = []
    too_early: list[int] = []

    def work(user) -> None:
        try:
            begin.wait()
            after = None
            while (event := next_event(by=user, after=after)) is not None:
                taken.append((event, user.pk))
                item = ReviewItem.objects.get(event=event)
                after = item.pk
                ReviewItem.objects.filter(pk=item.pk, version=1).update(state="superseded", version=2)
            free = ReviewItem.objects.filter(state="pending", leased_by=None).count()
            too_early.extend([user.pk] * free)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[user]) for user in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(event for event, _user in taken) == Counter(item.event_id for item in items)
    assert too_early == []


@pytest.mark.django_db(transaction=True)
def test_an_event_that_another_connection_is_taking_is_passed_over_without_waiting():
    first, second = make_item(), make_item()
    sari, wulan = make(username="sari"), make(username="wulan")
    taking, taken = threading.Event(), threading.Event()

    def take() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                assert next_event(by=sari) == first.event_id
                taking.set()
                assert taken.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    assert taking.wait(20)
    assert next_event(by=wulan) == second.event_id
    taken.set()
    thread.join()
    assert dict(ReviewItem.objects.values_list("event", "leased_by__username")) == {
        first.event_id: "sari",
        second.event_id: "wulan",
    }
