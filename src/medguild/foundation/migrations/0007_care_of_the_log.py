"""The dispatcher's queue in commit order, partitions that cannot be emptied, and the table of Django's cache."""

import medguild.foundation.events.rules
from django.db import migrations, models

from medguild.foundation.events.partitions import guard_partitions

_CACHE = """
create table if not exists foundation_cache (
    cache_key varchar(255) not null primary key,
    value text not null,
    expires timestamptz not null
);
create index if not exists foundation_cache_expires on foundation_cache (expires);
"""


def guard(apps, schema_editor):
    guard_partitions()


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0006_standards_work_registers'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_open',
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('status', medguild.foundation.events.rules.DeliveryStatus['DONE']), _negated=True), fields=['subscriber', 'subject_key', 'sequence', 'event_id'], name='delivery_open'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('status', medguild.foundation.events.rules.DeliveryStatus['PENDING'])), fields=['sequence', 'event_id'], name='delivery_next'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunSQL(_CACHE, "drop table if exists foundation_cache"),
    ]
