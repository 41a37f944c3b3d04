"""Who supplies, receives, passes on or says."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Greatest, Lower
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models import one_of
from tracker.models.history import tracked
from tracker.models.sorting import SortKey
from tracker.models.words import NameWords


class Array(models.Func):
    """ARRAY[…] of text expressions."""

    template = "ARRAY[%(expressions)s]::text[]"
    output_field = ArrayField(models.TextField())


class ActorQuerySet(models.QuerySet["Actor"]):
    def standing(self) -> "ActorQuerySet":
        """Actors that were neither merged into another nor withdrawn."""
        return self.filter(merged_into__isnull=True, withdrawn=False)

    def like(self, name: str) -> "list[Actor]":
        """Up to three standing actors whose main name looks like `name`, the most alike first."""
        alike = Greatest(TrigramSimilarity("name_en", name), TrigramSimilarity("name_id", name))
        return list(self.standing().annotate(alike=alike).filter(alike__gte=0.3).order_by("-alike", "pk")[:3])

    def with_word(self, word: str) -> "ActorQuerySet":
        """Actors with the word in one of their names, or in one of an actor that was merged into them."""
        further = ActorName.objects.filter(name__icontains=word, withdrawn=False).values("actor")
        called = Actor.objects.filter(
            Q(name_en__icontains=word) | Q(name_id__icontains=word) | Q(code__iexact=word) | Q(pk__in=further)
        )
        return self.filter(Q(pk__in=called) | Q(pk__in=called.values("merged_into")))

    def named(self, names: Iterable[str]) -> "dict[str, list[Actor]]":
        """The standing actors that bear each of `names`, in any language and case, by the name in lower case.

        A code counts as a name, and what a merged actor was called is a name of the one that it became. Where an
        actor's main name fits, the actors that only have it as a further name are left out: "Georgia" is the state
        and not what else is called so.
        """
        wanted = {name.strip().lower() for name in names if name.strip()}
        if not wanted:
            return {}
        further = ActorName.objects.filter(withdrawn=False).annotate(low=Lower("name")).filter(low__in=wanted)
        rows: Any = (
            self.filter(withdrawn=False)
            .select_related("merged_into")
            .annotate(
                main=Array(Lower("name_en"), Lower("name_id"), Lower("code")),
                further=ArraySubquery(further.filter(actor=OuterRef("pk")).values("low")),
            )
            .filter(Q(main__overlap=sorted(wanted)) | Q(pk__in=further.values("actor")))
        )
        found: dict[str, dict[bool, list[Actor]]] = {}
        for actor in rows:
            mains = set(actor.main) & wanted
            for name in mains | set(actor.further):
                called = found.setdefault(name, {}).setdefault(name in mains, [])
                if actor.survivor not in called:
                    called.append(actor.survivor)
        return {name: ranks.get(True) or ranks[False] for name, ranks in found.items()}


class ActorKind(models.TextChoices):
    STATE = "state", pgettext_lazy("kind of actor", "state")
    ALLIANCE = "alliance", _("alliance")
    GROUP = "group", _("armed group")
    INSTITUTION = "institution", _("institution")
    COMPANY = "company", _("company")
    PERSON = "person", _("person")


@tracked(exclude=["sort_key", "sort_key_id"])
class Actor(models.Model):
    """A state, alliance, armed group, institution, company or person.

    `code` is ISO 3166-1 alpha-2 for a state and a slug for all others. `parent` is whom it speaks or acts for: an
    institution's state, a person's institution or state. Independence of origins is counted at the root of `parent`.
    What somebody added and took back stays as `withdrawn`.
    """

    Kind = ActorKind

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name_en = models.CharField(_("English name"), max_length=200)
    name_id = models.CharField(_("Indonesian name"), max_length=200)
    # Lower case and without accents: the embedded PostgreSQL has no ICU collations.
    sort_key = models.CharField(max_length=200, editable=False)
    # The same of the Indonesian name
    sort_key_id = models.GeneratedField(
        expression=SortKey("name_id"), output_field=models.CharField(max_length=200), db_persist=True
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=one_of("kind", ActorKind), name="actor_kind_known"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="actor_no_parent_of_itself"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="actor_not_merged_into_itself"),
        ]
        indexes = [
            # actor list by name
            models.Index(fields=["sort_key", "id"], name="actor_by_name"),
            models.Index(fields=["sort_key_id", "id"], name="actor_by_name_id"),
            # search over names: by words
            GinIndex(NameWords("name_en"), name="actor_words_en"),
            GinIndex(NameWords("name_id"), name="actor_words_id"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("actor", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_id if get_language() == "id" else self.name_en

    @property
    def survivor(self) -> "Actor":
        """The actor that it was merged into, or itself. A merge leaves nobody merged into the one that goes."""
        return self.merged_into or self


class NameKind(models.TextChoices):
    NAME = "name", _("name")
    ABBREVIATION = "abbreviation", _("abbreviation")
    DEMONYM = "demonym", _("demonym")
    METONYM = "metonym", _("metonym")
    HISTORIC = "historic", _("historic name")


@tracked()
class ActorName(models.Model):
    """One name of an actor in one language, and where it comes from: the reference data, or the claim that used it."""

    Kind = NameKind

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    language = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=80, default="reference")
    claim = models.ForeignKey("tracker.Claim", models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["language", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "language", "name"], name="actor_name_once"),
            models.CheckConstraint(condition=one_of("kind", NameKind), name="actor_name_kind_known"),
        ]
        indexes = [
            # the actor of a written name
            models.Index(Lower("name"), name="actor_name_lower"),
            # search over names: by words, and the nearest where nothing is found
            GinIndex(NameWords("name"), name="actor_name_words"),
            GinIndex(OpClass("name", "gin_trgm_ops"), name="actor_name_alike"),
        ]

    def __str__(self) -> str:
        return self.name
