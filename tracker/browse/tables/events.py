"""The columns of extracted events, in the order of their CSV."""

from django.db.models import F

from articles.codes import Category, Modality, Precision, Qualifier, Stage
from tracker.browse.columns import (
    DAY,
    LIST,
    NUMBER,
    SHARE,
    SWITCH,
    TIME,
    Column,
    Joined,
    Words,
    instant,
    switch,
    unless_withheld,
)
from tracker.models import ReviewItem


def _party(role: str, what: str) -> tuple[Column, ...]:
    return (
        Column(f"{role}_code", f"Code of the {what} as the machine read it.", sql=F(f"{role}_code")),
        Column(f"{role}_name", f"Name of the {what} as the machine read it.", sql=F(f"{role}_name")),
        Column(f"{role}_text", f"The words of the article for the {what}.", LIST, F(f"{role}_text")),
    )


EVENTS = (
    Column("event_id", "Number of the event.", NUMBER, F("id"), required=True),
    Column("article_id", "Number of the article.", NUMBER, F("article_id")),
    Column("extraction_id", "The run of the extractor that read it.", NUMBER, F("extraction_id")),
    Column("position", "Place of the event among those of its run, from 0.", NUMBER, F("position")),
    *_party("supplier", "supplier"),
    *_party("recipient", "recipient"),
    *_party("intermediary", "intermediary"),
    *_party("end_user", "end user"),
    Column("materiel_text", "The words of the article for the materiel.", LIST, F("materiel_text")),
    Column("designation", "Designation of the weapon.", sql=F("designation")),
    Column("category", "Our category of the materiel.", sql=F("category"), codes=tuple(Category.values)),
    Column("quantity_min", "Smallest number that it can mean.", NUMBER, F("quantity_min")),
    Column("quantity_max", "Largest number that it can mean.", NUMBER, F("quantity_max")),
    Column("quantity_unit", "What is counted.", sql=F("quantity_unit")),
    Column(
        "quantity_qualifier", "How the number is meant.", sql=F("quantity_qualifier"), codes=tuple(Qualifier.values)
    ),
    Column("quantity_text", "The words of the article for the quantity.", LIST, F("quantity_text")),
    Column("stage", "What is said to have happened.", sql=F("stage"), codes=tuple(Stage.values)),
    Column("modality", "How sure the text says it is.", sql=F("modality"), codes=tuple(Modality.values)),
    Column("date_from", "First day on which it is said to have happened.", DAY, F("date_from")),
    Column("date_to", "Last day on which it is said to have happened.", DAY, F("date_to")),
    Column(
        "date_precision",
        "precise for one certain day, else imprecise.",
        sql=F("date_precision"),
        codes=tuple(Precision.values),
    ),
    Column("date_text", "The words of the article for the date.", LIST, F("date_text")),
    Column("speaker", "Who is quoted, in the words of the article.", sql=F("speaker")),
    Column("institution", "Whom the speaker speaks for, in the words of the article.", sql=F("institution")),
    Column("relayed_by", "The outlet or agency that passed it on, in the words of the article.", sql=F("relayed_by")),
    Column("origin_code", "Code of the actor that the statement first comes from.", sql=F("origin_code")),
    Column(
        "evidence",
        "The sentences or clauses that say it; empty where the article was withheld.",
        LIST,
        unless_withheld(Words("evidence", "article__text")),
    ),
    Column("score", "Raw confidence of the extractor, from 0 to 1.", SHARE, F("score")),
    Column("reasons", "The rules that fired.", LIST, Joined("reasons")),
    Column("extractor", "The extractor and its version.", sql=F("extraction__extractor")),
    Column("lexicon", "Hash of the lexicon that it used.", sql=F("extraction__lexicon")),
    Column("extracted_at", "When it was read, UTC.", TIME, instant("extraction__created_at")),
    Column(
        "review_state",
        "pending, accepted, rejected, awaiting_second, adjudicating, superseded.",
        sql=F("review__state"),
        codes=tuple(ReviewItem.State.values),
    ),
    Column(
        "review_reason",
        "Why it was rejected: 1 no arms, 2 domestic or own forces, 3 wrong reading, 4 duplicate "
        "here, 5 damaged text, 6 other.",
        NUMBER,
        F("review__reason"),
    ),
    Column("review_note", "The reviewer's note.", sql=F("review__note")),
    Column("flagged", "true where it waits for a second reviewer.", SWITCH, switch("review__flagged")),
    Column("confidence", "Calibrated confidence, from 0 to 1.", SHARE, F("review__priority")),
    Column("reviewed_by", "Name of the user who decided it.", sql=F("review__reviewed_by__username")),
    Column("reviewed_at", "When it was decided, UTC.", TIME, instant("review__reviewed_at")),
    Column("outlet", "Name of the outlet that published the article.", sql=F("article__outlet__name")),
    Column("article_title", "Title of the article.", sql=F("article__title")),
    Column("article_language", "Language of the article.", sql=F("article__language")),
    Column("published_on", "Day on which the article was published.", DAY, F("article__published_on")),
    Column("text_sha256", "SHA-256 of the article's text, UTF-8.", sql=F("article__text_sha256")),
)
