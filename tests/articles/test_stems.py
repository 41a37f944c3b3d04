"""The forms of Indonesian words, as a search asks for them."""

import csv

import pytest

from articles.stems import FILE, forms


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("pengiriman", "dikirim"),
        ("dikirim", "pengirimannya"),
        ("pembelian", "membeli"),
        ("penjualan", "terjual"),
        ("pemasok", "dipasok"),
        ("suplai", "memasok"),
        ("pelatihan", "berlatih"),
        ("memproduksi", "diproduksi"),
        # Not in the list: seen by prefix and ending.
        ("mendaratkan", "pendaratan"),
        ("disembunyikan", "menyembunyikan"),
    ],
)
def test_the_forms_of_a_word_have_one_root(word, other):
    assert other in forms(word)
    assert word in forms(other)


@pytest.mark.parametrize("word", ["the", "terrain", "missile", "deliveries", "person", "136", "x", ""])
def test_other_words_have_no_further_forms(word):
    assert forms(word) == []


def test_the_list_has_each_root_once():
    with FILE.open(encoding="utf-8", newline="") as file:
        roots = [row["root"] for row in csv.DictReader(file)]
    assert len(roots) == len(set(roots))
