"""Notes of reviewers on an event, an article, a claim, a transfer or an actor: shared, or the writer's own."""

import contextlib
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.models import Article
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated, deciding
from tracker.models import Actor, Claim, Decision, Note, Opinion, ReviewItem, Transfer, User
from tracker.review import asked

SUBJECTS: dict[str, Any] = {
    "item": ReviewItem,
    "article": Article,
    "claim": Claim,
    "transfer": Transfer,
    "actor": Actor,
}


class NoteForm(forms.Form):
    """A note. Unticked, it is for its writer alone."""

    text = forms.CharField(label=gettext_lazy("Note"), max_length=4000, widget=forms.Textarea)
    shared = forms.BooleanField(label=gettext_lazy("For everybody who reviews"), required=False)


def visible(user: User, **subject: Any) -> QuerySet[Note]:
    """The notes on one thing that `user` may read: the shared ones, and their own.

    While an event waits for a second answer, blind to the first, what its first reviewer wrote about it is told to
    nobody else.
    """
    first = Opinion.objects.filter(item=OuterRef("item"), user=OuterRef("written_by"), withdrawn=False)
    blind = Q(item__state=ReviewItem.State.AWAITING_SECOND) & Exists(first)
    notes = Note.objects.filter(Q(shared=True) & ~blind | Q(written_by=user), withdrawn=False, **subject)
    return notes.select_related("written_by")


def write(*, subject: str, row: Any, text: str, shared: bool, by: User, key: UUID) -> Note:
    """Write a note on a row of SUBJECTS. Raises Repeated for a key used before."""
    item = row if subject == "item" else None
    with deciding(by=by, verdict=Decision.Verdict.NOTE, key=key, item=item) as recorder:
        return recorder.create(Note, **{subject: row}, text=text, shared=shared, written_by=by, written_at=recorder.now)


def change(*, note: Note, text: str, shared: bool, by: User, version: int, key: UUID) -> None:
    """Write a note anew; without text it is taken back. Refused to anybody but its writer."""
    if note.written_by_id != by.pk:
        raise Refused(_("Only its writer changes a note."))
    values: dict[str, Any] = {"text": text, "shared": shared} if text else {"withdrawn": True}
    with deciding(by=by, verdict=Decision.Verdict.NOTE, key=key, item=note.item) as recorder:
        recorder.change(note, version=version, **values)


@reviewing
@require_POST
def note_write(request: Request, subject: str, pk: int) -> HttpResponse:
    """Write a note, and go back to the page that it was written on."""
    if subject not in SUBJECTS:
        raise Http404
    row = get_object_or_404(SUBJECTS[subject], pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write something first."))
        return redirect(page_of(request, subject, row))
    with contextlib.suppress(Repeated):
        write(subject=subject, row=row, **form.cleaned_data, by=request.user, key=asked.key(request))
    return redirect(page_of(request, subject, row))


@reviewing
@require_POST
def note_change(request: Request, note_id: int) -> HttpResponse:
    """Change one of the reader's own notes, or take it back."""
    notes = Note.objects.filter(written_by=request.user, withdrawn=False)
    note = get_object_or_404(notes.select_related("item", *SUBJECTS), pk=note_id)
    subject = next(name for name in SUBJECTS if getattr(note, f"{name}_id"))
    text = "" if "withdraw" in request.POST else request.POST.get("text", "").strip()[:4000]
    try:
        change(
            note=note,
            text=text,
            shared="shared" in request.POST,
            by=request.user,
            version=asked.version(request),
            key=asked.key(request),
        )
    except Conflict:
        messages.error(request, _("This note was changed in the meantime. What you wrote: %s") % text)
    except Repeated:
        pass
    return redirect(page_of(request, subject, getattr(note, subject)))


def page_of(request: Request, subject: str, row: Any) -> str:
    """The page that the form was on, else that of the thing itself."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return f"{back}#notes"
    return reverse("workbench", args=[row.event_id]) if subject == "item" else row.get_absolute_url()
