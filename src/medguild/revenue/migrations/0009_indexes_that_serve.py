"""Foreign keys lose the index that Django made for each where another one begins with the same column, or where nobody
asks by that column and nobody deletes what it points to. Allocations are checked once per statement."""

from __future__ import annotations

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from medguild.foundation.kernel.indexes import WithoutIndex


class Migration(migrations.Migration):
    dependencies = [("revenue", "0008_newest_first")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="allocation",
            name="allocation_fits",
        ),
        WithoutIndex(
            {
                "charge": [
                    "account",
                    "coverage",
                    "entity",
                    "ordering",
                    "patient",
                    "performed_by",
                    "referring",
                    "rendering",
                    "site",
                    "supervising",
                ],
                "claim": ["account", "billing_identity", "coverage", "entity", "patient", "payer", "rendering", "site"],
                "claimline": ["claim"],
                "denial": ["claim", "line"],
                "drawer": ["site"],
                "provideradjustment": ["remittance"],
                "receipt": ["account", "drawer", "entity", "patient", "site", "visit"],
                "remittance": ["entity", "file", "payer"],
                "remittanceclaim": ["claim", "remittance"],
                "remittancefile": ["entity"],
                "remittanceline": ["claim_line", "remittance_claim"],
                "statement": ["account", "entity"],
            }
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="allocation_fits",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    perform from revenue_receipt r\n      where r.id in (select f.receipt_id from fresh f) order by r.id for no key update;\n    if exists (\n        select from (select distinct f.receipt_id from fresh f) touched\n          join revenue_receipt r on r.id = touched.receipt_id\n         where (select coalesce(sum(a.amount), 0) from revenue_allocation a where a.receipt_id = r.id)\n               not between 0 and r.amount) then\n        raise exception 'a receipt settles at most its own amount'\n            using errcode = 'integrity_constraint_violation', constraint = 'allocation_within_receipt';\n    end if;\n    if exists (\n        select from fresh f\n          join revenue_receipt r on r.id = f.receipt_id\n          left join revenue_charge c on c.id = f.charge_id\n         where f.account_id <> r.account_id or f.account_id <> c.account_id) then\n        raise exception 'receipt, charge and allocation belong to one account'\n            using errcode = 'integrity_constraint_violation', constraint = 'allocation_one_account';\n    end if;\n    return null;\n",
                    hash="dbf5dc15e8cbf5b8da91b106bacc1a4af221481a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_allocation_fits_febe5",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="revenue_allocation",
                    when="AFTER",
                ),
            ),
        ),
    ]
