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
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from bench import beside, served
from bench.pages import PAGES, Drawn, Page
from tracker import localdb

DATABASE = "volume"
WARM_UP = 2
Database = psycopg.Connection[Drawn]
# As many rows as wanted, drawn by a seed.
Draw = Callable[[Database, int, int], list[Drawn]]

DRAW = """SELECT c.id AS claim, c.article_id AS article, c.published_key::text AS published, c.category, c.stage,
    t.id AS transfer, t.published_key::text AS transfer_published, 'T-' || lpad(t.id::text, 6, '0') AS public_id,
    s.id AS supplier, s.code AS supplier_code, s.name_en AS supplier_name, s.sort_key AS supplier_sort,
    r.id AS recipient, r.code AS recipient_code, r.name_en AS recipient_name, o.key AS outlet, o.name AS outlet_name,
    m.name_en AS materiel, m.id AS materiel_id, o.id AS outlet_id,
    coalesce(nullif(c.speaker, ''), 'the minister') AS speaker, coalesce(c.quantity_max, 100) AS number
  FROM tracker_claim c JOIN tracker_transfer t ON t.id = c.transfer_id JOIN articles_article a ON a.id = c.article_id
  JOIN tracker_actor s ON s.id = c.supplier_id JOIN tracker_actor r ON r.id = c.recipient_id
  JOIN articles_outlet o ON o.id = a.outlet_id JOIN tracker_materiel m ON m.id = c.materiel_id
  WHERE c.id = ANY (%s) AND c.state = 'active'"""


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
