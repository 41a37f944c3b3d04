"""How long the pages of analysts take among 1,000,000 claims, and how many queries each asks.

python -m bench.browsing [--requests N] [--seed N] [--datasette PATH]

Reads the database that `manage.py make_volume` has made. The pages are fetched over HTTP from the program as it is
served, signed in, one after another, warm; what they ask for is drawn by the seed from the claims, so that the busiest
parties are asked about most. In turns with them the anchors answer: the plainest SQL for the same rows, and where it
has such a page, Datasette over the same rows in SQLite.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from psycopg.rows import dict_row

from bench import beside, served
from tracker import localdb

DATABASE = "volume"
LIST, WHOLE = 150, 300
WARM_UP = 2
Drawn = dict[str, Any]
Address = Callable[[Drawn], str]
Database = psycopg.Connection[Drawn]
# As many rows as wanted, drawn by a seed.
Draw = Callable[[Database, int, int], list[Drawn]]

DRAW = """SELECT c.id AS claim, c.article_id AS article, c.published_key::text AS published, c.category, c.stage,
    t.id AS transfer, t.published_key::text AS transfer_published, 'T-' || lpad(t.id::text, 6, '0') AS public_id,
    s.id AS supplier, s.code AS supplier_code, s.name_en AS supplier_name, s.sort_key AS supplier_sort,
    r.id AS recipient, r.code AS recipient_code, r.name_en AS recipient_name, o.key AS outlet, o.name AS outlet_name,
    m.name_en AS materiel
  FROM tracker_claim c JOIN tracker_transfer t ON t.id = c.transfer_id JOIN articles_article a ON a.id = c.article_id
  JOIN tracker_actor s ON s.id = c.supplier_id JOIN tracker_actor r ON r.id = c.recipient_id
  JOIN articles_outlet o ON o.id = a.outlet_id JOIN tracker_materiel m ON m.id = c.materiel_id
  WHERE c.id = ANY (%s) AND c.state = 'active'"""
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


@dataclass(slots=True)
class Times:
    """Milliseconds of one kind of request, of the SQL beside it, and of Datasette beside it."""

    ours: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    datasette: list[float] = field(default_factory=list)

    def note(self, ours: float, sql: float, datasette: float | None) -> None:
        self.ours.append(ours)
        self.sql.append(sql)
        if datasette is not None:
            self.datasette.append(datasette)


def p95(times: list[float]) -> float:
    """The time that 95 of 100 requests keep below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def timed(call: Callable[..., Any], *arguments: Any) -> float:
    """Milliseconds that the call takes."""
    began = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - began) * 1000


def fetch(client: httpx.Client, address: str) -> None:
    """The whole of a page; anything but 200 ends the measurement."""
    answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}.")


def drawn(database: Database, wanted: int, seed: int) -> list[Drawn]:
    """Claims by chance, the same for the same seed."""
    (last,) = database.execute("SELECT max(id) AS last FROM tracker_claim").fetchall()
    numbers = random.Random(seed).sample(range(1, last["last"] + 1), k=wanted * 3)
    rows = database.execute(DRAW, [numbers]).fetchall()
    if len(rows) < wanted:
        sys.exit(f"Only {len(rows)} of {len(numbers)} drawn claims name all that is asked about.")
    return sorted(rows, key=lambda row: numbers.index(row["claim"]))[:wanted]


def rows(database: Database, statement: str, parameters: Drawn) -> list[Any]:
    """All rows of a statement."""
    return database.execute(statement, parameters).fetchall()


@contextmanager
def signed_in(at: served.Served) -> Iterator[httpx.Client]:
    """A reader's client, with cookies as a browser keeps them."""
    with httpx.Client(base_url=at.address, timeout=60) as client:
        client.get("/accounts/login/")
        form = {"username": at.users[0], "password": at.password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        client.post("/accounts/login/", data=form, headers={"Referer": at.address})
        fetch(client, "/account/")
        yield client


def queries(page: Page, claim: Drawn) -> int:
    """How many queries the page asks, session and user included."""
    os.environ |= {"DATABASE_URL": localdb.url("app", DATABASE), "DATABASE_POOLED": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tracker.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username="bench-01"))
    with CaptureQueriesContext(connection) as asked_for:
        client.get(page.address(claim))
    connection.close()
    return len(asked_for)


def measure(
    pages: list[Page], draw: Draw, requests: int, seed: int, datasette: Path
) -> Iterator[tuple[Page, Times, int]]:
    """Each page with its times and its number of queries, asked for what `draw` gives."""
    with (
        served.serving(DATABASE) as at,
        beside.serving(datasette, DATABASE) as other,
        signed_in(at) as client,
        httpx.Client(base_url=other, timeout=180) as reader,
        psycopg.connect(localdb.url("app", DATABASE), autocommit=True, row_factory=dict_row) as database,
    ):
        database.execute("SET statement_timeout = 0")
        (claims,) = at.ask("SELECT count(*) FROM tracker_claim WHERE state = 'active'")
        (articles,) = at.ask("SELECT count(*) FROM articles_article")
        (transfers,) = at.ask("SELECT count(*) FROM tracker_transfer WHERE state = 'standing'")
        print(
            f"{articles:,} articles, {claims:,} claims, {transfers:,} transfers; {requests} requests a page, ", end=""
        )
        print(f"seed {seed}, warm, one reader at a time; Datasette over the same claims in SQLite", flush=True)
        asks = draw(database, requests + WARM_UP, seed)
        for page in pages:
            times = Times()
            for number, claim in enumerate([*asks[-WARM_UP:], *asks[:requests]]):
                ours = timed(fetch, client, page.address(claim))
                sql = timed(rows, database, page.sql, claim)
                aside = timed(fetch, reader, page.datasette(claim)) if page.datasette else None
                if number >= WARM_UP:
                    times.note(ours, sql, aside)
            yield page, times, queries(page, asks[-1])


def main() -> None:
    table(PAGES, drawn, __doc__)


def table(every: tuple[Page, ...], draw: Draw, words: str | None) -> None:
    """Measure the pages as the command line says, and print a line for each. One over its budget fails all."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="pages whose name begins like this")
    parser.add_argument("--datasette", type=Path, default=Path(sys.executable).with_name("datasette"))
    args = parser.parse_args()
    if lacking := beside.missing(args.datasette):
        sys.exit(lacking)
    if not served.exists(DATABASE):
        sys.exit("The data is missing: run `python manage.py make_volume` first.")
    pages = [page for page in every if page.name.startswith(args.only)]
    head = ("page", "budget", "p50", "p95", "queries", "SQL p50", "ratio", "Datasette p50", "ratio")
    print("{:<36} {:>6} {:>7} {:>7} {:>7} {:>8} {:>6} {:>13} {:>6}".format(*head))
    over = []
    for page, times, asked_for in measure(pages, draw, args.requests, args.seed, args.datasette):
        ours, sql = statistics.median(times.ours), statistics.median(times.sql)
        aside = statistics.median(times.datasette) if times.datasette else None
        beside_it = f"{aside:13.1f} {ours / aside:6.2f}" if aside else f"{'none':>13} {'':>6}"
        late = p95(times.ours) > page.budget
        over += [page.name] if late else []
        print(
            f"{page.name:<36} {page.budget:6} {ours:7.1f} {p95(times.ours):7.1f}{'!' if late else ' '}"
            f"{asked_for:7} {sql:8.1f} {ours / sql:6.2f} {beside_it}",
            flush=True,
        )
    print(f"{len(pages) - len(over)} of {len(pages)} pages keep their budget at p95")
    if over:
        sys.exit(f"Over the budget: {', '.join(over)}.")


if __name__ == "__main__":
    main()
