"""Balances are summed from an index alone, and the last proof of the log is found without reading the log."""

from __future__ import annotations

from django.db import migrations, models

_PROOFS = "create index event_proofs on foundation_event (id) where type in ('log.proved', 'log.broken');"


class Migration(migrations.Migration):
    dependencies = [("foundation", "0012_files_kept_as_they_came")]

    operations = [
        migrations.RemoveIndex(model_name="posting", name="posting_of_account"),
        migrations.RemoveIndex(model_name="posting", name="posting_of_period"),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                fields=["ledger_account", "booked_on"],
                include=["amount", "entity", "period", "account_id", "payer_id"],
                name="posting_of_account",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["period", "entry"], name="posting_of_period"),
        ),
        migrations.RunSQL(_PROOFS, "drop index event_proofs;"),
    ]
