"""When somebody was here before, so that a page can say what is new to them."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tracker.models import User, Visit

# Views that lie further apart belong to two visits; what lies closer than STEP is not written down again.
GAP, STEP = timedelta(hours=1), timedelta(minutes=5)


def last_visit(user: User | AnonymousUser) -> datetime | None:
    """When the user's last visit ended; None in the first one, and for somebody who has not signed in."""
    if not isinstance(user, User):
        return None
    now = timezone.now()
    visit = Visit.objects.filter(user=user).first()
    if visit is None:
        Visit.objects.bulk_create([Visit(user=user, seen_at=now)], ignore_conflicts=True)
        return None
    since = visit.seen_at if now - visit.seen_at > GAP else visit.since
    if now - visit.seen_at > STEP:
        # Of two pages that load at once, one writes; the other must not end the visit that has just begun.
        Visit.objects.filter(user=user, seen_at=visit.seen_at).update(seen_at=now, since=since)
    return since
