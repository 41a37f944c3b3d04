"""Claims outside the queue: correct one, settle two versions of one, write one that the machine missed."""

import re
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.codes import Category, Modality
from articles.models import Article
from articles.passages import event_marks, paragraphs
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.link.candidates import suggest
from tracker.link.not_same import said_of
from tracker.models import Actor, Claim, Transfer
from tracker.models.transfers import Credibility
from tracker.review import actions, asked, conflicts
from tracker.review.forms import KEYS, ClaimForm, filled, initial_of_claim

NAMED = ("supplier", "recipient", "intermediary", "end_user", "origin", "materiel", "transfer")
RELATED = ("article__outlet", "article__copy_of__outlet", "event__extraction", "reviewed_by", *NAMED)


@reviewing
@require_http_methods(["GET", "POST"])
def claim_edit(request: Request, claim_id: int) -> HttpResponse:
    """Correct an accepted claim, move it to another transfer, or retract it. 409 where somebody changed it since."""
    rows = Claim.objects.exclude(state=Claim.State.PROVISIONAL).select_related(*RELATED)
    claim = get_object_or_404(rows, pk=claim_id)
    if request.method == "GET":
        if claim.state != Claim.State.ACTIVE:
            raise Http404
        form = ClaimForm(initial=initial_of_claim(claim), article=claim.article)
        return claim_page(request, claim, form, linked=claim.transfer.public_id if claim.transfer else "")
    posted: QueryDict = request.POST
    base = posted.get("base", "")
    if any(name.startswith("choose-") for name in posted):
        posted = conflicts.settled(posted, conflicts.standing(claim), conflicts.began(claim, base))
    form, linked = ClaimForm(posted, article=claim.article), chosen(posted)
    if claim.state != Claim.State.ACTIVE:
        if claim.transfer and claim.transfer.state == Transfer.State.WITHDRAWN and linked == claim.transfer.public_id:
            linked = "new"
        return claim_page(request, claim, form, linked=linked, base=base, status=409)
    if posted.get("fill"):
        return claim_page(request, claim, fill(form, posted), linked=linked)
    write: dict[str, Any] = {"by": request.user, "version": asked.version(request), "key": asked.key(request)}
    try:
        if posted.get("verdict") == "retract":
            actions.retract(claim=claim, **write)
            messages.success(request, _("The claim is retracted. Undo brings it back."))
            return asked.onto(request, reverse("review_queue"))
        if form.is_valid():
            part = part_of(form, linked)
            values = part.values | {"transfer": part.transfer}
            actions.edit(claim=claim, values=values, new_transfer=part.new_transfer, **write)
            messages.success(request, _("The claim is saved."))
            return asked.onto(request, claim.get_absolute_url())
    except Refused as refused:
        form.add_error(None, str(refused))
    except Conflict:
        claim = rows.get(pk=claim_id)
        return claim_page(request, claim, form, linked=linked, base=str(write["version"]), status=409)
    except Repeated:
        return asked.onto(request, claim.get_absolute_url())
    return claim_page(request, claim, form, linked=linked, status=422)


@reviewing
@require_http_methods(["GET", "POST"])
def claim_write(request: Request, article_id: int) -> HttpResponse:
    """Write a claim by hand: what the machine missed in an article. The quote is what was selected, or pasted."""
    article = get_object_or_404(Article.objects.shown().select_related("outlet", "copy_of__outlet"), pk=article_id)
    if request.method == "GET":
        initial: dict[str, Any] = {
            "category": Category.UNSPECIFIED,
            "modality": Modality.ASSERTED,
            "credibility": Credibility.UNJUDGED,
        }
        start, end = asked.number(request.GET.get("start")), asked.number(request.GET.get("end"))
        if start is not None and end is not None and 0 <= start < end <= len(article.text):
            initial["evidence_spans"] = [[start, end]]
        return write_page(request, article, ClaimForm(initial=initial, article=article), linked="")
    posted, linked = request.POST.copy(), chosen(request.POST)
    missing = ""
    if words := posted.get("words", "").strip():
        places = found(words, article.text)
        if len(places) == 1:
            posted["evidence_spans"] = "{}-{}".format(*places[0])
        else:
            missing = (
                _("These words are not in the article.")
                if not places
                else _("These words are there several times: give more of them.")
            )
    form = ClaimForm(posted, article=article)
    if posted.get("fill"):
        return write_page(request, article, fill(form, posted), linked=linked)
    if posted.get("verdict") == "suggest" and not missing:
        return write_page(request, article, ClaimForm(initial=posted.dict(), article=article), linked=linked)
    if missing:
        form.add_error(None, missing)
    try:
        if form.is_valid():
            claim = actions.write(article=article, part=part_of(form, linked), by=request.user, key=asked.key(request))
            messages.success(request, _("The claim is written."))
            return onward(request, claim)
    except Refused as refused:
        form.add_error(None, str(refused))
    except Repeated as repeated:
        made = [change["pk"] for change in repeated.decision.changes if change["model"] == "claim"]
        return onward(request, get_object_or_404(Claim, pk=made[0] if made else None))
    return write_page(request, article, form, linked=linked, status=422)


def onward(request: Request, claim: Claim) -> HttpResponse:
    """Back to the card that the reviewer came from, else to the claim."""
    event = asked.number(request.POST.get("event"))
    return asked.onto(request, reverse("workbench", args=[event]) if event else claim.get_absolute_url())


def found(words: str, text: str) -> list[tuple[int, int]]:
    """Where pasted words stand in the text; what is white in between may be white in another way."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return [match.span() for match in re.finditer(pattern, text)]


def chosen(posted: QueryDict) -> str:
    """What the form links to: "" for nothing, "new", or a transfer's public id; a typed one counts before a ticked."""
    return posted.get("transfer_id", "").strip() or posted.get("transfer", "")


def part_of(form: ClaimForm, linked: str) -> actions.Part:
    """The claim that a valid form asks for, linked as `linked` says. Refused where there is no such transfer."""
    transfer = asked.transfer(linked) if linked not in {"", "new", "first"} else None
    return actions.Part(form.claim_values(), transfer, linked == "new", linked == "first")


def fill(form: ClaimForm, posted: QueryDict) -> ClaimForm:
    """The form with one field filled from the selected words: `start` and `end` in code points."""
    field, start, end = posted.get("fill", ""), asked.number(posted.get("start")), asked.number(posted.get("end"))
    values: dict[str, Any] = posted.dict()
    if field in KEYS and start is not None and end is not None and 0 <= start < end <= len(form.article.text):
        prefix = f"{form.prefix}-" if form.prefix else ""
        values |= {prefix + name: value for name, value in filled(form.article, field, start, end).items()}
    initial = {name: values.get(form.add_prefix(name), "") for name in form.fields}
    return ClaimForm(initial=initial, article=form.article, prefix=form.prefix)


def transfers_for(form: ClaimForm, *also: Transfer | None, **about: Any) -> list[Transfer]:
    """The transfers between the parties that stand in the form, and those that it has to show."""
    parties = [form.written(role) for role in ("supplier", "recipient")]
    named = Actor.objects.named(parties)
    ids = [actors[0].pk if len(actors := named.get(name.lower(), [])) == 1 else None for name in parties]
    published_on = form.article.published_on
    category = form.written("category") or Category.UNSPECIFIED
    suggested = suggest(
        supplier_id=ids[0], recipient_id=ids[1], category=category, published_on=published_on, limit=20, **about
    )
    transfers = [candidate.transfer for candidate in suggested.candidates]
    return [one for one in also if one and one not in transfers] + transfers


def conflict_page(request: Request, claim: Claim, form: ClaimForm, *, linked: str) -> HttpResponse:
    """Mine beside what somebody else made of the same event meanwhile: saving corrects their claim."""
    claim = Claim.objects.select_related(*RELATED).get(pk=claim.pk)
    return claim_page(request, claim, form, linked=linked, base="reading", status=409)


def claim_page(
    request: Request, claim: Claim, form: ClaimForm, *, linked: str, base: str = "", status: int = 200
) -> HttpResponse:
    """The claim beside its article; `linked` is what is ticked, `base` what the form began from."""
    differences = []
    if status == 409 and claim.state == Claim.State.ACTIVE:
        theirs, began = conflicts.standing(claim), conflicts.began(claim, base)
        differences = conflicts.differences(conflicts.sent(form, linked), theirs, began, claim.article)
    more = {
        "claim": claim,
        "version": claim.version,
        "base": base,
        "conflict": status == 409,
        "differences": differences,
        "transfers": transfers_for(form, claim.transfer, claim_id=claim.pk, event_id=claim.event_id),
        "told_apart": said_of(claim),
    }
    return _page(request, claim.article, form, linked, more, status)


def write_page(request: Request, article: Article, form: ClaimForm, *, linked: str, status: int = 200) -> HttpResponse:
    """The article beside the empty card of a new claim."""
    event = asked.number(request.POST.get("event") or request.GET.get("event"))
    words = request.POST.get("words", "")
    more = {"event_id": event, "words": words, "transfers": transfers_for(form)}
    return _page(request, article, form, linked, more, status)


def _page(
    request: Request, article: Article, form: ClaimForm, linked: str, more: dict[str, Any], status: int
) -> HttpResponse:
    values = more | {
        "article": article,
        "form": form,
        "linked": linked,
        "key": uuid4(),
        "here": reverse("claim_edit", args=[more["claim"].pk]) if "claim" in more else request.path,
        "paragraphs": paragraphs(article.text, event_marks(*form.marked())),
    }
    template = "review/claim_edit.html#workbench" if request.htmx else "review/claim_edit.html"
    return render(request, template, values, status=status)
