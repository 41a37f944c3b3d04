"""The map: every place inside it, arcs that keep to it and point the right way, names that do not touch."""

import csv
import re
from math import hypot
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tracker.browse.charts.worldmap import HEIGHT, LETTER, LINE, WIDTH, Mark, Spot, apart, curve, places, reach
from tracker.browse.charts.worldmap import _names as names_of

ROOT = Path(__file__).parents[4]
SVG = (ROOT / "static" / "vendor" / "world.svg").read_text(encoding="utf-8")
PLACES = st.sampled_from(sorted(places().values(), key=lambda place: place.code))
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def test_every_state_has_a_place_inside_the_map():
    with (ROOT / "articles" / "reference" / "states.csv").open(encoding="utf-8", newline="") as file:
        states = {row["code"] for row in csv.DictReader(file) if row["kind"] == "state"}
    assert states - set(places()) == {"AQ"}
    for place in places().values():
        assert 0 < place.x < WIDTH, place
        assert 0 < place.y < HEIGHT, place


@settings(deadline=None, max_examples=25)
@given(st.lists(PLACES, max_size=90, unique=True), st.data())
def test_marks_do_not_cover_each_other_and_stay_near_their_place(chosen, data):
    sizes = st.floats(3, 8)
    spots = apart({place.code: Spot(place.x, place.y, data.draw(sizes)) for place in chosen})
    for place in chosen:
        spot = spots[place.code]
        assert hypot(spot.x - place.x, spot.y - place.y) <= 26.01
        assert 0 <= spot.x <= WIDTH
        assert 0 <= spot.y <= HEIGHT


@pytest.mark.parametrize(
    "around", [["SG", "MY", "ID"], ["QA", "BH", "AE", "SA", "KW", "IR"], ["PS", "IL", "JO", "LB", "SY"]]
)
def test_the_small_states_can_be_seen_and_hit(around):
    spots = apart({code: Spot(places()[code].x, places()[code].y, 6) for code in around})
    for code, spot in spots.items():
        others = [spots[other] for other in around if other != code]
        assert all(hypot(spot.x - one.x, spot.y - one.y) >= 12 for one in others)
        # What can be hit around it covers no other mark.
        assert all(reach(spot, others) <= hypot(spot.x - one.x, spot.y - one.y) - 6 for one in others)


def test_what_has_an_outline_is_in_the_file_of_shapes():
    shapes = set(re.findall(r'<path id="([A-Z]{2})"', SVG))
    assert {code for code, place in places().items() if place.outline} == shapes
    assert "PS" in shapes
    assert "SU" not in shapes


def test_the_shapes_hold_numbers_for_machines_and_nothing_else():
    paths = re.findall(r' d="([^"]*)"', SVG)
    assert paths
    assert all(re.fullmatch(r"(?:M\d+ \d+l(?:[+-]\d+)+z?)+", path) for path in paths)
    assert set(re.findall(r"<(\w+)", SVG)) == {"svg", "g", "path"}


@given(PLACES, PLACES, st.floats(0.9, 7), st.floats(3, 8))
def test_an_arc_stays_on_the_map_and_its_head_stands_at_the_recipient(source, target, width, radius):
    assume(source != target)
    line, head = curve(Spot(source.x, source.y, 3), Spot(target.x, target.y, radius), width)
    for path in (line, head):
        assert re.fullmatch(r"[MQLZ0-9. ]+", path)
        numbers = [float(number) for number in NUMBER.findall(path)]
        assert all(0 <= x <= WIDTH for x in numbers[::2])
        assert all(0 <= y <= HEIGHT for y in numbers[1::2])
    tip_x, tip_y = (float(number) for number in NUMBER.findall(head)[:2])
    start_x, start_y = (float(number) for number in NUMBER.findall(line)[:2])
    assert (start_x, start_y) == (pytest.approx(source.x, abs=0.06), pytest.approx(source.y, abs=0.06))
    from_target = hypot(tip_x - target.x, tip_y - target.y)
    assert from_target <= max(hypot(tip_x - source.x, tip_y - source.y), 1.5)


def test_what_leads_back_bends_to_the_other_side():
    norway, peru = (Spot(places()[code].x, places()[code].y, 5) for code in ("NO", "PE"))
    there, back = curve(norway, peru, 2)[0], curve(peru, norway, 2)[0]
    assert NUMBER.findall(there)[2:4] != NUMBER.findall(back)[2:4]


@settings(deadline=None, max_examples=25)
@given(st.lists(PLACES, min_size=1, max_size=60, unique=True), st.data())
def test_names_never_touch(chosen, data):
    words = st.sampled_from(["Norway", "Qatar", "United Arab Emirates"])
    marks = [
        Mark(place.code, data.draw(words), True, 1, f"{place.x:.1f}", f"{place.y:.1f}", "4.0", "12.0", "", 1, "")
        for place in chosen
    ]
    boxes = []
    for name in names_of(marks):
        x, y, wide = float(name.x), float(name.y), len(name.text) * LETTER
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[name.anchor]
        assert left >= -0.1
        assert left + wide <= WIDTH + 0.1
        boxes.append((left, y - 10, left + wide, y - 10 + LINE))
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            apart = one[0] >= other[2] - 0.2 or other[0] >= one[2] - 0.2 or one[1] >= other[3] - 0.2
            assert apart or other[1] >= one[3] - 0.2
