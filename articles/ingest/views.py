"""Imports: paste or upload, see what was recognised, store, watch the reading."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, F, Q
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from articles.ingest.forms import ArticleForm, SendForm, recognised, recognised_file
from articles.ingest.store import Ingested, ingest
from articles.ingest.text import UnreadableText, tidy
from articles.models import Article, Outlet

SHOWN = 30
ArticleForms = formset_factory(ArticleForm, extra=0, max_num=50, absolute_max=50)
UNDER_WAY = (Article.Reading.WAITING, Article.Reading.READING)


class Request(HttpRequest):
    """A request as the htmx middleware leaves it."""

    htmx: HtmxDetails


ingesting = permission_required("articles.ingest", raise_exception=True)


@ingesting
@require_GET
def import_list(request: Request) -> HttpResponse:
    """The form to send articles in, and how the latest ones stand."""
    context: dict[str, Any] = {"form": SendForm(initial=request.GET.dict()), **_latest()}
    template = "ingest/import_list.html#latest" if request.htmx else "ingest/import_list.html"
    return render(request, template, context)


@ingesting
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What was recognised in what was sent; nothing is stored yet. A file that cannot be read is named and left out."""
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "ingest/import_list.html", {"form": form, **_latest()}, status=422)
    found, unreadable = [], []
    data = form.cleaned_data
    if data["text"].strip():
        try:
            found.append(recognised(tidy(data["text"]), url=data["url"]))
        except UnreadableText as error:
            form.add_error("text", str(error))
    for file in data["uploads"]:
        try:
            found.append(recognised_file(file))
        except UnreadableText as error:
            unreadable.append((file.name, str(error)))
    if not found:
        for name, message in unreadable:
            form.add_error("uploads", f"{name}: {message}")
        return render(request, "ingest/import_list.html", {"form": form, **_latest()}, status=422)
    return _preview(request, ArticleForms(initial=found), unreadable)


@ingesting
@require_POST
def store(request: HttpRequest) -> HttpResponse:
    """Store the articles as they were corrected, each once, and queue their reading."""
    forms = ArticleForms(request.POST)
    if not forms.is_valid():
        return _preview(request, forms, [], status=422)
    stored = [
        ingest(
            data["text"],
            title=data["title"],
            language=data["language"],
            outlet=data["outlet"],
            published_on=data["published_on"],
            url=data["url"],
            original=data["original"],
        )
        for data in forms.cleaned_data
    ]
    _say(request, stored)
    if len(stored) == 1:
        return redirect(stored[0].article)
    return redirect("import_list")


def _preview(request: HttpRequest, forms: Any, unreadable: list[tuple[str, str]], status: int = 200) -> HttpResponse:
    names = Outlet.objects.order_by("name").values_list("name", flat=True)
    context = {"forms": forms, "unreadable": unreadable, "outlets": names}
    return render(request, "ingest/preview.html", context, status=status)


def _say(request: HttpRequest, stored: list[Ingested]) -> None:
    for ingested in stored:
        if not ingested.created:
            link = format_html('<a href="{}">{}</a>', reverse("article", args=[ingested.article.pk]), ingested.article)
            messages.info(request, format_html(_("This text is already here: {}. Nothing was stored twice."), link))
    new = sum(ingested.created for ingested in stored)
    if new:
        messages.success(request, ngettext("%d article stored.", "%d articles stored.", new) % new)


def _latest() -> dict[str, Any]:
    latest = list(
        Article.objects.select_related("outlet")
        .current_extractions()
        .annotate(found=Count("events", filter=Q(events__extraction=F("extraction"))))
        .defer("text")
        .order_by("-id")[:SHOWN]
    )
    return {"latest": latest, "under_way": any(article.reading in UNDER_WAY for article in latest)}
