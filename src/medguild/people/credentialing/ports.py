"""What wings above say of clinicians whose credentials run out: how many booked visits they could not keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class BookedVisits:
    """`count` answers for many clinicians (who is left out has none); `address` is where the visits stand."""

    count: Callable[[Iterable[UUID]], Mapping[UUID, int]]
    address: Callable[[UUID], str]


booked_visits: Registry[BookedVisits] = Registry("booked visits")


def visits_affected(clinician_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Of all who answer, the sum for each clinician."""
    ids = list(clinician_ids)
    found: dict[UUID, int] = {}
    for source in booked_visits:
        for clinician_id, number in source.count(ids).items():
            found[clinician_id] = found.get(clinician_id, 0) + number
    return found


def address_of(clinician_id: UUID) -> str:
    """Where the visits of a clinician stand; empty where nobody keeps visits."""
    return next((source.address(clinician_id) for source in booked_visits), "")
