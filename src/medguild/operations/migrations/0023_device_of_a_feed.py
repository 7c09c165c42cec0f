from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0022_series_one_end'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='calendarfeed', name='feed_labelled'),
        migrations.RenameField(model_name='calendarfeed', old_name='label', new_name='device'),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('device', ''), _negated=True), models.Q(('token_hash', ''), _negated=True)), name='feed_has_device_and_token'),
        ),
    ]
