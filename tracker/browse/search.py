"""The page of search: what is sought, over everything that has words, grouped by kind.

Each group is bounded: it shows the first rows and leads to its list, which finds the same by the same filters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.codes import Language
from articles.models import Article, Outlet
from tracker.browse import filters, found, hits
from tracker.browse.facets import ListFilter
from tracker.browse.snippets import Piece, Snippets
from tracker.browse.sought import Sought
from tracker.browse.words import Words
from tracker.models import Actor, Claim, Materiel, Transfer
from tracker.templatetags.figures import figure

# Rows of a group on the page of everything, and on the page of one kind; rows counted at most; articles ranked.
FEW, MORE = 5, 30
COUNTED = 1_000
RANKED = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is searched. `asked` are the filters of the page that it has.

    `key` is what the first rows are sorted by; `dense` and `stored` say how they are found, and what else is asked is
    asked `apart`, of those with the words. Of `ranked` ones those that fit best are shown.
    """

    name: str
    label: Any
    listing: str
    filters: type[ListFilter]
    rows: Callable[[], QuerySet[Any]]
    key: str
    count: Callable[[int], str]
    asked: tuple[str, ...] = ()
    dense: float | None = None
    stored: bool = False
    apart: bool = False
    ranked: bool = False


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
# Where names stand, and which of them count no more: those of an actor that was merged into another.
MERGED = " AND merged_into_id IS NULL"
NAMES = (
    ("tracker_actorname", "name", ""),
    ("tracker_actor", "name_en", MERGED),
    ("tracker_actor", "name_id", MERGED),
    ("tracker_materielname", "name", ""),
    ("tracker_materiel", "name_en", ""),
    ("tracker_materiel", "name_id", ""),
)
DATED = ("language", "published_from", "published_to")
NEWEST = "-published_key"
KINDS = (
    Kind(
        "actors",
        _("Actors"),
        "actor_list",
        filters.ActorFilter,
        lambda: Actor.objects.standing(),
        "sort_key",
        lambda n: ngettext("All %s actor", "All %s actors", n),
    ),
    Kind(
        "materiel",
        _("Materiel"),
        "materiel_list",
        filters.MaterielFilter,
        lambda: Materiel.objects.standing(),
        "sort_key",
        lambda n: ngettext("All %s materiel entry", "All %s materiel entries", n),
    ),
    Kind(
        "transfers",
        _("Transfers"),
        "transfer_list",
        filters.TransferFilter,
        lambda: Transfer.objects.standing(),
        NEWEST,
        lambda n: ngettext("All %s transfer", "All %s transfers", n),
        DATED,
        dense=0.025,
        apart=True,
    ),
    Kind(
        "claims",
        _("Claims"),
        "claim_list",
        filters.ClaimFilter,
        lambda: Claim.objects.shown(),
        NEWEST,
        lambda n: ngettext("All %s claim", "All %s claims", n),
        DATED,
        dense=0.025,
        apart=True,
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
        dense=0.5,
        stored=True,
        ranked=True,
    ),
    Kind(
        "outlets",
        _("Outlets"),
        "outlet_list",
        filters.OutletFilter,
        lambda: Outlet.objects.all(),
        "name",
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
    """What was found of one kind. `count` says how many there are, `url` leads to all of them, `order` is in words."""

    kind: Kind
    rows: list[Found]
    number: int
    count: str
    url: str
    order: str


def groups(sought: Sought, asked: dict[str, str], kind: str = "") -> list[Group]:
    """What was found, of one kind or of all, with snippets. `asked` are the filters, as the lists take them.

    A kind without language and date is left out where these are asked for.
    """
    size = MORE if kind else FEW
    words = {"q": sought.words} | ({"exact": "yes"} if sought.exact else {})
    wanted, urls = {}, {}
    with hits.by_index():
        for one in KINDS:
            if kind not in ("", one.name) or not set(asked) <= set(one.asked):
                continue
            listed = _filtered(one, sought, words | asked)
            urls[one.name] = f"{reverse(one.listing)}?{listed.address()}"
            apart = one.apart and asked
            wanted[one.name] = hits.Wanted(
                _filtered(one, sought, asked).qs if apart else listed.qs,
                one.key,
                RANKED if one.ranked else size,
                one.dense,
                one.stored,
                COUNTED,
                _filtered(one, sought, words).qs if apart else None,
            )
        first = hits.first(wanted)
        rows = found.rows(first, sought, size)
    shown = []
    for one in KINDS:
        if one.name in first:
            number = first[one.name].number
            # Of words so common that nobody counts, there are more than the page counts to.
            number = COUNTED + 1 if number is None else number
            more = figure(number) if number <= COUNTED else f"{figure(COUNTED)}+"
            of_kind = [Found(row) for row in rows[one.name]]
            shown.append(Group(one, of_kind, number, one.count(number) % more, urls[one.name], _order(one, number)))
    _mark(shown, sought)
    return shown


def _filtered(kind: Kind, sought: Sought, asked: dict[str, str]) -> ListFilter:
    """The filters of a kind, set to what is asked."""
    data = QueryDict(mutable=True)
    data.update(asked)
    listed = ALONE[kind.name](data, queryset=kind.rows())
    listed.sought = sought
    return listed


def _order(kind: Kind, number: int) -> str:
    """Which rows come first; of names nothing need be said."""
    if kind.ranked and number > RANKED:
        return gettext("Of the newest %s, those that fit best come first.") % figure(RANKED)
    if kind.ranked:
        return gettext("Those that fit best come first.")
    return gettext("The newest come first.") if kind.key == NEWEST else ""


def _asked_alone(filters: type[ListFilter]) -> type[ListFilter]:
    """The same filters, of which only those that a search asks for: to set up all takes longer than the search."""

    class Alone(filters):  # type: ignore[misc, valid-type]
        pass

    known = filters.base_filters
    # Which rows hold the words is asked once for all kinds.
    asked = {name: known[name] for name in ("exact", *DATED) if name in known}
    Alone.base_filters = {"q": Words(known["q"].where)} | asked
    return Alone


ALONE = {one.name: _asked_alone(one.filters) for one in KINDS}


def _mark(groups: list[Group], sought: Sought) -> None:
    """Give the claims and articles their snippets, all texts at once."""
    shown = {group.kind.name: group for group in groups}
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
    """Names of actors and materiel that look most like what was sought and not found; one query."""
    words = " ".join(term.written for term in sought.terms)
    alike = " UNION ALL ".join(
        f"""(SELECT {column} AS name, similarity({column}, %(words)s) AS alike FROM {table}
            WHERE {column} %% %(words)s AND NOT withdrawn{merged} ORDER BY alike DESC, name LIMIT %(most)s)"""
        for table, column, merged in NAMES
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name FROM ({alike}) AS every GROUP BY name ORDER BY max(alike) DESC, name LIMIT %(most)s",
            {"words": words, "most": most},
        )
        return [name for (name,) in cursor.fetchall()]
