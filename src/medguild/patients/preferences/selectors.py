"""How patients want to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from medguild.patients.preferences.models import ContactPreference
from medguild.patients.preferences.rules import Channel, Reach

_WHOEVER = "whoever sends must know what they may not"


def reach_of(patient_id: UUID) -> Reach:
    return reaches_of([patient_id]).get(patient_id, Reach())


def reaches_of(patient_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Wishes of those who named some; everybody else is reached as usual."""
    rows = ContactPreference.objects.unscoped(_WHOEVER).filter(patient_id__in=list(patient_ids))
    return {
        row.patient_id: Reach(tuple(Channel(one) for one in row.channels), row.quiet_from, row.quiet_to) for row in rows
    }
