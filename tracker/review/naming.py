"""Actors, materiel and further names that reviewers add, each with the claim that it comes from.

What is added here is known to the next reading of an article: tracker/lexicon.py hands it on.
"""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracker.decisions import Recorder, Refused, deciding
from tracker.models import Actor, ActorName, Claim, Decision, Materiel, MaterielName, User
from tracker.models.sorting import sort_key

SOURCE = "reviewer"


@dataclass(frozen=True, slots=True)
class NewActor:
    """An actor that a form asks to add. `parent` is whom it speaks or acts for."""

    name: str
    kind: str
    parent: Actor | None = None


@dataclass(frozen=True, slots=True)
class NewMateriel:
    """Materiel that a form asks to add."""

    name: str
    kind: str
    category: str


class NewNames:
    """Adds what the values of a decision's claims ask for: once each, however many of the claims name it."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.made: dict[tuple[type, str], Any] = {}
        self.nameless: list[Any] = []

    def resolve(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a claim with a row for every actor and materiel that was to be added."""
        wanted = {name: value for name, value in values.items() if isinstance(value, NewActor | NewMateriel)}
        if not wanted:
            return values
        # Two reviewers who add the same name at once: the second finds what the first has added.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tracker.review.naming'))")
        rows = {name: self._row(value) for name, value in wanted.items()}
        if (materiel := rows.get("materiel")) is not None and materiel.kind == Materiel.Kind.DESIGNATION:
            rows["designation"] = materiel.name
        return values | rows

    def of(self, claim: Claim) -> None:
        """Keep the names of what was added with the claim that used them first, once the claim is there."""
        named = {"language": claim.article.language, "source": SOURCE, "claim": claim}
        while self.nameless:
            row = self.nameless.pop()
            if isinstance(row, Actor):
                self.recorder.create(ActorName, actor=row, kind=ActorName.Kind.NAME, name=row.name_en, **named)
            else:
                self.recorder.create(MaterielName, materiel=row, name=row.name_en, **named)

    def _row(self, wanted: NewActor | NewMateriel) -> Any:
        place = type(wanted), wanted.name.lower()
        if place not in self.made:
            self.made[place] = self._known(wanted) or self._create(wanted)
        return self.made[place]

    def _known(self, wanted: NewActor | NewMateriel) -> Any:
        """What somebody else has added since the form was checked."""
        if isinstance(wanted, NewMateriel):
            return Materiel.objects.named(wanted.name, wanted.category)
        actors = next(iter(Actor.objects.named([wanted.name]).values()), [])
        if len(actors) > 1:
            raise Refused(_("Several actors are called “%s” by now.") % wanted.name)
        return actors[0] if actors else None

    def _create(self, wanted: NewActor | NewMateriel) -> Any:
        names = {"name_en": wanted.name, "name_id": wanted.name, "sort_key": sort_key(wanted.name)}
        if isinstance(wanted, NewActor):
            code = _free(Actor, "code", wanted.name)
            row: Any = self.recorder.create(Actor, code=code, kind=wanted.kind, parent=wanted.parent, **names)
        else:
            key = _free(Materiel, "key", wanted.name)
            row = self.recorder.create(Materiel, key=key, kind=wanted.kind, category=wanted.category, **names)
        self.nameless.append(row)
        return row


def add_name(*, actor: Actor, name: str, language: str, kind: str, claim: Claim | None, by: User, key: UUID) -> None:
    """Add a further name to an actor. Refused where it bears the name already."""
    name = " ".join(name.split())
    rows = ActorName.objects.filter(actor=actor, language=language, name=name)
    with deciding(by=by, verdict=Decision.Verdict.ADD, key=key) as recorder:
        # Two who add the same name at once come one after the other.
        Actor.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        row = rows.select_for_update(of=("self",)).first()
        if row is None:
            recorder.create(ActorName, actor=actor, language=language, kind=kind, name=name, source=SOURCE, claim=claim)
        elif row.withdrawn:
            recorder.change(row, withdrawn=False, kind=kind, source=SOURCE, claim=claim)
        else:
            raise Refused(_("%(actor)s already has the name “%(name)s”.") % {"actor": actor, "name": name})


def withdraw_name(*, name: ActorName, by: User, version: int, key: UUID) -> None:
    """Take back a name that somebody added. Names of the reference data stay."""
    if name.source != SOURCE:
        raise Refused(_("This name is of the reference data."))
    with deciding(by=by, verdict=Decision.Verdict.EDIT, key=key) as recorder:
        recorder.change(name, version=version, withdrawn=True)


def _free(model: Any, field: str, name: str) -> str:
    """A slug of the name that no row has yet; a withdrawn row keeps its own."""
    what = model._meta.model_name
    stem = slugify(name)[:70]
    # A few letters would read as the code of a state or an alliance.
    stem = stem if len(stem) > 4 else f"{what}-{stem}".rstrip("-")
    taken = set(model.objects.filter(**{f"{field}__startswith": stem}).values_list(field, flat=True))
    return next(slug for n in itertools.count(1) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)
