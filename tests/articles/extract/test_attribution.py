"""Speaker, institution, relaying outlet, and what a third party's word does to the modality."""

import pytest

from articles.extract import Article, extract

CASES = [
    # speaker, its code, institution's code, outlet, modality, language, text
    ("U.S. officials", "US", None, None, "alleged", "en", "Iran sent drones to Russia, according to U.S. officials."),
    (None, None, "KR", None, "alleged", "en", "South Korea said that North Korea had sent artillery shells to Russia."),
    (None, None, "RU", None, "asserted", "en", "Russia said that it had sent missiles to Syria."),
    ("John Smith", None, "us-nsc", None, "alleged", "en",
     '"Iran sent drones to Russia," said National Security Council spokesman John Smith.'),
    ("Jane Miller", None, None, None, "alleged", "en",
     "“Iran sent drones to Russia,” Jane Miller, an analyst at the Institute for Peace, said."),
    (None, None, None, "Reuters", "asserted", "en", "Iran sent drones to Russia, Reuters reported."),
    (None, None, None, None, "asserted", "en", "Iran sent drones to Russia."),
    ("sejumlah pejabat AS", "US", None, None, "alleged", "id",
     "Iran mengirim drone ke Rusia, kata sejumlah pejabat AS."),
    (None, None, "KR", None, "alleged", "id",
     "Korea Selatan menyatakan bahwa Korea Utara mengirim peluru artileri ke Rusia."),
    ("Budi Hartono", "ID", "ID", None, "asserted", "id",
     '"Kami membeli drone dari Turki," kata juru bicara TNI Budi Hartono.'),
    (None, None, None, "CNN", "asserted", "id", "Iran mengirim drone ke Rusia, seperti dilansir CNN."),
]  # fmt: skip


@pytest.mark.parametrize(("speaker", "code", "institution", "outlet", "modality", "language", "text"), CASES)
def test_source(speaker, code, institution, outlet, modality, language, text, small_lexicon):
    (event,) = extract(Article(text, language=language), small_lexicon)
    said = event.attribution
    assert (said.speaker.text if said and said.speaker else None) == speaker
    if code:
        assert said.speaker.code == code
    if institution:
        assert said.institution.code == institution
    assert (said.relayed_by.text if said and said.relayed_by else None) == outlet
    assert event.modality == modality


def test_a_speaker_speaks_for_the_body_again_under_the_bare_surname(small_lexicon):
    text = (
        '"We are watching," said National Security Council spokesman John Smith. '
        '"Iran sent drones to Russia," Smith said.'
    )
    (event,) = extract(Article(text, language="en"), small_lexicon)
    assert event.attribution.speaker.text == "Smith"
    assert event.attribution.institution.code == "us-nsc"
    assert event.modality == "alleged"


def test_a_quotation_belongs_to_the_speaker_who_closes_it(small_lexicon):
    text = '"Iran sent drones to Russia. It will send more," said National Security Council spokesman John Smith.'
    (event,) = extract(Article(text, language="en"), small_lexicon)[:1]
    assert event.attribution.speaker.text == "John Smith"
