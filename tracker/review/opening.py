"""Every stored event gets its review, in the transaction that stores the event."""

from django.db import connection

from articles.models import Extraction
from articles.reading import events_stored

# An event that a person has decided in an earlier reading of the article is not asked again.
OPEN = """
INSERT INTO tracker_reviewitem (event_id, state, note, flagged, priority, supplier_id, recipient_id, intermediary_id,
                                end_user_id, origin_id, materiel_id, version)
SELECT e.id,
       CASE WHEN EXISTS (
           SELECT 1 FROM tracker_reviewitem r JOIN articles_extractedevent o ON o.id = r.event_id
           WHERE o.article_id = e.article_id AND o.id <> e.id AND r.state IN ('accepted', 'rejected')
             AND (o.supplier_code, o.recipient_code, o.category, o.stage, o.modality, o.evidence)
               = (e.supplier_code, e.recipient_code, e.category, e.stage, e.modality, e.evidence)
       ) THEN 'superseded' ELSE 'pending' END,
       '', false, tracker_calibrated(e.score, x.extractor),
       tracker_actor_of(e.supplier_code),
       tracker_actor_of(e.recipient_code),
       tracker_actor_of(e.intermediary_code),
       tracker_actor_of(e.end_user_code),
       tracker_actor_of(e.origin_code),
       (SELECT m.id FROM tracker_materiel m
        LEFT JOIN tracker_materielname n ON n.materiel_id = m.id
        WHERE m.category = e.category
          AND (lower(m.name_en) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, '')))
               OR lower(m.name_id) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, '')))
               OR lower(n.name) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, ''))))
        ORDER BY m.kind = 'designation' DESC, m.id LIMIT 1),
       1
FROM articles_extractedevent e JOIN articles_extraction x ON x.id = e.extraction_id
WHERE e.extraction_id = %(extraction)s
ON CONFLICT (event_id) DO NOTHING
"""
SUPERSEDE = """
UPDATE tracker_reviewitem r SET state = 'superseded', version = r.version + 1
FROM articles_extractedevent e
WHERE e.id = r.event_id AND e.article_id = %(article)s AND e.extraction_id <> %(extraction)s AND r.state = 'pending'
"""


def open_reviews(sender: type[Extraction], extraction: Extraction, **kwargs: object) -> None:
    """Insert a review for each event of the run, and close what still waits from earlier runs."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"extraction": extraction.pk})
        cursor.execute(SUPERSEDE, {"extraction": extraction.pk, "article": extraction.article_id})


def connect() -> None:
    """Listen to the reading of articles."""
    events_stored.connect(open_reviews, dispatch_uid="tracker.review.opening")
