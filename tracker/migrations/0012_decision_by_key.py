from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0011_decisions_today'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='decision',
            name='decision_by_time',
        ),
    ]
