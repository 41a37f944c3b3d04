"""Bands of any flows: they conserve the numbers, never overlap, and stay inside."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.browse.charts.sankey import LABELS, OTHER, PARTIES, PLOT, ROOM, SINGLE, TOP, WIDTH, gathered, layout
from tracker.browse.charts.sankey import _disputed as disputed
from tracker.browse.charts.sankey import _outline as outline
from tracker.browse.flows import Flow, Party

CODES = st.sampled_from(["none", *(f"{letter}{number}" for letter in "ABCD" for number in range(12))])


@st.composite
def some_flows(draw) -> list[Flow]:
    pairs = draw(st.sets(st.tuples(CODES, CODES), min_size=1, max_size=150))
    found = []
    for supplier, recipient in sorted(pairs):
        n = draw(st.integers(1, 10_000) | st.integers(1, 3))
        found.append(Flow(Party(supplier, supplier), Party(recipient, recipient), n, draw(st.integers(0, n))))
    return sorted(found, key=lambda flow: (-flow.n, flow.supplier.code, flow.recipient.code))


@settings(deadline=None)
@given(some_flows())
def test_nothing_is_lost_or_counted_twice_in_gathering(flows):
    links, rest = gathered(flows)
    everything = [*links, *([rest] if rest else [])]
    assert sum(link.n for link in everything) == sum(flow.n for flow in flows)
    assert sum(link.contested for link in everything) == sum(flow.contested for flow in flows)
    single = [link for link in links if link.source != OTHER and link.target != OTHER]
    assert len(single) <= SINGLE
    for role, key in (("supplier", "source"), ("recipient", "target")):
        drawn = {getattr(link, key) for link in links} - {OTHER}
        assert len(drawn) <= PARTIES
        # Who is drawn is drawn with all that they have.
        for code in drawn:
            whole = sum(flow.n for flow in flows if getattr(flow, role).code == code)
            assert sum(link.n for link in links if getattr(link, key) == code) == whole


@settings(deadline=None)
@given(some_flows())
def test_the_largest_flow_has_a_band_of_its_own(flows):
    links, _rest = gathered(flows)
    first = flows[0]
    assert any(
        (link.source, link.target, link.n) == (first.supplier.code, first.recipient.code, first.n) for link in links
    )


@settings(deadline=None)
@given(some_flows())
def test_bars_and_names_stand_apart(flows):
    placed = layout(gathered(flows)[0])
    for bars in (placed.sources, placed.targets):
        rooms = sorted((bar.y + bar.height / 2 - bar.room / 2, bar.room) for bar in bars.values())
        assert rooms[0][0] >= TOP - 0.001
        assert rooms[-1][0] + rooms[-1][1] <= placed.height + 0.001
        assert all(room >= ROOM for _top, room in rooms)
        for (upper, room), (lower, _room) in zip(rooms, rooms[1:], strict=False):
            assert upper + room <= lower + 0.001


@settings(deadline=None)
@given(some_flows())
def test_bands_fill_their_bars_and_never_overlap(flows):
    links, _rest = gathered(flows)
    placed = layout(links)
    unit = PLOT / sum(link.n for link in links)
    for bars, key, place in ((placed.sources, "source", "y0"), (placed.targets, "target", "y1")):
        for name, bar in bars.items():
            bands = [band for band in placed.bands if getattr(band.link, key) == name]
            edges = sorted((getattr(band, place), band.thick) for band in bands)
            reached = bar.y
            for top, thick in edges:
                assert abs(top - reached) < 0.001
                reached = top + thick
            assert abs(reached - bar.y - bar.height) < 0.001
    for band in placed.bands:
        assert abs(band.thick - band.link.n * unit) < 0.001


@settings(deadline=None)
@given(some_flows())
def test_coordinates_lie_inside_and_are_written_for_machines(flows):
    placed = layout(gathered(flows)[0])
    for band in placed.bands:
        for path in filter(None, (outline(band.y0, band.y1, band.thick), disputed(band))):
            assert re.fullmatch(r"[MCVZ0-9. ]+", path)
            numbers = [float(number) for number in re.findall(r"[0-9.]+", path)]
            assert all(0 <= number <= max(WIDTH - LABELS, placed.height + 0.1) for number in numbers)


@settings(deadline=None)
@given(some_flows())
def test_a_band_is_contested_by_its_share(flows):
    for band in layout(gathered(flows)[0]).bands:
        assert bool(disputed(band)) == bool(band.link.contested)
        if band.link.contested == band.link.n:
            assert disputed(band) == outline(band.y0, band.y1, band.thick)


def test_the_order_avoids_crossings():
    parties = {code: Party(code, code) for code in ("A", "B", "C", "X", "Y", "Z")}
    flows = [Flow(parties[one], parties[two], n, 0) for one, two, n in (("A", "Z", 3), ("B", "Y", 2), ("C", "X", 1))]
    placed = layout(gathered(flows)[0])
    assert [*placed.sources] == ["A", "B", "C"]
    assert [*placed.targets] == ["Z", "Y", "X"]
