"""The files of every language keep the promises of articles/reference/README.md."""

import ast
import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from articles.extract.languages import REFERENCE, Pattern, languages, read_shared, read_table
from articles.extract.lexicon import ACTOR_FILES

HEADS = {
    "frames": {"lemma", "kind", "roles", "stage", "arms", "active", "past", "participle", "passive", "noun", "future"}
    | {"future passive", "conditional", "conditional passive", "sources", "rules"},
    "cues": {"axis", "value", "direction", "reach", "forms"},
    "words": {"axis", "value", "forms"},
    "date_forms": {"basis", "name", "starters", "form"},
    "date_words": {"word", "kind", "value"},
    "number_words": {"word", "kind", "value"},
    "word_lists": {"list", "words"},
    "abbreviations": {"form"},
    "actor_names": {"actor", "kind", "name", "match"},
    "materiel_names": {"materiel", "name", "match"},
}
FILES = [(code, table) for code in languages() for table in HEADS if (REFERENCE / f"{table}_{code}.csv").exists()]
STAGES = {"talks", "request", "offer", "agreement", "order", "production", "shipment", "delivery", "use"} | {
    "halted",
    "cancelled",
    "sanction",
    "none",
}
OLDER = ("en", "id")


@pytest.mark.parametrize(("code", "table"), FILES)
def test_a_file_of_a_language_is_clean_csv(code, table):
    raw = (REFERENCE / f"{table}_{code}.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", raw.decode())
    with (REFERENCE / f"{table}_{code}.csv").open(encoding="utf-8", newline="") as file:
        head, *lines = list(csv.reader(file))
    assert set(head) <= HEADS[table]
    assert lines
    assert all(len(line) <= len(head) for line in lines)


def test_spanish_has_every_file():
    assert {table for code, table in FILES if code == "es"} == set(HEADS)


@pytest.mark.parametrize("code", languages())
def test_frames_cues_and_words_use_known_values(code):
    language = languages()[code]
    known = [languages()[one] for one in OLDER]
    roles = {row["roles"] for one in known for row in one.file("frames")}
    rules = {rule for one in known for row in one.file("frames") for rule in row.get("rules", "").split()}
    for row in language.file("frames"):
        assert row["kind"] in {"act", "operator", "promise", "none"}, row
        assert row["stage"] in STAGES, row
        assert row["arms"] in {"implied", "required", "use"}, row
        assert row["roles"] in roles, row
        assert set(row.get("rules", "").split()) <= rules, row
    for table in ("cues", "words"):
        pairs = {(row["axis"], row["value"]) for one in known for row in one.file(table)}
        assert {(row["axis"], row["value"]) for row in language.file(table)} <= pairs


def test_names_in_files_of_a_language_belong_to_what_is_known_and_stand_once():
    actors = {row["code"] for table in ACTOR_FILES for row in read_table(table)}
    materiel = {row["materiel"] for row in read_table("materiel")}
    for code, table in FILES:
        if table not in ("actor_names", "materiel_names"):
            continue
        key, known = ("actor", actors) if table == "actor_names" else ("materiel", materiel)
        rows = read_table(f"{table}_{code}")
        assert {row[key] for row in rows} <= known
        assert {row["match"] for row in rows} <= {"", "exact", "fold", "context"}
        assert [name for name, count in Counter((row[key], row["name"]) for row in rows).items() if count > 1] == []


def test_a_form_of_two_classes_of_materiel_needs_context():
    for code in languages():
        owners: dict[str, set[str]] = {}
        for row in read_table(f"materiel_names_{code}"):
            if row["match"] != "context":
                owners.setdefault(row["name"].lower(), set()).add(row["materiel"])
        assert [name for name, held in owners.items() if len(held) > 1] == []


def _asked_for() -> set[str]:
    """The names of all lists that a rule asks for."""
    found = set()
    for path in (REFERENCE.parent).glob("e*/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Words", "Pattern"):
                text = "".join(
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                found |= {text} if node.func.id == "Words" else set(re.findall("«([^»]+)»", text))
    return found


def test_every_list_is_asked_for_and_every_one_asked_for_is_somewhere():
    named = {row["list"] for row in read_shared("word_lists")}
    asked = _asked_for()
    assert asked <= named | {"of a possessor", "article of a possessor", "openers of a speaker"}
    assert named <= asked


def test_every_pattern_compiles_in_every_language():
    for path in Path(REFERENCE.parent, "extract").glob("*.py"):
        module = __import__(f"articles.extract.{path.stem}", fromlist=["_"])
        for value in vars(module).values():
            if isinstance(value, Pattern):
                for language in languages().values():
                    assert value[language].pattern is not None


@pytest.mark.parametrize("code", languages())
def test_the_commonest_words_are_those_of_one_language(code):
    own = languages()[code].words("commonest words")
    assert len(own) >= 15
    assert all(word == word.lower() and unicodedata.normalize("NFKD", word) == word for word in own)
    for other, language in languages().items():
        assert other == code or not own & language.words("commonest words"), other
