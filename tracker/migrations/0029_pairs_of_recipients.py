from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0028_claims_of_articles")]

    operations = [
        # how many claims of a recipient a list holds
        migrations.RunSQL(
            "CREATE INDEX kept_pairs_recipient ON tracker_kept_pairs_folded (recipient)",
            "DROP INDEX kept_pairs_recipient",
        ),
    ]
