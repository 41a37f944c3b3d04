"""WCAG 2.2 AA for every pair of colours that the stylesheets put together, in both themes."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall((CSS / "base.css").read_text())}
FLOWS = (CSS / "flows.css").read_text()
FIELDS = sorted(name for name in TOKENS if name.startswith("f-"))
SURFACES = ["paper", "sheet", "hush"]

TEXT = {
    *product(["ink", "soft", "accent", "supports", "denies", "no-evidence", "contested"], SURFACES),
    *product(["ink", "soft"], FIELDS),
    *product(["ink", "soft", "accent", "supports", "denies", "no-evidence", "contested"], ["wash"]),
    ("on-accent", "accent"),
    ("paper", "ink"),
}
# What has to be seen but is not read: borders of controls, focus rings, outlines of bars, marks of a timeline
SHAPES = {
    *product(["edge", "accent", "supports", "denies", "no-evidence", "s4", "s5"], ["paper", "sheet"]),
    *product(["edge"], FIELDS),
}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 to 1, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_agrees_with_known_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [pytest.param(TEXT, 4.5, id="text"), pytest.param(SHAPES, 3.0, id="shapes")]
)
def test_pairs_of_tokens_can_be_told_apart(pairs, least, theme):
    index = ["light", "dark"].index(theme)
    measured = {pair: contrast(TOKENS[pair[0]][index], TOKENS[pair[1]][index]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in measured.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_numbers_can_be_read_on_every_shade(theme):
    mixes = re.findall(r"--shade-of: color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)", FLOWS)
    assert len(mixes) == 4
    for over, share, under in mixes:
        channels = [
            round(int(TOKENS[over][theme][i : i + 2], 16) * int(share) / 100)
            + round(int(TOKENS[under][theme][i : i + 2], 16) * (1 - int(share) / 100))
            for i in (1, 3, 5)
        ]
        ground = "#" + "".join(f"{channel:02x}" for channel in channels)
        assert contrast(TOKENS["ink"][theme], ground) >= 4.5, (over, share)


def rules() -> list[tuple[str, str, str]]:
    """Every innermost rule of the stylesheets: file name, selector, declarations."""
    found = []
    for path in sorted(CSS.glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        found += [(path.name, selector.strip(), body) for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text)]
    return found


def test_a_rule_that_sets_ink_and_ground_uses_a_measured_pair():
    seen = set()
    for name, selector, body in rules():
        ink = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", body)
        ground = re.search(r"background(?:-color)?: var\(--([\w-]+)\)", body)
        if ink and ground and not ground[1].startswith("field"):
            seen.add((ink[1], ground[1]))
            assert (ink[1], ground[1]) in TEXT, f"{name}: {selector}"
    assert seen


def test_colours_are_written_as_tokens_only():
    for name, selector, body in rules():
        if not selector.endswith(":root"):
            assert not re.search(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", body), f"{name}: {selector}"


def test_every_custom_property_is_defined_and_used():
    text = "".join(path.read_text() for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+):", text))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used - defined == set()
    assert defined - used == set()
