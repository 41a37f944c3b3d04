from django.contrib.auth import views as auth
from django.urls import path

from tracker.account import kept, views
from tracker.account.access import open_to_all

urlpatterns = [
    path("accounts/login/", open_to_all(auth.LoginView.as_view(redirect_authenticated_user=True)), name="login"),
    path("accounts/logout/", open_to_all(auth.LogoutView.as_view()), name="logout"),
    path("account/", views.account, name="account"),
    path("account/kept/", kept.kept_input, name="kept_input"),
    path("demo/remove/", views.demo_remove, name="demo_remove"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
]
