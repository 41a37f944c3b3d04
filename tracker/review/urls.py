from django.urls import path

from tracker.review import assigning, claims, splitting, views, waiting

urlpatterns = [
    path("", waiting.queue_page, name="review_queue"),
    path("next/", views.next_card, name="review_next"),
    path("undo/", views.undo_last, name="review_undo"),
    path("assign/", assigning.assign, name="assign"),
    path("<int:event_id>/release/", assigning.release, name="release"),
    path("claims/<int:claim_id>/", claims.claim_edit, name="claim_edit"),
    path("articles/<int:article_id>/write/", claims.claim_write, name="claim_write"),
    path("<int:event_id>/", views.workbench, name="workbench"),
    path("<int:event_id>/decide/", views.decide, name="decide"),
    path("<int:event_id>/hold/", views.hold, name="hold"),
    path("<int:event_id>/split/", splitting.split, name="split"),
    path("<int:event_id>/fill/<str:field>/", views.fill, name="fill"),
]
