"""What is denied, or said to be unproved, of a claim that an earlier sentence told."""

from datetime import date

import pytest

from articles.extract import Article, extract

TEXTS = [
    ("id", "denied", "AS menuduh Korea Utara memasok peluru artileri ke Rusia. Pyongyang membantah tuduhan itu."),
    ("id", "denied", "Iran disebut mengirim drone ke Rusia. Teheran menepis klaim tersebut."),
    ("id", "denied", "Iran dituduh mengirim drone ke Rusia. Iran langsung membantahnya."),
    ("id", "no_evidence", "Iran disebut mengirim drone ke Rusia. Belum ada bukti yang mendukung klaim itu."),
    ("en", "denied", "Washington accused Iran of sending drones to Russia. Tehran denied the allegations."),
    ("en", "denied", "Iran is said to have sent drones to Russia. Tehran says these claims are baseless."),
    ("en", "no_evidence", "Iran is accused of sending drones to Russia. There is no evidence for the claim."),
]
SILENT = [
    ("id", "Jerman mengirim 18 tank ke Ukraina. Israel membantah tuduhan itu."),
    ("id", "AS menuduh Iran mengirim drone ke Rusia. Teheran menanggapi tuduhan itu."),
    ("en", "Germany suspended the delivery of tanks to Ukraine. Berlin denied the reports."),
    ("en", "Washington accused Iran of sending drones to Russia. Tehran denied that it fears sanctions."),
]


@pytest.mark.parametrize(("language", "modality", "text"), TEXTS, ids=[text for *_, text in TEXTS])
def test_a_claim_and_its_answer_are_two_events(language, modality, text, small_lexicon):
    claim, answer = extract(Article(text, language=language, published=date(2024, 5, 14)), small_lexicon)
    assert (claim.modality, answer.modality) == ("alleged", modality)
    assert (claim.supplier, claim.recipient, claim.materiel, claim.stage) == (
        answer.supplier,
        answer.recipient,
        answer.materiel,
        answer.stage,
    )
    assert answer.evidence[0].text == text[text.index(". ") + 2 :]
    assert answer.score < claim.score


@pytest.mark.parametrize(("language", "text"), SILENT, ids=[text for _, text in SILENT])
def test_other_sentences_answer_nothing(language, text, small_lexicon):
    events = extract(Article(text, language=language, published=date(2024, 5, 14)), small_lexicon)
    assert {event.modality for event in events}.isdisjoint({"denied", "no_evidence"})
    assert events
