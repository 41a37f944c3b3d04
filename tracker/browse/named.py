"""What the values of a filter stand for: an actor by its code, an outlet by its key, a text by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from articles.models import Outlet
from tracker import units
from tracker.models import Actor, Materiel, User

# Rows that a few letters can name.
MOST = 1000


@dataclass(frozen=True)
class Named:
    """Rows of `model` that an address names by their column `key`, and that rows are counted by with their id.

    Without a `model`: texts, which stand for themselves.
    """

    model: Any = None
    key: str = "pk"

    def rows(self, values: Iterable[str]) -> dict[str, Any]:
        """The rows of those values, by value."""
        if self.model is None:
            return {}
        found = self.model._default_manager.filter(**{f"{self.key}__in": _clean(values)})
        return {str(getattr(row, self.key)): row for row in found}

    def label(self, row: Any) -> str:
        """A row as people read it."""
        return str(getattr(row, "name", row))

    def of(self, keys: Iterable[Any]) -> dict[Any, tuple[str, str]]:
        """The value and the label of each key."""
        if self.model is None:
            return {key: (key, self.label(key)) for key in keys}
        rows = self.model._default_manager.in_bulk(list(keys))
        return {pk: (str(getattr(row, self.key)), self.label(row)) for pk, row in rows.items()}

    def called(self, words: str, keys: Iterable[Any]) -> set[Any]:
        """Those of the keys that are called so, and maybe others."""
        if self.model is None:
            return {key for key in keys if words.lower() in self.label(key).lower()}
        return set(self._called(words))

    def like(self, path: str, words: str) -> Q:
        """The condition that what the path leads to is called so."""
        return Q(**{f"{path}__icontains": words}) if self.model is None else Q(**{f"{path}__in": self._called(words)})

    def _called(self, words: str) -> list[Any]:
        """The ids of the rows that bear every word in one of their names."""
        found = self.model._default_manager.all()
        for word in words.split()[:8]:
            found = found.filter(pk__in=self._with_word(word).values("pk"))
        return list(found.values_list("pk", flat=True)[:MOST])

    def _with_word(self, word: str) -> Any:
        return self.model._default_manager.with_word(word)


class ActorNamed(Named):
    """Actors by code; the code of one that was merged stands for the one that it became."""

    def rows(self, values: Iterable[str]) -> dict[str, Any]:
        found = Actor.objects.filter(code__in=_clean(values)).select_related("merged_into")
        return {actor.code: actor.survivor for actor in found}


class CountryNamed(ActorNamed):
    """Countries by their code, which rows are counted by."""

    def of(self, keys: Iterable[Any]) -> dict[Any, tuple[str, str]]:
        names = {actor.code: actor.name for actor in Actor.objects.filter(code__in=list(keys))}
        return {key: (key, names.get(key, key)) for key in keys}

    def _called(self, words: str) -> list[Any]:
        return list(Actor.objects.filter(pk__in=super()._called(words)).values_list("code", flat=True))


class OutletNamed(Named):
    def _with_word(self, word: str) -> Any:
        return Outlet.objects.filter(Q(name__icontains=word) | Q(names__icontains=word) | Q(domains__icontains=word))


class UserNamed(Named):
    def _with_word(self, word: str) -> Any:
        return User.objects.filter(username__icontains=word)


class UnitNamed(Named):
    """Units of quantity, in the reader's language."""

    def rows(self, values: Iterable[str]) -> dict[str, Any]:
        return {value: value for value in values}

    def label(self, row: Any) -> str:
        return units.named(row, 2) or str(row)

    def like(self, path: str, words: str) -> Q:
        named = [unit for unit in units.UNITS if words.lower() in self.label(unit).lower()]
        return Q(**{f"{path}__in": named}) | super().like(path, words)


def _clean(values: Iterable[str]) -> list[str]:
    """Values that a text of the database can hold."""
    return [value for value in values if "\0" not in value]


ACTORS = ActorNamed(Actor, "code")
COUNTRIES = CountryNamed(Actor, "code")
MATERIEL = Named(Materiel, "key")
OUTLETS = OutletNamed(Outlet, "key")
USERS = UserNamed(User, "username")
TEXTS = Named()
UNITS = UnitNamed()
