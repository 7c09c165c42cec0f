"""Loading ninety thousand codes takes half the time when their words enter the index in one go."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0008_work_answers_whole")]

    operations = [
        migrations.RunSQL(
            "alter index code_by_word set (fastupdate = on);", "alter index code_by_word set (fastupdate = off);"
        ),
    ]
