"""Sign-in, preferences, and the answer that load balancers ask for."""

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.models import Article
from tracker.account import demo
from tracker.account.access import Request, administering, open_to_all
from tracker.account.forms import PreferencesForm
from tracker.models import Decision


@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    """The reader's own preferences, saved views and latest decisions."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with override(user.language or None):
            messages.success(request, _("Your preferences are saved."))
        response = redirect("account")
        response.set_cookie("theme", user.theme or "auto", max_age=31536000, samesite="Lax", secure=settings.HTTPS)
        return response
    decisions = Decision.objects.filter(user=request.user).select_related("item__event__article")[:20]
    return render(
        request,
        "account/account.html",
        {"form": form, "decisions": decisions, "saved_views": request.user.saved_views.all()},
        status=422 if form.errors else 200,
    )


@administering
@require_http_methods(["GET", "POST"])
def demo_remove(request: Request) -> HttpResponse:
    """Ask whether the demo data shall go, and remove it."""
    if request.method == "POST":
        demo.remove(by=request.user)
        messages.success(request, _("The demo data is removed."))
        return redirect("dashboard")
    count = Article.objects.filter(demo=True).count()
    return render(request, "account/demo_remove.html", {"articles": count, "stays": demo.last_admin(request.user)})


@open_to_all
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages; a signed-in user keeps it on every machine."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        address = "/"
    response = redirect(address)
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31536000, samesite="Lax")
    return response


@open_to_all
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 where the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
