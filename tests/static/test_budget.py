"""What a page may weigh: 30 kB of script and style, gzipped, htmx included."""

import gzip
from pathlib import Path

import django_htmx
import pytest

STATIC = Path(__file__).parents[2] / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
EVERY_PAGE = [HTMX, STATIC / "js" / "app.js", STATIC / "css" / "base.css", STATIC / "css" / "parts.css"]
STAGES = {
    "browse": ["css/browse.css"],
    "review": ["css/review.css", "js/review.js"],
    "ingest": ["css/ingest.css"],
    "account": ["css/account.css"],
}


def weight(*paths: Path) -> int:
    """Bytes that the files take gzipped, each for itself, as a browser fetches them."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


@pytest.mark.parametrize("stage", STAGES)
def test_a_page_stays_within_its_budget(stage):
    assert weight(*EVERY_PAGE, *(STATIC / name for name in STAGES[stage])) <= 30_000


def test_every_script_and_stylesheet_is_weighed():
    weighed = {STATIC / name for names in STAGES.values() for name in names} | set(EVERY_PAGE[1:])
    assert {*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")} == weighed


def test_the_script_of_every_page_stays_small():
    assert weight(STATIC / "js" / "app.js") <= 3_000
