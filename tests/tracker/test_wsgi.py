"""The door that the web server opens."""

import subprocess
import sys

SEEN = """
import gc, sys, tracker.wsgi
print("tracker.review.views" in sys.modules or "tracker.review.urls" in sys.modules, gc.get_freeze_count() > 50_000)
"""


def test_views_are_loaded_and_kept_from_the_garbage_collector_before_the_first_request():
    done = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
