"""Everything that DESIGN's budgets name, in one go: the pages, the export and the reading, beside their anchors.

python -m bench [--requests N] [--seed N] [--datasette PATH]

It makes the database of invented data where it is not there yet. Each measurement is a process of its own, so that none
warms the next; one that misses its budget or its anchor fails the whole at the end, after all of them have run.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from bench import beside, served

DATABASE = "volume"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--datasette", type=Path, default=Path(sys.executable).with_name("datasette"))
    args = parser.parse_args()
    if words := beside.missing(args.datasette):
        sys.exit(words)
    os.environ.pop("DATABASE_URL", None)
    if not served.exists(DATABASE):
        print("making the data: 200,000 articles, 1,000,000 claims", flush=True)
        served.make(DATABASE, articles=200_000, claims=1_000_000, transfers=100_000, pending=100_000, seed=args.seed)
    datasette, seed = f"--datasette={args.datasette}", f"--seed={args.seed}"
    failed = []
    for name, *options in (
        ("browsing", f"--requests={args.requests}", seed, datasette),
        ("searching", f"--requests={args.requests}", seed, datasette),
        ("exporting", datasette),
        ("reading", seed),
    ):
        print(f"\n{name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"Not kept, or without an anchor: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
