"""The workbench: one event beside its article, and what is decided about it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, JSONField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from articles.models import Article, ExtractedEvent
from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated, last_undoable, undo
from tracker.link.candidates import Suggestions, suggest
from tracker.models import Actor, Claim, Note, ReviewItem, User
from tracker.review import actions, adjudication, asked, copies, opinions, queue
from tracker.review.changes import changes
from tracker.review.claims import conflict_page
from tracker.review.forms import KEYS, PARTIES, ClaimForm, filled, initial_of_event
from tracker.review.queue import Queue

# What is seldom shown is left to a query of its own: each further join costs more to plan than the row to read.
ITEM = ("event__article__outlet", "event__article__copy_of__outlet", "event__extraction", "materiel")
# What no card shows, and is large.
UNREAD = (
    *(f"event__article__{name}" for name in ("search", "written")),
    *(f"event__article__copy_of__{name}" for name in ("text", "search", "written")),
)
ACTORS = """(
    SELECT jsonb_agg(to_jsonb(p)) FROM tracker_actor p
    WHERE p.id IN (tracker_reviewitem.supplier_id, tracker_reviewitem.recipient_id, tracker_reviewitem.intermediary_id,
                   tracker_reviewitem.end_user_id, tracker_reviewitem.origin_id))"""


def item_of(event_id: int) -> ReviewItem:
    """The review of an event with all that the workbench shows, or 404."""
    standing = ~Q(review__state=ReviewItem.State.SUPERSEDED) | Q(pk=OuterRef("event_id"))
    events = ExtractedEvent.objects.filter(standing, article=OuterRef("event__article")).order_by("pk")
    noted = Exists(Note.objects.filter(item=OuterRef("pk"), withdrawn=False))
    return _item(event_id, siblings=ArraySubquery(events.values("pk")), noted=noted)


def _item(event_id: int, **shown: Any) -> ReviewItem:
    """The review of an event with all that a decision asks for, and with `shown`, or 404."""
    same = Article.objects.filter(text_sha256=OuterRef("event__article__text_sha256"))
    copied = Exists(same.exclude(pk=OuterRef("event__article")))
    rows: Any = opinions.with_answers(ReviewItem.objects.select_related(*ITEM).defer(*UNREAD))
    # One subquery for the five: a join for each is planned longer than all of them are read.
    rows = rows.annotate(actors=RawSQL(ACTORS, [], JSONField()), copied=copied, **shown)
    item = get_object_or_404(rows, event_id=event_id)
    actors = {row["id"]: opinions.stored(Actor, row) for row in item.actors or ()}
    for role in (*PARTIES, "origin"):
        setattr(item, role, actors.get(getattr(item, f"{role}_id")))
    return item


@reviewing
@require_GET
def next_card(request: Request) -> HttpResponse:
    """Go to the next event, or the one before: gives back the one that is skipped."""
    line, skipped = asked.line(request), asked.number(request.GET.get("after"))
    event_id = queue.next_event(by=request.user, queue=line, after=skipped, back="back" in request.GET)
    if skipped and event_id:
        queue.release(skipped, by=request.user)
    return _show(request, event_id, line)


@reviewing
@require_GET
def workbench(request: Request, event_id: int) -> HttpResponse:
    """The article beside one event. Opening a waiting event leases it."""
    item = item_of(event_id)
    if item.state == ReviewItem.State.ADJUDICATING and not opinions.answered(item, request.user):
        return redirect(f"{reverse('adjudicate', args=[event_id])}?{asked.line(request).query}")
    if opinions.waits(item):
        opinions.bar(item, request.user)
    held = opinions.waits(item) and queue.hold(item, by=request.user)
    more = {"held": held, "offer": copies.offer_of(request)}
    return render(request, "review/workbench.html", context(request, item, asked.line(request)) | more)


@reviewing
@require_POST
def decide(request: Request, event_id: int) -> HttpResponse:
    """Carry out one decision and show the next event."""
    item, line = _item(event_id), asked.line(request)
    # A reason is a button of its own: pressing it rejects.
    verdict = "reject" if request.POST.get("reason") else request.POST.get("verdict", "")
    form = ClaimForm(request.POST, article=item.event.article, item=item)
    write: dict[str, Any] = {
        "item": item,
        "by": request.user,
        "version": asked.version(request),
        "key": asked.key(request),
        "seconds": asked.seconds(request),
    }
    rounds: Any = adjudication if item.state == ReviewItem.State.AWAITING_SECOND else actions
    try:
        opinions.bar(item, request.user, write["key"])
        if verdict == "reject":
            reason = asked.number(request.POST.get("reason")) or 0
            rounds.reject(**write, reason=reason, note=request.POST.get("note", ""))
        elif verdict == "flag":
            actions.flag(**write, note=request.POST.get("note", ""))
        elif verdict in {"accept", "link", "new"}:
            if not form.is_valid():
                return _card(request, item_of(event_id), line, form=form, status=422)
            transfer = asked.transfer(request.POST.get("transfer", "")) if verdict == "link" else None
            rounds.accept(**write, values=form.claim_values(), transfer=transfer, new_transfer=verdict == "new")
        else:
            raise Refused(_("Choose what to do with this event."))
    except Refused as refused:
        form.is_valid()
        form.add_error(None, str(refused))
        return _card(request, item_of(event_id), line, form=form, status=422)
    except Conflict:
        return conflict(request, event_id, form, verdict)
    except Repeated as repeated:
        if repeated.decision.item_id != item.pk:
            return conflict(request, event_id, form, verdict)
    return onward(request, item, line)


def conflict(request: Request, event_id: int, form: ClaimForm, verdict: str = "") -> HttpResponse:
    """409: what somebody else did with the event meanwhile, beside what was entered here."""
    theirs = Claim.objects.shown().filter(event=event_id).order_by("pk").first()
    if theirs is None or verdict == "reject":
        return _card(request, item_of(event_id), asked.line(request), form=form, status=409, conflict=True)
    linked = {"new": "new", "link": request.POST.get("transfer", "")}.get(verdict, "")
    return conflict_page(request, theirs, form, linked=linked)


@reviewing
@require_POST
def undo_last(request: Request) -> HttpResponse:
    """Undo the reader's last decision, and show its event again."""
    line = asked.line(request)
    decision = last_undoable(request.user)
    if decision is None:
        messages.info(request, _("There is nothing to undo."))
        return asked.onto(request, reverse("review_queue"))
    try:
        undo(decision, by=request.user, key=asked.key(request))
    except CannotUndo as refused:
        messages.error(request, _("This cannot be undone. %s") % refused)
    except Repeated:
        messages.info(request, _("This was already undone."))
    else:
        messages.success(request, _("Undone: %s.") % decision.get_verdict_display())
    if decision.item is None or decision.item.event_id is None:
        return asked.onto(request, reverse("review_queue"))
    return asked.onto(request, _address(decision.item.event_id, line))


@reviewing
@require_POST
def hold(request: Request, event_id: int) -> HttpResponse:
    """Renew the lease while the card is open: 204, or 409 where somebody else has taken the event."""
    item = item_of(event_id)
    opinions.bar(item, request.user)
    return HttpResponse(status=204 if queue.hold(item, by=request.user) else 409)


@reviewing
@require_POST
def fill(request: Request, event_id: int, field: str) -> HttpResponse:
    """The card with one field filled from the selected words: `start` and `end` in code points. Stores nothing."""
    item = item_of(event_id)
    opinions.bar(item, request.user)
    start, end = asked.number(request.POST.get("start")), asked.number(request.POST.get("end"))
    article = item.event.article
    if field not in KEYS or start is None or end is None or not 0 <= start < end <= len(article.text):
        return HttpResponse(_("Select words of the article first."), status=422)
    form = ClaimForm(initial=request.POST.dict() | filled(article, field, start, end), article=article)
    return render(request, "review/workbench.html#workbench", context(request, item, asked.line(request), form=form))


def context(
    request: Request, item: ReviewItem, line: Queue, *, form: ClaimForm | None = None, **more: Any
) -> dict[str, Any]:
    """What the workbench shows of one event."""
    event, article = item.event, item.event.article
    form = form or ClaimForm(initial=initial_of_event(event, item), article=article)
    return more | {
        "item": item,
        "event": event,
        "article": article,
        "form": form,
        # One for each form of the page.
        "key": uuid4(),
        "undo_key": uuid4(),
        "assign_key": uuid4(),
        "copies_key": uuid4(),
        "queue": line,
        "order": line.order,
        "position": item.siblings.index(event.pk) + 1,
        "paragraphs": paragraphs(article.text, event_marks(*form.marked())),
        "suggestions": _suggestions(item, form),
        "progress": queue.progress(request.user, line),
        "changes": changes(item),
        "reasons": ReviewItem.Reason.choices,
        "reviewers": User.reviewers(),
        "pending": opinions.waits(item),
        "blind": item.state == ReviewItem.State.AWAITING_SECOND,
        "opinions": [] if opinions.waits(item) else opinions.told(item),
    }


def _suggestions(item: ReviewItem, form: ClaimForm) -> Suggestions:
    """Transfers that fit the fields as they stand in the form."""
    parties = {role: form.written(role) for role in ("supplier", "recipient")}
    known = {role: getattr(item, role) for role in parties}
    changed = {role: name for role, name in parties.items() if not known[role] or known[role].name != name}
    if changed:
        found = Actor.objects.named(changed.values())
        for role, name in changed.items():
            actors = found.get(name.lower(), [])
            known[role] = actors[0] if len(actors) == 1 else None
    event = item.event
    return suggest(
        supplier_id=known["supplier"].pk if known["supplier"] else None,
        recipient_id=known["recipient"].pk if known["recipient"] else None,
        category=form.written("category") or event.category,
        materiel_id=item.materiel_id,
        quantity_min=event.quantity_min,
        date_from=event.date_from,
        date_to=event.date_to,
        published_on=event.article.published_on,
        event_id=event.pk,
    )


def _card(request: Request, item: ReviewItem, line: Queue, *, status: int = 200, **more: Any) -> HttpResponse:
    """The workbench of one event: the changed part to htmx, the whole page to others."""
    template = "review/workbench.html#workbench" if request.htmx else "review/workbench.html"
    response = render(request, template, context(request, item, line, **more), status=status)
    if request.htmx and status == 200:
        push_url(response, _address(item.event_id, line))
    return response


def onward(request: Request, item: ReviewItem, line: Queue) -> HttpResponse:
    """The next event after one that was decided, with the offer to decide its copies the same."""
    offer = copies.offer(item, request.user) if item.copied else None
    return _show(request, queue.next_event(by=request.user, queue=line, after=item.pk), line, offer)


def _show(request: Request, event_id: int | None, line: Queue, offer: copies.Offer | None = None) -> HttpResponse:
    """An event that was leased to the reader, or the queue with the reason where there is none."""
    also = f"&also={offer.event}" if offer else ""
    if event_id is not None:
        if request.htmx and line.order != "adjudicate":
            return _card(request, item_of(event_id), line, offer=offer)
        return asked.onto(request, _address(event_id, line) + also)
    waiting = queue.progress(request.user, line).waiting
    if waiting:
        held = ngettext("%d event is held by another reviewer.", "%d events are held by other reviewers.", waiting)
        messages.info(request, held % waiting)
    else:
        messages.success(request, _("Nothing is left in this queue."))
    return asked.onto(request, f"{reverse('review_queue')}?{line.query}{also}")


def _address(event_id: int, line: Queue) -> str:
    name = "adjudicate" if line.order == "adjudicate" else "workbench"
    return f"{reverse(name, args=[event_id])}?{line.query}"
