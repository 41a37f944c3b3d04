from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0021_summaries_of_parties")]

    operations = [
        # the page of an outlet: its pairs, and its claims by month
        migrations.RunSQL(
            "CREATE INDEX kept_cells_outlet ON tracker_kept_cells_folded (outlet)", "DROP INDEX kept_cells_outlet"
        ),
    ]
