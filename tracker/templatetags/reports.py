"""The reports that a claim is wrong, on whatever page shows the claim or its reader's account."""

from typing import Any
from uuid import uuid4

from django import template
from django.template import RequestContext

from tracker.account.backends import REVIEW
from tracker.models import Claim
from tracker.review.reports import visible

register = template.Library()


@register.inclusion_tag("review/reports.html", takes_context=True)
def reports(context: RequestContext, claim: Claim | None = None) -> dict[str, Any]:
    """The reports on `claim` that the reader may read; without a claim, their own latest."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {}
    return {
        "reports": visible(request.user, claim),
        "claim": claim,
        "user": request.user,
        "may_answer": request.user.has_perm(REVIEW),
        "key": uuid4(),
        "csrf_token": context.get("csrf_token"),
    }
