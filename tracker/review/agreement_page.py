"""The page of agreement, and its tables as CSV. Reviewers see their own figures beside all; admins all by name."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, reviewing
from tracker.browse.charts.columns import columns
from tracker.browse.figures_csv import figures_csv
from tracker.models import User
from tracker.review import agreement
from tracker.review.agreement import Agreement, Pace, Week
from tracker.templatetags.figures import figure


@reviewing
@require_GET
def agreement_page(request: Request) -> HttpResponse:
    """How reviewers agree, how long they take, how well the rules read, and how much was decided."""
    everybody = request.user.has_perm("tracker.administer")
    agreements = agreement.agreements(request.user, everybody=everybody)
    paces = agreement.pace(request.user, everybody=everybody)
    chosen = _chosen(request, paces)
    weeks = agreement.by_week(chosen or request.user)
    own = agreements.get(chosen.pk if chosen else request.user.pk, [])
    found = {one.field: one for one in own}
    values = {
        "fields": [(one, found.get(one.field)) for one in agreements.get(None, [])],
        "beside": bool(own),
        "paces": [(pace, _verdicts(agreements, pace)) for pace in paces],
        "rules": agreement.precision(),
        "weeks": weeks,
        "chart": columns([_column(week) for week in reversed(weeks)]),
        "chosen": chosen,
        "whose": chosen.username if chosen else _("you"),
        "everybody": everybody,
        "fewest": agreement.FEWEST_EVENTS,
        "fewest_decisions": agreement.FEWEST_DECISIONS,
        "latest": agreement.LATEST,
    }
    return render(request, "review/agreement.html", values)


@reviewing
@require_GET
def agreement_csv(request: Request, table: str) -> HttpResponse:
    """One table of the page as CSV."""
    if table not in TABLES:
        raise Http404
    heads, rows = TABLES[table](request.user, request.user.has_perm("tracker.administer"))
    return figures_csv(request, f"agreement-{table}", heads, rows)


def _chosen(request: Request, paces: list[Pace]) -> User | None:
    """The reviewer whose figures an admin has asked for; the others see their own alone."""
    asked = request.GET.get("reviewer", "")
    known = {pace.user: pace.name for pace in paces if pace.user}
    if not request.user.has_perm("tracker.administer") or not asked.isdecimal() or len(asked) > 15:
        return None
    return User(pk=int(asked), username=known[int(asked)]) if int(asked) in known else None


def _verdicts(agreements: dict[int | None, list[Agreement]], pace: Pace) -> Agreement | None:
    return next((one for one in agreements.get(pace.user, []) if one.field == "verdict"), None)


def _column(week: Week) -> tuple[str, str, int, int]:
    label = _("week of %(day)s: %(decisions)s, %(own)s of them own") % {
        "day": date_format(week.first, "j M Y"),
        "decisions": figure(week.decisions),
        "own": figure(week.own),
    }
    return label, date_format(week.first, "j M"), week.decisions, week.own


# The tables as CSV: the heads, and the rows


def _fields(user: User, everybody: bool) -> Any:
    names = dict(User.objects.values_list("pk", "username")) if everybody else {user.pk: user.username}
    heads = ["reviewer", "field", "events", "agreed", "raw_agreement", "kappa"]
    found = agreement.agreements(user, everybody=everybody)
    rows = [
        [names[who] if who else "", one.field, one.events, one.agreed, round(one.share, 4), _kappa(one)]
        for who in sorted(found, key=lambda who: (who is not None, who))
        for one in found[who]
    ]
    return heads, rows


def _reviewers(user: User, everybody: bool) -> Any:
    heads = ["reviewer", "decisions", "timed", "median_seconds", "p90_seconds", "events_answered_twice", "same_verdict"]
    found = agreement.agreements(user, everybody=everybody)
    rows = []
    for pace in agreement.pace(user, everybody=everybody):
        twice = _verdicts(found, pace)
        seconds = ["" if value is None else round(value, 1) for value in (pace.median, pace.p90)]
        answered = [twice.events, twice.agreed] if twice else [0, 0]
        rows.append([pace.name, pace.decisions, pace.timed, *seconds, *answered])
    return heads, rows


def _rules(user: User, everybody: bool) -> Any:
    rows = [[one.rule, one.accepted, one.decided, round(one.share, 4)] for one in agreement.precision()]
    return ["rule", "accepted", "decided", "precision"], rows


def _weeks(user: User, everybody: bool) -> Any:
    rows = [[one.first.isoformat(), one.decisions, one.own] for one in agreement.by_week(user)]
    return ["week", "decisions", "own"], rows


def _kappa(one: Agreement) -> Any:
    return "" if one.kappa is None or one.too_few else round(one.kappa, 4)


TABLES = {"fields": _fields, "reviewers": _reviewers, "rules": _rules, "weeks": _weeks}
