"""Load the demo data, remove it, or say how to sign in to it."""

from django.core.management.base import BaseCommand, CommandError

from tracker import demo
from tracker.account import demo as account
from tracker.models import Actor, User


class Command(BaseCommand):
    help = "Loads the demo articles with their reviews, removes them, or prints the demo sign-in."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["load", "remove", "users"])

    def handle(self, *, action, verbosity, **options):
        getattr(self, action)(verbosity)

    def load(self, verbosity: int) -> None:
        if not Actor.objects.exists():
            raise CommandError("The reference data is missing: run `python manage.py load_reference` first.")
        loaded = demo.load()
        if loaded is None:
            self.stdout.write("The demo data is there already.")
            return
        counts = loaded.counts
        self.stdout.write(
            "Demo data: {articles} articles, {events} events ({accepted} accepted, {rejected} rejected, {waiting} "
            "waiting, {flagged} of them flagged), {transfers} transfers; the machine found {found} of {curated} "
            "curated claims".format_map(counts)
        )
        if verbosity > 1:
            for row in loaded.missed:
                self.stdout.write(f"  not found: {row['article']}: {row['quote']} ({row['category']} {row['stage']})")

    def remove(self, verbosity: int) -> None:
        removed = account.remove()
        self.stdout.write(
            f"Removed {removed.articles} demo articles, {removed.claims} claims, {removed.transfers} transfers and "
            f"{removed.outlets} outlets; {removed.users} demo users can no longer sign in."
        )
        if not User.objects.filter(is_active=True).exists():
            self.stdout.write("Nobody can sign in now: run `python manage.py createsuperuser`.")

    def users(self, verbosity: int) -> None:
        users = User.objects.filter(demo=True, is_active=True).order_by("pk")
        if not users:
            self.stdout.write("There are no demo users: run `python manage.py demo load`.")
            return
        for user in users:
            self.stdout.write(f"{user.username:14} {user.get_role_display()}")
        self.stdout.write(f"password       {account.password()}")
