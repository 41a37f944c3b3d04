"""What is kept of every change: who, when, before and after, out of the app's reach."""

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Outlet
from tests.factories import make_actor, make_claim, make_item, make_outlet, make_transfer, make_user
from tracker.models import (
    Actor,
    ActorName,
    Claim,
    Materiel,
    MaterielName,
    Note,
    NotSame,
    Opinion,
    Report,
    ReviewItem,
    Transfer,
    User,
)

pytestmark = pytest.mark.django_db
EDITED = (
    *(Article, Outlet, Actor, ActorName, Claim, Materiel, MaterielName, ReviewItem, Transfer, User),
    *(Note, NotSame, Opinion, Report),
)


def histories():
    """The history models of the two apps."""
    ours = [model for label in ("articles", "tracker") for model in apps.get_app_config(label).get_models()]
    return {model.pgh_tracked_model: model for model in ours if hasattr(model, "pgh_tracked_model")}


def test_every_model_that_people_edit_has_a_history():
    assert set(histories()) == set(EDITED)


def test_an_update_in_bulk_is_kept_with_who_did_it():
    user = make_user()
    make_outlet("Andes Wire")
    with pghistory.context(user=user.pk):
        Outlet.objects.update(reliability="B")
    rows = histories()[Outlet].objects.order_by("pgh_id").values_list("pgh_label", "reliability", "pgh_context")
    (_, first, _), (label, second, context) = rows
    assert (first, label, second) == ("F", "update", "B")
    assert context["user"] == user.pk


def test_a_changed_role_is_kept_and_a_password_is_not():
    user = make_user("analyst")
    User.objects.filter(pk=user.pk).update(role="admin")
    history = histories()[User]
    assert list(history.objects.order_by("pgh_id").values_list("role", flat=True)) == ["analyst", "admin"]
    assert not {"password", "last_login"} & {field.name for field in history._meta.fields}


def test_a_lease_is_no_change_of_history():
    item = make_item()
    ReviewItem.objects.filter(pk=item.pk).update(leased_by=make_user(), leased_until="2024-01-01T00:00Z")
    assert histories()[ReviewItem].objects.count() == 1


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_the_app_may_neither_change_nor_delete_nor_truncate_the_history(model):
    make_claim(make_transfer()), make_actor("NO")
    table = histories()[model]._meta.db_table
    for statement in (f"UPDATE {table} SET pgh_label = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_app_cannot_switch_the_triggers_off():
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
        connection.cursor().execute("ALTER TABLE tracker_claim DISABLE TRIGGER ALL")
