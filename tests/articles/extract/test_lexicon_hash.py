"""The lexicon's hash tells apart every answer that the data could change."""

import shutil

import pytest

from articles.extract import lexicon


@pytest.mark.parametrize("name", lexicon.RULE_FILES)
def test_a_changed_word_list_is_another_lexicon(name, tmp_path, monkeypatch):
    for file in lexicon.RULE_FILES:
        shutil.copy(lexicon.REFERENCE / f"{file}.csv", tmp_path)
    monkeypatch.setattr(lexicon, "REFERENCE", tmp_path)
    before = lexicon.build_lexicon({}).hash
    assert lexicon.build_lexicon({}).hash == before
    with (tmp_path / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write("one,more\n")
    assert lexicon.build_lexicon({}).hash != before
