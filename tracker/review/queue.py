"""Which event comes next, and who holds it: leases that hand one event to one reviewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.codes import Category, Language
from tracker.models import ReviewItem, User

ORDERS = {
    "oldest": _("Oldest first"),
    "least_sure": _("Least sure first"),
    "mine": _("Assigned to me"),
    "contested": _("Contested"),
    "flagged": _("Flagged"),
    "second": _("Second opinions"),
    "adjudicate": _("To adjudicate"),
}
# Beyond it a count costs more than it tells.
COUNTED = 10_000
# Where each event that is counted has to be looked up elsewhere.
COUNTED_FILTERED = 1_000

UNFLAGGED = "NOT r.flagged"
# Nobody approves their own work.
ANSWERED_BY_OTHERS = """NOT EXISTS (
    SELECT 1 FROM tracker_opinion o WHERE o.item_id = r.id AND o.user_id = %(user)s AND NOT o.withdrawn)"""
WHICH = {
    "oldest": UNFLAGGED,
    "least_sure": UNFLAGGED,
    "mine": "r.assigned_to_id = %(user)s",
    # Between the two parties stands a transfer that is contested.
    "contested": f"""{UNFLAGGED} AND (r.supplier_id, r.recipient_id) IN (
        SELECT t.supplier_id, t.recipient_id FROM tracker_transfer t WHERE t.contested AND t.state = 'standing')""",
    "flagged": "r.flagged",
    "second": ANSWERED_BY_OTHERS,
    "adjudicate": ANSWERED_BY_OTHERS,
}
# The state that the events of a queue are in, where they do not wait for their first decision.
STATES = {"second": ReviewItem.State.AWAITING_SECOND, "adjudicate": ReviewItem.State.ADJUDICATING}
OF_ARTICLE = """r.event_id IN (
    SELECT e.id FROM articles_extractedevent e JOIN articles_article a ON a.id = e.article_id WHERE {})"""
FILTERS = {
    "outlet": OF_ARTICLE.format("a.outlet_id = %(outlet)s"),
    "language": OF_ARTICLE.format("a.language = %(language)s"),
    "category": "r.event_id IN (SELECT e.id FROM articles_extractedevent e WHERE e.category = %(category)s)",
    "actor": """(r.supplier_id = (SELECT p.id FROM tracker_actor p WHERE p.code = %(actor)s)
    OR r.recipient_id = (SELECT p.id FROM tracker_actor p WHERE p.code = %(actor)s))""",
}
FREE = "(r.leased_until IS NULL OR r.leased_until < now() OR r.leased_by_id = %(user)s)"
# What is assigned to somebody else comes last: an assignment leaves nobody without work, and no event undone.
UNASSIGNED = "(r.assigned_to_id IS NULL OR r.assigned_to_id = %(user)s)"

LEASE = """
UPDATE tracker_reviewitem SET leased_by_id = %(user)s, leased_until = now() + %(minutes)s * interval '1 minute'
WHERE id = (
    SELECT r.id FROM tracker_reviewitem r
    WHERE {where}
    ORDER BY {order} LIMIT 1 FOR UPDATE OF r SKIP LOCKED
)
RETURNING event_id
"""
# The row to continue after is looked up by its id, so that a decided one still marks the place.
PLACE = "(r.priority, r.id) {} (SELECT p.priority, p.id FROM tracker_reviewitem p WHERE p.id = %(after)s)"
ONWARD = {"order": "r.id", "after": "r.id > %(after)s"}
BACK = {"order": "r.id DESC", "after": "r.id < %(after)s"}
SURER = {"order": "r.priority, r.id", "after": PLACE.format(">")}
LESS_SURE = {"order": "r.priority DESC, r.id DESC", "after": PLACE.format("<")}

PROGRESS = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM tracker_reviewitem r WHERE {where}
                              ORDER BY r.id LIMIT %(counted)s + 1) AS waiting),
       (SELECT count(*) FROM tracker_decision d
        WHERE d.user_id = %(user)s AND d.verdict <> 'undo'
          AND d.created_at >= date_trunc('day', now(), %(zone)s)
          AND NOT EXISTS (SELECT 1 FROM tracker_decision u WHERE u.undoes_id = d.id))
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """Which events a reviewer goes through, in which order: one of ORDERS, and the values of FILTERS."""

    order: str = "oldest"
    filters: tuple[tuple[str, Any], ...] = ()

    @property
    def query(self) -> str:
        """The query string that asks for this queue."""
        return urlencode({"order": self.order} | dict(self.filters))

    @property
    def label(self) -> Any:
        """What the queue is called."""
        return ORDERS[self.order]

    @property
    def where(self) -> str:
        """The condition on `tracker_reviewitem r`, with the parameters of `values`."""
        # Written out, so that the indexes of the queues are found.
        state = f"r.state = '{STATES.get(self.order, ReviewItem.State.PENDING)}'"
        return " AND ".join([state, WHICH[self.order], *(FILTERS[name] for name, _value in self.filters)])

    def values(self, user: User) -> dict[str, Any]:
        """The parameters of `where`."""
        return {"user": user.pk} | dict(self.filters)


EVERY = Queue()


def asked_for(data: Mapping[str, str]) -> Queue:
    """The queue that the fields of a request ask for; what is not understood is left out."""
    order = data.get("order") or ""
    outlet, actor = data.get("outlet") or "", data.get("actor") or ""
    filters: dict[str, Any] = {}
    if outlet.isdecimal() and len(outlet) < 10:
        filters["outlet"] = int(outlet)
    if data.get("language") in Language.values:
        filters["language"] = data["language"]
    if data.get("category") in Category.values:
        filters["category"] = data["category"]
    if actor and "\0" not in actor:
        filters["actor"] = actor[:80]
    return Queue(order if order in ORDERS else "oldest", tuple(filters.items()))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the queue is: events that wait, and the reader's own decisions of today.

    `waiting` is exact up to `most`; one more than that says that there are more.
    """

    waiting: int
    decided_today: int
    most: int = COUNTED

    @property
    def more(self) -> bool:
        """Whether more wait than were counted."""
        return self.waiting > self.most

    @property
    def counted(self) -> int:
        """The number to show, with a + where there are more."""
        return min(self.waiting, self.most)


def next_event(*, by: User, queue: Queue = EVERY, after: int | None = None, back: bool = False) -> int | None:
    """Lease the next waiting event to `by` and return its id; None where nothing waits that nobody else holds.

    `after` is the id of the review to continue from; behind the last one it begins again at the first.
    """
    if queue.order == "least_sure":
        place = LESS_SURE if back else SURER
    else:
        place = BACK if back else ONWARD
    where = [queue.where, FREE]
    # Who was to decide first is no matter once that is done.
    own = where if queue.order == "mine" or queue.order in STATES else [*where, UNASSIGNED]
    attempts = [[*own, place["after"]], own] if after else [own]
    if own is not where:
        attempts.append(where)
    values = queue.values(by) | {"minutes": settings.LEASE_MINUTES, "after": after}
    with connection.cursor() as cursor:
        for conditions in attempts:
            cursor.execute(LEASE.format(where=" AND ".join(conditions), order=place["order"]), values)
            if row := cursor.fetchone():
                return row[0]
    return None


def hold(item: ReviewItem, *, by: User) -> bool:
    """Lease `item` to `by`, or renew the lease. False where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE tracker_reviewitem
               SET leased_by_id = %(user)s, leased_until = now() + %(minutes)s * interval '1 minute'
               WHERE id = %(item)s AND state IN ('pending', 'awaiting_second', 'adjudicating')
                 AND (leased_until IS NULL OR leased_until < now() OR leased_by_id = %(user)s)""",
            {"user": by.pk, "item": item.pk, "minutes": settings.LEASE_MINUTES},
        )
        return cursor.rowcount == 1


def release(item_id: int, *, by: User | None = None) -> None:
    """Give back the lease of `by`, or end anybody's, so that others get the event at once."""
    held = {"leased_by": by} if by else {"leased_by__isnull": False}
    ReviewItem.objects.filter(pk=item_id, **held).update(leased_by=None, leased_until=None)


def progress(user: User, queue: Queue = EVERY) -> Progress:
    """The counts that the workbench and the queue show, in one query. Today is the reader's day."""
    most = COUNTED_FILTERED if queue.filters or queue.order == "contested" else COUNTED
    values = queue.values(user) | {"zone": timezone.get_current_timezone_name(), "counted": most}
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS.format(where=queue.where), values)
        waiting, decided = cursor.fetchone()
    return Progress(waiting, decided, most)
