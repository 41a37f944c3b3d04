"""Draw the map of the world that the flows are shown on, from the shapes of the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/make_map.py package/countries-50m.json

Writes static/vendor/world.svg (one path a country, its id the ISO code, and the land borders) and
tracker/browse/charts/world.csv (where the mark of each country stands). Both are in the units of a map 1000 wide.
Needs Babel, which knows the codes that ISO 3166 gives beside each number.
"""

import csv
import heapq
import json
import math
import sys
from collections import Counter
from pathlib import Path

from babel.core import get_global

ROOT = Path(__file__).parents[1]
SVG = ROOT / "static" / "vendor" / "world.svg"
POINTS = ROOT / "tracker" / "browse" / "charts" / "world.csv"
WIDTH = 1000
# The meridian in the middle: the map is cut at 168.4° W, between Asia and America.
MIDDLE = 11.6
# Nobody ships arms south of Tierra del Fuego or north of Greenland.
NORTH, SOUTH = 84, -56
# Corners that cut off less than this, in square units of the map, are left out, and islands smaller than that.
CORNER, ISLAND = 0.2, 0.3
# A country whose largest part is smaller than this is marked by a point that stays large enough to see.
SMALL = 12.0

# Shapes of the source that have no number of their own.
NAMED = {"Kosovo": "XK"}
# A place for what the source has no shape of, or whose middle is no place to point at; longitude and latitude.
PLACES = {
    "BQ": (-68.3, 12.2), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.2, 4.0), "GI": (-5.35, 36.14),
    "GP": (-61.55, 16.2), "MQ": (-61.0, 14.65), "RE": (55.5, -21.1), "SJ": (16.0, 78.5), "TK": (-171.8, -9.2),
    "TV": (179.2, -8.5), "YT": (45.15, -12.8),
    # States that are gone: their capitals.
    "SU": (37.6, 55.75), "YU": (20.45, 44.8), "CS": (14.4, 50.1), "DD": (13.4, 52.5),
    # Where most of the state lives, so that the arcs do not end in the tundra.
    "RU": (50.0, 57.0), "CA": (-96.0, 54.0), "US": (-95.0, 38.5), "NO": (9.5, 61.5), "HR": (16.4, 45.4),
    "VN": (106.0, 16.5), "ID": (110.5, -4.5), "MY": (102.2, 4.2), "CL": (-71.0, -32.0),
}  # fmt: skip


def main(source: str) -> None:
    world = json.loads(Path(source).read_text())
    arcs = [project_arc(arc, world["transform"]) for arc in world["arcs"]]
    shapes = [(code(shape), rings(shape)) for shape in world["objects"]["countries"]["geometries"]]
    shapes = [(name, parts) for name, parts in shapes if name != "AQ"]
    used = Counter(index if index >= 0 else ~index for _name, parts in shapes for ring in parts for index in ring)
    thin = [simplified(arc) for arc in arcs]
    paths: dict[str, list[list[tuple[float, float]]]] = {}
    for name, parts in shapes:
        for ring in parts:
            outline = joined(ring, thin)
            if max(x for x, _y in outline) - min(x for x, _y in outline) > WIDTH / 2:
                # An island of the Aleutians lies on the cut.
                continue
            if len(outline) > 3 and abs(area(outline)) >= ISLAND or ring == largest(parts, arcs):
                paths.setdefault(name, []).append(outline if len(outline) > 3 else joined(ring, arcs))
    places = {
        name: (*middle(joined(largest(parts, arcs), arcs)), abs(area(joined(largest(parts, arcs), arcs))))
        for name, parts in reversed(shapes)
        if name
    }
    for name, (longitude, latitude) in PLACES.items():
        places[name] = (*projected(longitude, latitude), places.get(name, (0, 0, 0.0))[2])
    borders = [thin[index] for index, times in used.items() if times > 1]
    write_points(places, write_svg(paths, borders))


def code(shape: dict) -> str:
    """The two letters of ISO 3166 for the shape; empty for one that stands for no state."""
    if "id" not in shape:
        return NAMED.get(shape["properties"]["name"], "")
    if shape["properties"]["name"] == "Ashmore and Cartier Is.":
        return ""
    return get_global("territory_aliases")[shape["id"]][0]


def rings(shape: dict) -> list[list[int]]:
    """The outer rings of the shape and its holes, each a list of arcs; ~n is the arc n from its end."""
    parts = {"Polygon": lambda: [shape["arcs"]], "MultiPolygon": lambda: shape["arcs"]}[shape["type"]]()
    return [ring for part in parts for ring in part]


def project_arc(arc: list[list[int]], transform: dict) -> list[tuple[float, float]]:
    """An arc of the topology, whose points are given as steps from one to the next, in units of the map."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append(projected(x * wide + west, y * high + south))
    return points


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The Equal Earth projection (Šavrič, Patterson, Jenny 2018) of radians, y upwards."""
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    x = 2 * math.sqrt(3) * longitude * math.cos(t) / (3 * (9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a))
    return x, d * t**9 + c * t**7 + b * t**3 + a * t


EDGE = equal_earth(math.pi, 0)[0]
TOP = equal_earth(0, math.radians(NORTH))[1]
HEIGHT = round(WIDTH * (TOP - equal_earth(0, math.radians(SOUTH))[1]) / (2 * EDGE))


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees in units of the map, from its upper left corner."""
    # What lies beyond the cut stands at the other side.
    beyond = longitude < MIDDLE - 180
    x, y = equal_earth(math.radians(longitude + 360 * beyond - MIDDLE), math.radians(latitude))
    return (x + EDGE) / (2 * EDGE) * WIDTH, (TOP - y) / (2 * EDGE) * WIDTH


def simplified(arc: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The arc without the corners that matter least (Visvalingam and Whyatt); its ends stay, so that borders meet."""
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    gone = [False] * len(arc)

    def weight(index: int) -> float:
        return abs(area([arc[before[index]], arc[index], arc[after[index]]]))

    heap = [(weight(index), index) for index in range(1, len(arc) - 1)]
    heapq.heapify(heap)
    current = {index: size for size, index in heap}
    # A ring of one arc keeps a triangle at least.
    left, least = len(arc), 4 if arc[0] == arc[-1] else 2
    while heap and left > least:
        size, index = heapq.heappop(heap)
        if gone[index] or current[index] != size:
            continue
        if size > CORNER:
            break
        gone[index], left = True, left - 1
        after[before[index]], before[after[index]] = after[index], before[index]
        for neighbour in (before[index], after[index]):
            if 0 < neighbour < len(arc) - 1:
                # Never less than what is gone already: else a smooth curve would vanish corner by corner.
                current[neighbour] = max(weight(neighbour), size)
                heapq.heappush(heap, (current[neighbour], neighbour))
    return [point for point, out in zip(arc, gone, strict=True) if not out]


def joined(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """The points of a ring, the first again at its end."""
    points: list[tuple[float, float]] = []
    for index in ring:
        points += (arcs[index] if index >= 0 else arcs[~index][::-1])[bool(points) :]
    return points


def area(points: list[tuple[float, float]]) -> float:
    """The area within the points, negative where they go round the other way."""
    following = [*points[1:], points[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(points, following, strict=True)) / 2


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of the area within the points."""
    whole = area(points) * 6
    following = [*points[1:], points[0]]
    pairs = [((x + u), (y + v), x * v - u * y) for (x, y), (u, v) in zip(points, following, strict=True)]
    return sum(x * part for x, _y, part in pairs) / whole, sum(y * part for _x, y, part in pairs) / whole


def largest(parts: list[list[int]], arcs: list[list[tuple[float, float]]]) -> list[int]:
    return max(parts, key=lambda ring: abs(area(joined(ring, arcs))))


def drawn(points: list[tuple[float, float]]) -> str:
    """A path through the points in tenths of a unit, as steps from one to the next; empty where there is no step."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [(u - x, v - y) for (x, y), (u, v) in zip(tenths, tenths[1:], strict=False) if (u, v) != (x, y)]
    return f"M{tenths[0][0]} {tenths[0][1]}l" + "".join(f"{x:+d}{y:+d}" for x, y in steps) if steps else ""


def write_svg(paths: dict[str, list[list[tuple[float, float]]]], borders: list[list[tuple[float, float]]]) -> set[str]:
    """Write the map; the codes of the countries that have an outline."""
    outlined = set()
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "<!-- Natural Earth 1:50m by way of world-atlas 2.0.2, drawn by scripts/make_map.py -->",
        '<g id="land">',
    ]
    for name in sorted(paths):
        mark = f' id="{name}"' if name else ""
        # What is smaller than a tenth of a unit (the Vatican) has its point alone.
        if outline := "z".join(filter(None, map(drawn, paths[name]))):
            lines.append(f'<path{mark} d="{outline}z"/>')
            outlined.add(name)
    lines += ["</g>", f'<path id="borders" d="{"".join(drawn(border) for border in borders)}"/>', "</svg>", ""]
    SVG.write_text("\n".join(lines), encoding="utf-8")
    return outlined


def write_points(places: dict[str, tuple[float, float, float]], outlined: set[str]) -> None:
    with POINTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "x", "y", "small", "outline"])
        for name, (x, y, size) in sorted(places.items()):
            small, outline = ("yes" if holds else "no" for holds in (size < SMALL, name in outlined))
            writer.writerow([name, f"{x:.1f}", f"{y:.1f}", small, outline])


if __name__ == "__main__":
    main(sys.argv[1])
    print(f"{SVG} {SVG.stat().st_size} bytes, {WIDTH} × {HEIGHT}; {POINTS} {POINTS.stat().st_size} bytes")
