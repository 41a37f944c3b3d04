"""Which event comes next, and who holds it: leases that hand one event to one reviewer."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models import ReviewItem, User

ORDERS = {"oldest": _("Oldest first"), "least_sure": _("Least sure first"), "flagged": _("Flagged")}

# The row to continue after is looked up by its id, so that a decided one still marks the place.
LEASE = """
UPDATE tracker_reviewitem SET leased_by_id = %(user)s, leased_until = now() + %(minutes)s * interval '1 minute'
WHERE id = (
    SELECT r.id FROM tracker_reviewitem r
    WHERE r.state = 'pending' AND r.flagged = %(flagged)s
      AND (r.leased_until IS NULL OR r.leased_until < now() OR r.leased_by_id = %(user)s)
      AND {after}
    ORDER BY {order} LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING event_id
"""
PLACES = {
    "next": {"order": "r.id", "after": "r.id > %(after)s"},
    "back": {"order": "r.id DESC", "after": "r.id < %(after)s"},
    "least_sure": {
        "order": "r.priority, r.id",
        "after": "(r.priority, r.id) > (SELECT p.priority, p.id FROM tracker_reviewitem p WHERE p.id = %(after)s)",
    },
    "least_sure_back": {
        "order": "r.priority DESC, r.id DESC",
        "after": "(r.priority, r.id) < (SELECT p.priority, p.id FROM tracker_reviewitem p WHERE p.id = %(after)s)",
    },
}
FIRST = {"after": "true"}
PROGRESS = """
SELECT count(*) FILTER (WHERE NOT flagged), count(*) FILTER (WHERE flagged),
       (SELECT count(*) FROM tracker_decision d
        WHERE d.user_id = %(user)s AND d.verdict <> 'undo'
          AND d.created_at >= date_trunc('day', now(), %(zone)s)
          AND NOT EXISTS (SELECT 1 FROM tracker_decision u WHERE u.undoes_id = d.id))
FROM tracker_reviewitem WHERE state = 'pending'
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the queue is: events that wait, and the reader's own decisions of today."""

    waiting: int
    flagged: int
    decided_today: int


def next_event(*, by: User, order: str = "oldest", after: int | None = None, back: bool = False) -> int | None:
    """Lease the next waiting event to `by` and return its id; None where nothing waits that nobody else holds.

    `after` is the id of the review to continue from; behind the last one it begins again at the first.
    """
    place = ("least_sure" if order == "least_sure" else "next") if not back else "back"
    if back and order == "least_sure":
        place = "least_sure_back"
    attempts = [PLACES[place], PLACES[place] | FIRST] if after else [PLACES[place] | FIRST]
    values = {
        "user": by.pk,
        "minutes": settings.LEASE_MINUTES,
        "flagged": order == "flagged",
        "after": after,
    }
    with connection.cursor() as cursor:
        for clauses in attempts:
            cursor.execute(LEASE.format(**clauses), values)
            if row := cursor.fetchone():
                return row[0]
    return None


def hold(item: ReviewItem, *, by: User) -> bool:
    """Lease `item` to `by`, or renew the lease. False where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE tracker_reviewitem
               SET leased_by_id = %(user)s, leased_until = now() + %(minutes)s * interval '1 minute'
               WHERE id = %(item)s AND state = 'pending'
                 AND (leased_until IS NULL OR leased_until < now() OR leased_by_id = %(user)s)""",
            {"user": by.pk, "item": item.pk, "minutes": settings.LEASE_MINUTES},
        )
        return cursor.rowcount == 1


def release(item_id: int, *, by: User) -> None:
    """Give back a lease, so that others get the event at once."""
    ReviewItem.objects.filter(pk=item_id, leased_by=by).update(leased_by=None, leased_until=None)


def progress(user: User) -> Progress:
    """The counts that the workbench and the queue show, in one query. Today is the reader's day."""
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, {"user": user.pk, "zone": timezone.get_current_timezone_name()})
        return Progress(*cursor.fetchone())
