"""The demo articles are complete: headers, outlets, dates, languages, sources, and no text twice by accident."""

import csv
import difflib
import itertools
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

DEMO = Path(__file__).parents[2] / "articles" / "demo"
FILES = sorted((DEMO / "articles").glob("*.txt"))
REQUIRED = {"outlet", "title", "language", "published", "url", "story"}
NEAR_COPIES = {("containers-najin-dunay", "containers-white-house")}


def read(path: Path) -> tuple[dict[str, str], str]:
    """The headers and the text of one article file."""
    head, text = path.read_text(encoding="utf-8").split("\n\n", 1)
    pairs = [line.split(": ", 1) for line in head.split("\n")]
    headers = dict(pairs)
    assert len(headers) == len(pairs), f"a header stands twice in {path.name}"
    return headers, text


ARTICLES = {path.stem: read(path) for path in FILES}
OUTLETS = {
    row["outlet"]: row for row in csv.DictReader((DEMO / "outlets.csv").read_text(encoding="utf-8").splitlines())
}

every_article = pytest.mark.parametrize("slug", ARTICLES)


@every_article
def test_headers_are_complete(slug):
    headers, text = ARTICLES[slug]
    assert REQUIRED <= set(headers) <= REQUIRED | {"copy"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert text.startswith(headers["title"] + "\n\n")


@every_article
def test_outlet_is_known_and_owns_the_address(slug):
    headers, _ = ARTICLES[slug]
    outlet = OUTLETS[headers["outlet"]]
    assert outlet["language"] == headers["language"]
    host = urlsplit(headers["url"]).hostname
    assert host in outlet["domains"].split()
    assert host.endswith(".example")


@every_article
def test_date_is_a_day_of_the_past(slug):
    headers, _ = ARTICLES[slug]
    assert date(2017, 1, 1) < date.fromisoformat(headers["published"]) < date(2026, 11, 22)


@every_article
def test_length_is_that_of_a_news_item(slug):
    _, text = ARTICLES[slug]
    assert 250 <= len(text.split()) <= 600


@every_article
def test_text_is_clean(slug):
    _, text = ARTICLES[slug]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[\t\r\u00a0\u200b\ufeff]|  | \n", text)


def test_columns_of_outlets():
    header = (DEMO / "outlets.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "outlet,name,kind,country,language,domains"
    assert {headers["outlet"] for headers, _ in ARTICLES.values()} == set(OUTLETS)


def test_half_are_indonesian():
    languages = [headers["language"] for headers, _ in ARTICLES.values()]
    assert len(languages) >= 28
    assert languages.count("id") == languages.count("en") == len(languages) / 2


def test_addresses_are_unique():
    addresses = [headers["url"] for headers, _ in ARTICLES.values()]
    assert len(addresses) == len(set(addresses))


def test_each_story_moves_over_time_in_both_languages():
    stories: dict[str, list[dict[str, str]]] = {}
    for headers, _ in ARTICLES.values():
        stories.setdefault(headers["story"], []).append(headers)
    assert len(stories.pop("background")) >= 3
    assert len(stories) == 6
    for story, members in stories.items():
        assert len(members) >= 3, story
        assert {headers["language"] for headers in members} == {"id", "en"}, story
        assert len({headers["published"] for headers in members}) >= 3, story


def test_a_text_is_repeated_only_by_its_declared_copy():
    declared = {slug: headers["copy"] for slug, (headers, _) in ARTICLES.items() if "copy" in headers}
    assert declared
    for one, other in itertools.combinations(ARTICLES, 2):
        same = ARTICLES[one][1] == ARTICLES[other][1]
        assert same == (declared.get(one) == other or declared.get(other) == one), (one, other)
    for slug, original in declared.items():
        assert ARTICLES[slug][0]["outlet"] != ARTICLES[original][0]["outlet"]


def test_only_the_near_copy_is_nearly_the_same():
    words = {slug: text.split() for slug, (headers, text) in ARTICLES.items() if "copy" not in headers}
    near = set()
    for one, other in itertools.combinations(sorted(words), 2):
        matcher = difflib.SequenceMatcher(None, words[one], words[other], autojunk=False)
        if matcher.quick_ratio() > 0.7 and matcher.ratio() > 0.7:
            near.add((one, other))
    assert near == NEAR_COPIES


def test_every_article_names_its_sources():
    sources = (DEMO / "SOURCES.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", sources, flags=re.M | re.S)
    assert sorted(slug for slug, _ in sections) == sorted(ARTICLES)
    for slug, body in sections:
        referred = re.findall(r"`([a-z0-9-]+)`", body)
        assert re.search(r"\b20\d\d\b", body) or any(name in ARTICLES for name in referred), slug


def test_an_article_has_emoji_and_curly_quotes_before_its_evidence():
    opening = ARTICLES["rafale-kontrak-pertama"][1].split("\n\n")[1]
    quote = opening.index("memesan 42 jet tempur Rafale")
    assert len(opening[:quote].encode("utf-16-le")) // 2 > quote
    assert "“" in opening[:quote]
