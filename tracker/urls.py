"""Every address of the program."""

from django.urls import include, path

urlpatterns = [
    path("", include("tracker.browse.urls")),
    path("", include("tracker.link.urls")),
    path("review/", include("tracker.review.urls")),
    path("exports/", include("tracker.export.urls")),
    path("imports/", include("articles.ingest.urls")),
    path("", include("tracker.account.urls")),
]
