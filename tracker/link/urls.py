from django.urls import path

from tracker.link import views

urlpatterns = [
    path("transfers/<str:public_id>/merge/", views.transfer_merge, name="transfer_merge"),
    path("transfers/<str:public_id>/unmerge/", views.transfer_unmerge, name="transfer_unmerge"),
    path("transfers/<str:public_id>/not-same/", views.transfer_not_same, name="transfer_not_same"),
    path("not-same/<int:said_id>/", views.not_same_take_back, name="not_same_take_back"),
    path("claims/link/", views.claims_link, name="claims_link"),
    path("actors/<int:actor_id>/merge/", views.actor_merge, name="actor_merge"),
    path("actors/<int:actor_id>/unmerge/", views.actor_unmerge, name="actor_unmerge"),
]
