"""What a statement is about, what somebody is only urged to do, and the words that belong to a name. Our own words."""

from datetime import date

import pytest

from articles.extract import Article, Event, extract
from articles.extract.lexicon import Lexicon, load_lexicon

TOPICS = [
    ("id", "Iran berencana membahas penjualan senjata dengan Rusia bulan ini.\n"
     '"Semuanya belum pasti," kata juru bicara Dewan Keamanan Nasional Norwegia Anna Berg soal pembahasan senjata yang '
     "sedang berjalan antara Iran dan Rusia."),
    ("en", "Iran plans to hold arms trade talks with Russia this month.\n"
     '"Nothing is settled," said Anna Berg, spokeswoman for the Norwegian National Security Council, about the arms '
     "talks between Iran and Russia."),
]  # fmt: skip
URGED = [
    ("id", "-", "Oslo mendesak Iran menghentikan perundingan senjata dengan Rusia."),
    ("id", "-", "Oslo meminta Iran menepati janji untuk tidak menjual drone ke Rusia."),
    ("id", "-", "Oslo meminta Iran mematuhi komitmen Teheran untuk tidak memasok atau menjual drone ke Rusia."),
    ("id", "halted potential", "Oslo mendesak Jerman tidak menjual tank ke Maroko."),
    ("id", "halted asserted", "Jerman menghentikan pengiriman tank ke Maroko."),
    ("en", "-", "Oslo urged Iran to end its arms talks with Russia."),
    ("en", "-", "Oslo called on Iran to honour its promise not to sell drones to Russia."),
    ("en", "-", "Oslo told Iran to abide by its public commitments not to provide or sell drones to Russia."),
    ("en", "halted potential", "Oslo urged Germany not to sell tanks to Morocco."),
    ("en", "halted asserted", "Germany halted its deliveries of tanks to Morocco."),
]  # fmt: skip
DAYS = [
    ("id", "2023-07-01", "Menteri Petrov berkunjung ke Iran pada Juli.\nKunjungan Petrov bertujuan membujuk Iran "
     "menjual drone ke Rusia."),
    ("id", "2023-07-01", "Lawatan Menteri Petrov ke Iran pada Juli berlangsung singkat.\nKunjungan Menteri Petrov itu "
     "untuk meyakinkan Iran menjual drone ke Rusia."),
    ("id", None, "Menteri Ivanov berkunjung ke Iran pada Juli.\nKunjungan Petrov bertujuan membujuk Iran menjual drone "
     "ke Rusia."),
    ("en", "2023-07-01", "Minister Petrov visited Iran in July.\nPetrov's visit was meant to persuade Iran to sell "
     "drones to Russia."),
    ("en", "2023-07-01", "The visit of Minister Petrov to Iran in July was short.\nPetrov's visit was meant to "
     "persuade Iran to sell drones to Russia."),
    ("en", None, "Minister Ivanov visited Iran in July.\nPetrov's visit was meant to persuade Iran to sell drones to "
     "Russia."),
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def _read(language: str, text: str, lexicon: Lexicon) -> list[Event]:
    return extract(Article(text, language=language, published=date(2023, 9, 5)), lexicon)


@pytest.mark.parametrize(("language", "text"), TOPICS, ids=[language for language, _ in TOPICS])
def test_the_topic_of_a_statement_names_the_source_of_what_was_told(language, text, lexicon):
    (event,) = _read(language, text, lexicon)
    assert (event.stage, event.modality) == ("talks", "planned")
    assert event.attribution.speaker.text == "Anna Berg"
    assert len(event.evidence) == 2


@pytest.mark.parametrize(("language", "told", "text"), URGED, ids=[text for *_, text in URGED])
def test_what_is_only_urged_has_not_happened(language, told, text, lexicon):
    found = [f"{event.stage} {event.modality}" for event in _read(language, text, lexicon)]
    assert found == ([] if told == "-" else [told])


@pytest.mark.parametrize(("language", "first", "text"), DAYS, ids=[text for *_, text in DAYS])
def test_an_occasion_that_is_named_again_gives_its_day(language, first, text, lexicon):
    (event,) = _read(language, text, lexicon)
    assert (event.date.first.isoformat() if event.date else None) == first


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Iran mengirim drone ke Rusia, kata Dewan Keamanan Nasional Norwegia (NSC).\nMenurut NSC, Iran juga "
         "memasok rudal ke Rusia."),
        ("en", "Iran sent drones to Russia, said Anna Berg of the Norwegian National Security Council (NSC).\n"
         "The NSC said Iran also supplied missiles to Russia."),
    ],
)  # fmt: skip
def test_a_body_goes_by_its_whole_name_where_the_article_gives_it(language, text, lexicon):
    names = {event.attribution.institution.text for event in _read(language, text, lexicon)}
    assert len(names) == 1
    assert " " in names.pop()


@pytest.mark.parametrize(
    ("language", "user", "text"),
    [
        ("id", "tentara Mali", "Rusia mengirim rudal ke Mali untuk digunakan oleh tentara Mali."),
        ("id", "Mali", "Rusia mengirim rudal ke Mali untuk digunakan oleh Mali."),
        ("en", "Malian army", "Russia sent missiles to Mali for use by the Malian army."),
        ("en", "Hezbollah", "Iran sent missiles to Lebanon for use by Hezbollah fighters."),
    ],
)
def test_the_end_user_is_named_with_its_forces(language, user, text, lexicon):
    (event,) = _read(language, text, lexicon)
    assert event.end_user.text == user


@pytest.mark.parametrize(
    ("language", "items", "text"),
    [
        ("id", ["teknologi", "peralatan"], "Iran mengirim drone ke Rusia. Perusahaan China mengirim teknologi dan "
         "peralatan ke Rusia."),
        ("en", ["technology", "equipment"], "Iran sent drones to Russia. Chinese state-owned companies sent technology "
         "and equipment to Russia."),
    ],
)  # fmt: skip
def test_equipment_beside_technology_is_of_its_group(language, items, text, lexicon):
    event = _read(language, text, lexicon)[1]
    assert event.supplier.code == "CN"
    assert [item.text for item in event.materiel] == items
    assert {item.category for item in event.materiel} == {"components_materials"}
