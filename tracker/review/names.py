"""The page of an actor's names: add a further one, with the claim that it comes from, or take one back."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from articles.codes import OTHER_LANGUAGE, Language
from tracker.account.access import Request, reviewing
from tracker.decisions import Conflict, Refused, Repeated
from tracker.models import Actor, ActorName, Claim
from tracker.models.actors import NameKind
from tracker.review import asked, naming


class NameForm(forms.Form):
    """A further name of an actor."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[choice for choice in Language.choices if choice[0] != OTHER_LANGUAGE]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NameKind.choices)
    claim = forms.ModelChoiceField(
        Claim.objects.shown(),
        label=gettext_lazy("Number of the claim that it comes from"),
        required=False,
        widget=forms.TextInput,
    )


@reviewing
@require_http_methods(["GET", "POST"])
def actor_names(request: Request, actor_id: int) -> HttpResponse:
    """The names of an actor, each with where it comes from, and a form for a further one."""
    actor = get_object_or_404(Actor.objects.standing(), pk=actor_id)
    initial = {"claim": request.GET.get("claim", ""), "name": request.GET.get("name", "")}
    form = NameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted: dict[str, Any] = form.cleaned_data
        try:
            naming.add_name(actor=actor, **wanted, by=request.user, key=asked.key(request))
        except Refused as refused:
            form.add_error("name", str(refused))
        except Repeated:
            return redirect(request.path)
        else:
            messages.success(request, _("“%s” is known to the next reading.") % wanted["name"])
            return redirect(request.path)
    values = {
        "actor": actor,
        "names": actor.names.filter(withdrawn=False).select_related("claim").order_by("kind", "language", "name"),
        "form": form,
        "key": uuid4(),
        "source": naming.SOURCE,
    }
    return render(request, "review/names.html", values, status=422 if form.errors else 200)


@reviewing
@require_POST
def actor_name_withdraw(request: Request, name_id: int) -> HttpResponse:
    """Take back a name that somebody added."""
    name = get_object_or_404(ActorName, pk=name_id)
    try:
        naming.withdraw_name(name=name, by=request.user, version=asked.version(request), key=asked.key(request))
    except Refused as refused:
        messages.error(request, str(refused))
    except Conflict:
        messages.error(request, _("Somebody has changed this name in the meantime."))
    except Repeated:
        pass
    else:
        messages.success(request, _("“%s” is taken back. Undo brings it back.") % name)
    return redirect("actor_names", name.actor_id)
