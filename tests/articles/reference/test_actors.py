"""The hand-maintained tables of actors and outlets keep the promises of articles/reference/README.md."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import articles
from articles.extract.languages import languages

REFERENCE = Path(articles.__file__).parent / "reference"
ACTOR_TABLES = {
    "states": {"state", "alliance"},
    "groups": {"group"},
    "institutions": {"institution"},
    "companies": {"company"},
    "persons": {"person"},
}
NAME_KINDS = {"name", "abbreviation", "demonym", "metonym", "historic"}
MATCHES = {"", "exact", "fold", "context"}
OUTLET_KINDS = {
    "newspaper",
    "portal",
    "agency",
    "broadcaster",
    "magazine",
    "government",
    "ngo",
    "think_tank",
    "social",
}
HEADS = {
    **dict.fromkeys(ACTOR_TABLES, ["code", "kind", "home", "name_en", "name_id"]),
    "actor_names": ["actor", "language", "kind", "name", "match"],
    "outlets": ["outlet", "name", "kind", "country", "language", "domains"],
    "outlet_names": ["outlet", "name", "match"],
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def rows(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def actors() -> dict[str, dict[str, str]]:
    return {row["code"]: row for table in ACTOR_TABLES for row in rows(table)}


def actor_forms() -> Iterator[tuple[str, str, str, str]]:
    """(language, form, actor, match) of every form; a repeated main name takes the rule of its row in actor_names."""
    rules = {(row["actor"], row["name"]): row["match"] for row in rows("actor_names")}
    for code, row in actors().items():
        for language in ("en", "id"):
            for name in {row["name_en"], row["name_id"]}:
                yield language, name, code, rules.get((code, name), "")
    for row in rows("actor_names"):
        for language in ("en", "id") if row["language"] == "*" else (row["language"],):
            yield language, row["name"], row["actor"], row["match"]


@pytest.mark.parametrize("table", HEADS)
def test_table_is_clean_csv(table):
    raw = (REFERENCE / f"{table}.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", raw.decode())
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == HEADS[table]
    for line in lines[1:]:
        assert len(line) == len(HEADS[table]), line
        for cell in line:
            assert cell == " ".join(cell.split()), line


def test_actor_codes_are_unique_over_all_tables():
    codes = [row["code"] for table in ACTOR_TABLES for row in rows(table)]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("table", ACTOR_TABLES)
def test_actor_code_kind_and_names_are_valid(table):
    for row in rows(table):
        assert row["kind"] in ACTOR_TABLES[table], row
        assert row["name_en"], row
        assert row["name_id"], row
        if row["kind"] == "state":
            assert re.fullmatch(r"[A-Z]{2}", row["code"]), row
        elif row["code"] not in {"EU", "NATO", "UN"}:
            assert SLUG.fullmatch(row["code"]), row


def test_home_exists_and_may_be_one():
    known = actors()
    for code, row in known.items():
        home = row["home"]
        if row["kind"] in {"institution", "company", "person"}:
            assert home, row
        if home:
            assert home in known, row
            allowed = {"state", "alliance"}
            if row["kind"] == "person":
                allowed |= {"institution", "group", "company"}
            assert known[home]["kind"] in allowed, row
            assert home != code


def test_actor_names_are_valid_and_unique():
    known = actors()
    seen = set()
    for row in rows("actor_names"):
        assert row["actor"] in known, row
        assert row["language"] in {"en", "id", "*"}, row
        assert row["kind"] in NAME_KINDS, row
        assert row["match"] in MATCHES, row
        assert row["name"], row
        for language in ("en", "id") if row["language"] == "*" else (row["language"],):
            key = (row["actor"], language, row["name"])
            assert key not in seen, row
            seen.add(key)


def test_main_name_is_repeated_only_to_give_it_a_rule():
    known = actors()
    for row in rows("actor_names"):
        if row["name"] in {known[row["actor"]]["name_en"], known[row["actor"]]["name_id"]}:
            assert row["match"], row


def test_name_that_two_actors_share_needs_context():
    holders = defaultdict(dict)
    for language, name, actor, match in actor_forms():
        holders[language, name][actor] = match
    for key, rules in holders.items():
        if len(rules) > 1:
            assert set(rules.values()) == {"context"}, (key, rules)


def test_outlets_are_valid_and_unique():
    keys, names, domains = set(), set(), set()
    states = {row["code"] for row in rows("states")}
    for row in rows("outlets"):
        assert SLUG.fullmatch(row["outlet"]), row
        assert row["outlet"] not in keys, row
        assert row["name"] not in names, row
        assert row["kind"] in OUTLET_KINDS, row
        assert row["country"] == "" or row["country"] in states, row
        assert row["language"] in {*languages(), "und", ""}, row
        keys.add(row["outlet"])
        names.add(row["name"])
        for domain in row["domains"].split():
            assert DOMAIN.fullmatch(domain), row
            assert domain not in domains, row
            domains.add(domain)


def test_outlet_names_are_valid_and_unique():
    main = {row["name"]: row["outlet"] for row in rows("outlets")}
    seen = set()
    for row in rows("outlet_names"):
        assert row["outlet"] in main.values(), row
        assert row["match"] in MATCHES, row
        assert row["name"], row
        assert row["name"] not in seen, row
        seen.add(row["name"])
        if row["name"] in main:
            assert main[row["name"]] == row["outlet"], row
            assert row["match"], row
