"""Read articles again."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from articles.models import Article, Extraction
from articles.reading import extractor, lexicon, read, read_later


class Command(BaseCommand):
    help = "Reads articles with the extractor of this version. What people decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--article", type=int, metavar="ID", help="read one article now")
        which.add_argument("--all", action="store_true", help="queue a reading of every article")
        which.add_argument(
            "--stale", action="store_true", help="queue those last read by another version or with another lexicon"
        )

    def handle(self, *args: object, **options: object) -> None:
        wanted = options["article"]
        if isinstance(wanted, int):
            article = Article.objects.select_related("outlet").filter(pk=wanted).first()
            if article is None:
                raise CommandError(f"There is no article {wanted}.")
            self.stdout.write(f"{article}: {self.read(article)} events")
            return
        articles = Article.objects.shown()
        if options["stale"]:
            # What is queued already will be read by this version, and some readings are paid for.
            articles = articles.exclude(reading__in=(Article.Reading.WAITING, Article.Reading.READING))
            newest = Extraction.objects.filter(article=OuterRef("pk")).order_by("-id")
            articles = articles.annotate(
                by=Subquery(newest.values("extractor")[:1]), lexicon=Subquery(newest.values("lexicon")[:1])
            ).filter(Q(by__isnull=True) | ~Q(by=extractor(), lexicon=lexicon().hash))
        count = 0
        for article in articles.only("pk").order_by("pk").iterator():
            # Mark and job together: an article that says it waits has a job.
            with transaction.atomic():
                read_later([article])
            count += 1
        self.stdout.write(f"{count} articles are queued for reading.")

    @staticmethod
    def read(article: Article) -> int:
        """Read it now and return the number of events; what goes wrong with an endpoint is said in its words."""
        if settings.EXTRACTOR != "llm":
            return read(article).events.count()
        # Imported here alone: it loads an HTTP client.
        from articles.endpoint import EndpointError

        try:
            return read(article).events.count()
        except EndpointError as error:
            raise CommandError(str(error)) from error
