from django.urls import path

from articles.ingest import views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("preview/", views.preview, name="import_preview"),
    path("store/", views.store, name="import_store"),
]
