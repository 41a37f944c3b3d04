"""Which sentences tell of one event, and which of two."""

from datetime import date

import pytest

from articles.extract import Article, extract

CASES = [
    # language, text, and for each event its stage and the least number of things
    (
        "en",
        "Egypt signed a contract with France for 12 fighter jets. Egypt and France have an agreement on fighter jets.",
        [("order", 12)],
    ),
    (
        "id",
        "Mesir memesan 12 jet tempur dari Prancis. Mesir dan Prancis telah menandatangani perjanjian jet tempur.",
        [("order", 12)],
    ),
    (
        "en",
        "France has delivered 18 fighter jets to Egypt. France delivered four fighter jets to Egypt by sea.",
        [("delivery", 18), ("delivery", 4)],
    ),
    (
        "id",
        "Prancis telah menyerahkan 18 jet tempur kepada Mesir. Prancis menyerahkan empat jet tempur itu kepada Mesir.",
        [("delivery", 18), ("delivery", 4)],
    ),
    (
        "en",
        "France delivered 18 fighter jets to Egypt. The 18 fighter jets were delivered to Egypt by France by sea.",
        [("delivery", 18)],
    ),
    (
        "en",
        "France delivered 18 fighter jets to Egypt. France delivered several fighter jets to Egypt by sea.",
        [("delivery", 18)],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_one_event_or_two(language, text, expected, small_lexicon):
    events = extract(Article(text, language=language, published=date(2024, 5, 14)), small_lexicon)
    assert [(event.stage, event.quantity.min) for event in events] == expected


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        ("Russia received 200 drones from Iran in March.", [("IR", "RU")]),
        ("Iran sent 200 drones to Egypt in March.", [("IR", "EG")]),
        ("France sold 12 fighter jets to Egypt in March.", [("FR", "EG"), ("IR", "RU")]),
    ],
)
def test_a_headline_tells_what_the_body_says_nothing_of(body, pairs, small_lexicon):
    title = "Iran sent drones to Russia"
    article = Article(f"{title}\n\n{body}", language="en", title=title, published=date(2024, 5, 14))
    found = extract(article, small_lexicon)
    assert sorted((event.supplier.code, event.recipient.code) for event in found) == pairs


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "India bought howitzers from Israel. A total of 32 will be delivered in February 2025.",
            [("order", None, None), ("delivery", 32, date(2025, 2, 1))],
        ),
        (
            "en",
            "India bought howitzers from Israel. Four of them were delivered in March.",
            [("order", None, None), ("delivery", 4, date(2024, 3, 1))],
        ),
        (
            "id",
            "India membeli howitzer dari Israel. Sebanyak enam unit akan tiba pada Februari 2025.",
            [("order", None, None), ("delivery", 6, date(2025, 2, 1))],
        ),
        (
            "id",
            "India membeli howitzer dari Israel. Tiga di antaranya tiba pada Maret.",
            [("order", None, None), ("delivery", 3, date(2024, 3, 1))],
        ),
        (
            "en",
            "India bought howitzers from Israel. In 2023 they were praised, and 12 officers had arrived.",
            [("order", None, None)],
        ),
        (
            "en",
            "India bought howitzers from Israel. Two more units will be delivered in February 2025.",
            [("order", None, None), ("delivery", 2, date(2025, 2, 1))],
        ),
        (
            "en",
            "India received 24 howitzers from Israel. Two more units were delivered to India in March.",
            [("delivery", 24, None), ("delivery", 2, date(2024, 3, 1))],
        ),
        (
            "id",
            "India membeli howitzer dari Israel. Israel akan mengirim dua unit lagi ke India pada Februari 2025.",
            [("order", None, None), ("shipment", 2, date(2025, 2, 1))],
        ),
        (
            "en",
            "India has bought helicopters from France. India cancelled the purchase of tanks from France in May 2023.",
            [("order", None, None), ("cancelled", None, date(2023, 5, 1))],
        ),
    ],
)
def test_a_batch_has_its_own_number_and_day(language, text, expected, small_lexicon):
    events = extract(Article(text, language=language, published=date(2024, 5, 14)), small_lexicon)
    assert [(one.stage, one.quantity and one.quantity.min, one.date and one.date.first) for one in events] == expected
