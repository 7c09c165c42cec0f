"""Foreign keys lose the index that Django made for each where another one begins with the same column, or where nobody
asks by that column and nobody deletes what it points to."""

from __future__ import annotations

from django.db import migrations

from medguild.foundation.kernel.indexes import WithoutIndex


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_quarantined_files")]

    operations = [
        WithoutIndex(
            {
                "quarantinedfile": ["unit"],
            }
        ),
    ]
