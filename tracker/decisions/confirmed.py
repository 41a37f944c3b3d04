"""The rule of credibility 1, "confirmed by other sources": it asks for two independent origins."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from articles.models import Outlet
from tracker.models import Actor, Claim, Transfer

ENOUGH = 2


def origins(row: Claim | Transfer) -> list[str]:
    """The names of the independent origins behind a transfer's support, or behind what a claim says of its transfer."""
    asked: list[Any] = [row.pk, "supports", None, None]
    if isinstance(row, Claim):
        asked = [row.transfer_id, row.bearing, row.origin_id, row.origin_outlet_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor_id, outlet_id FROM tracker_origins(%s, %s, %s, %s)", asked)
        found = cursor.fetchall()
    actors = Actor.objects.in_bulk({actor for actor, _outlet in found if actor})
    outlets = Outlet.objects.in_bulk({outlet for _actor, outlet in found if outlet})
    return sorted(str(one) for one in (*actors.values(), *outlets.values()))


def unconfirmed(rows: Iterable[Claim | Transfer]) -> str:
    """Why one of the rows may not have credibility 1, in the reader's words; empty where all of them may."""
    for row in rows:
        found = origins(row)
        if not found:
            return _("Credibility 1 asks for two independent origins. Here is none.")
        if len(found) < ENOUGH:
            return _("Credibility 1 asks for two independent origins. Here is one: %s.") % found[0]
    return ""
