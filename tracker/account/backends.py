"""Permissions follow from the role; there are no others."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from tracker.models import User

BROWSE, REVIEW, ADMINISTER, INGEST = "tracker.browse", "tracker.review", "tracker.administer", "articles.ingest"
PERMISSIONS = {
    User.Role.ANALYST: {BROWSE},
    User.Role.REVIEWER: {BROWSE, REVIEW, INGEST},
    User.Role.ADMIN: {BROWSE, REVIEW, INGEST, ADMINISTER},
}


class RoleBackend(ModelBackend):
    """Signs in with a password, and answers `has_perm` from the user's role."""

    def get_all_permissions(self, user_obj, obj=None):
        if user_obj.is_anonymous:
            return {BROWSE} if settings.PUBLIC_BROWSING else set()
        if not user_obj.is_active:
            return set()
        return PERMISSIONS[user_obj.effective_role]

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
