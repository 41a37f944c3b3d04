from django.urls import path

from tracker.review import views

urlpatterns = [
    path("", views.queue_page, name="review_queue"),
    path("next/", views.next_card, name="review_next"),
    path("undo/", views.undo_last, name="review_undo"),
    path("claims/<int:claim_id>/", views.claim_edit, name="claim_edit"),
    path("<int:event_id>/", views.workbench, name="workbench"),
    path("<int:event_id>/decide/", views.decide, name="decide"),
    path("<int:event_id>/hold/", views.hold, name="hold"),
    path("<int:event_id>/fill/<str:field>/", views.fill, name="fill"),
]
