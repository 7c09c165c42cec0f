"""What a group needs before its first day: code sets, books, and who answers for which work."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.foundation.codesets.icd10cm import read_icd10cm
from medguild.foundation.events.partitions import month_start
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.ports import work_types

# Left without an owner on purpose, so that the map has red rows to show.
UNOWNED = {("inbox.escalation", "family"), ("referral.follow_up", "family")}


def load_code_sets(group: Group, size: plan.Size, today: dt.date) -> None:
    """The longest list is read before the database is asked: meanwhile that writes what still waits."""
    next(read_icd10cm())
    call_command("codesets_load", json=True, stdout=io.StringIO())


def open_all_books(group: Group, size: plan.Size, today: dt.date) -> None:
    """Each legal entity keeps books from the first month of the history on."""
    first = month_start(today, -plan.MONTHS_OF_HISTORY - 1)
    for entity in (*plan.GROUP, plan.IPA, *plan.MEMBERS):
        open_books(entity=group.units[entity.key], start=first, by=LOADER)


def assign_duties(group: Group, size: plan.Size, today: dt.date) -> None:
    """The proposed role answers for each type of work at each entity of the group; two rows stay red."""
    for entity in plan.GROUP:
        for key, declared in work_types.items():
            if (key, entity.key) in UNOWNED:
                continue
            assign_duty(
                work_type=key, unit=group.units[entity.key], role=declared.role, backup_role=declared.backup_role,
                cover_hours="Monday to Friday, 8 to 17", start=group.start, by=LOADER,
            )  # fmt: skip
