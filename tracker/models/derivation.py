"""What the claims of a transfer add up to, in SQL.

Deterministic: the same claims give the same values, so an undo restores them by deriving again, and the claims of an
earlier time give the values of that time.
"""

from collections.abc import Iterable

from articles.codes import LADDER, Modality

SUPPORTING = (Modality.ASSERTED, Modality.ALLEGED, Modality.PLANNED, Modality.POTENTIAL)


def _array(codes: Iterable[str]) -> str:
    """The codes as an array of PostgreSQL."""
    quoted = ", ".join(f"'{code!s}'" for code in codes)
    return f"ARRAY[{quoted}]"


# Supporting claims stand on the ladder and are not denied; halts, cancellations and sanctions stand beside it.
# A halt is over where a supporting claim is dated after it.
DERIVED = f"""
WITH claims AS NOT MATERIALIZED (
    SELECT c.*,
           {{of}} AS of,
           array_position({_array(LADDER)}, c.stage::text) AS rung,
           coalesce(c.date_to, c.published_on) AS at,
           c.modality = ANY({_array(SUPPORTING)}) AND c.stage = ANY({_array(LADDER)}) AS supports,
           coalesce('a' || tracker_actor_root(c.origin_id), 'o' || c.origin_outlet_id) AS root
    FROM tracker_claim c
    WHERE c.transfer_id = ANY(%(ids)s) AND c.state = 'active'
), halts AS (
    SELECT DISTINCT ON (h.of) h.of, h.stage, h.at
    FROM claims h
    WHERE h.stage IN ('halted', 'cancelled') AND h.modality IN ('asserted', 'alleged')
    ORDER BY h.of, h.at DESC NULLS LAST, h.stage, h.id
), derived AS (
    SELECT t.id,
           count(c.id) AS claim_count,
           count(*) FILTER (WHERE c.supports) AS supports,
           count(*) FILTER (WHERE c.modality = 'denied' AND c.rung IS NOT NULL) AS denies,
           count(*) FILTER (WHERE c.modality = 'no_evidence') AS no_evidence,
           count(DISTINCT c.root) FILTER (WHERE c.supports) AS origins,
           coalesce(max(c.rung) FILTER (WHERE c.modality IN ('asserted', 'alleged')), 0) AS stage_rank,
           coalesce(max(c.rung) FILTER (WHERE c.modality IN ('planned', 'potential')), 0) AS outlook_rank,
           CASE WHEN h.stage IS NULL
                  OR bool_or(c.supports AND c.modality IN ('asserted', 'alleged') AND c.date_from > h.at) THEN 'active'
                ELSE h.stage END AS status,
           coalesce(mode() WITHIN GROUP (ORDER BY c.category)
                    FILTER (WHERE c.category <> 'unspecified' AND c.stage <> 'sanction'), 'unspecified') AS category,
           mode() WITHIN GROUP (ORDER BY c.materiel_id)
                    FILTER (WHERE m.kind = 'designation' AND c.stage <> 'sanction') AS designation_id,
           mode() WITHIN GROUP (ORDER BY c.materiel_id)
                    FILTER (WHERE m.category <> 'unspecified' AND c.stage <> 'sanction') AS class_id,
           mode() WITHIN GROUP (ORDER BY c.materiel_id) AS any_id,
           min(c.quantity_min) FILTER (WHERE c.supports) AS quantity_min,
           CASE WHEN bool_and(c.quantity_max IS NOT NULL) FILTER (WHERE c.supports AND c.quantity_min IS NOT NULL)
                THEN max(c.quantity_max) FILTER (WHERE c.supports) END AS quantity_max,
           mode() WITHIN GROUP (ORDER BY c.quantity_unit)
                    FILTER (WHERE c.supports AND c.quantity_unit <> '') AS quantity_unit,
           min(c.date_from) FILTER (WHERE c.supports) AS date_from,
           max(c.date_to) FILTER (WHERE c.supports) AS date_to,
           min(c.published_on) AS first_published,
           max(c.published_on) AS last_published,
           max(c.updated_at) AS claimed_at
    FROM tracker_transfer t
    LEFT JOIN claims c ON c.of = t.id
    LEFT JOIN tracker_materiel m ON m.id = c.materiel_id
    LEFT JOIN halts h ON h.of = t.id
    WHERE t.id = ANY(%(ids)s)
    GROUP BY t.id, h.stage, h.at
), shown AS (
    SELECT d.id, d.claim_count, d.supports, d.denies, d.no_evidence, d.origins,
           d.supports > 0 AND d.denies > 0 AS contested,
           d.stage_rank, coalesce(({_array(LADDER)})[d.stage_rank], '') AS stage,
           d.outlook_rank, coalesce(({_array(LADDER)})[d.outlook_rank], '') AS outlook,
           d.status, d.category, coalesce(d.designation_id, d.class_id, d.any_id) AS materiel_id,
           d.quantity_min,
           CASE WHEN d.quantity_max >= d.quantity_min OR d.quantity_min IS NULL
                THEN d.quantity_max END AS quantity_max,
           coalesce(d.quantity_unit, '') AS quantity_unit,
           d.date_from, d.date_to,
           CASE WHEN d.date_from IS NULL THEN ''
                WHEN d.date_from = d.date_to THEN 'precise' ELSE 'imprecise' END AS date_precision,
           d.first_published, d.last_published, d.claimed_at
    FROM derived d
)
"""
# What each derived column holds, given the row `t` that people judged and what `s` its claims show.
SHOWN = {
    name: f"s.{name}"
    for name in (
        *("claim_count", "supports", "denies", "no_evidence", "origins", "contested", "stage_rank", "stage"),
        *("outlook_rank", "outlook", "status", "category", "materiel_id", "quantity_min", "quantity_max"),
        *("quantity_unit", "date_from", "date_to", "date_precision", "first_published", "last_published"),
    )
} | {
    "supplier_key": "coalesce((SELECT a.sort_key FROM tracker_actor a WHERE a.id = t.supplier_id), '')",
    "recipient_key": "coalesce((SELECT a.sort_key FROM tracker_actor a WHERE a.id = t.recipient_id), '')",
    "updated_at": "greatest(t.edited_at, s.claimed_at)",
    "state": """CASE WHEN t.merged_into_id IS NOT NULL THEN 'merged'
                     WHEN s.claim_count = 0 THEN 'withdrawn' ELSE 'standing' END""",
}


def derived(*, of: str = "c.transfer_id") -> str:
    """A WITH that ends in `shown`: what the active claims `c` give each transfer among the `ids`.

    `of` is the transfer that a claim is counted for.
    """
    return DERIVED.format(of=of)


AS_IF = derived(of="CASE WHEN c.id = ANY(%(moved)s::bigint[]) THEN %(onto)s::bigint ELSE c.transfer_id END")
DERIVE = f"""{derived()}
UPDATE tracker_transfer t SET {", ".join(f"{name} = {value}" for name, value in SHOWN.items())}
FROM shown s
WHERE t.id = s.id
"""
