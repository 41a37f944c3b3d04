"""Who uses the program, and the views they keep."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import one_of
from tracker.models.history import tracked


class Role(models.TextChoices):
    ANALYST = "analyst", _("analyst")
    REVIEWER = "reviewer", _("reviewer")
    ADMIN = "admin", _("admin")


@tracked(exclude=["password", "last_login"])
class User(AbstractUser):
    """One person who signs in. The role says what they may do; a superuser is an admin."""

    Role = Role

    class Theme(models.TextChoices):
        SYSTEM = "", _("as on this device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.ANALYST)
    language = models.CharField(_("language"), max_length=3, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, blank=True, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=one_of("role", Role), name="user_role_known")]

    @classmethod
    def reviewers(cls) -> models.QuerySet["User"]:
        """Those who may decide and still sign in, by name."""
        may = models.Q(role__in=[Role.REVIEWER, Role.ADMIN]) | models.Q(is_superuser=True)
        return cls._default_manager.filter(may, is_active=True).order_by("username")

    @property
    def effective_role(self) -> str:
        """The role that counts: a superuser is an admin."""
        return self.Role.ADMIN if self.is_superuser else self.role


class SavedView(models.Model):
    """A list with its filters, kept under a name by one user; a shared one is seen by everybody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=120)
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=4000, blank=True)
    shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once_per_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The path and query string that show the view."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Visit(models.Model):
    """When one user was here: last, and before that. What came since is new to them.

    Views that follow each other within an hour are one visit; `since` is the end of the one before, empty at first.
    Written once in five minutes at most, and no part of the history: it says nothing about what was decided.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="visit")
    seen_at = models.DateTimeField()
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"visit of {self.user_id}"
