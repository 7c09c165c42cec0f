"""A search of codes is over before parallel workers have started, and they would lose the order of the rows."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0009_codes_load_fast")]

    operations = [
        migrations.RunSQL(
            "alter table foundation_code set (parallel_workers = 0);",
            "alter table foundation_code reset (parallel_workers);",
        ),
    ]
