"""The page of search: what is sought, over everything that has words, grouped by kind.

Each group is bounded: it shows the first rows and leads to its list, which finds the same by the same filters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.search import SearchRank, TrigramSimilarity
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from articles.codes import Language
from articles.models import Article, Outlet
from tracker.browse import filters
from tracker.browse.facets import ListFilter
from tracker.browse.lists import claims, transfers
from tracker.browse.snippets import Piece, Snippets
from tracker.browse.sought import Sought
from tracker.models import Actor, ActorName, Materiel, MaterielName
from tracker.templatetags.figures import figure

# Rows of a group on the page of everything, and on the page of one kind; rows counted at most; articles ranked.
FEW, MORE = 5, 30
COUNTED = 1_000
RANKED = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is searched. `asked` are the filters of the page that it has, `order` the first rows'."""

    name: str
    label: Any
    listing: str
    filters: type[ListFilter]
    rows: Callable[[], QuerySet[Any]]
    order: tuple[str, ...]
    count: Callable[[int], str]
    asked: tuple[str, ...] = ()


# What can be typed, and what it finds.
EXAMPLES = (
    ("Syahed", _("finds Shahed and Geran-2, too: all names of a thing count")),
    ("SU35", _("finds Su-35 and Su 35: a designation in any spelling")),
    ("pengiriman", _("finds dikirim and mengirimkan: a word in all its forms")),
    ('"air defence"', _("the words side by side")),
    ("drone -Shahed", _("leaves out what has the word after the minus")),
    ("T-000123", _("leads to the transfer of that number")),
    ("KP", _("an actor by its code")),
)
DATED = ("language", "published_from", "published_to")
NEWEST = ("-published_key", "-id")
KINDS = (
    Kind(
        "actors",
        _("Actors"),
        "actor_list",
        filters.ActorFilter,
        lambda: Actor.objects.standing(),
        ("sort_key", "id"),
        lambda n: ngettext("All %s actor", "All %s actors", n),
    ),
    Kind(
        "materiel",
        _("Materiel"),
        "materiel_list",
        filters.MaterielFilter,
        lambda: Materiel.objects.standing(),
        ("sort_key", "id"),
        lambda n: ngettext("All %s materiel entry", "All %s materiel entries", n),
    ),
    Kind(
        "transfers",
        _("Transfers"),
        "transfer_list",
        filters.TransferFilter,
        transfers,
        NEWEST,
        lambda n: ngettext("All %s transfer", "All %s transfers", n),
        DATED,
    ),
    Kind(
        "claims",
        _("Claims"),
        "claim_list",
        filters.ClaimFilter,
        claims,
        NEWEST,
        lambda n: ngettext("All %s claim", "All %s claims", n),
        DATED,
    ),
    Kind(
        "articles",
        _("Articles"),
        "article_list",
        filters.ArticleFilter,
        lambda: Article.objects.all(),
        NEWEST,
        lambda n: ngettext("All %s article", "All %s articles", n),
        DATED,
    ),
    Kind(
        "outlets",
        _("Outlets"),
        "outlet_list",
        filters.OutletFilter,
        lambda: Outlet.objects.all(),
        ("name", "id"),
        lambda n: ngettext("All %s outlet", "All %s outlets", n),
    ),
)


class SearchForm(forms.Form):
    """What narrows a search."""

    kind = forms.ChoiceField(
        choices=[("", _("Everything")), *((kind.name, kind.label) for kind in KINDS)],
        required=False,
        label=pgettext_lazy("of what is searched", "Kind"),
    )
    language = forms.ChoiceField(
        choices=[("", _("any language")), *Language.choices], required=False, label=_("Language")
    )
    published_from = forms.DateField(
        required=False, label=_("Published from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    published_to = forms.DateField(
        required=False, label=_("Published to"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One row with its snippet; `title` are the pieces of an article's title."""

    row: Any
    snippet: Sequence[Piece] = ()
    title: Sequence[Piece] = ()


@dataclass(slots=True)
class Group:
    """What was found of one kind. `count` says how many there are, `url` leads to all of them."""

    kind: Kind
    rows: list[Found]
    number: int
    count: str
    url: str


def groups(sought: Sought, asked: dict[str, str], kind: str = "") -> list[Group]:
    """What was found, of one kind or of all, with snippets. `asked` are the filters, as the lists take them.

    A kind without language and date is left out where these are asked for.
    """
    found = []
    for one in KINDS:
        if kind not in ("", one.name) or not set(asked) <= set(one.asked):
            continue
        query = QueryDict(mutable=True)
        query.update({"q": sought.words} | ({"exact": "yes"} if sought.exact else {}) | asked)
        listed = one.filters(query, queryset=one.rows())
        listed.sought = sought
        rows = listed.qs
        # Of common words there is no need to count how many they are, unless something narrows them.
        enough = listed.common and not asked
        number = COUNTED + 1 if enough else rows.order_by().values("pk")[: COUNTED + 1].count()
        if number:
            first = _first(one, rows, sought, MORE if kind else FEW)
            more = figure(number) if number <= COUNTED else f"{figure(COUNTED)}+"
            url = f"{reverse(one.listing)}?{listed.address()}"
            found.append(Group(one, [Found(row) for row in first], number, one.count(number) % more, url))
    _mark(found, sought)
    return found


def _first(kind: Kind, rows: QuerySet[Any], sought: Sought, size: int) -> list[Any]:
    """The rows to show: the newest, and of articles those that fit best among the newest."""
    # Their ids first: what belongs to a row is then looked up for those that are shown.
    ranked_by_words = kind.name == "articles"
    newest = list(rows.order_by(*kind.order).values_list("pk", flat=True)[: RANKED if ranked_by_words else size])
    if not ranked_by_words:
        return list(kind.rows().filter(pk__in=newest).order_by(*kind.order))
    vector, query = F("written" if sought.exact else "search"), sought.query()
    # The weight A is that of titles.
    titled = SearchRank(vector, query, weights=[0, 0, 0, 1])
    fits = SearchRank(vector, query)
    ranked = Article.objects.filter(pk__in=newest).order_by(titled.desc(), fits.desc(), *kind.order)
    return list(ranked.select_related("outlet").defer("search", "written")[:size])


def _mark(found: list[Group], sought: Sought) -> None:
    """Give the claims and articles their snippets, all texts at once."""
    shown = {group.kind.name: group for group in found}
    claims_found = [one.row for one in shown["claims"].rows] if "claims" in shown else []
    articles_found = [one.row for one in shown["articles"].rows] if "articles" in shown else []
    quotes = {row.pk: "" if row.article.withheld_at else row.quote for row in claims_found}
    texts = {row.pk: _body(row.title, row.text) for row in articles_found}
    if not (texts or quotes):
        return
    snippets = Snippets(sought, [*texts.values(), *(row.title for row in articles_found), *quotes.values()])
    if claims_found:
        shown["claims"].rows = [Found(row, snippets.place(quotes[row.pk])) for row in claims_found]
    if articles_found:
        shown["articles"].rows = [
            Found(row, snippets.place(texts[row.pk]), snippets.whole(row.title)) for row in articles_found
        ]


def _body(title: str, text: str) -> str:
    """The text without the title that it repeats, on one line."""
    return " ".join(text.removeprefix(title).split())


def nearest(sought: Sought, most: int = 6) -> list[str]:
    """Names of actors and materiel that look most like what was sought and not found."""
    words = " ".join(term.written for term in sought.terms)
    found: dict[str, float] = {}
    names: list[tuple[QuerySet[Any], str]] = [
        (ActorName.objects.filter(withdrawn=False), "name"),
        (MaterielName.objects.filter(withdrawn=False), "name"),
        *((model.objects.standing(), field) for model in (Actor, Materiel) for field in ("name_en", "name_id")),
    ]
    for rows, field in names:
        alike = rows.filter(**{f"{field}__trigram_similar": words}).annotate(alike=TrigramSimilarity(field, words))
        found |= dict(alike.order_by("-alike", field).values_list(field, "alike")[:most])
    return sorted(found, key=lambda name: (-found[name], name))[:most]
