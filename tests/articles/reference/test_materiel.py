"""The materiel of the reference data: keys, codes and surface forms that the lexicon can rely on."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[3] / "articles" / "reference"
SIPRI = {
    "Aircraft",
    "Air defence systems",
    "Anti-submarine warfare weapons",
    "Armoured vehicles",
    "Artillery",
    "Engines",
    "Missiles",
    "Naval weapons",
    "Satellites",
    "Sensors",
    "Ships",
    "Other",
}
UNROCA = {"I", "II", "III", "IV", "V", "VI", "VII", "SALW"}
MATERIEL = ["materiel", "kind", "category", "name_en", "name_id", "sipri", "unroca", "maker", "source"]
NAMES = ["materiel", "language", "name", "match"]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STATE = re.compile(r"[A-Z]{2}|NATO")


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_read(form: str) -> str:
    """The form without what reading leaves out: case, accents, punctuation, the seam between a letter and a digit."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", form) if not unicodedata.combining(char))
    words = " ".join("".join(char if char.isalnum() else " " for char in plain.lower()).split())
    return re.sub(r"(?<=[a-z]) (?=\d)|(?<=\d) (?=[a-z])", "", words)


@pytest.fixture(scope="module")
def materiel() -> list[dict[str, str]]:
    return rows("materiel.csv")


@pytest.fixture(scope="module")
def names() -> list[dict[str, str]]:
    return rows("materiel_names.csv")


def test_columns(materiel, names):
    assert list(materiel[0]) == MATERIEL
    assert list(names[0]) == NAMES


def test_breadth(materiel):
    assert len(materiel) >= 600
    assert {row["category"] for row in materiel} == {row["category"] for row in rows("categories.csv")}


def test_keys_are_unique_slugs(materiel):
    keys = Counter(row["materiel"] for row in materiel)
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not SLUG.fullmatch(key)] == []


def test_codes_are_known(materiel):
    categories = {row["category"] for row in rows("categories.csv")}
    for row in materiel:
        assert row["kind"] in {"class", "family", "designation"}, row
        assert row["category"] in categories, row
        assert row["sipri"] in SIPRI | {""}, row
        assert row["unroca"] in UNROCA | {""}, row
        assert row["name_en"], row
        assert row["name_id"], row


def test_a_class_has_no_maker_and_everything_else_has_one(materiel):
    for row in materiel:
        if row["kind"] == "class":
            assert row["maker"] == "", row
        else:
            assert STATE.fullmatch(row["maker"]), row


def test_what_sipri_leaves_out_has_no_sipri_category(materiel):
    assert [row["materiel"] for row in materiel if row["category"] == "small_arms" and row["sipri"]] == []


def test_sources_are_explained(materiel):
    explained = set(re.findall(r"`([a-z0-9-]+)`", (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")))
    assert {row["source"] for row in materiel} - explained == set()


def test_names_belong_to_materiel_and_have_known_codes(materiel, names):
    keys = {row["materiel"] for row in materiel}
    for row in names:
        assert row["materiel"] in keys, row
        assert row["language"] in {"en", "id", "*"}, row
        assert row["match"] in {"", "exact", "fold", "context"}, row


def test_no_name_is_listed_twice(materiel, names):
    listed = Counter((row["materiel"], row["language"], row["name"]) for row in names)
    assert [name for name, count in listed.items() if count > 1] == []
    main = {(row["materiel"], language, row[f"name_{language}"]) for row in materiel for language in ("en", "id")}
    assert main & set(listed) == set()


def test_a_form_shared_by_two_materiels_needs_context(materiel, names):
    owners = defaultdict(dict)
    for row in materiel:
        for language in ("en", "id"):
            owners[language, as_read(row[f"name_{language}"])][row["materiel"]] = ""
    for row in names:
        for language in ("en", "id") if row["language"] == "*" else (row["language"],):
            owners[language, as_read(row["name"])].setdefault(row["materiel"], row["match"])
    shared = {form: held for form, held in owners.items() if len(held) > 1 and set(held.values()) != {"context"}}
    assert shared == {}


def test_text_is_nfc_without_stray_whitespace(materiel, names):
    for row in materiel + names:
        for value in row.values():
            assert value == unicodedata.normalize("NFC", value), row
            assert value == " ".join(value.split()), row
