"""Numbers over time as columns: those of all, and in front of them those of one."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, TOP, PLOT, AXIS = 640, 48, 8, 12, 110, 20
# Fewer columns than this leave room at the left: the newest stands at the right.
FEWEST = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it says, in the units of the viewBox; `own` is the height of the part in front."""

    x: int
    width: int
    y: int
    height: int
    own_y: int
    own: int
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole chart. `marks` are the names under the axis, `grid` a line with its number."""

    width: int
    height: int
    left: int
    right: int
    base: int
    columns: list[Column]
    marks: list[tuple[int, str]]
    grid: tuple[int, int]


def columns(rows: Sequence[tuple[str, str, int, int]]) -> Columns | None:
    """The chart of (label, mark, number, own number), the oldest first; None without rows."""
    if not rows:
        return None
    highest = max(number for _label, _mark, number, _own in rows)
    base, step = TOP + PLOT, (WIDTH - LEFT - RIGHT) / max(len(rows), FEWEST)
    begin = max(FEWEST - len(rows), 0)
    found, marks = [], []
    room = 0
    for place, (label, mark, number, own) in enumerate(rows, begin):
        x, width = round(LEFT + place * step + step * 0.15), round(step * 0.7)
        height, part = round(number / highest * PLOT), round(own / highest * PLOT)
        found.append(Column(x, width, base - height, height, base - part, part, label))
        middle = x + width // 2
        if middle >= room and middle <= WIDTH - RIGHT - 16:
            marks.append((middle, mark))
            room = middle + 60
    return Columns(WIDTH, base + AXIS, LEFT, WIDTH - RIGHT, base, found, marks, (TOP, highest))
