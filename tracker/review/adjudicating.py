"""Settle what two reviewers answered differently: both answers beside what the machine read, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.models import Article
from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.models import Actor, Claim, Materiel, Opinion, ReviewItem, Transfer
from tracker.review import actions, adjudication, asked, conflicts, opinions, queue
from tracker.review.claims import chosen, fill, part_of, transfers_for
from tracker.review.conflicts import Sent
from tracker.review.forms import ClaimForm, initial_of_claim, initial_of_event
from tracker.review.opinions import Answer
from tracker.review.views import item_of, onward

MACHINE, TYPED = "machine", "typed"
ROUNDS = {opinions.FIRST: "first", opinions.SECOND: "second"}
# Two answers that differ in these alone are the same answer.
BESIDE = ("evidence", "credibility", "translation", "note")
HEADINGS = {
    MACHINE: gettext_lazy("The machine"),
    "first": gettext_lazy("First answer"),
    "second": gettext_lazy("Second answer"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field and what every source says of it. `inputs` are the fields of the form that it is made of.

    `asked`: the reviewers differ, and one of the answers is to be chosen; `chosen` is the source that is ticked.
    """

    name: str
    label: Any
    inputs: tuple[str, ...]
    words: dict[str, str]
    asked: bool
    chosen: str

    @property
    def answers(self) -> Iterator[tuple[str, Any, str]]:
        """Every source with its heading and its words."""
        for source, words in self.words.items():
            yield source, HEADINGS[source], words


@reviewing
@require_http_methods(["GET", "POST"])
def adjudicate(request: Request, event_id: int) -> HttpResponse:
    """Choose between two answers, field by field, or type another; or reject the event."""
    item = item_of(event_id)
    given = opinions.given(item)
    if request.method == "GET":
        opinions.bar(item, request.user)
        if item.state != ReviewItem.State.ADJUDICATING:
            return redirect(f"{reverse('workbench', args=[event_id])}?{asked.line(request).query}")
        held = queue.hold(item, by=request.user)
        return _page(request, item, given, held=held)
    posted = request.POST.copy()
    every = sources(item, given)
    rows = rows_of(every, item.event.article, posted)
    if field := request.GET.get("fill"):
        opinions.bar(item, request.user)
        posted["fill"] = field
        form = fill(ClaimForm(article=item.event.article, item=item), posted)
        return _page(request, item, given, rows=rows, form=form, linked=chosen(posted), typing=True)
    unchosen = take(posted, rows, every)
    form = ClaimForm(posted, article=item.event.article, item=item)
    write: dict[str, Any] = {
        "item": item,
        "by": request.user,
        "version": asked.version(request),
        "key": asked.key(request),
        "seconds": asked.seconds(request),
    }
    try:
        opinions.bar(item, request.user, write["key"])
        if reason := posted.get("reason"):
            answer = actions.rejection(asked.number(reason) or 0, posted.get("note", ""))
            adjudication.adjudicate(answer=answer, **write)
            return onward(request, item, asked.line(request))
        for row in unchosen:
            form.add_error(None, _("Choose an answer: %s.") % row.label)
        if form.is_valid():
            part = part_of(form, chosen(posted))
            answer = Answer(part.values, part.transfer, part.new_transfer)
            adjudication.adjudicate(answer=answer, **write)
            return onward(request, item, asked.line(request))
    except Refused as refused:
        form.is_valid()
        form.add_error(None, str(refused))
    except Conflict:
        item = item_of(event_id)
        return _page(request, item, given, rows=rows, form=form, linked=chosen(posted), conflict=True, status=409)
    except Repeated:
        messages.info(request, _("This was already done."))
        return onward(request, item, asked.line(request))
    return _page(request, item, given, rows=rows, form=form, linked=chosen(posted), status=422)


def sources(item: ReviewItem, given: list[Opinion]) -> dict[str, Sent]:
    """What the form would send for the machine's reading, and for each of the two answers that accepts the event."""
    event, article = item.event, item.event.article
    read = conflicts.sent(ClaimForm(initial=initial_of_event(event, item), article=article, item=item), "")
    found = {MACHINE: read}
    accepted = [one for one in given if one.round in ROUNDS and one.verdict == Opinion.Verdict.ACCEPT]
    for opinion, claim in zip(accepted, _claims(accepted, article), strict=True):
        link = "new" if opinion.values.get("new_transfer") else ""
        transfer = opinions.stands_as(opinion)
        link = Transfer(pk=transfer).public_id if transfer else link
        found[ROUNDS[opinion.round]] = conflicts.sent(ClaimForm(initial=initial_of_claim(claim), article=article), link)
    return found


def rows_of(every: dict[str, Sent], article: Article, posted: Any = None) -> list[Row]:
    """Every field of which somebody says something, as all sources have it, with what was posted as chosen."""
    people = [source for source in every if source != MACHINE]
    # Where only one has accepted, the machine is the other side.
    sides = people if len(people) > 1 else [*people, MACHINE]
    rows = []
    for name, label, inputs in conflicts.FIELDS:
        words = {source: _words(sent, name, inputs, article) for source, sent in every.items()}
        if not any(words.values()):
            continue
        asked_for = len({_said(every[source], inputs) for source in sides}) > 1
        values = tuple(key for key in inputs if not key.endswith("_spans")) if name not in BESIDE else ()
        differ = len(people) > 1 and len({_said(every[source], values) for source in sides}) > 1
        # What both mean the same way is not worth a question.
        ticked = "" if differ else sides[0]
        rows.append(Row(name, label, inputs, words, asked_for, (posted or {}).get(f"choose-{name}", ticked)))
    return rows


def _said(sent: Sent, inputs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sent.get(key, "").lower() for key in inputs)


def take(posted: Any, rows: list[Row], every: dict[str, Sent]) -> list[Row]:
    """Put what was chosen into what was posted. Returns the fields for which nothing was chosen."""
    unchosen = []
    for row in rows:
        if not row.asked or row.chosen == TYPED:
            continue
        if row.chosen not in every:
            unchosen.append(row)
            continue
        for key in row.inputs:
            posted[key] = every[row.chosen].get(key, "")
        if row.name == "transfer":
            posted["transfer_id"] = ""
    return unchosen


def _claims(accepted: list[Opinion], article: Article) -> list[Claim]:
    """The answers as claims that are not stored, with what they name; who was merged stands as what they became."""
    fields: dict[str, Any] = {field.name: field for field in Claim._meta.concrete_fields}
    named: dict[Any, set[int]] = {Actor: set(), Materiel: set()}
    for opinion in accepted:
        for name, value in opinion.values.items():
            model = fields[name].related_model if name in fields else None
            if model in named and value:
                named[model].add(value)
    actors = Actor.objects.select_related("merged_into").in_bulk(named[Actor])
    rows: dict[Any, dict[int, Any]] = {
        Actor: {pk: actor.survivor for pk, actor in actors.items()},
        Materiel: Materiel.objects.in_bulk(named[Materiel]),
    }
    found = []
    for opinion in accepted:
        claim = Claim(article=article)
        for name, value in opinion.values.items():
            if name not in fields:
                continue
            if (model := fields[name].related_model) in rows:
                setattr(claim, name, rows[model].get(value))
            else:
                setattr(claim, fields[name].attname, fields[name].to_python(value))
        found.append(claim)
    return found


def _words(sent: Sent, name: str, inputs: tuple[str, ...], article: Article) -> str:
    if name == "transfer":
        return {"new": str(_("A new transfer"))}.get(sent["transfer"], sent["transfer"])
    return conflicts.words(sent, inputs, article)


def _page(
    request: Request,
    item: ReviewItem,
    given: list[Opinion],
    *,
    rows: list[Row] | None = None,
    form: ClaimForm | None = None,
    linked: str | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    article = item.event.article
    if form is None or linked is None or rows is None:
        every = sources(item, given)
        rows = rows_of(every, article)
        start = every.get("first") or every.get("second") or every[MACHINE]
        form, linked = ClaimForm(initial=start, article=article, item=item), start["transfer"]
    values = more | {
        "item": item,
        "event": item.event,
        "article": article,
        "form": form,
        "linked": linked,
        "key": uuid4(),
        "undo_key": uuid4(),
        "queue": asked.line(request),
        "asked": [row for row in rows if row.asked],
        "agreed": [row for row in rows if not row.asked],
        "headings": [HEADINGS[source] for source in (rows[0].words if rows else ())],
        "rejected": [one for one in given if one.verdict == Opinion.Verdict.REJECT and one.round in ROUNDS],
        "transfers": transfers_for(form, event_id=item.event_id),
        "reasons": ReviewItem.Reason.choices,
        "paragraphs": paragraphs(article.text, event_marks(*form.marked())),
        "open": item.state == ReviewItem.State.ADJUDICATING,
    }
    template = "review/adjudicate.html#workbench" if request.htmx else "review/adjudicate.html"
    return render(request, template, values, status=status)
