"""Flows as bands between suppliers, at the left, and recipients, at the right."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.browse.flows import Flow, Flows

WIDTH, LABELS, BAR, TOP = 840, 196, 10, 28
# The length of all bars of a side together, the least room that a name takes, and the room between two.
PLOT, ROOM, GAP = 420, 24, 4
# So many flows stand alone; at a side, so many parties.
SINGLE, PARTIES = 30, 18
LONGEST = 24
# The key of what has no place of its own. No code is empty.
OTHER = ""
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A number that leads from the key of a supplier to that of a recipient."""

    source: str
    target: str
    n: int
    contested: int


@dataclass(frozen=True, slots=True)
class Bar:
    """The place of a party at its side: its bar from `y` on, and its `room` around the middle of the bar."""

    y: float
    height: float
    room: float


@dataclass(frozen=True, slots=True)
class Band:
    """The place of a link: where it leaves a bar and where it meets the other, and how thick it is."""

    link: Link
    y0: float
    y1: float
    thick: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands, in units of the viewBox."""

    height: float
    sources: dict[str, Bar]
    targets: dict[str, Bar]
    bands: list[Band]


@dataclass(frozen=True, slots=True)
class Node:
    """One party as it is drawn; the coordinates are texts with a decimal point."""

    name: str
    short: str
    number: int
    label: str
    url: str
    x: str
    y: str
    height: str
    middle: str
    hit_y: str
    right: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One band as it is drawn: its outline, and that of the part which is contested, or an empty text."""

    path: str
    contested: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Sankey:
    """The chart. `rest` is a sentence on what is not drawn, and its list; None where all is drawn."""

    width: int
    height: int
    nodes: list[Node]
    ribbons: list[Ribbon]
    rest: tuple[str, str] | None


def gathered(flows: list[Flow]) -> tuple[list[Link], Link | None]:
    """The links to draw, and what leads from parties without a place to others without one.

    The parties of the largest flows get a place while no more than SINGLE flows lead between them. Whatever else they
    supply or receive is gathered as OTHER, so that each of them is drawn with all that it has.
    """
    sizes = {(flow.supplier.code, flow.recipient.code): flow for flow in flows}
    sources: list[str] = []
    targets: list[str] = []
    for flow in flows:
        more_sources = [code for code in (flow.supplier.code,) if code not in sources]
        more_targets = [code for code in (flow.recipient.code,) if code not in targets]
        wide, high = sources + more_sources, targets + more_targets
        between = sum((source, target) in sizes for source in wide for target in high)
        if between > SINGLE or max(len(wide), len(high)) > PARTIES:
            break
        sources, targets = wide, high
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (source, target), flow in sizes.items():
        key = source if source in sources else OTHER, target if target in targets else OTHER
        sums[key][0] += flow.n
        sums[key][1] += flow.contested
    links = [Link(*key, *numbers) for key, numbers in sums.items()]
    rest = next((link for link in links if link.source == link.target == OTHER), None)
    return [link for link in links if link is not rest], rest


def layout(links: list[Link]) -> Layout:
    """Where bars and bands stand; `links` holds one at least, with numbers above 0, each pair of keys once."""
    total = sum(link.n for link in links)
    unit = PLOT / total
    sources, targets = _orders(links)
    left, left_end = _bars(sources, _sums(links, "source"), unit)
    right, right_end = _bars(targets, _sums(links, "target"), unit)
    height = max(left_end, right_end)
    left, right = _centred(left, (height - left_end) / 2), _centred(right, (height - right_end) / 2)
    # At a bar, bands stand in the order of the bars that they lead to.
    starts: dict[Link, float] = {}
    ends: dict[Link, float] = {}
    for bars, key, other, found in (
        (left, "source", [*targets], starts),
        (right, "target", [*sources], ends),
    ):
        far = "target" if key == "source" else "source"
        used = {name: bar.y for name, bar in bars.items()}
        for link in sorted(links, key=lambda link: other.index(getattr(link, far))):
            found[link] = used[getattr(link, key)]
            used[getattr(link, key)] += link.n * unit
    return Layout(height, left, right, [Band(link, starts[link], ends[link], link.n * unit) for link in links])


def _sums(links: list[Link], side: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for link in links:
        found[getattr(link, side)] += link.n
    return found


def _bars(order: list[str], sums: dict[str, int], unit: float) -> tuple[dict[str, Bar], float]:
    bars, y = {}, float(TOP)
    for key in order:
        height = sums[key] * unit
        room = max(height, ROOM)
        bars[key] = Bar(y + (room - height) / 2, height, room)
        y += room + GAP
    return bars, y


def _centred(bars: dict[str, Bar], down: float) -> dict[str, Bar]:
    return {key: Bar(bar.y + down, bar.height, bar.room) for key, bar in bars.items()}


def _orders(links: list[Link]) -> tuple[list[str], list[str]]:
    """The order of each side in which fewest bands cross, of those that a few sweeps find; OTHER is last."""
    sums = {side: _sums(links, side) for side in ("source", "target")}
    orders = {side: sorted(found, key=lambda key: (key == OTHER, -found[key], key)) for side, found in sums.items()}
    best, fewest = dict(orders), _crossings(links, orders)
    for sweep in range(SWEEPS):
        side, far = (("target", "source"), ("source", "target"))[sweep % 2]
        place = {key: index for index, key in enumerate(orders[far])}
        pull: dict[str, float] = defaultdict(float)
        for link in links:
            key = getattr(link, side)
            pull[key] += place[getattr(link, far)] * link.n / sums[side][key]
        orders = orders | {side: sorted(orders[side], key=lambda key: (key == OTHER, pull[key], key))}
        crossings = _crossings(links, orders)
        if crossings < fewest:
            best, fewest = dict(orders), crossings
    return best["source"], best["target"]


def _crossings(links: list[Link], orders: dict[str, list[str]]) -> int:
    """How much crosses: of each two bands that do, the thinner."""
    ends = [(orders["source"].index(link.source), orders["target"].index(link.target), link.n) for link in links]
    return sum(min(n, m) for index, (a, b, n) in enumerate(ends) for c, d, m in ends[:index] if (a - c) * (b - d) < 0)


def chart(flows: Flows) -> Sankey | None:
    """The chart of the flows; None where there are none."""
    if not flows.flows:
        return None
    links, rest = gathered(flows.flows)
    placed = layout(links) if links else Layout(TOP, {}, {}, [])
    names = {
        "supplier": {flow.supplier.code: flow.supplier.name for flow in flows.flows} | {OTHER: _("other suppliers")},
        "recipient": {flow.recipient.code: flow.recipient.name for flow in flows.flows}
        | {OTHER: _("other recipients")},
    }
    known = {
        "supplier": [key for key in placed.sources if key],
        "recipient": [key for key in placed.targets if key],
    }

    def only(role: str, key: str) -> dict[str, list[str]]:
        return {role: [key]} if key else {f"not_{role}": flows.without(role, known[role])}

    def behind(role: str, key: str) -> str:
        far = "recipient" if role == "supplier" else "supplier"
        # What leads from others to others is not drawn, and not in the bar of the others.
        return flows.listed(**only(role, key), **({} if key else {far: known[far]}))

    nodes = [
        _node(flows, names[role][key], bar, links, role, key, behind(role, key))
        for role, bars in (("supplier", placed.sources), ("recipient", placed.targets))
        for key, bar in bars.items()
    ]
    ribbons = [
        Ribbon(
            _outline(band.y0, band.y1, band.thick),
            _disputed(band),
            flows.said(
                names["supplier"][band.link.source],
                names["recipient"][band.link.target],
                band.link.n,
                band.link.contested,
            ),
            flows.listed(**only("supplier", band.link.source), **only("recipient", band.link.target)),
        )
        for band in sorted(placed.bands, key=lambda band: -band.thick)
    ]
    left_out = None
    if rest:
        words = flows.said(_("other suppliers"), _("other recipients"), rest.n, rest.contested)
        left_out = words, flows.listed(**only("supplier", OTHER), **only("recipient", OTHER))
    return Sankey(WIDTH, round(placed.height) + 4, nodes, ribbons, left_out)


def _node(flows: Flows, name: str, bar: Bar, links: list[Link], role: str, key: str, url: str) -> Node:
    own = [link for link in links if (link.source if role == "supplier" else link.target) == key]
    number = sum(link.n for link in own)
    words = _("%(name)s supplies: %(number)s") if role == "supplier" else _("%(name)s receives: %(number)s")
    middle = bar.y + bar.height / 2
    return Node(
        name=name,
        short=name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…",
        number=number,
        label=words % {"name": name, "number": flows.counted(number, sum(link.contested for link in own))},
        url=url,
        x=_written(LABELS - BAR if role == "supplier" else WIDTH - LABELS),
        y=_written(bar.y),
        height=_written(max(bar.height, 1)),
        middle=_written(middle),
        hit_y=_written(middle - ROOM / 2),
        right=role == "recipient",
    )


def _outline(y0: float, y1: float, thick: float) -> str:
    left, right, half = LABELS, WIDTH - LABELS, WIDTH // 2
    upper = f"M{left} {y0:.1f}C{half} {y0:.1f} {half} {y1:.1f} {right} {y1:.1f}"
    return f"{upper}V{y1 + thick:.1f}C{half} {y1 + thick:.1f} {half} {y0 + thick:.1f} {left} {y0 + thick:.1f}Z"


def _disputed(band: Band) -> str:
    part = band.thick * band.link.contested / band.link.n
    return _outline(band.y0 + band.thick - part, band.y1 + band.thick - part, part) if part else ""


def _written(number: float) -> str:
    return f"{number:.1f}"
