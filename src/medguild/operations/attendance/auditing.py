"""The audit by group: read for this report alone, and only sums leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from medguild.operations.attendance.fairness_rules import Cell, Dimension, Seen, age_band, fairness
from medguild.operations.attendance.history import Lived
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import Rank
from medguild.patients.identity.models import Patient

_WHY = "audit by group: only sums of eleven visits or more leave"
_AT_ONCE = 10_000
NOBODY_PAYS = "none"


def audit(tested: Sequence[Lived], probabilities: Sequence[float]) -> list[Cell]:
    """The report on visits of the later period with their probabilities. Race and ethnicity are not on record."""
    patients = {one.patient for one in tested}
    about, payers = dict(_about(patients)), dict(_payers(patients))
    high = sorted(probabilities)[len(probabilities) * 9 // 10] if probabilities else 1.0
    rows = (
        Seen(
            {
                Dimension.AGE: age_band(one.facts.age or 0.0),
                Dimension.SEX: about[one.patient][0],
                Dimension.LANGUAGE: about[one.patient][1],
                Dimension.PAYER: payers.get(one.patient, NOBODY_PAYS),
            },
            probability, bool(one.missed), probability >= high, one.overbooked, one.facts.lead,
        )
        for one, probability in zip(tested, probabilities, strict=True)
    )  # fmt: skip
    return fairness(rows)


def _about(patients: Iterable[UUID]) -> Iterator[tuple[UUID, tuple[str, str]]]:
    for some in _chunks(patients):
        rows = Patient.objects.unscoped(_WHY).filter(pk__in=some)
        for patient_id, sex, language in rows.values_list("pk", "sex", "language"):
            yield patient_id, (sex, language)


def _payers(patients: Iterable[UUID]) -> Iterator[tuple[UUID, str]]:
    """The kind of the primary payer, of the newest coverage."""
    for some in _chunks(patients):
        rows = Coverage.objects.unscoped(_WHY).filter(patient_id__in=some, rank=Rank.PRIMARY)
        yield from rows.order_by("period").values_list("patient_id", "payer__kind")


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    everybody = list(ids)
    for begin in range(0, len(everybody), _AT_ONCE):
        yield everybody[begin : begin + _AT_ONCE]
