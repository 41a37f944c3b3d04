"""The demo's users, and the one act that takes all demo data out again."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q

from articles.models import Article, Outlet
from tracker import localdb
from tracker.models import Claim, Note, NotSame, Opinion, Transfer, User

ROLES = {
    "demo-analyst": User.Role.ANALYST,
    "demo-reviewer": User.Role.REVIEWER,
    "demo-second": User.Role.REVIEWER,
    "demo-admin": User.Role.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went. `kept` is the demo user who stays, since nobody else could administer."""

    articles: int = 0
    claims: int = 0
    transfers: int = 0
    outlets: int = 0
    users: int = 0
    kept: User | None = None


def password() -> str:
    """The one password of all demo users: random, and kept with the other secrets of this installation."""
    return localdb.secret("demo_password", 12)


def make_users() -> dict[str, User]:
    """Make the demo users, or let them in again after a removal; returns them by name."""
    hashed = make_password(password())
    users = {}
    for name, role in ROLES.items():
        user, _created = User.objects.update_or_create(
            username=name, defaults={"role": role, "demo": True, "is_active": True, "password": hashed}
        )
        users[name] = user
    return users


def last_admin(user: User) -> bool:
    """Whether without the demo user `user` nobody who is no demo user could administer."""
    admins = User.objects.filter(Q(role=User.Role.ADMIN) | Q(is_superuser=True), is_active=True, demo=False)
    return user.demo and not admins.exists()


# A demo transfer stays where a claim or an opinion of a real article stands on it, or where a transfer that stays was
# merged into it.
ABANDONED_TRANSFERS = """
WITH RECURSIVE kept AS (
    SELECT t.id, t.merged_into_id FROM tracker_transfer t
    WHERE NOT t.demo OR EXISTS (SELECT 1 FROM tracker_claim c WHERE c.transfer_id = t.id)
       OR EXISTS (SELECT 1 FROM tracker_opinion o WHERE o.transfer_id = t.id)
    UNION
    SELECT t.id, t.merged_into_id FROM tracker_transfer t JOIN kept k ON t.id = k.merged_into_id
)
SELECT id FROM tracker_transfer WHERE demo AND id NOT IN (SELECT id FROM kept)
"""
# Of the real copies of a demo article the earliest becomes the one that the others repeat.
RELEASE_COPIES = """
WITH copies AS (
    SELECT a.id, min(a.id) OVER (PARTITION BY a.copy_of_id) AS first
    FROM articles_article a JOIN articles_article original ON original.id = a.copy_of_id
    WHERE original.demo AND NOT a.demo
)
UPDATE articles_article a SET copy_of_id = nullif(copies.first, a.id) FROM copies WHERE a.id = copies.id
"""


@transaction.atomic
def remove(*, by: User | None = None) -> Removed:
    """Remove all demo articles with what was read and decided in them, and let no demo user in any more.

    What people added stays: a transfer with a claim of a real article is derived anew, an outlet that a real article
    names stays, both no longer as demo. Decisions and the history are append-only and stay too. Where `by` is a demo
    user and the only one who can administer, they may still sign in.
    """
    # Whoever decides in one of these articles at the same time has to wait, and then finds it gone.
    articles = list(Article.objects.select_for_update().filter(demo=True).values_list("pk", flat=True))
    list(Transfer.objects.select_for_update().filter(demo=True).values_list("pk", flat=True))
    claims = Claim.objects.filter(article__in=articles)
    touched = set(claims.exclude(transfer=None).values_list("transfer", flat=True))
    Opinion.objects.filter(item__event__article__in=articles).delete()
    claims_gone = claims.count()
    claims.delete()
    with connection.cursor() as cursor:
        cursor.execute(ABANDONED_TRANSFERS)
        abandoned = [pk for (pk,) in cursor.fetchall()]
        NotSame.objects.filter(Q(transfer__in=abandoned) | Q(other__in=abandoned)).delete()
        Note.objects.filter(transfer__in=abandoned).delete()
        cursor.execute("DELETE FROM tracker_transfer WHERE id = ANY(%s)", [abandoned])
        cursor.execute(RELEASE_COPIES)
    touched |= set(Transfer.objects.filter(demo=True).values_list("pk", flat=True))
    Transfer.objects.filter(demo=True).update(demo=False)
    Transfer.objects.derive(touched)
    Article.objects.filter(demo=False, supersedes__in=articles).update(supersedes=None)
    Article.objects.filter(pk__in=articles).update(copy_of=None, supersedes=None)
    Article.objects.filter(pk__in=articles).delete()
    outlets = Outlet.objects.filter(demo=True)
    outlets.filter(Q(articles__isnull=False) | Q(claims_said__isnull=False)).update(demo=False)
    outlets_gone, _by_model = outlets.delete()
    kept = by if by is not None and last_admin(by) else None
    users = User.objects.filter(demo=True, is_active=True)
    if kept is not None:
        users = users.exclude(pk=kept.pk)
    return Removed(len(articles), claims_gone, len(abandoned), outlets_gone, users.update(is_active=False), kept)
