"""The nightly look whether the ids on postings still exist in the wings that own them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.ports import ExistingIds, dimension_checks

DIMENSION_MISSING = declare_event("ledger.dimension_missing", "Postings point nowhere", icon="alert-triangle")
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Missing:
    """An id on postings that its wing does not know."""

    dimension: str
    id: UUID


def check_dimensions(*, by: Actor) -> list[Missing]:
    """Ask every wing for the ids it owns; tells of what is missing in one event per dimension, and returns it."""
    missing: list[Missing] = []
    for dimension, existing in dimension_checks():
        lost = [Missing(dimension, lost_id) for lost_id in _lost(dimension, existing)]
        if lost:
            _tell(dimension, lost, by)
        missing += lost
    return missing


def _lost(dimension: str, existing: ExistingIds) -> Iterator[UUID]:
    for batch in _ids(dimension):
        yield from sorted(set(batch) - existing(batch))


def _ids(dimension: str) -> Iterator[list[UUID]]:
    """All distinct ids of a dimension, in batches by key set."""
    last: UUID | None = None
    while True:
        rows = Posting.objects.unscoped("the check looks at all books").filter(**{f"{dimension}__isnull": False})
        if last is not None:
            rows = rows.filter(**{f"{dimension}__gt": last})
        batch = list(rows.order_by(dimension).values_list(dimension, flat=True).distinct()[:_BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


@transaction.atomic
def _tell(dimension: str, lost: list[Missing], by: Actor) -> None:
    record(
        DIMENSION_MISSING,
        subject=SubjectRef("ledger", None),
        by=by,
        data={"dimension": dimension, "count": len(lost), "first": [str(one.id) for one in lost[:20]]},
    )
