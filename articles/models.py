"""Sources and machine output: outlets, articles, and the events that the extractor read in them."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.codes import Category, Modality, Precision, Qualifier, Reliability, Stage, displayed, language_choices


def one_of(field: str, choices: type[models.TextChoices], *, empty: bool = False) -> Q:
    """The condition that `field` holds a code of `choices`, or nothing where `empty` is allowed."""
    return Q(**{f"{field}__in": [*choices.values, ""] if empty else choices.values})


def dates_in_order(prefix: str = "date") -> Q:
    """First and last day are given both or neither, and are in order."""
    first, last = f"{prefix}_from", f"{prefix}_to"
    return Q(**{f"{first}__isnull": True, f"{last}__isnull": True}) | Q(**{f"{first}__lte": F(last)})


def quantities_in_order() -> Q:
    """A maximum is no smaller than the minimum, and none is negative."""
    return (
        Q(quantity_min__isnull=True, quantity_max__isnull=True)
        | Q(quantity_min__gte=0, quantity_max__isnull=True)
        | Q(quantity_min__isnull=True, quantity_max__gte=0)
        | Q(quantity_min__gte=0, quantity_max__gte=F("quantity_min"))
    )


class OutletQuerySet(models.QuerySet["Outlet"]):
    def named(self, *names: str) -> "Outlet | None":
        """The outlet that bears one of `names` in any case; its main name counts before a further one."""
        wanted = [name.strip().lower() for name in names if name.strip()]
        further = Q(pk__in=self.filter(names__overlap=wanted).values("pk"))
        main = self.annotate(low=Lower("name")).filter(Q(low__in=wanted) | further)
        return main.order_by(Case(When(low__in=wanted, then=0), default=1), "pk").first()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Outlet(models.Model):
    """Who published: a newspaper, wire agency, broadcaster, ministry site, NGO or social account."""

    class Kind(models.TextChoices):
        NEWSPAPER = "newspaper", _("newspaper")
        PORTAL = "portal", _("news portal")
        AGENCY = "agency", _("wire agency")
        BROADCASTER = "broadcaster", _("broadcaster")
        MAGAZINE = "magazine", _("magazine")
        GOVERNMENT = "government", _("government site")
        NGO = "ngo", _("NGO")
        THINK_TANK = "think_tank", _("think tank")
        SOCIAL = "social", _("social account")

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    # In lower case, the main name left out.
    names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    domains = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=3, choices=language_choices, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    reliability = models.CharField(
        _("source reliability"), max_length=1, choices=Reliability.choices, default=Reliability.F
    )
    demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OutletQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=one_of("reliability", Reliability), name="outlet_reliability_known"),
        ]
        indexes = [
            # outlet of a URL: Outlet.objects.filter(domains__contains=[domain])
            GinIndex(fields=["domains"], name="outlet_domains"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outlet", args=[self.pk])


class ArticleVector(Func):
    """The words of an article for full-text search, those of its title with the weight A.

    `config` is SQL for the text search configuration. What joins parts of a designation or of an address is a space
    here, so that Su-35 and Su 35 are the same two words.
    """

    arity = 0
    output_field = SearchVectorField()
    template = (
        "setweight(to_tsvector(%(config)s, translate(title, '-–—‑/._@', '        ')), 'A')"
        " || to_tsvector(%(config)s, translate(text, '-–—‑/._@', '        '))"
    )


# The words' stems in the article's own language; without a stemmer for it, the words as they are written.
STEMS = (
    "CASE language WHEN 'id' THEN 'public.stems_id'::regconfig WHEN 'en' THEN 'public.stems_en'::regconfig"
    " ELSE 'public.written'::regconfig END"
)
WRITTEN = "'public.written'::regconfig"


class ArticleQuerySet(models.QuerySet["Article"]):
    def shown(self) -> "ArticleQuerySet":
        """Articles whose text may be shown: those not withheld."""
        return self.filter(withheld_at__isnull=True)

    def current_extractions(self) -> "ArticleQuerySet":
        """Annotates `extraction`: the id of the newest run over the article, or None."""
        newest = Extraction.objects.filter(article=models.OuterRef("pk")).order_by("-id").values("id")[:1]
        return self.annotate(extraction=models.Subquery(newest))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["text", "search", "written", "reading", "reading_error"],
)
class Article(models.Model):
    """One text as one outlet published it. A changed text at the same address is another article that supersedes it."""

    class Reading(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        READING = "reading", _("being read")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")

    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="articles")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    title = models.CharField(_("title"), max_length=500)
    authors = models.CharField(_("authors"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=3, choices=language_choices)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retrieved_at = models.DateTimeField(db_default=models.functions.Now())
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    withheld_at = models.DateTimeField(null=True, blank=True)
    withheld_reason = models.CharField(max_length=500, blank=True)
    reading = models.CharField(max_length=10, choices=Reading.choices, default=Reading.WAITING)
    reading_error = models.TextField(blank=True)
    demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # Two vectors: the stems for a search as usual, and the words as they are written for an exact one.
    search = models.GeneratedField(
        expression=ArticleVector(config=STEMS), output_field=SearchVectorField(), db_persist=True
    )
    written = models.GeneratedField(
        expression=ArticleVector(config=WRITTEN), output_field=SearchVectorField(), db_persist=True
    )
    # Keyset pages need a key without NULL: an article without a date sorts before all others.
    published_key = models.GeneratedField(
        expression=models.functions.Coalesce("published_on", models.Value("0001-01-01", models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )

    get_reading_display = displayed("reading", Reading)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "text_sha256"], name="article_text_once_per_outlet", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(text_sha256__regex="^[0-9a-f]{64}$"), name="article_text_sha256_hex"),
            models.CheckConstraint(condition=~Q(text=""), name="article_text_not_empty"),
            models.CheckConstraint(condition=~Q(copy_of=F("pk")), name="article_no_copy_of_itself"),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True) | ~Q(withheld_reason=""), name="article_withheld_with_reason"
            ),
        ]
        indexes = [
            # article list, newest first
            models.Index(F("published_key").desc(), F("id").desc(), name="article_newest"),
            # dashboard: articles by outlet and language, from the index alone
            models.Index(fields=["outlet", "language", "published_key"], name="article_coverage"),
            # articles in a language, newest first, also those of them with the words of a search
            models.Index("language", F("published_key").desc(), F("id").desc(), name="article_by_language"),
            # articles of an outlet, newest first
            models.Index("outlet", F("published_key").desc(), F("id").desc(), name="article_of_outlet"),
            # how many articles of an outlet are copies: its page, and the list by ?copy=yes
            models.Index(fields=["outlet"], name="article_copied", condition=Q(copy_of__isnull=False)),
            # transfers by the language or outlet of a claim's article, from the index alone
            models.Index(fields=["id"], include=["language", "outlet"], name="article_of_claim"),
            # article list by title
            models.Index(fields=["title", "id"], name="article_title"),
            # search over articles: by stems, by words as they are written
            GinIndex(fields=["search"], name="article_search"),
            GinIndex(fields=["written"], name="article_written"),
            # the articles whose words nobody finds: search over claims
            models.Index(fields=["id"], name="article_withheld", condition=Q(withheld_at__isnull=False)),
            # copies of the same text at other outlets
            models.Index(fields=["text_sha256"], name="article_text_sha256"),
            # is there a demo: asked on every page, and without this the whole table is read for a no
            models.Index(fields=["demo"], name="article_demo", condition=Q(demo=True)),
        ]
        triggers = [
            # Spans of events point into the text: it never changes once it is stored.
            pgtrigger.ReadOnly(name="text_is_immutable", fields=["text", "text_sha256"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])


class Original(models.Model):
    """The bytes of an article as they arrived, so that what was sent can always be fetched back."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="original", primary_key=True)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="original_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"original of article {self.article_id}"


class Extraction(models.Model):
    """One run of one extractor version, with one lexicon, over one article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="extractions")
    extractor = models.CharField(max_length=80)
    lexicon = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    seconds = models.FloatField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.extractor} over article {self.article_id}"


class ExtractedEvent(models.Model):
    """What the machine read in one article: codes and text with the spans that say it. Never edited.

    `spans` is {field: [[start, end], …]} in code points of the article's text; `evidence` holds the spans of the
    sentences or clauses. `score` is the raw confidence from 0 to 1, `reasons` the rules that fired.
    """

    extraction = models.ForeignKey(Extraction, models.CASCADE, related_name="events")
    # event_of_article leads from an article to its events.
    article = models.ForeignKey(Article, models.CASCADE, related_name="events", db_index=False)
    position = models.PositiveSmallIntegerField()
    supplier_code = models.TextField(blank=True)
    supplier_name = models.TextField(blank=True)
    supplier_text = models.TextField(blank=True)
    recipient_code = models.TextField(blank=True)
    recipient_name = models.TextField(blank=True)
    recipient_text = models.TextField(blank=True)
    intermediary_code = models.TextField(blank=True)
    intermediary_name = models.TextField(blank=True)
    intermediary_text = models.TextField(blank=True)
    end_user_code = models.TextField(blank=True)
    end_user_name = models.TextField(blank=True)
    end_user_text = models.TextField(blank=True)
    category = models.CharField(max_length=24, choices=Category.choices)
    designation = models.TextField(blank=True)
    materiel_text = models.TextField(blank=True)
    quantity_min = models.BigIntegerField(null=True)
    quantity_max = models.BigIntegerField(null=True)
    quantity_unit = models.TextField(blank=True)
    quantity_qualifier = models.CharField(max_length=12, choices=Qualifier.choices, blank=True)
    quantity_text = models.TextField(blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    modality = models.CharField(max_length=12, choices=Modality.choices)
    date_from = models.DateField(null=True)
    date_to = models.DateField(null=True)
    date_precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    date_text = models.TextField(blank=True)
    speaker = models.TextField(blank=True)
    institution = models.TextField(blank=True)
    relayed_by = models.TextField(blank=True)
    origin_code = models.TextField(blank=True)
    evidence = models.JSONField()
    spans = models.JSONField()
    score = models.FloatField()
    reasons = models.JSONField()

    get_category_display = displayed("category", Category)
    get_stage_display = displayed("stage", Stage)
    get_modality_display = displayed("modality", Modality)

    class Meta:
        ordering = ["extraction", "position"]
        constraints = [
            models.UniqueConstraint(fields=["extraction", "position"], name="event_position_once"),
            models.CheckConstraint(condition=one_of("category", Category), name="event_category_known"),
            models.CheckConstraint(condition=one_of("stage", Stage), name="event_stage_known"),
            models.CheckConstraint(condition=one_of("modality", Modality), name="event_modality_known"),
            models.CheckConstraint(
                condition=one_of("date_precision", Precision, empty=True), name="event_precision_known"
            ),
            models.CheckConstraint(
                condition=one_of("quantity_qualifier", Qualifier, empty=True), name="event_qualifier_known"
            ),
            models.CheckConstraint(condition=dates_in_order(), name="event_dates_in_order"),
            models.CheckConstraint(condition=quantities_in_order(), name="event_quantities_in_order"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="event_score_from_0_to_1"),
            models.CheckConstraint(condition=~Q(supplier_name="") | ~Q(recipient_name=""), name="event_has_a_party"),
        ]
        indexes = [
            # the queue of events of one category: of a rare one, all that wait would be looked up to count it
            models.Index(fields=["category", "id"], name="event_by_category"),
            # the first events of an article: in order, or the plan for some of thousands is to look through all events
            models.Index(fields=["article", "id"], name="event_of_article"),
        ]
        triggers = [
            pgtrigger.Protect(name="event_is_never_edited", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name or '?'} → {self.recipient_name or '?'}, {self.materiel_text or self.category}"
