"""The same words in copies of a text: what was decided in one is offered for the others, as one decision."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.models import Article
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.models import ReviewItem, User
from tracker.review import actions, asked

# Events that wait in the copies of an event's article, say the same in the same words, and are nobody else's.
TWINS = """
SELECT r.id, r.version, r.event_id AS event, b.title, b.published_on, u.name AS outlet
FROM articles_extractedevent e
JOIN articles_article a ON a.id = e.article_id
JOIN articles_article b ON b.text_sha256 = a.text_sha256 AND b.id <> a.id AND b.withheld_at IS NULL
LEFT JOIN articles_outlet u ON u.id = b.outlet_id
JOIN articles_extractedevent o ON o.article_id = b.id AND o.evidence = e.evidence
 AND (o.supplier_code, o.supplier_name, o.recipient_code, o.recipient_name, o.intermediary_code, o.end_user_code,
      o.category, o.designation, o.materiel_text, o.quantity_min, o.quantity_max, o.quantity_unit, o.stage,
      o.modality, o.date_from, o.date_to, o.speaker, o.institution)
     IS NOT DISTINCT FROM
     (e.supplier_code, e.supplier_name, e.recipient_code, e.recipient_name, e.intermediary_code, e.end_user_code,
      e.category, e.designation, e.materiel_text, e.quantity_min, e.quantity_max, e.quantity_unit, e.stage,
      e.modality, e.date_from, e.date_to, e.speaker, e.institution)
JOIN tracker_reviewitem r ON r.event_id = o.id AND r.state = 'pending' AND NOT r.flagged AND NOT r.sampled
 AND (r.leased_until IS NULL OR r.leased_until < now() OR r.leased_by_id = %(user)s)
WHERE e.id = %(event)s
ORDER BY b.published_key, r.id
LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was decided about `event`, and the events of copies that it is offered for."""

    event: int
    verdict: Any
    twins: list[dict[str, Any]]


def offer(item: ReviewItem, user: User) -> Offer | None:
    """What to offer after `item` was decided; None where no copy has the same event waiting."""
    if item.state not in (ReviewItem.State.ACCEPTED, ReviewItem.State.REJECTED):
        return None
    with connection.cursor() as cursor:
        cursor.execute(TWINS, {"event": item.event_id, "user": user.pk})
        names = [column.name for column in cursor.description]
        twins = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Offer(item.event_id, item.get_state_display(), twins) if twins else None


def offer_of(request: Request) -> Offer | None:
    """The offer that the address of a page names by the event that was decided."""
    event = asked.number(request.GET.get("also"))
    item = ReviewItem.objects.filter(event=event).first() if event else None
    return offer(item, request.user) if item else None


@reviewing
@require_POST
def decide_copies(request: Request, event_id: int) -> HttpResponse:
    """Decide the ticked events of copies as this event was decided."""
    item = get_object_or_404(ReviewItem.objects.select_related("event__article"), event=event_id)
    ticked = [written.partition(":") for written in request.POST.getlist("twin")]
    versions = {asked.number(pk): asked.number(version) for pk, _colon, version in ticked}
    same = Article.objects.filter(text_sha256=item.event.article.text_sha256)
    twins = ReviewItem.objects.filter(pk__in=[pk for pk in versions if pk], event__article__in=same)
    twins = twins.select_related("event__article").order_by("pk")
    wanted = [(twin, versions[twin.pk] or 0) for twin in twins]
    try:
        done = actions.decide_copies(item=item, twins=wanted, by=request.user, key=asked.key(request))
    except Refused as refused:
        messages.error(request, str(refused))
    except Conflict:
        messages.error(request, _("One of the copies was decided in the meantime. Nothing was changed."))
    except Repeated:
        messages.info(request, _("This was already done."))
    else:
        said = ngettext(
            "%d copy is decided the same. Undo takes it back.",
            "%d copies are decided the same. One undo takes them back.",
            done,
        )
        messages.success(request, said % done)
    back = asked.number(request.POST.get("back"))
    address = reverse("workbench", args=[back]) if back else reverse("review_queue")
    return redirect(f"{address}?{asked.line(request).query}")
