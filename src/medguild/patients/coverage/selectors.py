"""Which payers answer for a patient on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.rules import RANK_ORDER, Line


def coverages_of(actor: Actor, patient_ids: Iterable[UUID]) -> list[Coverage]:
    """All coverages of a person that the actor may see, with payer and plan; by rank, the latest first."""
    rows = Coverage.objects.visible_to(actor).filter(patient_id__in=list(patient_ids))
    found: list[Coverage] = list(rows.select_related("payer", "plan").order_by("-period"))
    return sorted(found, key=_place)


def coverage(actor: Actor, coverage_id: UUID, *, right: str = CoverageRight.READ) -> Coverage:
    """Raises NotVisible."""
    rows = Coverage.objects.visible_to(actor, right).select_related("payer", "plan", "patient")
    found: Coverage | None = rows.filter(pk=coverage_id).first()
    if found is None:
        raise NotVisible
    return found


def coverages_on(patient_ids: Iterable[UUID], on: dt.date, *, line: Line = Line.HEALTH) -> list[Coverage]:
    """Coverages in force on a day for a line, primary first. For services of the house (claims need their payers
    whoever prepares them); the caller has checked that the patient is visible.
    """
    rows = Coverage.objects.unscoped("a claim needs its payers whoever prepares it")
    rows = rows.filter(patient_id__in=list(patient_ids), line=line, period__contains=on)
    found: list[Coverage] = list(rows.select_related("payer", "plan"))
    return sorted(found, key=_place)


def covered(patient_ids: Iterable[UUID], on: dt.date, *, line: Line = Line.HEALTH) -> Verdict:
    """Whether a payer answers for the patient on a day, and whether that was verified."""
    found = coverages_on(patient_ids, on, line=line)
    if not found:
        return no("not_covered", "No coverage is on file for this day.")
    if found[0].verified_at is None:
        return unknown("not_verified", "The primary coverage has not been verified.")
    return yes("covered")


def _place(row: Coverage) -> tuple[int, int]:
    return (row.line != Line.HEALTH, RANK_ORDER[row.rank])
