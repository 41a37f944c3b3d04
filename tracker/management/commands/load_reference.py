"""Load the reference data into the database."""

from django.core.management.base import BaseCommand

from tracker import reference


class Command(BaseCommand):
    help = "Loads actors, materiel, categories and outlets from articles/reference. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        counts = reference.load()
        self.stdout.write("Reference data: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
