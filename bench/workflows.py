"""Random workflows of several reviewers: are links conserved, counts right, and does undoing all restore the exports?

python -m bench.workflows [--workflows N] [--steps N] [--first N] [--processes N]

Each process has a database of its own beside those of the tests, and commits as the program does. What fails is told
with its number, and `--first NUMBER --workflows 1` walks it again.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from typing import Any

from tests import databases

# A process walks this many, then the next one begins with a fresh database.
EACH = 100
MANY = 25


def begin(source: str) -> None:
    """Give this process its own database, and start Django on it."""
    name = f"clone_{os.getpid()}_walk"
    databases.clone(source, name)
    databases.use(name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)


def walk(asked: tuple[int, int]) -> tuple[int, str, Counter[str], Counter[str]]:
    """One workflow: its number, what went wrong, and how many steps of each kind were carried out or refused."""
    from tests.tracker.decisions import workflows

    number, steps = asked
    try:
        walked = workflows.walk(number, steps)
    except AssertionError as error:
        return number, str(error), Counter(), Counter()
    return number, "", walked.done, walked.refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    databases.move_to_test_server()
    source = databases.template()
    began = time.monotonic()
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    failed: list[int] = []
    numbers = [(number, args.steps) for number in range(args.first, args.first + args.workflows)]
    context: Any = multiprocessing.get_context("spawn")
    with context.Pool(args.processes, begin, [source], maxtasksperchild=EACH) as pool:
        for walked, (number, wrong, did, not_done) in enumerate(pool.imap_unordered(walk, numbers), 1):
            done += did
            refused += not_done
            if wrong:
                failed.append(number)
                print(wrong, flush=True)
            if walked % MANY == 0:
                print(f"{walked} walked, {len(failed)} failed, {time.monotonic() - began:.0f} s", flush=True)
    for name in sorted(done | refused):
        print(f"{name:16} {done[name]:7,} carried out {refused[name]:7,} refused")
    print(f"{len(numbers):,} workflows of {args.steps} steps, {sum(done.values()):,} decisions, {len(failed)} failed")
    if failed:
        sys.exit(f"Failed: {sorted(failed)}")


if __name__ == "__main__":
    main()
