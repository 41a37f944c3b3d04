"""The page of the queue: what waits, by article, and where to begin."""

from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from articles.codes import Category, Language
from articles.models import Article, Outlet
from tracker.account.access import Request, keepable, reviewing
from tracker.decisions import last_undoable
from tracker.models import SavedView, User
from tracker.review import copies, queue
from tracker.review.queue import Queue

SHOWN = 50
# The next events of the queue stand for their articles: however many wait, as many rows are read.
LOOKED_AT = 400
ARTICLES = """
SELECT a.id, a.title, a.language, a.published_on, o.name AS outlet, count(*) AS events, min(r.event_id) AS first,
       min(r.priority) AS sure,
       count(*) FILTER (WHERE r.compared = 'new') AS new,
       count(*) FILTER (WHERE r.compared = 'changed') AS changed,
       count(*) FILTER (WHERE r.leased_until > now() AND r.leased_by_id <> %(user)s) AS held,
       array_agg(DISTINCT u.username) FILTER (WHERE u.id IS NOT NULL) AS assigned
FROM (SELECT r.* FROM tracker_reviewitem r WHERE {where}
      ORDER BY {order} LIMIT %(looked_at)s) r
JOIN articles_extractedevent e ON e.id = r.event_id
JOIN articles_article a ON a.id = e.article_id
LEFT JOIN articles_outlet o ON o.id = a.outlet_id
LEFT JOIN tracker_user u ON u.id = r.assigned_to_id
GROUP BY a.id, o.name
ORDER BY {by} LIMIT %(shown)s
"""


@keepable
@reviewing
@require_GET
def queue_page(request: Request) -> HttpResponse:
    """What waits, by article, and where to begin."""
    line = queue.asked_for(request.GET)
    values = {
        "articles": articles(request.user, line),
        "queue": line,
        "order": line.order,
        "chosen": dict(line.filters),
        "tabs": [(order, label, Queue(order, line.filters).query) for order, label in queue.ORDERS.items()],
        "outlets": Outlet.objects.filter(Exists(Article.objects.filter(outlet=OuterRef("pk")))).only("name"),
        "languages": Language.choices,
        "categories": Category.choices,
        "saved_views": SavedView.objects.filter(user=request.user, path=request.path),
        "progress": queue.progress(request.user, line),
        "last": last_undoable(request.user),
        "offer": copies.offer_of(request),
        "key": uuid4(),
        "undo_key": uuid4(),
        "copies_key": uuid4(),
    }
    if request.user.has_perm("tracker.administer") and line.order not in queue.STATES:
        values["reviewers"] = User.reviewers()
    return render(request, "review/queue.html", values)


def articles(user: User, line: Queue) -> list[dict[str, Any]]:
    """The articles of the next LOOKED_AT events of the queue, each with its events among them."""
    sure = line.order == "least_sure"
    statement = ARTICLES.format(
        where=line.where, order="r.priority, r.id" if sure else "r.id", by="sure, first" if sure else "first"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, line.values(user) | {"looked_at": LOOKED_AT, "shown": SHOWN})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
