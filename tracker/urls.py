"""Every address of the program."""

from django.urls import include, path

from tracker.export import feed
from tracker.review import agreement_page

urlpatterns = [
    path("", include("tracker.browse.urls")),
    path("", include("tracker.link.urls")),
    path("review/", include("tracker.review.urls")),
    path("agreement/", agreement_page.agreement_page, name="agreement"),
    path("agreement/<str:table>.csv", agreement_page.agreement_csv, name="agreement_csv"),
    path("feeds/<slug:name>.atom", feed.feed, name="feed"),
    path("exports/", include("tracker.export.urls")),
    path("imports/", include("articles.ingest.urls")),
    path("", include("tracker.account.urls")),
]
