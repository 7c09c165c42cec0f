"""Recalls from a file: good rows are kept, bad ones told with their line; sent again whole, nothing is twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.csv_tables import UnreadableTable
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.csv_words import refuse_table
from medguild.operations.recalls.csv_rules import BadRow, GoodRow, RowProblem, read_recalls
from medguild.operations.recalls.errors import DueAlready
from medguild.operations.recalls.rules import Origin
from medguild.operations.recalls.services import make_recall
from medguild.operations.recalls.words import PROBLEMS
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import visit_types
from medguild.patients.identity.models import Patient


@dataclass(slots=True)
class RecallImport:
    """What became of a file."""

    kept: int = 0
    bad: list[BadRow] = field(default_factory=list)


@transaction.atomic
def import_recalls(*, content: bytes, site: Site, by: Actor) -> RecallImport:
    """Take in a CSV file (see `csv_rules`) for a site. Raises NotAllowed, and Refusal for a file that is no table."""
    refuse_invisible(by, site.unit_id, SchedulingRight.BOOK)
    found = RecallImport()
    try:
        rows = list(read_recalls(content))
    except UnreadableTable as wrong:
        raise refuse_table(wrong, code="recalls_unreadable") from None
    good = [row for row in rows if isinstance(row, GoodRow)]
    patients = Patient.objects.visible_to(by).filter(mrn__in={row.mrn for row in good})
    people = {one.mrn: one for one in patients}
    kinds = {kind.code: kind for kind in visit_types(by)}
    for row in rows:
        problem = row if isinstance(row, BadRow) else _keep(row, people, kinds, site, by)
        if problem is None:
            found.kept += 1
        else:
            found.bad.append(problem)
    return found


def _keep(
    row: GoodRow, people: dict[str, Patient], kinds: dict[str, VisitType], site: Site, by: Actor
) -> BadRow | None:
    if row.mrn not in people:
        return BadRow(row.line, "mrn", RowProblem.PATIENT_UNKNOWN)
    if row.visit_type not in kinds:
        return BadRow(row.line, "visit_type", RowProblem.TYPE_UNKNOWN)
    try:
        make_recall(
            patient=people[row.mrn], visit_type=kinds[row.visit_type], site=site, due_on=row.due_on, by=by,
            note=row.note, origin=Origin.IMPORT,
        )  # fmt: skip
    except DueAlready:
        return BadRow(row.line, "mrn", RowProblem.DUE_ALREADY)
    except Refusal:
        return BadRow(row.line, "mrn", RowProblem.PATIENT_UNKNOWN)
    return None


def told(row: BadRow) -> str:
    """What is wrong with a row, for people."""
    return _("%(column)s: %(words)s") % {"column": row.column, "words": str(PROBLEMS[row.problem])}
