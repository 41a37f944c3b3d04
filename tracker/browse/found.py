"""The rows that a search shows, and what they name: all of a kind by one query, the names of all by another."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, Model

from articles.models import Article, Outlet
from tracker.browse.hits import Hits
from tracker.browse.sought import Sought
from tracker.models import Actor, Claim, Materiel, Transfer

# What is shown of those that are named, as many columns of each.
SHOWN: dict[type[Model], set[str]] = {
    Actor: {"id", "name_en", "name_id", "kind", "code"},
    Materiel: {"id", "name_en", "name_id", "category", "key"},
    Outlet: {"id", "name", "country", "kind", "key"},
}
# In the order of the model's own columns, in which `from_db` takes their values.
NAMED = {
    model: [field.attname for field in model._meta.concrete_fields if field.attname in shown]
    for model, shown in SHOWN.items()
}
PARTIES = {"supplier": Actor, "recipient": Actor, "materiel": Materiel}


def rows(found: dict[str, Hits], sought: Sought, size: int) -> dict[str, list[Any]]:
    """At most `size` rows of each kind, in the order of their ids; articles in the order in which they fit."""
    ids = {name: hits.ids for name, hits in found.items()}
    # Who and what a row names is read by a query of its own: to plan all these joins takes longer than to ask again.
    claims = _in_order(
        Claim.objects.select_related("article", "article__outlet")
        .defer("spans", "article__text", "article__search", "article__written")
        .filter(pk__in=ids.get("claims", [])),
        ids.get("claims", []),
    )
    transfers = _in_order(Transfer.objects.filter(pk__in=ids.get("transfers", [])), ids.get("transfers", []))
    named = _named(
        {
            Actor: {*ids.get("actors", []), *_ids([*claims, *transfers], Actor)},
            Materiel: {*ids.get("materiel", []), *_ids([*claims, *transfers], Materiel)},
            Outlet: set(ids.get("outlets", [])),
        }
    )
    for row in (*claims, *transfers):
        for field, model in PARTIES.items():
            setattr(row, field, named[model].get(getattr(row, f"{field}_id")))
    return {
        "actors": [named[Actor][pk] for pk in ids.get("actors", [])],
        "materiel": [named[Materiel][pk] for pk in ids.get("materiel", [])],
        "transfers": transfers,
        "claims": claims,
        "articles": _ranked(ids["articles"], sought, size) if "articles" in ids else [],
        "outlets": [named[Outlet][pk] for pk in ids.get("outlets", [])],
    }


def _in_order(found: Iterable[Any], ids: list[int]) -> list[Any]:
    return sorted(found, key=lambda row: ids.index(row.pk))


def _ids(rows: list[Any], model: type[Model]) -> set[int]:
    """The ids of those of a kind that the rows name."""
    fields = [f"{field}_id" for field, named in PARTIES.items() if named is model]
    return {pk for row in rows for field in fields if (pk := getattr(row, field))}


def _named(ids: dict[type[Model], set[int]]) -> dict[type[Model], dict[int, Any]]:
    """Actors, materiel and outlets by their ids, with what is shown of them; one query."""
    wanted = {model: sorted(of_model) for model, of_model in ids.items() if of_model}
    found: dict[type[Model], dict[int, Any]] = {model: {} for model in ids}
    if not wanted:
        return found
    parts = [
        f"SELECT '{model._meta.label}', {', '.join(NAMED[model])} FROM {model._meta.db_table} WHERE id = ANY (%s)"
        for model in wanted
    ]
    models = {model._meta.label: model for model in wanted}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), list(wanted.values()))
        for label, *values in cursor.fetchall():
            model = models[label]
            found[model][values[0]] = model.from_db(connection.alias, NAMED[model], values)
    return found


def _ranked(ids: list[int], sought: Sought, size: int) -> list[Article]:
    """Those of the articles that fit best: by the title, then by the text, then the newest."""
    vector, query = F("written" if sought.exact else "search"), sought.ranking()
    # The weight A is that of titles.
    titled = SearchRank(vector, query, weights=[0, 0, 0, 1])
    fits = SearchRank(vector, query)
    ranked = Article.objects.filter(pk__in=ids).order_by(titled.desc(), fits.desc(), "-published_key", "-id")
    return list(ranked.select_related("outlet").defer("search", "written")[:size])
