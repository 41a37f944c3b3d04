"""Every stored event gets its review, in the transaction that stores the event."""

from django.db import connection

from articles.models import Extraction
from articles.reading import events_stored

# Each event of the run is compared with the events of earlier runs that are not superseded: of the same two parties,
# and in words that overlap. It is unchanged where what a claim keeps is equal; the article's words count too where
# nobody has decided yet, since the reviewer is to see the better reading. What is left over on both sides is paired
# with its nearest, once each.
OPEN = """
WITH pair AS (
    SELECT e.id AS event, o.id AS earlier, r.state = 'pending' AS waits,
           abs((e.evidence -> 0 ->> 0)::int - (o.evidence -> 0 ->> 0)::int) AS distance,
           (e.intermediary_code, e.end_user_code, e.category, e.designation, e.quantity_min, e.quantity_max,
            e.stage, e.modality, e.date_from, e.date_to)
           IS NOT DISTINCT FROM
           (o.intermediary_code, o.end_user_code, o.category, o.designation, o.quantity_min, o.quantity_max,
            o.stage, o.modality, o.date_from, o.date_to)
           AND (r.state <> 'pending' OR
                (e.materiel_text, e.quantity_unit, e.date_text, e.speaker, e.institution, e.relayed_by, e.origin_code)
                = (o.materiel_text, o.quantity_unit, o.date_text, o.speaker, o.institution, o.relayed_by,
                   o.origin_code)) AS same,
           (e.category = o.category)::int + (e.designation = o.designation)::int
           + (e.materiel_text = o.materiel_text)::int + (e.stage = o.stage)::int + (e.modality = o.modality)::int
           + ((e.quantity_min, e.quantity_max) IS NOT DISTINCT FROM (o.quantity_min, o.quantity_max))::int
           + ((e.date_from, e.date_to) IS NOT DISTINCT FROM (o.date_from, o.date_to))::int AS agreeing
    FROM articles_extractedevent e
    JOIN articles_extractedevent o ON o.article_id = e.article_id AND o.extraction_id < e.extraction_id
     AND (o.supplier_code, o.recipient_code) = (e.supplier_code, e.recipient_code)
    JOIN tracker_reviewitem r ON r.event_id = o.id AND r.state <> 'superseded'
    WHERE e.extraction_id = %(extraction)s AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(e.evidence) mine, jsonb_array_elements(o.evidence) theirs
        WHERE (mine ->> 0)::int < (theirs ->> 1)::int AND (theirs ->> 0)::int < (mine ->> 1)::int)
), unchanged AS (
    SELECT DISTINCT ON (event) event, earlier FROM pair WHERE same
    ORDER BY event, waits, agreeing DESC, distance, earlier
), ranked AS (
    SELECT event, earlier,
           row_number() OVER (PARTITION BY event ORDER BY agreeing DESC, distance, earlier DESC) AS of_event,
           row_number() OVER (PARTITION BY earlier ORDER BY agreeing DESC, distance, event) AS of_earlier
    FROM pair
    WHERE event NOT IN (SELECT event FROM unchanged) AND earlier NOT IN (SELECT earlier FROM unchanged)
), nearest AS (
    SELECT event, earlier, 'unchanged' AS compared FROM unchanged
    UNION ALL
    SELECT event, earlier, 'changed' FROM ranked WHERE of_event = 1 AND of_earlier = 1
)
INSERT INTO tracker_reviewitem (event_id, state, compared, earlier_id, note, flagged, priority, supplier_id,
                                recipient_id, intermediary_id, end_user_id, origin_id, materiel_id, version)
SELECT e.id,
       CASE WHEN n.compared = 'unchanged' THEN 'superseded' ELSE 'pending' END,
       CASE WHEN n.compared IS NOT NULL THEN n.compared
            WHEN EXISTS (SELECT 1 FROM articles_extraction b
                         WHERE b.article_id = e.article_id AND b.id < e.extraction_id) THEN 'new'
            ELSE 'first' END,
       n.earlier, coalesce(w.note, ''), coalesce(w.flagged, false), tracker_calibrated(e.score, x.extractor),
       tracker_actor_of(e.supplier_code),
       tracker_actor_of(e.recipient_code),
       tracker_actor_of(e.intermediary_code),
       tracker_actor_of(e.end_user_code),
       tracker_actor_of(e.origin_code),
       (SELECT m.id FROM tracker_materiel m
        LEFT JOIN tracker_materielname n ON n.materiel_id = m.id AND NOT n.withdrawn
        WHERE m.category = e.category AND NOT m.withdrawn
          AND (lower(m.name_en) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, '')))
               OR lower(m.name_id) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, '')))
               OR lower(n.name) IN (lower(nullif(e.designation, '')), lower(nullif(e.materiel_text, ''))))
        ORDER BY m.kind = 'designation' DESC, m.id LIMIT 1),
       1
FROM articles_extractedevent e
JOIN articles_extraction x ON x.id = e.extraction_id
LEFT JOIN nearest n ON n.event = e.id
LEFT JOIN tracker_reviewitem w ON w.event_id = n.earlier AND w.state = 'pending' AND n.compared = 'changed'
WHERE e.extraction_id = %(extraction)s
ON CONFLICT (event_id) DO NOTHING
"""
# What waits and is read unchanged stays as it is, with its place, its flag and its note: its new reading is superseded.
SUPERSEDE = """
UPDATE tracker_reviewitem r SET state = 'superseded', leased_by_id = NULL, leased_until = NULL, version = r.version + 1
FROM articles_extractedevent e
WHERE e.id = r.event_id AND e.article_id = %(article)s AND e.extraction_id < %(extraction)s AND r.state = 'pending'
  AND NOT EXISTS (
      SELECT 1 FROM tracker_reviewitem u JOIN articles_extractedevent n ON n.id = u.event_id
      WHERE u.earlier_id = e.id AND u.compared = 'unchanged' AND n.extraction_id = %(extraction)s)
"""


def open_reviews(sender: type[Extraction], extraction: Extraction, **kwargs: object) -> None:
    """Insert a review for each event of the run, and close what waits from earlier runs and is not read unchanged.

    An unchanged event is not asked again: the question, or the decision, stays with the earlier event. A changed one
    takes over the flag and the note of what it replaces. Nothing that was decided is touched.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"extraction": extraction.pk})
        cursor.execute(SUPERSEDE, {"extraction": extraction.pk, "article": extraction.article_id})


def connect() -> None:
    """Listen to the reading of articles."""
    events_stored.connect(open_reviews, dispatch_uid="tracker.review.opening")
