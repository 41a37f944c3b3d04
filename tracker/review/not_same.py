"""Say on a card that a suggested transfer is not what it is about."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.account.access import Request, reviewing
from tracker.decisions import Refused, Repeated
from tracker.link import not_same
from tracker.models import Claim
from tracker.review import asked
from tracker.review.claims import RELATED, chosen, claim_page
from tracker.review.forms import ClaimForm
from tracker.review.views import context, item_of


@reviewing
@require_POST
def event_not_same(request: Request, event_id: int) -> HttpResponse:
    """Suggest the transfer for this event never again, and show the card with all that was entered."""
    item = item_of(event_id)
    _say(request, item=item)
    form = ClaimForm(initial=request.POST.dict(), article=item.event.article)
    template = "review/workbench.html#workbench" if request.htmx else "review/workbench.html"
    return render(request, template, context(request, item, asked.line(request), form=form))


@reviewing
@require_POST
def claim_not_same(request: Request, claim_id: int) -> HttpResponse:
    """Suggest the transfer for this claim never again, and show its page with all that was entered."""
    claim = get_object_or_404(Claim.objects.shown().select_related(*RELATED), pk=claim_id)
    _say(request, claim=claim)
    form = ClaimForm(initial=request.POST.dict(), article=claim.article)
    return claim_page(request, claim, form, linked=chosen(request.POST))


def _say(request: Request, **what: Any) -> None:
    try:
        transfer = asked.transfer(request.POST.get("not_same", ""))
        not_same.say(transfer=transfer, by=request.user, key=asked.key(request), **what)
    except Refused as refused:
        messages.error(request, str(refused))
    except Repeated:
        pass
    else:
        messages.success(request, _("%s is not suggested here any more.") % transfer)
