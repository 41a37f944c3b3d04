"""The rule of credibility 1, "confirmed by other sources": below two independent origins the database refuses it."""

import pgtrigger


def confirmed_by_two(table: str, origins: str, unless: str) -> pgtrigger.Trigger:
    """Refuses a row that is given credibility 1 while fewer than two origins say what it says.

    `origins` are the arguments of tracker_origins for the row `t` of `table`. `unless` is the condition on an earlier
    row `h` of its history, of credibility 1, under which an undo may put the grade back: it was right when it was
    given. The program itself refuses with more words; this is for everything that writes past it.
    """
    return pgtrigger.Trigger(
        name="confirmed_by_two",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("credibility"),
        # A decision links and grades in any order.
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Q(new__credibility=1),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM {table} t
                WHERE t.id = NEW.id AND t.credibility = 1
                  AND (SELECT count(*) FROM tracker_origins({origins})) < 2
                  AND NOT EXISTS (
                      SELECT 1 FROM {table}event h WHERE h.pgh_obj_id = t.id AND h.credibility = 1 AND {unless}
                  )
            ) THEN
                RAISE EXCEPTION 'credibility 1 asks for two independent origins (constraint "{table}_confirmed_by_two")'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_confirmed_by_two';
            END IF;
            RETURN NULL;
        """,
    )
