from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        from tracker import roles
        from tracker.review import opening

        opening.connect()
        post_migrate.connect(roles.after_migration, sender=self)
