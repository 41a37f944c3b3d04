"""One box over articles, claims, transfers, actors, materiel and outlets."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect, push_url

from tracker.account.access import Request, browsing
from tracker.browse import search as page
from tracker.browse.lists import TARGET
from tracker.browse.sought import LONGEST, Sought
from tracker.models import Transfer


@browsing
@require_GET
def search(request: Request) -> HttpResponse:
    """What fits the words, by kind. The number of a transfer leads to it. 422 for what cannot be searched."""
    sought = Sought(request.GET.get("q", ""), exact=request.GET.get("exact") == "yes")
    if sought.number and (transfer := Transfer.objects.filter(pk=sought.number).first()):
        url = transfer.get_absolute_url()
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    form = page.SearchForm(request.GET)
    valid = form.is_valid()
    asked = {name: request.GET[name] for name in page.DATED if valid and form.cleaned_data[name]}
    kind = form.cleaned_data.get("kind", "")
    found = page.groups(sought, asked, kind) if valid and sought else []
    other = request.GET.copy()
    other.pop("exact", None)
    if not sought.exact:
        other["exact"] = "yes"
    context = {
        "sought": sought,
        "examples": page.EXAMPLES,
        # What is too long to be searched is too long to be sent back.
        "words": sought.words.replace("\0", "")[:LONGEST],
        "form": form,
        "groups": found,
        "total": sum(group.number for group in found),
        "kind": kind,
        "asked": asked,
        "kinds": page.KINDS,
        "nearest": page.nearest(sought) if valid and sought and not found else [],
        "other_url": f"?{other.urlencode()}",
    }
    status = 200 if valid and not sought.problem else 422
    if not (request.htmx and request.htmx.target == TARGET):
        return render(request, "browse/search.html", context, status=status)
    return push_url(render(request, "browse/search.html#list", context, status=status), request.get_full_path())
