from django.urls import path

from tracker.browse.views import actors, articles, claims, dashboard, facets, flows, history, saved, transfers, why

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<int:article_id>/", articles.article, name="article"),
    path("articles/<int:article_id>/original/", articles.article_original, name="article_original"),
    path("articles/<int:article_id>/why/", why.article_why, name="article_why"),
    path("articles/<int:article_id>/read/", articles.article_reread, name="article_reread"),
    path("transfers/", transfers.transfer_list, name="transfer_list"),
    path("transfers/<str:public_id>/", transfers.transfer, name="transfer"),
    path("claims/", claims.claim_list, name="claim_list"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("flows/", flows.flows, name="flows"),
    path("flows/flows.csv", flows.flows_csv, name="flows_csv"),
    path("actors/", actors.actor_list, name="actor_list"),
    path("actors/<int:actor_id>/", actors.actor, name="actor"),
    path("facets/<slug:name>/<slug:field>/", facets.facet, name="facet"),
    path("history/<slug:kind>/<int:number>/", history.history, name="history"),
    path("materiel/", actors.materiel_list, name="materiel_list"),
    path("outlets/", actors.outlet_list, name="outlet_list"),
    path("views/", saved.save_view, name="save_view"),
    path("views/<int:view_id>/delete/", saved.delete_view, name="delete_view"),
]
