"""The queue and the workbench."""

import math
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Min, OuterRef, Q
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url

from articles.models import ExtractedEvent
from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import CannotUndo, Conflict, Repeated, last_undoable, undo
from tracker.link.candidates import Suggestions, suggest
from tracker.models import Actor, Claim, ReviewItem, Transfer
from tracker.review import actions, queue
from tracker.review.changes import changes
from tracker.review.forms import KEYS, ClaimForm, filled, initial_of_claim, initial_of_event

ITEM = (
    "event__article__outlet",
    "event__article__copy_of__outlet",
    "event__extraction",
    "earlier__review",
    "supplier",
    "recipient",
    "intermediary",
    "end_user",
    "origin",
    "materiel",
    "leased_by",
    "reviewed_by",
)

CLAIM = ("supplier", "recipient", "intermediary", "end_user", "origin", "materiel")


def item_of(event_id: int) -> ReviewItem:
    """The review of an event with all that the workbench shows, or 404."""
    standing = ~Q(review__state=ReviewItem.State.SUPERSEDED) | Q(pk=OuterRef("event_id"))
    events = ExtractedEvent.objects.filter(standing, article=OuterRef("event__article")).order_by("pk")
    rows: Any = ReviewItem.objects.select_related(*ITEM)
    return get_object_or_404(rows.annotate(siblings=ArraySubquery(events.values("pk"))), event_id=event_id)


def order_of(request: Request) -> str:
    """The order of the queue that the request asks for."""
    order = request.POST.get("order") or request.GET.get("order") or ""
    return order if order in queue.ORDERS else "oldest"


@reviewing
@require_GET
def queue_page(request: Request) -> HttpResponse:
    """What waits, by article, and where to begin."""
    order = order_of(request)
    waiting = ReviewItem.objects.waiting().filter(flagged=order == "flagged")
    articles = (
        waiting.values(
            "event__article_id",
            "event__article__title",
            "event__article__outlet__name",
            "event__article__published_on",
            "event__article__language",
        )
        .annotate(
            events=Count("pk"),
            first=Min("event_id"),
            sure=Min("priority"),
            new=Count("pk", filter=Q(compared=ReviewItem.Compared.NEW)),
            changed=Count("pk", filter=Q(compared=ReviewItem.Compared.CHANGED)),
            held=Count("pk", filter=Q(leased_until__gt=Now()) & ~Q(leased_by=request.user)),
        )
        .order_by("sure" if order == "least_sure" else "first")[:50]
    )
    return render(
        request,
        "review/queue.html",
        {
            "articles": articles,
            "orders": queue.ORDERS.items(),
            "order": order,
            "progress": queue.progress(request.user),
            "last": last_undoable(request.user),
            "key": uuid4(),
        },
    )


@reviewing
@require_GET
def next_card(request: Request) -> HttpResponse:
    """Go to the next event, or the one before: gives back the one that is skipped."""
    order, skipped = order_of(request), _number(request.GET.get("after"))
    event_id = queue.next_event(by=request.user, order=order, after=skipped, back="back" in request.GET)
    if skipped and event_id:
        queue.release(skipped, by=request.user)
    if event_id is None:
        return _nothing_left(request, order)
    if request.htmx:
        return _card(request, item_of(event_id), order)
    return redirect(f"{reverse('workbench', args=[event_id])}?order={order}")


@reviewing
@require_GET
def workbench(request: Request, event_id: int) -> HttpResponse:
    """The article beside one event. Opening a waiting event leases it."""
    item = item_of(event_id)
    held = item.state == ReviewItem.State.PENDING and queue.hold(item, by=request.user)
    return render(request, "review/workbench.html", context(request, item, order_of(request)) | {"held": held})


@reviewing
@require_POST
def decide(request: Request, event_id: int) -> HttpResponse:
    """Carry out one decision and show the next event."""
    item, order = item_of(event_id), order_of(request)
    version, key = _number(request.POST.get("version")) or 0, _uuid(request.POST.get("key"))
    # A reason is a button of its own: pressing it rejects.
    verdict = "reject" if request.POST.get("reason") else request.POST.get("verdict", "")
    form = ClaimForm(request.POST, article=item.event.article, item=item)
    asked: dict[str, Any] = {
        "item": item,
        "by": request.user,
        "version": version,
        "key": key,
        "seconds": _seconds(request),
    }
    try:
        if verdict == "reject":
            reason = _number(request.POST.get("reason")) or 0
            actions.reject(**asked, reason=reason, note=request.POST.get("note", ""))
        elif verdict == "flag":
            actions.flag(**asked, note=request.POST.get("note", ""))
        elif verdict in {"accept", "link", "new"}:
            if not form.is_valid():
                return _card(request, item, order, form=form, status=422)
            transfer = _chosen(request) if verdict == "link" else None
            actions.accept(**asked, values=form.claim_values(), transfer=transfer, new_transfer=verdict == "new")
        else:
            raise actions.Refused(_("Choose what to do with this event."))
    except actions.Refused as refused:
        form.is_valid()
        form.add_error(None, str(refused))
        return _card(request, item, order, form=form, status=422)
    except Conflict:
        return _card(request, item_of(event_id), order, form=form, status=409, conflict=True)
    except Repeated as repeated:
        if repeated.decision.item_id != item.pk:
            return _card(request, item, order, form=form, status=409, conflict=True)
    return _onward(request, item, order)


@reviewing
@require_POST
def undo_last(request: Request) -> HttpResponse:
    """Undo the reader's last decision, and show its event again."""
    order = order_of(request)
    decision = last_undoable(request.user)
    if decision is None:
        messages.info(request, _("There is nothing to undo."))
        return redirect("review_queue") if not request.htmx else _refresh(reverse("review_queue"))
    try:
        undo(decision, by=request.user, key=_uuid(request.POST.get("key")))
    except CannotUndo as refused:
        messages.error(request, _("This cannot be undone. %s") % refused)
    except Repeated:
        messages.info(request, _("This was already undone."))
    else:
        messages.success(request, _("Undone: %s.") % decision.get_verdict_display())
    if decision.item is None or decision.item.event_id is None:
        return redirect("review_queue")
    address = f"{reverse('workbench', args=[decision.item.event_id])}?order={order}"
    return _refresh(address) if request.htmx else redirect(address)


@reviewing
@require_POST
def hold(request: Request, event_id: int) -> HttpResponse:
    """Renew the lease while the card is open: 204, or 409 where somebody else has taken the event."""
    return HttpResponse(status=204 if queue.hold(item_of(event_id), by=request.user) else 409)


@reviewing
@require_POST
def fill(request: Request, event_id: int, field: str) -> HttpResponse:
    """The card with one field filled from the selected words: `start` and `end` in code points. Stores nothing."""
    item = item_of(event_id)
    start, end = _number(request.POST.get("start")), _number(request.POST.get("end"))
    article = item.event.article
    if field not in KEYS or start is None or end is None or not 0 <= start < end <= len(article.text):
        return HttpResponse(_("Select words of the article first."), status=422)
    form = ClaimForm(
        initial=request.POST.dict() | filled(item.event.article, field, start, end), article=item.event.article
    )
    return render(request, "review/workbench.html#workbench", context(request, item, order_of(request), form=form))


@reviewing
@require_http_methods(["GET", "POST"])
def claim_edit(request: Request, claim_id: int) -> HttpResponse:
    """Correct an accepted claim, move it to another transfer, or retract it."""
    rows = Claim.objects.shown().select_related("article__outlet", "article__copy_of__outlet", "transfer", *CLAIM)
    claim = get_object_or_404(rows, pk=claim_id)
    version, linked = claim.version, claim.transfer.public_id if claim.transfer else ""
    if request.method == "GET":
        form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
        return _claim_page(request, claim, form, version=version, linked=linked)
    form = ClaimForm(request.POST, article=claim.article)
    asked: dict[str, Any] = {"claim": claim, "by": request.user, "key": _uuid(request.POST.get("key"))}
    asked["version"] = _number(request.POST.get("version")) or 0
    linked = request.POST.get("transfer", "")
    try:
        if request.POST.get("verdict") == "retract":
            actions.retract(**asked)
            messages.success(request, _("The claim is retracted. Undo brings it back."))
            return redirect("review_queue")
        if form.is_valid():
            transfer = _chosen(request) if linked not in {"", "new"} else None
            values = form.claim_values() | {"transfer": transfer}
            actions.edit(**asked, values=values, new_transfer=linked == "new")
            messages.success(request, _("The claim is saved."))
            return redirect(claim)
    except actions.Refused as refused:
        form.add_error(None, str(refused))
    except Conflict as conflict:
        now: Any = conflict.row
        return _claim_page(request, claim, form, version=now.version, linked=linked, status=409)
    except Repeated:
        return redirect(claim)
    return _claim_page(request, claim, form, version=version, linked=linked, status=422)


def _claim_page(
    request: Request, claim: Claim, form: ClaimForm, *, version: int, linked: str, status: int = 200
) -> HttpResponse:
    """The claim beside its article; `linked` is the transfer that is ticked."""
    found = suggest(
        supplier_id=claim.supplier_id,
        recipient_id=claim.recipient_id,
        category=claim.category,
        published_on=claim.published_on,
        limit=20,
    )
    transfers = [candidate.transfer for candidate in found.candidates]
    if claim.transfer and claim.transfer not in transfers:
        transfers.insert(0, claim.transfer)
    values = {
        "claim": claim,
        "article": claim.article,
        "form": form,
        "version": version,
        "linked": linked,
        "key": uuid4(),
        "transfers": transfers,
        "paragraphs": paragraphs(claim.article.text, event_marks(*form.marked())),
        "conflict": status == 409,
    }
    return render(request, "review/claim_edit.html", values, status=status)


def context(
    request: Request, item: ReviewItem, order: str, *, form: ClaimForm | None = None, conflict: bool = False
) -> dict[str, Any]:
    """What the workbench shows of one event."""
    event, article = item.event, item.event.article
    form = form or ClaimForm(initial=initial_of_event(event, item), article=article)
    return {
        "item": item,
        "event": event,
        "article": article,
        "form": form,
        "key": uuid4(),
        "order": order,
        "order_label": queue.ORDERS[order],
        "position": item.siblings.index(event.pk) + 1,
        "paragraphs": paragraphs(article.text, event_marks(*form.marked())),
        "suggestions": _suggestions(item, form),
        "progress": queue.progress(request.user),
        "changes": changes(item),
        "reasons": ReviewItem.Reason.choices,
        "conflict": conflict,
        "pending": item.state == ReviewItem.State.PENDING,
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
        quantity_min=event.quantity_min,
        date_from=event.date_from,
        date_to=event.date_to,
        published_on=event.article.published_on,
    )


def _card(request: Request, item: ReviewItem, order: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """The workbench of one event: the changed part to htmx, the whole page to others."""
    template = "review/workbench.html#workbench" if request.htmx else "review/workbench.html"
    response = render(request, template, context(request, item, order, **more), status=status)
    if request.htmx and status == 200:
        push_url(response, f"{reverse('workbench', args=[item.event_id])}?order={order}")
    return response


def _onward(request: Request, item: ReviewItem, order: str) -> HttpResponse:
    event_id = queue.next_event(by=request.user, order=order, after=item.pk)
    if event_id is None:
        return _nothing_left(request, order)
    if request.htmx:
        return _card(request, item_of(event_id), order)
    return redirect(f"{reverse('workbench', args=[event_id])}?order={order}")


def _nothing_left(request: Request, order: str) -> HttpResponse:
    waiting = ReviewItem.objects.waiting().filter(flagged=order == "flagged").count()
    if waiting:
        held = ngettext("%d event is held by another reviewer.", "%d events are held by other reviewers.", waiting)
        messages.info(request, held % waiting)
    else:
        messages.success(request, _("Nothing is left in this queue."))
    address = f"{reverse('review_queue')}?order={order}"
    return _refresh(address) if request.htmx else redirect(address)


def _refresh(address: str) -> HttpResponse:
    """Tell htmx to load another page as a whole."""
    response = HttpResponse()
    response["HX-Redirect"] = address
    return response


def _chosen(request: Request) -> Transfer:
    """The transfer that the reviewer chose to link to."""
    number = _number(request.POST.get("transfer", "").strip().upper().removeprefix("T-"))
    transfer = Transfer.objects.standing().filter(pk=number).first() if number else None
    if transfer is None:
        raise actions.Refused(_("Choose the transfer to link to, or make a new one."))
    return transfer


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) < 16 else None


def _seconds(request: Request) -> float | None:
    """How long the card was looked at, as the page measured it; None where it did not."""
    try:
        seconds = float(request.POST.get("seconds", ""))
    except ValueError:
        return None
    return round(seconds, 1) if math.isfinite(seconds) and 0 <= seconds < 86400 else None


def _uuid(written: str | None) -> UUID:
    """The idempotency key of a form; a form without one gets a key of its own."""
    try:
        return UUID(written or "")
    except ValueError:
        return uuid4()
