"""The pages of analysts that bench.browsing measures: their addresses, budgets and the plainest SQL for their rows."""

from collections.abc import Callable
from dataclasses import dataclass
from json import dumps
from typing import Any
from urllib.parse import urlencode

LIST, WHOLE = 150, 300
Drawn = dict[str, Any]
Address = Callable[[Drawn], str]

CLAIMS = """SELECT c.*, s.name_en, r.name_en, m.name_en, t.contested, a.title, o.name
  FROM tracker_claim c JOIN articles_article a ON a.id = c.article_id
  LEFT JOIN articles_outlet o ON o.id = a.outlet_id LEFT JOIN tracker_transfer t ON t.id = c.transfer_id
  LEFT JOIN tracker_actor s ON s.id = c.supplier_id LEFT JOIN tracker_actor r ON r.id = c.recipient_id
  LEFT JOIN tracker_materiel m ON m.id = c.materiel_id WHERE c.state = 'active'"""
TRANSFERS = """SELECT t.*, s.name_en, r.name_en, m.name_en FROM tracker_transfer t
  LEFT JOIN tracker_actor s ON s.id = t.supplier_id LEFT JOIN tracker_actor r ON r.id = t.recipient_id
  LEFT JOIN tracker_materiel m ON m.id = t.materiel_id WHERE t.state = 'standing'"""
ARTICLES = """SELECT a.id, a.title, o.name, a.published_on,
    (SELECT count(*) FROM tracker_claim c WHERE c.article_id = a.id AND c.state = 'active')
  FROM articles_article a LEFT JOIN articles_outlet o ON o.id = a.outlet_id"""
PAIRS = """SELECT supplier_id, recipient_id, count(*) FROM tracker_claim WHERE state = 'active'
  GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 30"""
NEWEST_CLAIMS = " ORDER BY c.published_key DESC, c.id DESC LIMIT 51"
NEWEST = " ORDER BY t.published_key DESC, t.id DESC LIMIT 51"


def asked(path: str, **filters: object) -> str:
    """An address with filters."""
    return f"{path}?{urlencode(filters)}" if filters else path


def place(key: str, number: int) -> str:
    """The place in a list behind which a page begins: the row's sort key, and its id."""
    return dumps([key, number], separators=(",", ":"))


def rows_beside(table: str, **filters: object) -> str:
    """The newest rows of a table in Datasette."""
    newest = {"claims": "published_on", "transfers": "last_published"}[table]
    return asked(f"/volume/{table}", _sort_desc=newest, _size=50, _nofacet=1, **filters)


def flows(view: str) -> Address:
    """A view of the flows."""
    return lambda drawn: asked("/flows/", view=view)


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of request: its budget in ms at p95, its address for a drawn claim, and the plainest SQL for its rows.

    The SQL takes the columns of the drawn claim as named parameters; `datasette` is the address of the rows there.
    """

    name: str
    budget: int
    address: Address
    sql: str
    datasette: Address | None = None


PAGES = (
    Page("claims", LIST, lambda c: "/claims/", CLAIMS + NEWEST_CLAIMS, lambda c: rows_beside("claims")),
    Page(
        "claims, deep",
        LIST,
        lambda c: asked("/claims/", after=place(c["published"], c["claim"])),
        f"{CLAIMS} AND (c.published_key, c.id) < (%(published)s::date, %(claim)s){NEWEST_CLAIMS}",
    ),
    Page(
        "claims of a pair",
        LIST,
        lambda c: asked("/claims/", supplier=c["supplier_code"], recipient=c["recipient_code"]),
        f"{CLAIMS} AND c.supplier_id = %(supplier)s AND c.recipient_id = %(recipient)s{NEWEST_CLAIMS}",
        lambda c: rows_beside("claims", supplier_code=c["supplier_code"], recipient_code=c["recipient_code"]),
    ),
    Page(
        "claims, without a supplier",
        LIST,
        lambda c: asked("/claims/", not_supplier=c["supplier_code"], stage=c["stage"]),
        f"{CLAIMS} AND c.supplier_id IS DISTINCT FROM %(supplier)s AND c.stage = %(stage)s{NEWEST_CLAIMS}",
        lambda c: rows_beside("claims", supplier_code__not=c["supplier_code"], stage=c["stage"]),
    ),
    Page(
        "claims of an outlet and category",
        LIST,
        lambda c: asked("/claims/", outlet=c["outlet"], category=c["category"]),
        f"{CLAIMS} AND o.key = %(outlet)s AND c.category = %(category)s{NEWEST_CLAIMS}",
        lambda c: rows_beside("claims", outlet=c["outlet_name"], category=c["category"]),
    ),
    Page(
        "claims, contested, by language",
        LIST,
        lambda c: asked("/claims/", contested="yes", language="id"),
        f"{CLAIMS} AND t.contested AND a.language = 'id'{NEWEST_CLAIMS}",
    ),
    Page(
        "claims with a word",
        LIST,
        lambda c: asked("/claims/", q=c["materiel"]),
        f"{CLAIMS} AND c.materiel_text ILIKE '%%' || %(materiel)s || '%%'{NEWEST_CLAIMS}",
        lambda c: asked("/volume/claims", _search=f'"{c["materiel"]}"', _size=50, _nofacet=1),
    ),
    Page("transfers", LIST, lambda c: "/transfers/", TRANSFERS + NEWEST, lambda c: rows_beside("transfers")),
    Page(
        "transfers, deep",
        LIST,
        lambda c: asked("/transfers/", after=place(c["transfer_published"], c["transfer"])),
        f"{TRANSFERS} AND (t.published_key, t.id) < (%(transfer_published)s::date, %(transfer)s){NEWEST}",
    ),
    Page(
        "transfers by supplier, deep",
        LIST,
        lambda c: asked("/transfers/", sort="supplier", after=place(c["supplier_sort"], c["transfer"])),
        f"""{TRANSFERS} AND (t.supplier_key, t.id) > (%(supplier_sort)s, %(transfer)s)
            ORDER BY t.supplier_key, t.id LIMIT 51""",
    ),
    Page(
        "transfers of a party in a category",
        LIST,
        lambda c: asked("/transfers/", party=c["recipient_code"], category=c["category"]),
        f"""{TRANSFERS} AND %(recipient)s IN (t.supplier_id, t.recipient_id)
            AND t.category = %(category)s{NEWEST}""",
    ),
    Page(
        "transfers, contested",
        LIST,
        lambda c: asked("/transfers/", contested="yes", not_stage="delivery"),
        f"{TRANSFERS} AND t.contested AND t.stage IS DISTINCT FROM 'delivery'{NEWEST}",
        lambda c: rows_beside("transfers", contested="true", stage__not="delivery"),
    ),
    Page(
        "articles",
        LIST,
        lambda c: "/articles/",
        f"{ARTICLES} ORDER BY a.published_key DESC, a.id DESC LIMIT 51",
    ),
    Page(
        "articles of an outlet, waiting",
        LIST,
        lambda c: asked("/articles/", outlet=c["outlet"], waiting="yes"),
        f"""{ARTICLES} WHERE o.key = %(outlet)s AND EXISTS (SELECT FROM articles_extractedevent e
            JOIN tracker_reviewitem i ON i.event_id = e.id WHERE e.article_id = a.id AND i.state = 'pending')
            ORDER BY a.published_key DESC, a.id DESC LIMIT 51""",
    ),
    Page(
        "actors",
        LIST,
        lambda c: asked("/actors/", after=place(c["supplier_sort"], c["supplier"])),
        """SELECT a.*, (SELECT count(*) FROM tracker_transfer t WHERE t.supplier_id = a.id AND t.state = 'standing'),
            (SELECT count(*) FROM tracker_transfer t WHERE t.recipient_id = a.id AND t.state = 'standing')
            FROM tracker_actor a WHERE (sort_key, id) > (%(supplier_sort)s, %(supplier)s)
            ORDER BY sort_key, id LIMIT 51""",
    ),
    Page(
        "a transfer",
        LIST,
        lambda c: f"/transfers/{c['public_id']}/",
        f"{CLAIMS} AND c.transfer_id = %(transfer)s ORDER BY c.published_key, c.id",
        lambda c: rows_beside("claims", transfer_id=c["public_id"]),
    ),
    Page("a claim", LIST, lambda c: f"/claims/{c['claim']}/", f"{CLAIMS} AND c.id = %(claim)s"),
    Page(
        "an article",
        LIST,
        lambda c: f"/articles/{c['article']}/",
        """SELECT a.*, e.* FROM articles_article a LEFT JOIN articles_extractedevent e ON e.article_id = a.id
            WHERE a.id = %(article)s""",
    ),
    Page(
        "an actor",
        LIST,
        lambda c: f"/actors/{c['supplier']}/",
        """SELECT recipient_id, count(*) FROM tracker_transfer WHERE supplier_id = %(supplier)s AND state = 'standing'
            GROUP BY 1""",
    ),
    Page(
        "claims of a speaker",
        LIST,
        lambda c: asked("/claims/", speaker=c["speaker"]),
        f"{CLAIMS} AND c.speaker = %(speaker)s{NEWEST_CLAIMS}",
    ),
    Page(
        "claims of a quantity",
        LIST,
        lambda c: asked("/claims/", quantity_from=10, quantity_to=max(10, c["number"])),
        f"{CLAIMS} AND c.quantity_max >= 10 AND c.quantity_min <= greatest(10, %(number)s){NEWEST_CLAIMS}",
    ),
    Page(
        "menu of suppliers",
        LIST,
        lambda c: asked("/facets/claims/supplier/", recipient=c["recipient_code"]),
        """SELECT supplier_id, count(*) FROM tracker_claim WHERE state = 'active' AND recipient_id = %(recipient)s
            GROUP BY 1 ORDER BY 2 DESC""",
    ),
    Page(
        "menu of speakers",
        LIST,
        lambda c: asked("/facets/claims/speaker/", supplier=c["supplier_code"]),
        """SELECT speaker, count(*) FROM tracker_claim WHERE state = 'active' AND supplier_id = %(supplier)s
            GROUP BY 1 ORDER BY 2 DESC""",
    ),
    Page(
        "a materiel",
        LIST,
        lambda c: f"/materiel/{c['materiel_id']}/",
        """SELECT date_trunc('month', published_on), stage, count(*) FROM tracker_claim WHERE state = 'active'
            AND materiel_id = %(materiel_id)s GROUP BY 1, 2""",
    ),
    Page(
        "an outlet",
        LIST,
        lambda c: f"/outlets/{c['outlet_id']}/",
        """SELECT date_trunc('month', c.published_on), c.stage, count(*) FROM tracker_claim c
            JOIN articles_article a ON a.id = c.article_id WHERE c.state = 'active' AND a.outlet_id = %(outlet_id)s
            GROUP BY 1, 2""",
    ),
    Page(
        "dashboard",
        WHOLE,
        lambda c: "/",
        """SELECT date_trunc('month', published_on), stage, count(*) FROM tracker_claim WHERE state = 'active'
            GROUP BY 1, 2""",
    ),
    Page(
        "dashboard of a supplier",
        WHOLE,
        lambda c: asked("/", supplier=c["supplier_code"]),
        """SELECT date_trunc('month', published_on), stage, count(*) FROM tracker_claim WHERE state = 'active'
            AND supplier_id = %(supplier)s GROUP BY 1, 2""",
    ),
    Page(
        "dashboard, filtered twice",
        WHOLE,
        lambda c: asked("/", category=c["category"], not_supplier=c["supplier_code"], language="en"),
        """SELECT date_trunc('month', c.published_on), c.stage, count(*) FROM tracker_claim c
            JOIN articles_article a ON a.id = c.article_id WHERE c.state = 'active' AND a.language = 'en'
            AND c.category = %(category)s AND c.supplier_id IS DISTINCT FROM %(supplier)s GROUP BY 1, 2""",
    ),
    *(Page(f"flows, {view}", WHOLE, flows(view), PAIRS) for view in ("sankey", "matrix", "map", "table")),
    Page(
        "flows of a category",
        WHOLE,
        lambda c: asked("/flows/", category=c["category"]),
        """SELECT supplier_id, recipient_id, count(*) FROM tracker_claim WHERE state = 'active'
            AND category = %(category)s GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 30""",
    ),
)
