"""Many reviewers at once: is any event decided twice or lost, and how long do they wait?

python -m bench.crowd [--reviewers N] [--events N] [--think SECONDS] [--seed N]

Every reviewer signs in over HTTP like a browser without a cache, with cookies and CSRF, asks for the next card, and
posts a decision on it, until nothing waits. Then the database is asked what became of the events.
"""

import argparse
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from bench import served

DATABASE = "crowd"
# What the reviewers decide: accept, make a new transfer, link to the suggestion, reject.
VERDICTS = {"accept": 50, "new": 15, "link": 20, "reject": 15}
HTMX = {"HX-Request": "true"}


class Card(HTMLParser):
    """The fields of the decision form of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = dict(attributes)
        if tag == "form":
            self._inside = has.get("id") == "decision"
            self.action = has.get("action") or "" if self._inside else self.action
        if not self._inside:
            return
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "input" and name and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            self.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.fields or "selected" in has):
            self.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag in ("select", "textarea"):
            self._select = self._area = ""


@dataclass(slots=True)
class Tally:
    """What the reviewers saw: seconds of each decision, answers by status, and events by the one who decided."""

    seconds: list[float] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    decided: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float, status: int, action: str) -> None:
        with self.lock:
            self.seconds.append(seconds)
            self.answers[status] = self.answers.get(status, 0) + 1
            if status in (200, 204, 302):
                self.decided.append(action)


def reviewer(at: served.Served, name: str, tally: Tally, ready: threading.Barrier, think: float, seed: int) -> None:
    """Sign in, wait for the others, and decide until nothing waits."""
    rng = random.Random(f"{name} {seed}")
    with httpx.Client(base_url=at.address, timeout=60, follow_redirects=True) as client:
        client.get("/accounts/login/")
        form = {"username": name, "password": at.password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        client.post("/accounts/login/", data=form, headers={"Referer": at.address}).raise_for_status()
        ready.wait()
        card = Card(client.get("/review/next/").text)
        while True:
            if not card.action:
                if not at.ask("SELECT count(*) FROM tracker_reviewitem WHERE state = 'pending'")[0]:
                    return
                # What is left is held by the others just now.
                time.sleep(0.2)
                card = Card(client.get("/review/next/").text)
                continue
            if think:
                time.sleep(rng.expovariate(1 / think))
            verdict = rng.choices(list(VERDICTS), list(VERDICTS.values()))[0]
            if verdict == "link" and not card.fields.get("transfer"):
                verdict = "accept"
            if verdict == "new" and card.fields.get("stage") == "sanction":
                verdict = "accept"
            asked = {"reason": "3"} if verdict == "reject" else {"verdict": verdict}
            began = time.perf_counter()
            answer = client.post(card.action, data=card.fields | asked, headers=HTMX | {"Referer": at.address})
            tally.note(time.perf_counter() - began, answer.status_code, card.action)
            card = Card(answer.text if answer.is_success and "HX-Redirect" not in answer.headers else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--think", type=float, default=0, help="seconds between a card and its decision, on average")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    served.make(DATABASE, articles=4000, claims=20_000, transfers=2000, pending=args.events, seed=args.seed)
    tally = Tally()
    with served.serving(DATABASE, args.reviewers) as at:
        ready = threading.Barrier(args.reviewers + 1)
        crowd = [
            threading.Thread(target=reviewer, args=(at, name, tally, ready, args.think, args.seed)) for name in at.users
        ]
        for one in crowd:
            one.start()
        ready.wait()
        began = time.perf_counter()
        for one in crowd:
            one.join()
        seconds = time.perf_counter() - began
        left, twice, decided = at.ask(
            """SELECT (SELECT count(*) FROM tracker_reviewitem WHERE state = 'pending'),
                      (SELECT count(*) FROM (SELECT item_id FROM tracker_decision GROUP BY 1 HAVING count(*) > 1) d),
                      (SELECT count(DISTINCT item_id) FROM tracker_decision)"""
        )
    times = sorted(tally.seconds)
    errors = sum(count for status, count in tally.answers.items() if status >= 400)
    print(f"{args.reviewers} reviewers, {args.events} events, think time {args.think} s, seed {args.seed}")
    print(f"decided {decided}, twice {twice}, left {left}; acknowledged {len(set(tally.decided))}")
    print(f"answers {tally.answers}; errors {errors / max(1, len(times)):.2%}")
    print(f"{len(times) / seconds:.1f} decisions/s over {seconds:.0f} s")
    print(
        f"a decision and its next card: p50 {statistics.median(times):.3f} s, p95 {times[int(len(times) * 0.95)]:.3f} s"
    )
    if twice or left or decided != args.events or len(set(tally.decided)) != args.events:
        sys.exit("An event was decided twice, or lost.")


if __name__ == "__main__":
    main()
