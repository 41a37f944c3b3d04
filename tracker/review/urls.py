from django.urls import path

from tracker.review import assigning, claims, copies, grades, names, not_same, notes, splitting, views, waiting

urlpatterns = [
    path("", waiting.queue_page, name="review_queue"),
    path("next/", views.next_card, name="review_next"),
    path("undo/", views.undo_last, name="review_undo"),
    path("actors/<int:actor_id>/names/", names.actor_names, name="actor_names"),
    path("names/<int:name_id>/withdraw/", names.actor_name_withdraw, name="actor_name_withdraw"),
    path("notes/<str:subject>/<int:pk>/", notes.note_write, name="note_write"),
    path("notes/<int:note_id>/", notes.note_change, name="note_change"),
    path("assign/", assigning.assign, name="assign"),
    path("<int:event_id>/release/", assigning.release, name="release"),
    path("claims/<int:claim_id>/", claims.claim_edit, name="claim_edit"),
    path("transfers/<str:public_id>/grade/", grades.transfer_grade, name="transfer_grade"),
    path("articles/<int:article_id>/write/", claims.claim_write, name="claim_write"),
    path("<int:event_id>/", views.workbench, name="workbench"),
    path("<int:event_id>/decide/", views.decide, name="decide"),
    path("<int:event_id>/hold/", views.hold, name="hold"),
    path("<int:event_id>/copies/", copies.decide_copies, name="decide_copies"),
    path("<int:event_id>/split/", splitting.split, name="split"),
    path("<int:event_id>/not-same/", not_same.event_not_same, name="event_not_same"),
    path("claims/<int:claim_id>/not-same/", not_same.claim_not_same, name="claim_not_same"),
    path("<int:event_id>/fill/<str:field>/", views.fill, name="fill"),
]
