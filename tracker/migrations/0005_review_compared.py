import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0001_initial'),
        ('tracker', '0004_calibration'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='reviewitem',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reviewitem',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reviewitem',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='reviewitem',
            name='compared',
            field=models.CharField(choices=[('first', 'of the first reading'), ('new', 'new in this reading'), ('changed', 'changed in this reading'), ('unchanged', 'unchanged in this reading')], default='first', max_length=10),
        ),
        migrations.AddField(
            model_name='reviewitem',
            name='earlier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.extractedevent'),
        ),
        migrations.AddField(
            model_name='reviewitemevent',
            name='compared',
            field=models.CharField(choices=[('first', 'of the first reading'), ('new', 'new in this reading'), ('changed', 'changed in this reading'), ('unchanged', 'unchanged in this reading')], default='first', max_length=10),
        ),
        migrations.AddField(
            model_name='reviewitemevent',
            name='earlier',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.extractedevent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewitem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_reviewitemevent" ("compared", "created_at", "earlier_id", "end_user_id", "event_id", "flagged", "id", "intermediary_id", "materiel_id", "note", "origin_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reason", "recipient_id", "reviewed_at", "reviewed_by_id", "state", "supplier_id", "version") VALUES (NEW."compared", NEW."created_at", NEW."earlier_id", NEW."end_user_id", NEW."event_id", NEW."flagged", NEW."id", NEW."intermediary_id", NEW."materiel_id", NEW."note", NEW."origin_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority", NEW."reason", NEW."recipient_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."state", NEW."supplier_id", NEW."version"); RETURN NULL;', hash='2363a170f278f4f68f9d19ca8b0e18522486f5f0', operation='INSERT', pgid='pgtrigger_insert_insert_8c7d0', table='tracker_reviewitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewitem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."compared" IS DISTINCT FROM (NEW."compared") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."earlier_id" IS DISTINCT FROM (NEW."earlier_id") OR OLD."end_user_id" IS DISTINCT FROM (NEW."end_user_id") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."flagged" IS DISTINCT FROM (NEW."flagged") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."intermediary_id" IS DISTINCT FROM (NEW."intermediary_id") OR OLD."materiel_id" IS DISTINCT FROM (NEW."materiel_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."origin_id" IS DISTINCT FROM (NEW."origin_id") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."recipient_id" IS DISTINCT FROM (NEW."recipient_id") OR OLD."reviewed_at" IS DISTINCT FROM (NEW."reviewed_at") OR OLD."reviewed_by_id" IS DISTINCT FROM (NEW."reviewed_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supplier_id" IS DISTINCT FROM (NEW."supplier_id") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "tracker_reviewitemevent" ("compared", "created_at", "earlier_id", "end_user_id", "event_id", "flagged", "id", "intermediary_id", "materiel_id", "note", "origin_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reason", "recipient_id", "reviewed_at", "reviewed_by_id", "state", "supplier_id", "version") VALUES (NEW."compared", NEW."created_at", NEW."earlier_id", NEW."end_user_id", NEW."event_id", NEW."flagged", NEW."id", NEW."intermediary_id", NEW."materiel_id", NEW."note", NEW."origin_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority", NEW."reason", NEW."recipient_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."state", NEW."supplier_id", NEW."version"); RETURN NULL;', hash='a3175244b310f129f5f15dd0b96b29b3eacfe616', operation='UPDATE', pgid='pgtrigger_update_update_1a749', table='tracker_reviewitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewitem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_reviewitemevent" ("compared", "created_at", "earlier_id", "end_user_id", "event_id", "flagged", "id", "intermediary_id", "materiel_id", "note", "origin_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reason", "recipient_id", "reviewed_at", "reviewed_by_id", "state", "supplier_id", "version") VALUES (OLD."compared", OLD."created_at", OLD."earlier_id", OLD."end_user_id", OLD."event_id", OLD."flagged", OLD."id", OLD."intermediary_id", OLD."materiel_id", OLD."note", OLD."origin_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority", OLD."reason", OLD."recipient_id", OLD."reviewed_at", OLD."reviewed_by_id", OLD."state", OLD."supplier_id", OLD."version"); RETURN NULL;', hash='046ca8b62352eabe7bc4d89434929fb07c5d91ba', operation='DELETE', pgid='pgtrigger_delete_delete_c5f01', table='tracker_reviewitem', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='reviewitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('compared__in', ['first', 'new']), ('earlier__isnull', True)), models.Q(('compared__in', ['changed', 'unchanged']), ('earlier__isnull', False)), _connector='OR'), name='review_compared_with_earlier'),
        ),
    ]
