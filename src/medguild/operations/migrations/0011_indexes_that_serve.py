"""Foreign keys lose the index that Django made for each where another one begins with the same column, or where nobody
asks by that column and nobody deletes what it points to."""

from __future__ import annotations

from django.db import migrations

from medguild.foundation.kernel.indexes import WithoutIndex


class Migration(migrations.Migration):
    dependencies = [("operations", "0010_notes_found_by_visit")]

    operations = [
        WithoutIndex(
            {
                "appointment": ["clinician", "entity", "patient", "unit", "visit_type"],
                "call": ["patient", "site"],
                "checkinmark": ["visit"],
                "cosignature": ["note"],
                "note": ["author", "signed_by"],
                "notediagnosis": ["note"],
                "noteservice": ["note", "ordering", "performed_by", "referring", "rendering", "supervising"],
                "session": ["unit"],
                "sessionexception": ["session"],
                "sessionvisittype": ["session"],
                "visit": ["clinician", "entity", "patient", "site"],
                "visittype": ["owner"],
            }
        ),
    ]
