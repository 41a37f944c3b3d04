"""Articles: the text with what was read in it, and where it comes from."""

import re

from django.db import transaction
from django.db.models import F, Func, IntegerField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from articles.models import Article, ExtractedEvent, Original
from articles.passages import event_marks, paragraphs
from articles.reading import read_later
from tracker.account.access import Request, browsing, reviewing
from tracker.browse.lists import claims, list_page
from tracker.models import ReviewItem

UNREAD = (Article.Reading.WAITING, Article.Reading.READING)
# Events, and claims, that a page of an article shows: a report of many pages may hold thousands.
SHOWN = 50
NUMBER = re.compile(r"^\d{1,15}$")


@browsing
@require_GET
def article_list(request: Request) -> HttpResponse:
    """The articles that fit the filters."""
    empty = {"title": _("No article yet"), "text": _("Articles are pasted, uploaded or fetched under Imports.")}
    more = {}
    if request.user.has_perm("articles.ingest"):
        more = {"action_url": reverse("import_list"), "action": _("Add an article")}
        empty |= {"url": more["action_url"], "action": more["action"]}
    return list_page(request, "articles", title=_("Articles"), empty=empty, **more)


@browsing
@require_GET
def article(request: Request, article_id: int) -> HttpResponse:
    """One article. `?event=` lights the evidence of one event; while it is being read, the page asks again.

    `?from=` is the event with which a page begins, where there are too many for one.
    """
    found = get_object_or_404(Article.objects.select_related("outlet").defer("search", "written"), pk=article_id)
    polled = request.htmx and request.htmx.target == "reading"
    if polled and found.reading in UNREAD:
        return render(request, "browse/article.html#reading", {"article": found, "unread": True})
    wanted, first = _number(request.GET.get("event", "")), _number(request.GET.get("from", ""))
    events, following = current_events(found, first)
    if following and wanted and wanted not in (event.pk for event in events):
        first = wanted
        events, following = current_events(found, first)
    chosen = next((event for event in events if event.pk == wanted), None)
    marked = [chosen] if chosen else events
    marks = [mark for event in marked for mark in event_marks(event.spans, event.evidence)]
    if not chosen:
        marks = [mark for mark in marks if mark.name != "evidence"]
    accepted = list(claims().filter(article=found).order_by("quote_start", "id")[: SHOWN + 1])
    context = {
        "article": found,
        "unread": found.reading in UNREAD,
        # The first line is then shown as the headline, with its marks.
        "titled": not found.withheld_at and found.text.startswith(f"{found.title}\n"),
        "paragraphs": [] if found.withheld_at else paragraphs(found.text, marks),
        "events": events,
        "following": following,
        "further": first is not None,
        "chosen": chosen,
        "claims": accepted[:SHOWN],
        "more_claims": len(accepted) > SHOWN,
        "original": Original.objects.filter(article=found)
        .defer("data")
        .annotate(size=Func(F("data"), function="octet_length", output_field=IntegerField()))
        .first(),
        "copies": found.copies.select_related("outlet").defer("text", "search", "written"),
        "copy_of": Article.objects.filter(copies=found)
        .select_related("outlet")
        .defer("text", "search", "written")
        .first(),
        "supersedes": found.supersedes_id,
        "superseded_by": found.superseded_by.values_list("pk", flat=True).first(),
        "extraction": found.extractions.first(),
    }
    if polled:
        response = render(request, "browse/article.html#article", context)
        return reswap(retarget(response, "#article"), "outerHTML")
    return render(request, "browse/article.html", context)


def _number(written: str) -> int | None:
    return int(written) if NUMBER.match(written) else None


def current_events(article: Article, first: int | None = None) -> tuple[list[ExtractedEvent], int | None]:
    """The events that stand, with their reviews and claims: those that no other reading of the article superseded.

    At most SHOWN of them, from the one with the id `first` on; then the id with which the next page begins.
    """
    events = ExtractedEvent.objects.filter(article=article).exclude(review__state=ReviewItem.State.SUPERSEDED)
    if first is not None:
        events = events.filter(pk__gte=first)
    events = events.select_related("review__supplier", "review__recipient").prefetch_related("claims__transfer")
    found = list(events.order_by("pk")[: SHOWN + 1])
    return found[:SHOWN], found[SHOWN].pk if len(found) > SHOWN else None


@browsing
@require_GET
def article_original(request: Request, article_id: int) -> HttpResponse:
    """The bytes as they arrived, as a download that no browser interprets. 410 where the article was withheld."""
    original = get_object_or_404(Original.objects.select_related("article"), article=article_id)
    if original.article.withheld_at:
        return render(request, "browse/gone.html", {"what": _("article %d") % article_id}, status=410)
    response = HttpResponse(bytes(original.data), content_type="text/plain")
    response["Content-Disposition"] = f'attachment; filename="article-{article_id}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@reviewing
@require_POST
def article_reread(request: Request, article_id: int) -> HttpResponse:
    """Queue another reading with today's extractor and lexicon."""
    found = get_object_or_404(Article.objects.defer("text", "search", "written"), pk=article_id)
    if found.withheld_at:
        raise Http404
    with transaction.atomic():
        read_later([found])
    return redirect(found)
