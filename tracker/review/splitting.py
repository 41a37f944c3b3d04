"""Split one event into several claims: the card, once for each of them."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.models import ReviewItem
from tracker.review import actions, asked, opinions
from tracker.review.claims import fill, part_of, transfers_for
from tracker.review.forms import ClaimForm, initial_of_event
from tracker.review.views import conflict, item_of, onward

PARTS = range(2, 10)


@reviewing
@require_http_methods(["GET", "POST"])
def split(request: Request, event_id: int) -> HttpResponse:
    """The event's fields repeated for each claim that it is to become; one decision accepts them all."""
    item = item_of(event_id)
    opinions.bar(item, request.user)
    data = request.POST if request.method == "POST" else request.GET
    count = min(max(asked.number(data.get("parts")) or 2, PARTS.start), PARTS.stop - 1)
    prefixes = [f"part{number}" for number in range(1, count + 1)]
    initial = initial_of_event(item.event, item)
    if request.method == "GET":
        return _page(request, item, [_form(item, prefix, initial) for prefix in prefixes])
    if request.POST.get("fill") or request.POST.get("verdict") != "split":
        return _page(request, item, _refilled(request, item, prefixes, initial))
    forms = [ClaimForm(request.POST, article=item.event.article, item=item, prefix=prefix) for prefix in prefixes]
    # Every form says what is wrong with it.
    wrong = [form for form in forms if not form.is_valid()]
    if wrong:
        return _page(request, item, forms, status=422)
    try:
        parts = [part_of(form, _linked(request, form)) for form in forms]
        actions.split(
            item=item,
            parts=parts,
            by=request.user,
            version=asked.version(request),
            key=asked.key(request),
            seconds=asked.seconds(request),
        )
    except Refused as refused:
        forms[0].add_error(None, str(refused))
        return _page(request, item, forms, status=422)
    except Conflict:
        return conflict(request, event_id, forms[0])
    except Repeated:
        return onward(request, item, asked.line(request))
    said = ngettext("Split into %d claim.", "Split into %d claims.", len(parts)) % len(parts)
    messages.success(request, said)
    return onward(request, item, asked.line(request))


def _form(item: ReviewItem, prefix: str, initial: dict[str, Any]) -> ClaimForm:
    return ClaimForm(initial=initial, article=item.event.article, item=item, prefix=prefix)


def _refilled(request: Request, item: ReviewItem, prefixes: list[str], initial: dict[str, Any]) -> list[ClaimForm]:
    """The forms as they were sent, one of them with a field filled from the selection; new ones as the event is."""
    forms = []
    for prefix in prefixes:
        if f"{prefix}-stage" not in request.POST:
            forms.append(_form(item, prefix, initial))
            continue
        posted = request.POST.copy()
        if posted.get("part") != prefix:
            posted["fill"] = ""
        forms.append(fill(ClaimForm(article=item.event.article, prefix=prefix), posted))
    return forms


def _linked(request: Request, form: ClaimForm) -> str:
    """What a part links to; see `claims.chosen`."""
    return request.POST.get(form.add_prefix("transfer"), "")


def _page(request: Request, item: ReviewItem, forms: list[ClaimForm], *, status: int = 200) -> HttpResponse:
    article = item.event.article
    marks = [mark for form in forms for mark in event_marks(*form.marked())]
    values = {
        "item": item,
        "event": item.event,
        "article": article,
        "parts": [(form, _linked(request, form)) for form in forms],
        "more": len(forms) + 1 if len(forms) + 1 in PARTS else None,
        "queue": asked.line(request),
        "key": uuid4(),
        "transfers": transfers_for(forms[0], event_id=item.event_id),
        "paragraphs": paragraphs(article.text, dict.fromkeys(marks)),
        "pending": item.state == ReviewItem.State.PENDING,
    }
    template = "review/split.html#workbench" if request.htmx else "review/split.html"
    return render(request, template, values, status=status)
