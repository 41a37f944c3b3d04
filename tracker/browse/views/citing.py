"""Citations of transfers, claims and actors, for programs that manage references."""

from datetime import datetime

from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import browsing
from tracker.browse.as_of import DatedRequest, dated
from tracker.browse.citation import FORMS, Citation, citation
from tracker.models import Actor, Claim, Transfer


@browsing
@require_GET
@dated
def cite(request: DatedRequest, kind: str, number: int, form: str) -> HttpResponse:
    """The citation of one page, in one of FORMS. 404 for what is not shown any more."""
    if form not in FORMS:
        raise Http404
    ending, content_type, write = FORMS[form]
    if kind == "transfer":
        rows = Transfer.objects.standing().select_related("supplier", "recipient", "materiel")
        found = of_transfer(request, get_object_or_404(rows, pk=number))
    elif kind == "claim":
        found = of_claim(
            request, get_object_or_404(Claim.objects.shown().select_related("supplier", "recipient"), pk=number)
        )
    elif kind == "actor":
        found = of_actor(request, get_object_or_404(Actor.objects.standing(), pk=number))
    else:
        raise Http404
    response = HttpResponse(write(found), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}.{ending}"'
    return response


def of_transfer(request: DatedRequest, transfer: Transfer) -> Citation:
    """The citation of the page of a transfer."""
    what = transfer.materiel.name if transfer.materiel else transfer.get_category_display()
    title = f"{_parties(transfer)}: {what}"
    return _of(request, transfer.public_id, title, transfer, changed=transfer.updated_at)


def of_claim(request: DatedRequest, claim: Claim) -> Citation:
    """The citation of the page of a claim."""
    title = f"{_parties(claim)}, {claim.get_stage_display()}"
    return _of(request, f"C-{claim.pk}", title, claim, changed=claim.updated_at)


def of_actor(request: DatedRequest, actor: Actor) -> Citation:
    """The citation of the page of an actor, whose version is that of the last change of one of its transfers."""
    moved = Transfer.objects.standing().filter(supplier=actor).aggregate(at=Max("updated_at"))["at"]
    other = Transfer.objects.standing().filter(recipient=actor).aggregate(at=Max("updated_at"))["at"]
    changed = max((at for at in (moved, other) if at), default=None)
    return _of(request, f"A-{actor.pk}", actor.name, actor, changed=changed)


def _of(
    request: DatedRequest, key: str, title: str, row: Actor | Claim | Transfer, changed: datetime | None
) -> Citation:
    asked = getattr(request, "as_of", None)
    address = request.build_absolute_uri(f"{row.get_absolute_url()}{asked.query if asked else ''}")
    return citation(key, title, address, changed=changed, asked=asked)


def _parties(row: Claim | Transfer) -> str:
    supplier = row.supplier.name if row.supplier else _("supplier not said")
    recipient = row.recipient.name if row.recipient else _("recipient not said")
    return f"{supplier} → {recipient}"
