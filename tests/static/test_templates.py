"""Templates keep to the content security policy and to the sprite."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# What the policy would block in the browser, or htmx would evaluate
FORBIDDEN = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=|\shx-on|["']js:|javascript:|\shx-vars|hx-trigger\s*=\s*["'][^"']*\["""
    r"""|<style\b|<script\b(?![^>]*\ssrc=)"""
)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_no_inline_style_or_script(path):
    assert FORBIDDEN.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        '<a onclick="go()">',
        '<div hx-on:click="go()">',
        "<div hx-vals='js:{a: 1}'>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>p {}</style>",
        '<a href="javascript:go()">',
        '<div hx-trigger="click[ctrlKey]">',
    ],
)
def test_the_check_sees_what_it_forbids(bad):
    assert FORBIDDEN.search(bad)


def test_every_icon_that_is_named_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons" / "sprite.svg").read_text()))
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'parts/icon\.html" with name="([\w-]+)"', path.read_text()))
    assert named
    assert named <= sprite


def test_templates_load_only_what_the_project_serves():
    for path in TEMPLATES:
        assert re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", path.read_text()) == [], path
