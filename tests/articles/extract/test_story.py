"""One long report read whole: who says what, which day is meant, and that names make no difference. Our own words."""

from datetime import date
from pathlib import Path

import pytest

from articles.extract import Article, Event, extract
from articles.extract.lexicon import Lexicon, load_lexicon

PUBLISHED = date(2023, 9, 5)
STORY = Path(__file__).with_name("story_id.txt").read_text(encoding="utf-8")
BODY = "Dewan Keamanan Nasional Inggris"
JULY, LATE, MONTH = ("2023-07-01", "2023-07-31"), ("2022-10-01", "2022-12-31"), ("2023-09-01", "2023-09-30")
# supplier, materiel, stage, modality, days, who says it, for which body, through whom. All of it goes to BY.
TOLD = [
    ("IR", "senjata", "talks", "planned", MONTH, "Marianne Keller", BODY, "Reuters"),
    ("IR", "persenjataan", "talks", "alleged", None, "beberapa pejabat Inggris", "", ""),
    ("IR", "peluru artileri", "request", "alleged", JULY, "Keller", BODY, "Reuters"),
    ("SY", "kendaraan lapis baja", "shipment", "alleged", None, "", "", ""),
    ("SY", "radar", "shipment", "alleged", None, "", "", ""),
    ("TR", "teknologi, peralatan", "shipment", "alleged", None, "", "", ""),
    ("TR", "senjata, bantuan militer mematikan", "delivery", "no_evidence", None, "para pejabat Inggris", "", ""),
    ("IR", "torpedo", "shipment", "alleged", LATE, "", "Inggris", ""),
    ("IR", "amunisi", "agreement", "potential", None, "Adler", BODY, ""),
    ("IR", "bahan mentah", "agreement", "potential", None, "Adler", BODY, ""),
    ("IR", "", "sanction", "planned", None, "Adler", BODY, ""),
]
# From each name of the story to another of the same kind, everywhere at once.
RENAMED = [
    {"Inggris": "Kanada", "Keller": "Tremblay", "Marianne": "Claire", "Adler": "Roy", "Reuters": "BBC"},
    {"Turki": "India", "Suriah": "Kuba", "torpedo": "rudal", "radar": "drone", "peluru artileri": "roket"},
    {"Khrenin": "Vasiliev", "Viktor": "Anton", "Hizbullah": "Houthi", "kendaraan lapis baja": "tank"},
]
CODES = {"TR": "IN", "SY": "CU"}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def _row(event: Event) -> tuple:
    said = event.attribution
    who = [said.speaker, said.institution, said.relayed_by] if said else [None] * 3
    days = (event.date.first.isoformat(), event.date.last.isoformat()) if event.date and event.date.first else None
    items = ", ".join(item.text for item in event.materiel)
    return (event.supplier.code, items, event.stage, event.modality, days, *(one.text if one else "" for one in who))


def _read(text: str, lexicon: Lexicon, title: str = "") -> list[Event]:
    return extract(Article(text, title=title, language="id", published=PUBLISHED), lexicon)


@pytest.mark.parametrize("title", ["", STORY.split("\n")[0]], ids=["no title", "title"])
def test_the_story_is_told_in_eleven_events(title, lexicon):
    events = _read(STORY, lexicon, title)
    assert [_row(event) for event in events] == TOLD
    assert {event.recipient.code for event in events} == {"BY"}
    users = {event.stage_span.text: event.end_user.text for event in events if event.end_user}
    assert users == {"mengirim": "milisi Hizbullah", "kesepakatan": "militer Belarus"}
    assert events[8].quantity.text == "sejumlah besar"


@pytest.mark.parametrize("names", RENAMED, ids=[next(iter(names)) for names in RENAMED])
def test_other_names_give_the_same_events(names, lexicon):
    text = STORY
    for name, other in names.items():
        text = text.replace(name, other)
    told = []
    for supplier, *rest in TOLD:
        row = [CODES.get(supplier, supplier) if "Turki" in names else supplier, *rest]
        for name, other in names.items():
            row = [value.replace(name, other) if isinstance(value, str) else value for value in row]
        told.append(tuple(row))
    assert [_row(event) for event in _read(text, lexicon)] == told
