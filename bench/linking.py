"""How fast transfers are suggested for a claim among 100,000, and how long a merge that moves 10,000 claims takes.

python -m bench.linking [--transfers N] [--claims N] [--samples N] [--seed N] [--keep]

It makes a database of its own in the embedded server, with pairs of parties by a power law, and drops it at the end.
The claims that are asked about are drawn as they come, so that the busiest pairs are asked about most. The anchor is
one plain query for the ids of the pair's transfers, in turns with the suggestion.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

DATABASE = "linking"
MANAGE = (sys.executable, "manage.py")


def timed(call: Callable[[], Any]) -> float:
    """Milliseconds that the call takes."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def row(name: str, times: list[float]) -> str:
    """One line of the table: p50, p95 and the slowest."""
    ranked = sorted(times)
    p95 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
    return f"{name:<34} p50 {statistics.median(ranked):7.1f} ms   p95 {p95:7.1f} ms   max {ranked[-1]:7.1f} ms"


def suggestions(samples: int, seed: int) -> None:
    """Time suggest() for claims as they come, and for the busiest pair alone."""
    from django.db.models import Count

    from tracker.link.candidates import suggest
    from tracker.models import Claim, Transfer

    fields = ("supplier_id", "recipient_id", "category", "materiel_id", "quantity_min", "date_from", "date_to")
    asked = Claim.objects.exclude(supplier=None).exclude(recipient=None)
    known = list(asked.values("pk", "event_id", "published_on", *fields))
    pairs = Transfer.objects.values("supplier_id", "recipient_id").annotate(n=Count("pk")).order_by("-n")
    busiest = pairs[0]
    print(f"pairs {pairs.count():,}, the busiest has {busiest['n']:,} transfers")

    def ask(claim: dict[str, Any]) -> Callable[[], Any]:
        about = {name: claim[name] for name in (*fields, "published_on", "event_id")}
        return lambda: suggest(**about, claim_id=claim["pk"])

    def anchor(claim: dict[str, Any]) -> Callable[[], Any]:
        pair = {name: claim[name] for name in ("supplier_id", "recipient_id")}
        return lambda: list(Transfer.objects.standing().filter(**pair).values_list("pk", flat=True))

    def of_busiest(claim: dict[str, Any]) -> bool:
        return all(claim[name] == busiest[name] for name in ("supplier_id", "recipient_id"))

    drawn = random.Random(seed).choices(known, k=samples)
    hot = [claim for claim in known if of_busiest(claim)][: max(20, samples // 20)]
    for claim in drawn[:50]:
        ask(claim)()
    for name, claims in (("claims as they come", drawn), ("the busiest pair", hot)):
        times: dict[str, list[float]] = {"suggest": [], "anchor: ids of the pair": []}
        for claim in claims:
            times["suggest"].append(timed(ask(claim)))
            times["anchor: ids of the pair"].append(timed(anchor(claim)))
        print(f"{name}, {len(claims):,} asked, warm")
        for what, found in times.items():
            print("  " + row(what, found))


def merges(wanted: int) -> None:
    """Time the merge and the unmerge of an actor, and of a transfer, with `wanted` claims."""
    from django.db import connection
    from django.db.models import Count

    from tracker.link import actors, preview, transfers
    from tracker.models import Actor, Claim, Transfer, User

    admin = User.objects.create_user(username=f"bench-{uuid4()}", password=None, role="admin")
    named = Claim.objects.values("supplier").annotate(n=Count("pk")).filter(n__gte=wanted).order_by("n")
    found = named.first() or Claim.objects.values("supplier").annotate(n=Count("pk")).order_by("-n").first()
    actor = Actor.objects.get(pk=found["supplier"]) if found else None
    if actor is None:
        sys.exit("There are no claims.")
    twin = Actor.objects.create(code=f"twin-{uuid4()}", kind=actor.kind, name_en="Twin", name_id="Kembar", sort_key="t")
    moving = actors.moving(actor, twin)
    print(f"merge of an actor: {moving.claims:,} claims, {moving.transfers:,} transfers, {moving.events:,} events move")
    asked: dict[str, Any] = {"by": admin, "key": uuid4()}
    print(f"  preview  {timed(lambda: actors.moving(actor, twin)):9,.0f} ms")
    merge_time = timed(lambda: actors.merge(actor=actor, into=twin, version=actor.version, **asked))
    print(f"  merge    {merge_time:9,.0f} ms")
    actor.refresh_from_db()
    asked["key"] = uuid4()
    print(f"  unmerge  {timed(lambda: actors.unmerge(actor=actor, version=actor.version, **asked)):9,.0f} ms")

    pks = list(Claim.objects.shown().order_by("pk").values_list("pk", flat=True)[:wanted])
    one, two = Transfer.objects.standing().order_by("-pk")[:2]
    with connection.cursor() as cursor:
        # Only the merge itself has to keep to the limits of the app.
        cursor.execute("SET statement_timeout = 0")
        Claim.objects.filter(pk__in=pks).update(transfer=one)
        Transfer.objects.derive([one.pk])
        cursor.execute("RESET statement_timeout")
    one.refresh_from_db()
    print(f"merge of a transfer: {one.claim_count:,} claims move")
    print(f"  preview  {timed(lambda: preview.together(one, two)):9,.0f} ms")
    asked["key"] = uuid4()
    merge_time = timed(lambda: transfers.merge(transfer=one, into=two, version=one.version, **asked))
    print(f"  merge    {merge_time:9,.0f} ms")
    one.refresh_from_db()
    asked["key"] = uuid4()
    print(f"  unmerge  {timed(lambda: transfers.unmerge(transfer=one, version=one.version, **asked)):9,.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transfers", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=200_000)
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--moved", type=int, default=10_000, help="claims that a merge is to move")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", action="store_true", help="use the database of the last run, and leave it there")
    options = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)

    from tracker import localdb

    localdb.ensure_running()
    with localdb.connect() as superuser:
        there = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    if not (options.keep and there):
        sizes = {"articles": options.transfers, "transfers": options.transfers, "claims": options.claims, "pending": 0}
        arguments = [f"--{name}={value}" for name, value in sizes.items()]
        command = [*MANAGE, "make_volume", f"--database={DATABASE}", f"--seed={options.seed}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    os.environ |= {"DATABASE_URL": localdb.url("app", DATABASE), "DATABASE_POOLED": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"

    import django

    django.setup()
    from django.db import connection

    from tracker.management.commands.make_volume import Command
    from tracker.models import Claim, Transfer

    with connection.cursor() as cursor:
        # The limits of the app hold for merges alone: what is measured else may take its time.
        cursor.execute("SET statement_timeout = 0")
    print(f"{Transfer.objects.count():,} transfers, {Claim.objects.count():,} claims, seed {options.seed}")
    suggestions(options.samples, options.seed)
    connection.close()
    merges(options.moved)
    connection.close()
    if not options.keep:
        with localdb.connect() as superuser:
            Command.drop(superuser, DATABASE)


if __name__ == "__main__":
    main()
