"""Where the free times of a specialty stand, for whoever leads there."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse


def search_address(*, specialty: str, patient_id: UUID | None = None, **more: str) -> str:
    """The search of a specialty's free times, for a patient: one step from a referral."""
    given = {"specialty": specialty} | ({"patient": str(patient_id)} if patient_id else {}) | more
    return f"{reverse('scheduling:find')}?{urlencode(given)}"
