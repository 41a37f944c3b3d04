from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        from articles import reading
        from tracker import lexicon, roles
        from tracker.review import opening

        opening.connect()
        reading.names_from(lexicon.added_names)
        post_migrate.connect(roles.after_migration, sender=self)
