"""The pages on which transfers and actors are merged and brought back, and ticked claims are linked."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tracker.account.access import Request, administering, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.link import actors, not_same, preview, transfers
from tracker.link.candidates import number_of, search, similar, suggest
from tracker.models import Actor, Claim, NotSame, Transfer
from tracker.templatetags.figures import figure

RELATED = ("supplier", "recipient", "materiel", "merged_into")
TICKED = 100


@reviewing
@require_http_methods(["GET", "POST"])
def transfer_merge(request: Request, public_id: str) -> HttpResponse:
    """Find the transfer that is the same as this one, compare the two, and merge them."""
    transfer = transfer_of(public_id)
    if transfer.state != Transfer.State.STANDING:
        return redirect(transfer.survivor)
    if request.method == "GET":
        return _merge_page(request, transfer, _other(request.GET.get("with", "")))
    other = _other(request.POST.get("other", ""))
    if other is None:
        messages.error(request, _("Choose another transfer."))
        return _merge_page(request, transfer, None, status=422)
    gone, into = (transfer, other) if request.POST.get("keep") == other.public_id else (other, transfer)
    version = number_of(request.POST.get(f"version-{gone.pk}", "")) or 0
    asked: dict[str, Any] = {"by": request.user, "version": version, "key": key_of(request)}
    try:
        transfers.merge(transfer=gone, into=into, despite="despite" in request.POST, **asked)
    except Repeated:
        return redirect(into)
    except Refused as refused:
        messages.error(request, str(refused))
        return _merge_page(request, transfer_of(public_id), _other(other.public_id), status=422)
    except Conflict:
        messages.error(request, _("Somebody has changed one of them in the meantime. This is how they stand now."))
        return _merge_page(request, transfer_of(public_id), _other(other.public_id), status=409)
    messages.success(request, _("%(gone)s is merged into %(into)s.") % {"gone": gone, "into": into})
    return redirect(into)


def _merge_page(request: Request, transfer: Transfer, other: Transfer | None, *, status: int = 200) -> HttpResponse:
    if transfer.state != Transfer.State.STANDING:
        return redirect(transfer.survivor)
    words = request.GET.get("q", "").replace("\0", "").strip()
    values: dict[str, Any] = {"transfer": transfer, "other": other, "q": words, "key": uuid4()}
    if other is None or other == transfer or other.state != Transfer.State.STANDING:
        values |= {
            "other": None,
            "suggestions": similar(transfer),
            "found": [one for one in search(words) if one != transfer] if words else [],
            "said": [_apart(said, transfer) for said in not_same.of_transfer(transfer.pk).select_related(*SAID)],
        }
        return render(request, "link/transfer_merge.html", values, status=status)
    older, newer = sorted((transfer, other), key=lambda one: one.pk)
    values |= {
        "pair": (older, newer),
        "lines": preview.lines(older, newer, preview.together(newer, older)),
        "same_pair": (older.supplier_id, older.recipient_id) == (newer.supplier_id, newer.recipient_id),
        "moving": [(one, preview.claims(transfer=one, state=Claim.State.ACTIVE)) for one in (older, newer)],
        "said": list(transfers.told_apart(older, newer)),
    }
    return render(request, "link/transfer_merge.html", values, status=status)


SAID = ("said_by", "transfer__merged_into", "other__merged_into")


def _apart(said: NotSame, transfer: Transfer) -> tuple[NotSame, Transfer | None]:
    """What was said, and the transfer that it tells `transfer` apart from."""
    return said, said.other if said.transfer.survivor == transfer else said.transfer


@reviewing
@require_http_methods(["GET", "POST"])
def transfer_unmerge(request: Request, public_id: str) -> HttpResponse:
    """Bring a merged transfer back, with a look at what comes back with it."""
    transfer = transfer_of(public_id)
    survivor = transfer.merged_into
    if survivor is None:
        return redirect(transfer)
    if request.method == "POST":
        done = _brought_back(request, transfer, survivor, partial(transfers.unmerge, transfer=transfer))
        if done is not None:
            return done
        transfer = transfer_of(public_id)
    apart = preview.apart(transfer)
    if apart is None:
        raise Http404
    lines = preview.lines(survivor, apart.survivor, apart.transfer)
    values = {
        "transfer": transfer,
        "survivor": survivor,
        "apart": apart,
        "back": preview.claims(pk__in=apart.back),
        "elsewhere": preview.claims(pk__in=apart.elsewhere),
        "lines": lines,
        "key": uuid4(),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "link/transfer_unmerge.html", values, status=status)


@reviewing
@require_POST
def transfer_not_same(request: Request, public_id: str) -> HttpResponse:
    """Say that another transfer is not the same as this one."""
    transfer, other = transfer_of(public_id), _other(request.POST.get("other", ""))
    if other is None:
        raise Http404
    try:
        not_same.say(transfer=transfer, other=other, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    except Repeated:
        pass
    else:
        words = {"one": transfer, "other": other}
        messages.success(request, _("%(one)s and %(other)s are not suggested to each other any more.") % words)
    return redirect("transfer_merge", transfer.survivor.public_id)


@reviewing
@require_POST
def not_same_take_back(request: Request, said_id: int) -> HttpResponse:
    """Take back that two things are not the same."""
    said = get_object_or_404(NotSame.objects.select_related("item", "claim", "transfer__merged_into"), pk=said_id)
    version = number_of(request.POST.get("version", "")) or 0
    try:
        not_same.take_back(said=said, by=request.user, version=version, key=key_of(request))
    except (Conflict, Repeated):
        messages.info(request, _("This was already taken back."))
    else:
        messages.success(request, _("%s may be suggested again.") % said.transfer)
    if said.claim:
        return redirect("claim_edit", said.claim.pk)
    if said.item:
        return redirect("workbench", said.item.event_id)
    return redirect("transfer_merge", said.transfer.survivor.public_id)


@reviewing
@require_http_methods(["GET", "POST"])
def claims_link(request: Request) -> HttpResponse:
    """Link the ticked claims all to one transfer, or to a new one."""
    sent = request.POST if request.method == "POST" else request.GET
    ticked = dict(found for one in sent.getlist("claim")[:TICKED] if (found := _ticked(one)))
    if request.method == "GET":
        return _link_page(request, list(ticked))
    chosen = request.POST.get("transfer", "")
    written = request.POST.get("number", "")
    transfer = None if chosen == "new" else transfers.standing(number_of(written if written else chosen))
    try:
        if chosen != "new" and transfer is None:
            raise Refused(_("Choose the transfer to link to, or make a new one."))
        to = transfers.move(claims=ticked, transfer=transfer, by=request.user, key=key_of(request))
    except Repeated:
        return redirect(transfer or "claim_list")
    except Refused as refused:
        messages.error(request, str(refused))
        return _link_page(request, list(ticked), chosen=chosen, written=written, status=422)
    except Conflict as conflict:
        messages.error(request, _("Claim %d was changed in the meantime. This is how it stands now.") % conflict.row.pk)
        return _link_page(request, list(ticked), chosen=chosen, written=written, status=409)
    linked = ngettext("%(number)s claim is linked to %(to)s.", "%(number)s claims are linked to %(to)s.", len(ticked))
    messages.success(request, linked % {"number": figure(len(ticked)), "to": to})
    return redirect(to)


def _link_page(
    request: Request, pks: list[int], *, chosen: str = "", written: str = "", status: int = 200
) -> HttpResponse:
    claims = list(
        Claim.objects.shown()
        .filter(pk__in=pks)
        .select_related("supplier", "recipient", "materiel", "transfer", "article__outlet")
        .defer("article__text", "article__search", "article__written")
        .order_by("-published_key", "-pk")
    )
    pairs: dict[tuple[int | None, int | None], int] = {}
    for claim in claims:
        pair = claim.supplier_id, claim.recipient_id
        pairs[pair] = pairs.get(pair, 0) + 1
    common = max(pairs, key=lambda pair: pairs[pair], default=None)
    lead = next((one for one in claims if (one.supplier_id, one.recipient_id) == common), None)
    found = lead and suggest(
        supplier_id=lead.supplier_id,
        recipient_id=lead.recipient_id,
        category=lead.category,
        materiel_id=lead.materiel_id,
        published_on=lead.published_on,
        limit=10,
    )
    values = {
        "claims": [(one, (one.supplier_id, one.recipient_id) != common) for one in claims],
        "lead": lead,
        "others": len(claims) - pairs[common] if common else 0,
        "suggestions": found,
        "chosen": chosen,
        "written": written,
        "key": uuid4(),
    }
    return render(request, "link/claims_link.html", values, status=status)


@administering
@require_http_methods(["GET", "POST"])
def actor_merge(request: Request, actor_id: int) -> HttpResponse:
    """Find the actor that is the same as this one, look at what moves, and merge them."""
    actor = get_object_or_404(Actor.objects.select_related("parent", "merged_into"), pk=actor_id)
    if actor.merged_into or actor.withdrawn:
        return redirect(actor.survivor)
    if request.method == "GET":
        return _actor_page(request, actor, _actor(request.GET.get("with", "")))
    into = _actor(request.POST.get("other", ""))
    version = number_of(request.POST.get("version", "")) or 0
    status = 422
    try:
        if into is None:
            raise Refused(_("Choose another actor."))
        actors.merge(actor=actor, into=into, by=request.user, version=version, key=key_of(request))
    except Repeated:
        return redirect(into or actor)
    except Refused as refused:
        messages.error(request, str(refused))
    except Conflict:
        messages.error(request, _("Somebody has changed one of them in the meantime. This is how they stand now."))
        status = 409
    else:
        messages.success(request, _("%(gone)s is merged into %(into)s.") % {"gone": actor, "into": into})
        return redirect(into)
    return _actor_page(request, actor, into, status=status)


def _actor_page(request: Request, actor: Actor, into: Actor | None, *, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()
    values: dict[str, Any] = {"actor": actor, "into": None if into == actor else into, "q": words, "key": uuid4()}
    if values["into"]:
        values |= {"moving": actors.moving(actor, values["into"]), "names": actors.names_of(actor)}
    else:
        rows = Actor.objects.standing().exclude(pk=actor.pk).select_related("parent")
        values["alike"] = rows.filter(pk__in=[one.pk for one in Actor.objects.like(actor.name)])
        values["found"] = rows.with_word(words)[:20] if words else []
    return render(request, "link/actor_merge.html", values, status=status)


@administering
@require_http_methods(["GET", "POST"])
def actor_unmerge(request: Request, actor_id: int) -> HttpResponse:
    """Bring a merged actor back, with a look at what comes back with it."""
    actor = get_object_or_404(Actor.objects.select_related("parent", "merged_into"), pk=actor_id)
    survivor = actor.merged_into
    if survivor is None:
        return redirect(actor)
    if request.method == "POST":
        done = _brought_back(request, actor, survivor, partial(actors.unmerge, actor=actor))
        if done is not None:
            return done
        actor.refresh_from_db()
    values = {"actor": actor, "survivor": survivor, "back": actors.returning(actor), "key": uuid4()}
    status = 409 if request.method == "POST" else 200
    return render(request, "link/actor_unmerge.html", values, status=status)


def _brought_back(
    request: Request, row: Transfer | Actor, survivor: Transfer | Actor, unmerge: Callable[..., None]
) -> HttpResponse | None:
    """Unmerge `row` as the form asks: where that leads, or None where it is refused and a message says why."""
    version = number_of(request.POST.get("version", "")) or 0
    try:
        unmerge(by=request.user, version=version, key=key_of(request))
    except Repeated:
        return redirect(survivor)
    except Conflict:
        messages.error(request, _("Somebody has changed it in the meantime. This is how it stands now."))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%s is back.") % row)
        return redirect(row)
    return None


def transfer_of(public_id: str) -> Transfer:
    """The transfer of an address, merged ones too, or 404."""
    number = number_of(public_id) if public_id.startswith("T-") else None
    return get_object_or_404(Transfer.objects.select_related(*RELATED), pk=number or 0)


def _other(written: str) -> Transfer | None:
    """The transfer that was written or chosen, or the one that it was merged into."""
    found = transfers.standing(number_of(written))
    return Transfer.objects.select_related(*RELATED).get(pk=found.pk) if found else None


def _actor(written: str) -> Actor | None:
    """The standing actor of an id."""
    number = number_of(written)
    return Actor.objects.standing().select_related("parent").filter(pk=number).first() if number else None


def _ticked(written: str) -> tuple[int, int] | None:
    """The id and the version of a ticked claim, written 12.3."""
    pk, _dot, version = written.partition(".")
    numbers = number_of(pk), number_of(version)
    return (numbers[0], numbers[1]) if numbers[0] and numbers[1] else None


def key_of(request: Request) -> UUID:
    """The idempotency key of a form; a form without one gets a key of its own."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
