"""What a reviewer judges of a transfer: its information credibility, and a note."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated, deciding
from tracker.decisions.confirmed import origins
from tracker.models import Decision, Transfer, User
from tracker.models.transfers import Credibility
from tracker.review import asked


class GradeForm(forms.Form):
    """The credibility of a transfer, and a note on it."""

    credibility = forms.TypedChoiceField(
        label=gettext_lazy("Information credibility"), choices=Credibility.choices, coerce=int
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 4})
    )


def grade(*, transfer: Transfer, credibility: int, note: str, by: User, version: int, key: UUID) -> None:
    """Set the credibility and the note of a transfer; only what differs is written.

    Raises Conflict, Repeated, and Refused for a transfer that does not stand, or for credibility 1 below two origins.
    """
    with deciding(by=by, verdict=Decision.Verdict.EDIT, key=key) as recorder:
        if transfer.state != Transfer.State.STANDING:
            raise Refused(_("%s does not stand any more.") % transfer)
        wanted = {"credibility": credibility, "note": note}
        changed = {name: value for name, value in wanted.items() if getattr(transfer, name) != value}
        recorder.change(transfer, version=version, edited_at=recorder.now, **changed)


@reviewing
@require_http_methods(["GET", "POST"])
def transfer_grade(request: Request, public_id: str) -> HttpResponse:
    """Judge a transfer. 422 where the grade is refused, 409 where somebody else has judged it in the meantime."""
    number = asked.number(public_id.removeprefix("T-"))
    if number is None:
        raise Http404
    transfer = get_object_or_404(Transfer.objects.select_related("supplier", "recipient", "materiel"), pk=number)
    if transfer.state != Transfer.State.STANDING:
        return redirect(transfer)
    judged = {"credibility": transfer.credibility, "note": transfer.note}
    if request.method == "GET":
        return _page(request, transfer, GradeForm(initial=judged))
    form = GradeForm(request.POST)
    if not form.is_valid():
        return _page(request, transfer, form, status=422)
    try:
        grade(
            transfer=transfer,
            by=request.user,
            version=asked.version(request),
            key=asked.key(request),
            **form.cleaned_data,
        )
    except Refused as refused:
        transfer.refresh_from_db()
        form.add_error("credibility", str(refused))
        return _page(request, transfer, form, status=422)
    except Conflict as conflict:
        return _page(request, conflict.row, form, status=409)
    except Repeated:
        return redirect(transfer)
    messages.success(request, _("%s is graded.") % transfer)
    return redirect(transfer)


def _page(request: Request, transfer: Transfer, form: GradeForm, *, status: int = 200) -> HttpResponse:
    """The form; after a conflict with what both began from, and what the other one wrote."""
    values: dict[str, Any] = {"transfer": transfer, "form": form, "key": uuid4(), "origins": origins(transfer)}
    if status == 409:
        model: Any = Transfer
        rows = model.pgh_event_model.objects.filter(pgh_obj=transfer.pk, version=asked.version(request))
        values |= {"mine": Credibility(form.cleaned_data["credibility"]).label, "conflict": True}
        values["base"] = rows.order_by("-pgh_id").first()
    return render(request, "review/transfer_grade.html", values, status=status)
