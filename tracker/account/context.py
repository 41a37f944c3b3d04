"""What every page shows around its content."""

from django.conf import settings
from django.http import HttpRequest

from articles.models import Article
from tracker.account.backends import REVIEW
from tracker.models import ReviewItem

# Beyond it a count costs more than it tells.
COUNTED = 10_000


def page(request: HttpRequest) -> dict[str, object]:
    """The version, the number of events that wait for a reviewer, and whether demo data is there."""
    user = getattr(request, "user", None)
    context: dict[str, object] = {"app_version": settings.APP_VERSION, "demo_present": demo_present}
    if user is not None and user.is_authenticated and user.has_perm(REVIEW):
        # Counted where a template asks for it, so that fragments do not pay for it.
        context["review_waiting"] = ReviewItem.objects.waiting()[:COUNTED].count
    return context


def demo_present() -> bool:
    """Whether demo articles are in the database."""
    return Article.objects.filter(demo=True).exists()
