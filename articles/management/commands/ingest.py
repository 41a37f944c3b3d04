"""Bring articles in from files or standard input."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.codes import Language
from articles.ingest import UnreadableText, decode, ingest, recognise, tidy
from articles.models import Outlet


class Command(BaseCommand):
    help = "Stores the article in each text file (or - for standard input) and queues its reading."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="PATH", help="a text file, or - for standard input")
        parser.add_argument("--outlet", help="name or key of the outlet; recognised from the text where left out")
        parser.add_argument("--published", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--language", choices=Language.values)
        parser.add_argument("--url", default="")

    def handle(self, *args: object, **options: object) -> None:
        sources = options["sources"]
        assert isinstance(sources, list)
        outlet = self._outlet(options["outlet"])
        failed = sum(not self._store(source, outlet, options) for source in sources)
        if failed:
            raise CommandError(f"{failed} of {len(sources)} not stored, see above.")

    def _outlet(self, written: object) -> Outlet | None:
        if not written:
            return None
        outlet = Outlet.objects.filter(key=str(written)).first() or Outlet.objects.named(str(written))
        if outlet is None:
            raise CommandError(f"No outlet is called “{written}”. The page /outlets/ lists them.")
        return outlet

    def _store(self, source: str, outlet: Outlet | None, options: dict[str, object]) -> bool:
        """Store one article and say how it went. A bad file is named and stops no other."""
        if source.startswith(("http://", "https://")):
            self.stderr.write(f"{source}: addresses are not fetched. Save the text to a file, and give it with --url.")
            return False
        try:
            data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
            text = tidy(decode(data))
            found = recognise(text, url=str(options["url"]))
            done = ingest(
                text,
                title=found.title,
                language=str(options["language"] or found.language),
                outlet=outlet or found.outlet,
                published_on=options["published"] or found.published_on,  # type: ignore[arg-type]
                url=str(options["url"]),
                original=data,
            )
        except OSError as error:
            self.stderr.write(f"{source}: {error.strerror}.")
            return False
        except UnreadableText as error:
            self.stderr.write(f"{source}: {error}")
            return False
        article = done.article
        state = "stored" if done.created else "already here"
        outlet_name = article.outlet.name if article.outlet else "outlet unknown"
        published = article.published_on or "day unknown"
        self.stdout.write(f"{source}: {state} as article {article.pk}: {article.title} ({outlet_name}, {published})")
        return True
