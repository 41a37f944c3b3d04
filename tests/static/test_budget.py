"""What a page may weigh: 30 kB of script and style, gzipped, htmx included."""

import gzip
from pathlib import Path

import django_htmx
import pytest

from tracker.minified import minified

STATIC = Path(__file__).parents[2] / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
EVERY_PAGE = [HTMX, STATIC / "js" / "app.js", STATIC / "css" / "base.css", STATIC / "css" / "parts.css"]
STAGES = {
    "browse": ["css/browse.css", "js/list.js"],
    "flows": ["css/browse.css", "css/flows.css"],
    "search": ["css/browse.css", "css/search.css"],
    "review": ["css/review.css", "js/review.js"],
    "ingest": ["css/ingest.css"],
    "account": ["css/account.css"],
}


def weight(*paths: Path) -> int:
    """Bytes that the files take minified and gzipped, each for itself, as a browser fetches them."""
    served = (minified(f"{path.parent.name}/{path.name}", path.read_bytes()) for path in paths)
    return sum(len(gzip.compress(content, 9)) for content in served)


@pytest.mark.parametrize("stage", STAGES)
def test_a_page_stays_within_its_budget(stage):
    assert weight(*EVERY_PAGE, *(STATIC / name for name in STAGES[stage])) <= 30_000


def test_every_script_and_stylesheet_is_weighed():
    weighed = {STATIC / name for names in STAGES.values() for name in names} | set(EVERY_PAGE[1:])
    assert {*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")} == weighed


def test_the_script_of_every_page_stays_small():
    assert weight(STATIC / "js" / "app.js") <= 3_000
