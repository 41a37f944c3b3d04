from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0026_quantity_ranges")]

    operations = [
        # the dashboard of a category: its claims by month, whatever else is asked
        migrations.RunSQL(
            "CREATE INDEX kept_cells_category ON tracker_kept_cells_folded (category)", "DROP INDEX kept_cells_category"
        ),
    ]
