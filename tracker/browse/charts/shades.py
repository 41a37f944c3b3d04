"""Few steps of shade for numbers, so that a large one is seen before it is read."""

from bisect import bisect_left

STEPS = 4


def shades(largest: int) -> list[tuple[int, int]]:
    """The first and last number of each step, from 1 to `largest`, each step several times as wide as the one before.

    At most STEPS, fewer where there are fewer numbers.
    """
    lasts = sorted({max(1, round(largest ** (step / STEPS))) for step in range(1, STEPS)} | {largest})
    return list(zip([1, *(last + 1 for last in lasts)], lasts, strict=False))


def shade(n: int, steps: list[tuple[int, int]]) -> int:
    """The step of a number, from 1; 0 for none."""
    return bisect_left([last for _first, last in steps], n) + 1 if n else 0
