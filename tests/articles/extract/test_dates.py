"""Phrases of every form that dates take in news texts; the tables stand beside this file."""

import datetime
from pathlib import Path

import pytest

from articles.extract.dates import FoundDate, find_dates

PUBLISHED = datetime.date(2024, 5, 15)


def _day(text: str) -> datetime.date | None:
    return None if text == "-" else datetime.date.fromisoformat(text)


def _rows(language: str):
    """`(language, sentence, phrase or None, first, last)` of a table."""
    for line in Path(__file__).with_name(f"date_phrases_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        marked, *days = line.split(" | ")
        phrase = marked[marked.index("{") + 1 : marked.index("}")] if "{" in marked else None
        first, last = map(_day, days) if days else (None, None)
        yield pytest.param(language, marked.replace("{", "").replace("}", ""), phrase, first, last, id=marked)


def test_the_tables_are_broad():
    assert all(len(list(_rows(language))) >= 150 for language in ("en", "id"))


@pytest.mark.parametrize(("language", "sentence", "phrase", "first", "last"), [*_rows("en"), *_rows("id")])
def test_phrase(language, sentence, phrase, first, last):
    found = find_dates(sentence, PUBLISHED, language)
    assert [(date.text, date.first, date.last) for date in found] == ([(phrase, first, last)] if phrase else [])
    for date in found:
        assert sentence[date.start : date.end] == date.text
        assert date.precision == ("precise" if first and first == last else "imprecise")
        assert date.basis


@pytest.mark.parametrize(
    ("language", "sentence", "days"),
    [
        ("en", "It was signed on 5 September 2023.", ("2023-09-05", "2023-09-05")),
        ("en", "It was signed in July 2022.", ("2022-07-01", "2022-07-31")),
        ("en", "It was signed last year.", ("-", "-")),
        ("en", "It was signed on Tuesday.", ("-", "-")),
        ("en", "It was signed in July.", ("-", "-")),
        ("en", "It has run since 2019.", ("2019-01-01", "-")),
        ("id", "Itu diteken Selasa (5/9/2023).", ("2023-09-05", "2023-09-05")),
        ("id", "Itu diteken Selasa (5/9).", ("-", "-")),
        ("id", "Itu diteken akhir tahun lalu.", ("-", "-")),
        ("id", "Itu diteken dua pekan lalu.", ("-", "-")),
    ],
)
def test_without_a_publication_date_only_whole_dates_have_days(language, sentence, days):
    [date] = find_dates(sentence, None, language)
    assert (date.first, date.last) == tuple(map(_day, days))


def test_the_weekday_settles_the_year_of_a_date_without_one():
    [date] = find_dates("Hal itu ia sampaikan Selasa (5/9).", PUBLISHED, "id")
    assert date.first == datetime.date(2023, 9, 5)


@pytest.mark.parametrize(
    ("published", "first"), [(datetime.date(2024, 1, 10), "2023-12-30"), (datetime.date(2023, 12, 20), "2023-12-30")]
)
def test_a_day_near_the_publication_is_the_near_one(published, first):
    [date] = find_dates("The cargo on December 30 is large.", published, "en")
    assert date.first == _day(first)


def test_an_ambiguous_numeric_day_is_the_one_near_the_publication_in_english_and_day_first_in_indonesian():
    assert find_dates("Dated 04/05/2024.", PUBLISHED, "en")[0].first == datetime.date(2024, 5, 4)
    assert find_dates("Dated 04/05/2024.", datetime.date(2024, 4, 6), "en")[0].first == datetime.date(2024, 4, 5)
    assert find_dates("Tanggal 04/05/2024.", datetime.date(2024, 4, 6), "id")[0].first == datetime.date(2024, 5, 4)


def test_many_dates_come_in_order_and_never_overlap():
    text = "In 2022 and in July, then on Tuesday; since 2019. Between 2018 and 2022, the 1990s, last week, by 2027."
    found = find_dates(text, PUBLISHED, "en")
    assert len(found) == 8
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))


def test_offsets_are_code_points_of_the_text_as_given():
    text = "İİ 🚀 Kapal tiba pada Juli 2022 di sana."
    assert find_dates(text, PUBLISHED, "id") == [
        FoundDate(
            start=text.index("pada"),
            end=text.index(" di sana"),
            text="pada Juli 2022",
            first=datetime.date(2022, 7, 1),
            last=datetime.date(2022, 7, 31),
            precision="imprecise",
            basis="month",
        )
    ]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "31/02/2024",
        "on 31 February 2023",
        "pada 31 Februari 2023",
        "999 years ago",
        "(",
        "1900-00-00",
        "٣ May",
        "in ²",
    ],
)
@pytest.mark.parametrize("published", [None, datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29)])
def test_nothing_odd_breaks_it(language, text, published):
    for date in find_dates(text, published, language):
        assert text[date.start : date.end] == date.text


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "Signed in 2019, it was dropped a year later.", ("2020-01-01", "2020-12-31")),
        ("en", "Signed in 2019, it was dropped the following year.", ("2020-01-01", "2020-12-31")),
        ("en", "Signed on Thursday, it was approved the previous day.", ("2024-05-08", "2024-05-08")),
        ("en", "Signed in March 2019, it was paid the same month.", ("2019-03-01", "2019-03-31")),
        ("id", "Diteken pada 2019, kontrak itu batal dua tahun kemudian.", ("2021-01-01", "2021-12-31")),
        ("id", "Diteken pada 2019, kontrak itu dibayar tahun itu.", ("2019-01-01", "2019-12-31")),
        ("id", "Diteken pada 5 Mei 2023, kontrak itu dibahas sehari sebelumnya.", ("2023-05-04", "2023-05-04")),
    ],
)
def test_the_date_before_anchors_what_counts_from_it(language, text, days):
    [_, date] = find_dates(text, PUBLISHED, language)
    assert (date.first, date.last) == tuple(map(_day, days))


@pytest.mark.parametrize("text", ["Signed in 2019, it was dropped a month later.", "Since 2010, three weeks earlier."])
def test_a_year_anchors_no_month_or_week(text):
    assert len(find_dates(text, PUBLISHED, "en")) == 1


@pytest.mark.parametrize(
    ("language", "sentence", "last"),
    [
        ("en", "The first came in 2016 and the second in November of the same year.", ("2016-11-01", "2016-11-30")),
        ("en", "It was signed in March 2019 and took effect in June that year.", ("2019-06-01", "2019-06-30")),
        ("en", "It was signed in November of the same year.", ("-", "-")),
        (
            "id",
            "Yang pertama tiba pada 2016, yang kedua pada November di tahun yang sama.",
            ("2016-11-01", "2016-11-30"),
        ),
        ("id", "Itu diteken pada Maret 2019 dan berlaku pada Juni tahun itu.", ("2019-06-01", "2019-06-30")),
        ("en", "It must arrive before the end of the year.", ("2024-05-15", "2024-12-31")),
        ("id", "Itu harus tiba sebelum akhir tahun.", ("2024-05-15", "2024-12-31")),
        ("id", "Itu tiba pada Senin dan Selasa (14/5).", ("2024-05-13", "2024-05-14")),
    ],
)
def test_the_last_date_of_a_sentence(language, sentence, last):
    date = find_dates(sentence, PUBLISHED, language)[-1]
    assert (date.first, date.last) == tuple(map(_day, last))
