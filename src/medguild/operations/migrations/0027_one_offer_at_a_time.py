import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

# Offers on file get their patient and their span; of open ones that overlap for one patient the first made stays.
_FILL = """
    update operations_slotoffer o
       set patient_id = e.patient_id, during = tstzrange(o.start, o.start + o.minutes * interval '1 minute')
      from operations_waitlistentry e where e.id = o.entry_id;
    update operations_slotoffer o
       set status = 'expired', answered_at = now()
     where o.status = 'open' and exists (
           select from operations_slotoffer f
            where f.status = 'open' and f.patient_id = o.patient_id and f.during && o.during and f.id < o.id);
    set constraints all immediate;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0026_dated_lengths'),
        ('patients', '0003_preferences'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='appointmentmove',
            index=models.Index(fields=['former_unit', 'former_start'], name='appointment_move_left'),
        ),
        migrations.AddField(
            model_name='slotoffer',
            name='patient',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient'),
        ),
        migrations.AddField(
            model_name='slotoffer',
            name='during',
            field=django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='slotoffer',
            name='patient',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient'),
        ),
        migrations.AlterField(
            model_name='slotoffer',
            name='during',
            field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
        ),
        migrations.AddConstraint(
            model_name='slotoffer',
            constraint=models.CheckConstraint(condition=models.Q(('during__startswith', models.F('start'))), name='slot_offer_during_from_start'),
        ),
        migrations.AddConstraint(
            model_name='slotoffer',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'open')), expressions=[(models.Func(models.F('patient_id'), models.F('patient_id'), models.Value('[]'), function='uuidrange'), '&&'), ('during', '&&')], name='slot_offer_one_at_a_time'),
        ),
    ]
