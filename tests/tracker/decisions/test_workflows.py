"""Random workflows of several reviewers: links are conserved, counts are right, and undo restores.

`python -m bench.workflows` walks a thousand of them.
"""

from collections import Counter

import pytest

from tests.tracker.decisions.steps import STEPS
from tests.tracker.decisions.workflows import walk

# Committed as the program does, so that what the database checks at the end of a transaction is checked.
pytestmark = pytest.mark.django_db(transaction=True)


def test_after_every_step_links_and_counts_are_right_and_undoing_all_restores_the_exports():
    done: Counter[str] = Counter()
    for number in range(3):
        done += walk(number, 50).done
    # A model that nobody moves would agree with anything. What is seldom has a test of its own, and comes in the bench.
    assert sum(done.values()) > 100
    assert {"accept", "move", "merge", "unmerge", "split", "copy", "undo"} <= set(done) <= set(STEPS)
