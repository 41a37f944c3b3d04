"""Views that people keep under a name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.account.access import Request
from tracker.models import SavedView

# Views that one user keeps.
MOST = 100


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep the filters of a page under a name; the same name again replaces the view."""
    path, query = request.POST.get("path", ""), request.POST.get("query", "")[:4000]
    name = request.POST.get("name", "").strip()[:120]
    try:
        keepable = getattr(resolve(path).func, "keepable", False)
    except Resolver404:
        keepable = False
    if not keepable:
        messages.error(request, _("Only lists can be saved."))
        return redirect("dashboard")
    if not name:
        messages.error(request, _("Give the view a name."))
        return redirect(f"{path}?{query}")
    mine = SavedView.objects.filter(user=request.user)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        messages.error(request, _("You keep %d views already. Delete one first.") % MOST)
        return redirect(f"{path}?{query}")
    view, created = SavedView.objects.update_or_create(
        user=request.user,
        name=name,
        defaults={"path": path, "query": query, "shared": request.POST.get("shared") == "1"},
    )
    messages.success(request, _("Saved as “%s”.") % name if created else _("“%s” now shows this.") % name)
    return redirect(view.address)


@require_POST
def change_view(request: Request, view_id: int) -> HttpResponse:
    """Give one of the reader's own views another name, or show it to everybody or to nobody else."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    name = request.POST.get("name", "").strip()[:120]
    if not name:
        messages.error(request, _("Give the view a name."))
    elif SavedView.objects.filter(user=request.user, name=name).exclude(pk=view.pk).exists():
        messages.error(request, _("Another of your views is called “%s”.") % name)
    else:
        view.name, view.shared = name, request.POST.get("shared") == "1"
        view.save(update_fields=["name", "shared"])
        said = _("Everybody sees “%s”.") if view.shared else _("Only you see “%s”.")
        messages.success(request, said % name)
    return redirect(view.address)


@require_POST
def delete_view(request: Request, view_id: int) -> HttpResponse:
    """Forget one of the reader's own views."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    view.delete()
    messages.success(request, _("“%s” is deleted.") % view.name)
    return redirect(view.address)
