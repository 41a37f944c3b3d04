from django.urls import path

from tracker.export import views
from tracker.export.tables import TABLES

urlpatterns = [
    path("", views.export_list, name="export_list"),
    *(path(f"{name}.csv", views.export_file, {"name": name}, name=f"export_{name}") for name in TABLES),
    path("<slug:name>/", views.export_table, name="export_table"),
    path("<slug:name>.<slug:form>", views.export_file, name="export_file"),
]
