"""The fields of every row that people edit, as its history names them, and their values in the reader's words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.models import Article, Outlet
from tracker.models import Actor, ActorName, Claim, Materiel, MaterielName, ReviewItem, Transfer, User
from tracker.templatetags.figures import figure

WITHDRAWN = gettext_lazy("withdrawn")
PARTIES = {
    "supplier_id": gettext_lazy("supplier"),
    "recipient_id": gettext_lazy("recipient"),
}
FURTHER = {
    "intermediary_id": gettext_lazy("intermediary"),
    "end_user_id": gettext_lazy("end user"),
}
NAMES = {
    "name_en": gettext_lazy("English name"),
    "name_id": gettext_lazy("Indonesian name"),
}
NAME = {
    "name": gettext_lazy("name"),
    "language": gettext_lazy("language"),
    "kind": gettext_lazy("kind"),
    "withdrawn": WITHDRAWN,
}
# What is technical, such as a version or a key to sort by, has no name and is not shown.
FIELDS: dict[type[Model], dict[str, Any]] = {
    Transfer: PARTIES
    | {
        "stage": gettext_lazy("stage"),
        "outlook": gettext_lazy("outlook"),
        "status": gettext_lazy("status"),
        "contested": gettext_lazy("contested"),
        "origins": gettext_lazy("origins"),
        "materiel_id": gettext_lazy("materiel"),
        "quantity_min": gettext_lazy("quantity from"),
        "quantity_max": gettext_lazy("quantity to"),
        "credibility": gettext_lazy("credibility"),
        "state": gettext_lazy("state"),
        "merged_into_id": gettext_lazy("merged into"),
        "note": gettext_lazy("note"),
    },
    Claim: {"transfer_id": gettext_lazy("transfer")}
    | PARTIES
    | FURTHER
    | {
        "materiel_id": gettext_lazy("materiel"),
        "category": gettext_lazy("category"),
        "stage": gettext_lazy("stage"),
        "modality": gettext_lazy("modality"),
        "quantity_min": gettext_lazy("quantity from"),
        "quantity_max": gettext_lazy("quantity to"),
        "quantity_unit": gettext_lazy("unit"),
        "quantity_qualifier": gettext_lazy("how the number is meant"),
        "date_from": gettext_lazy("first day"),
        "date_to": gettext_lazy("last day"),
        "speaker": gettext_lazy("speaker"),
        "institution": gettext_lazy("institution"),
        "relayed_by": gettext_lazy("relayed by"),
        "origin_id": gettext_lazy("origin"),
        "origin_outlet_id": gettext_lazy("origin"),
        "credibility": gettext_lazy("credibility"),
        "quote": gettext_lazy("quote"),
        "translation": gettext_lazy("translation"),
        "note": gettext_lazy("note"),
    },
    Actor: NAMES
    | {
        "code": gettext_lazy("code"),
        "kind": gettext_lazy("kind"),
        "parent_id": gettext_lazy("speaks for"),
        "merged_into_id": gettext_lazy("merged into"),
        "withdrawn": WITHDRAWN,
    },
    ActorName: NAME,
    Materiel: NAMES
    | {
        "kind": gettext_lazy("kind"),
        "category": gettext_lazy("category"),
        "sipri": "SIPRI",
        "unroca": "UNROCA",
        "maker": gettext_lazy("designed in"),
        "withdrawn": WITHDRAWN,
    },
    MaterielName: {"name": NAME["name"], "language": NAME["language"], "withdrawn": WITHDRAWN},
    Outlet: {
        "name": gettext_lazy("name"),
        "names": gettext_lazy("further names"),
        "domains": gettext_lazy("domains"),
        "kind": gettext_lazy("kind"),
        "country": gettext_lazy("country"),
        "language": gettext_lazy("language"),
        "reliability": gettext_lazy("source reliability"),
    },
    Article: {
        "title": gettext_lazy("title"),
        "outlet_id": gettext_lazy("outlet"),
        "url": gettext_lazy("address"),
        "authors": gettext_lazy("authors"),
        "language": gettext_lazy("language"),
        "published_on": gettext_lazy("published on"),
        "copy_of_id": gettext_lazy("copy of"),
        "supersedes_id": gettext_lazy("replaces"),
        "withheld_at": gettext_lazy("taken down"),
        "withheld_reason": gettext_lazy("why it was taken down"),
    },
    ReviewItem: {
        "state": pgettext_lazy("of a review", "state"),
        "reason": gettext_lazy("reason"),
        "note": gettext_lazy("note"),
        "flagged": gettext_lazy("flagged"),
        "sampled": gettext_lazy("sampled"),
        "assigned_to_id": gettext_lazy("assigned to"),
        "compared": gettext_lazy("compared with the earlier readings"),
        "materiel_id": gettext_lazy("materiel"),
        "origin_id": gettext_lazy("origin"),
    }
    | PARTIES
    | FURTHER,
}
# The words of an article, which are not shown where it was taken down.
WORDS = {"quote", "translation"}
# What a new row has anyway, or what its page says at the head.
NO_NEWS = {
    Transfer: {"supplier_id", "recipient_id", "state", "credibility", "status", "origins"},
    Claim: {"supplier_id", "recipient_id", "credibility", "quote", "quantity_qualifier", "speaker", "institution"},
}


class Values:
    """The values of history rows in words; all that they name is looked up at once, a query a model."""

    def __init__(self, rows: Iterable[tuple[type[Model], Any]]) -> None:
        rows = list(rows)
        wanted: dict[Any, set[int]] = {}
        articles = {row.article_id for model, row in rows if model is Claim}
        for model, row in rows:
            for name in FIELDS[model]:
                field: Any = row._meta.get_field(name)
                if field.is_relation and field.related_model is not Transfer and getattr(row, name):
                    wanted.setdefault(field.related_model, set()).add(getattr(row, name))
        self.named: dict[tuple[Any, int], str] = {}
        for model, pks in wanted.items():
            found: Any = model._default_manager.filter(pk__in=pks)
            if model is Article:
                found = found.defer("text", "search", "written")
            self.named |= {(model, one.pk): one.title if model is Article else str(one) for one in found}
        taken = (
            Article.objects.filter(pk__in=articles, withheld_at__isnull=False) if articles else Article.objects.none()
        )
        self.withheld = set(taken.values_list("pk", flat=True))

    def said(self, model: type[Model], row: Any, name: str) -> str:
        """The value of one field of a row; empty for none."""
        value = getattr(row, name) if row else None
        if value in (None, False, "", []):
            return ""
        if name in WORDS and row.article_id in self.withheld:
            return _("taken down")
        field: Any = row._meta.get_field(name)
        if field.is_relation:
            if field.related_model is Transfer:
                return f"T-{value:06d}"
            return self.named.get((field.related_model, value), f"{value}")
        if value is True:
            return _("yes")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        choices = dict(field.flatchoices)
        if value in choices:
            return str(choices[value])
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j M Y, H:i")
        if isinstance(value, date):
            return date_format(value, "j M Y")
        return figure(value) if isinstance(value, int) else str(value)


def users(pks: Iterable[int | None]) -> dict[int, str]:
    """The names of users."""
    wanted = {pk for pk in pks if pk}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "username")) if wanted else {}
