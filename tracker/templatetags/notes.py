"""The notes on one thing, with the form to write one, on whatever page shows the thing."""

from typing import Any
from uuid import uuid4

from django import template
from django.template import RequestContext

from tracker.account.backends import REVIEW
from tracker.review.notes import NoteForm, visible

register = template.Library()


@register.inclusion_tag("review/notes.html", takes_context=True)
def notes(context: RequestContext, subject: str, row: Any, *, any_there: bool = True) -> dict[str, Any]:
    """The notes on `row`, which is a `subject` of Note, for reviewers; nothing for others.

    Where the page knows that there are none, `any_there` spares the question.
    """
    request = context["request"]
    if not request.user.has_perm(REVIEW):
        return {}
    return {
        "subject": subject,
        "row": row,
        "notes": list(visible(request.user, **{subject: row})) if any_there else [],
        "form": NoteForm(initial={"shared": True}, auto_id="note-%s"),
        "key": uuid4(),
        "back": "" if request.htmx or request.method != "GET" else request.get_full_path(),
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
