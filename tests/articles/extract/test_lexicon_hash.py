"""The lexicon's hash tells apart every answer that the data could change."""

import shutil

import pytest

from articles.extract.languages import REFERENCE, languages
from articles.extract.lexicon import LANGUAGE_FILES, RULE_FILES, build_lexicon

FILES = [*RULE_FILES, *(f"{name}_{code}" for code in languages() for name in LANGUAGE_FILES)]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_word_list_is_another_lexicon(name, tmp_path):
    for file in FILES:
        if (REFERENCE / f"{file}.csv").exists():
            shutil.copy(REFERENCE / f"{file}.csv", tmp_path)
    before = build_lexicon({}, tmp_path).hash
    assert build_lexicon({}, tmp_path).hash == before
    with (tmp_path / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write("one,more\n")
    assert build_lexicon({}, tmp_path).hash != before
