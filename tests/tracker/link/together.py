"""What the tests of merges share: calls at the same time, what has to hold after them, and what anybody downloads."""

import threading
from collections.abc import Callable

from django.db import connections
from django.http import QueryDict

from tracker.decisions import Conflict, Refused, Repeated
from tracker.export.stream import Export
from tracker.export.tables import TABLES
from tracker.models import Claim, Transfer


def exported() -> list[bytes]:
    """transfers.csv and claims.csv as anybody downloads them."""
    files = []
    for name in ("transfers", "claims"):
        export = Export(TABLES[name], QueryDict())
        files.append(b"".join(export))
        export.close()
    return files


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Call all at the same time; returns what each returned, or the exception that it raised."""
    answers: list[object] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            ready.wait(5)
            answers[place] = calls[place]()
        except (Conflict, Refused, Repeated) as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def check_links() -> None:
    """Every claim stands on a transfer that is not merged, and the values of all follow from their claims."""
    assert not Claim.objects.filter(transfer__state="merged").exists()
    stored = list(Transfer.objects.order_by("pk").values())
    Transfer.objects.derive([row["id"] for row in stored])
    assert list(Transfer.objects.order_by("pk").values()) == stored
