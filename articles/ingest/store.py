"""Store an article once, with the bytes it came from, and queue its reading."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.ingest.text import UnreadableText, tidy
from articles.models import Article, Original, Outlet
from articles.reading import read_later


@dataclass(frozen=True, slots=True)
class Ingested:
    """The article, and whether it is new: the same text of the same outlet is one article."""

    article: Article
    created: bool


def ingest(
    text: str,
    *,
    title: str,
    language: str,
    outlet: Outlet | None = None,
    published_on: date | None = None,
    url: str = "",
    original: bytes | None = None,
    media_type: str = "text/plain",
    demo: bool = False,
    read: bool = True,
) -> Ingested:
    """Store one article and queue its reading.

    The same text at the same outlet returns the article that is there. At another outlet it is another article, a
    copy of the earliest; at the same address with another text it supersedes the one before. Raises UnreadableText.
    """
    text = tidy(text)
    data = original if original is not None else text.encode()
    if len(data) > settings.ARTICLE_MAX_BYTES:
        raise UnreadableText(
            _("The text is larger than %(limit)d MB. Send one article at a time.")
            % {"limit": settings.ARTICLE_MAX_BYTES // 1024 // 1024}
        )
    digest = hashlib.sha256(text.encode()).hexdigest()
    same = Article.objects.filter(text_sha256=digest)
    try:
        with transaction.atomic():
            article = Article.objects.create(
                outlet=outlet,
                url=url,
                title=title.strip()[:500],
                language=language,
                published_on=published_on,
                text=text,
                text_sha256=digest,
                copy_of=same.filter(copy_of__isnull=True).order_by("id").first(),
                supersedes=Article.objects.filter(url=url, outlet=outlet).order_by("-id").first() if url else None,
                demo=demo,
            )
            Original.objects.create(
                article=article, data=data, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type
            )
            if read:
                read_later([article])
    except IntegrityError:
        there = same.filter(outlet=outlet).first()
        if there is None:
            raise
        return Ingested(there, created=False)
    return Ingested(article, created=True)
