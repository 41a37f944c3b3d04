"""What is supplied."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.codes import Category
from articles.models import one_of
from tracker.models.history import tracked
from tracker.models.sorting import SortKey
from tracker.models.words import NameWords


class CategoryCrosswalk(models.Model):
    """A category of ours beside the categories of SIPRI and UNROCA; empty where a register leaves it out."""

    category = models.CharField(max_length=24, choices=Category.choices, primary_key=True)
    position = models.PositiveSmallIntegerField()
    sipri = models.CharField(max_length=60, blank=True)
    unroca = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=one_of("category", Category), name="crosswalk_category_known")]

    def __str__(self) -> str:
        return self.category


class MaterielQuerySet(models.QuerySet["Materiel"]):
    def standing(self) -> "MaterielQuerySet":
        """Materiel that was not withdrawn."""
        return self.filter(withdrawn=False)

    def with_word(self, word: str) -> "MaterielQuerySet":
        """Materiel with the word in one of its names."""
        further = MaterielName.objects.filter(name__icontains=word, withdrawn=False).values("materiel")
        return self.filter(Q(name_en__icontains=word) | Q(name_id__icontains=word) | Q(pk__in=further))

    def named(self, name: str, category: str) -> "Materiel | None":
        """The materiel of `category` that bears `name` in any language and case, a designation before a class."""
        wanted = name.strip().lower()
        if not wanted:
            return None
        further = MaterielName.objects.filter(withdrawn=False).annotate(low=Lower("name")).filter(low=wanted)
        return (
            self.standing()
            .annotate(low_en=Lower("name_en"), low_id=Lower("name_id"))
            .filter(Q(low_en=wanted) | Q(low_id=wanted) | Q(pk__in=further.values("materiel")), category=category)
            .order_by(models.Case(models.When(kind=Materiel.Kind.DESIGNATION, then=0), default=1), "pk")
            .first()
        )


class MaterielKind(models.TextChoices):
    CLASS = "class", _("class")
    FAMILY = "family", _("family")
    DESIGNATION = "designation", _("designation")


@tracked(exclude=["sort_key", "sort_key_id"])
class Materiel(models.Model):
    """A weapon, piece of equipment, ammunition, part or material: a class, a family or a designation."""

    Kind = MaterielKind

    key = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    category = models.CharField(max_length=24, choices=Category.choices)
    name_en = models.CharField(max_length=200)
    name_id = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    # The same of the Indonesian name
    sort_key_id = models.GeneratedField(
        expression=SortKey("name_id"), output_field=models.CharField(max_length=200), db_persist=True
    )
    sipri = models.CharField(max_length=60, blank=True)
    unroca = models.CharField(max_length=10, blank=True)
    maker = models.CharField(max_length=4, blank=True)
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MaterielQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=one_of("kind", MaterielKind), name="materiel_kind_known"),
            models.CheckConstraint(condition=one_of("category", Category), name="materiel_category_known"),
        ]
        indexes = [
            # materiel list by name
            models.Index(fields=["sort_key", "id"], name="materiel_by_name"),
            models.Index(fields=["sort_key_id", "id"], name="materiel_by_name_id"),
            # search over names: by words
            GinIndex(NameWords("name_en"), name="materiel_words_en"),
            GinIndex(NameWords("name_id"), name="materiel_words_id"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("materiel", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_id if get_language() == "id" else self.name_en


@tracked()
class MaterielName(models.Model):
    """One more name of a materiel in one language, and where it comes from: the reference data, or a claim."""

    materiel = models.ForeignKey(Materiel, models.CASCADE, related_name="names")
    language = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=80, default="reference")
    claim = models.ForeignKey("tracker.Claim", models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["language", "name"]
        constraints = [models.UniqueConstraint(fields=["materiel", "language", "name"], name="materiel_name_once")]
        indexes = [
            # the materiel of a written name
            models.Index(Lower("name"), name="materiel_name_lower"),
            # search over names: by words, and the nearest where nothing is found
            GinIndex(NameWords("name"), name="materiel_name_words"),
            GinIndex(OpClass("name", "gin_trgm_ops"), name="materiel_name_alike"),
        ]

    def __str__(self) -> str:
        return self.name
