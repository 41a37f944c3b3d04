"""Whose an event is: assign events to a reviewer, and release a lease."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tracker.account.access import Request, administering
from tracker.decisions import Conflict, Refused, Repeated
from tracker.models import ReviewItem, User
from tracker.review import actions, asked, queue


@administering
@require_POST
def assign(request: Request) -> HttpResponse:
    """Assign one event, or those of the queue in the ticked articles, to a reviewer or to nobody."""
    line = asked.line(request)
    event = asked.number(request.POST.get("event"))
    address = reverse("workbench", args=[event]) if event else reverse("review_queue")
    ticked = [pk for written in request.POST.getlist("article") if (pk := asked.number(written))]
    waiting = ReviewItem.objects.waiting()
    items = waiting.filter(event=event) if event else waiting.filter(event__article__in=ticked)
    to = request.POST.get("to", "")
    try:
        reviewer = get_object_or_404(User.reviewers(), pk=asked.number(to) or 0) if to else None
        assigned = actions.assign(
            items=list(items[: actions.AT_ONCE]), to=reviewer, by=request.user, key=asked.key(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
    except Conflict:
        messages.error(request, _("Some of these events were decided in the meantime. Nothing was assigned."))
    except Repeated:
        messages.info(request, _("This was already done."))
    else:
        said = ngettext("%(n)d event is assigned to %(who)s.", "%(n)d events are assigned to %(who)s.", assigned)
        messages.success(request, said % {"n": assigned, "who": reviewer or _("nobody")})
    return redirect(f"{address}?{line.query}")


@administering
@require_POST
def release(request: Request, event_id: int) -> HttpResponse:
    """End another reviewer's lease, so that others get the event at once."""
    item = get_object_or_404(ReviewItem, event=event_id)
    queue.release(item.pk)
    messages.success(request, _("The event is free again."))
    return redirect(f"{reverse('workbench', args=[event_id])}?{asked.line(request).query}")
