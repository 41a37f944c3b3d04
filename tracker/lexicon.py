"""The names that reviewers added, as the extractor takes them: they are known to the next reading."""

from typing import Any

from django.db.models import Q

from tracker.models import ActorName, MaterielName

Row = dict[str, str]


def added_names() -> tuple[list[Row], list[Row]]:
    """Rows of actor_names.csv and of materiel_names.csv beyond the files, in an order that stays.

    What somebody took back is left out; the names of a merged actor are names of the one that it became.
    """
    actors = ActorName.objects.filter(withdrawn=False).exclude(source="reference")
    actors = actors.filter(Q(actor__withdrawn=False)).select_related("actor__parent", "actor__merged_into__parent")
    materiel = MaterielName.objects.filter(withdrawn=False, materiel__withdrawn=False).exclude(source="reference")
    return (
        [_actor(name) for name in actors.order_by("pk")],
        [_materiel(name) for name in materiel.select_related("materiel").order_by("pk")],
    )


def _language(name: Any, row: Any) -> str:
    """A name that is the main one in every language holds in all of them."""
    return "*" if name.name == row.name_en == row.name_id else name.language


def _actor(name: ActorName) -> Row:
    actor = name.actor.survivor
    return {
        "actor": actor.code,
        "language": _language(name, actor),
        "kind": name.kind,
        "name": name.name,
        # An abbreviation in small letters is another word.
        "match": "exact" if name.kind == ActorName.Kind.ABBREVIATION else "",
        "actor_kind": actor.kind,
        "home": actor.parent.code if actor.parent else "",
        "name_en": actor.name_en,
    }


def _materiel(name: MaterielName) -> Row:
    materiel = name.materiel
    return {
        "materiel": materiel.key,
        "language": _language(name, materiel),
        "name": name.name,
        "match": "",
        "kind": materiel.kind,
        "category": materiel.category,
        "maker": materiel.maker,
    }
