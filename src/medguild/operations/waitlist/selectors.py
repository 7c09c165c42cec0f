"""Questions about the waiting list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, turn


def entries(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[WaitlistEntry]:
    """Entries that the actor may see, with how many offers were made and whether one waits for an answer."""
    rows: QuerySet[WaitlistEntry] = WaitlistEntry.objects.visible_to(actor, right).select_related(
        "patient", "visit_type", "unit__site", "clinician__person"
    )
    return rows.annotate(
        offered=Count("offers"), asked_now=Count("offers", filter=Q(offers__status=OfferStatus.OPEN))
    )  # fmt: skip


def entry(actor: Actor, entry_id: UUID, right: str = SchedulingRight.READ) -> WaitlistEntry:
    """Raises NotVisible."""
    found = entries(actor, right).filter(pk=entry_id).first()
    if found is None:
        raise NotVisible
    return found


def offers_of(entry: WaitlistEntry) -> QuerySet[SlotOffer]:
    """All offers made for an entry that the caller may see, the newest first."""
    rows: QuerySet[SlotOffer] = SlotOffer.objects.unscoped("the entry is visible").filter(entry=entry)
    rows = rows.select_related("clinician__person", "unit__site", "entry__instead_of")
    return rows.order_by("-offered_at")


def offer(actor: Actor, offer_id: UUID) -> SlotOffer:
    """An offer at a site where the actor books. Raises NotVisible."""
    rows = SlotOffer.objects.visible_to(actor, SchedulingRight.BOOK).select_related("entry")
    found: SlotOffer | None = rows.filter(pk=offer_id).first()
    if found is None:
        raise NotVisible
    return found


def waiting_of(actor: Actor, patient_ids: Iterable[UUID]) -> QuerySet[WaitlistEntry]:
    """What a patient waits for, under all linked ids."""
    return entries(actor).filter(patient_id__in=list(patient_ids), status=EntryStatus.WAITING).order_by("added_at")


def ahead_of(entry: WaitlistEntry) -> int:
    """How many who wait for the same kind of visit at the site come before; a number only."""
    rows = WaitlistEntry.objects.unscoped("a number about a list that the caller may see").filter(
        unit=entry.unit_id, visit_type=entry.visit_type_id, status=EntryStatus.WAITING
    )
    return sum(turn(other) < turn(entry) for other in rows.only("urgency", "added_at"))


# Fewer waits than this say nothing about the next.
ENOUGH_WAITS = 5
_LOOKED_BACK = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class UsualWait:
    """Of those who were booked from the list for the same at the site, half waited at most so many days."""

    days: int
    count: int


def usual_wait(entry: WaitlistEntry, *, at: dt.datetime) -> UsualWait | None:
    """From the waits of the last 90 days that ended with a visit; None while they are too few to say anything."""
    rows = WaitlistEntry.objects.unscoped("a number about a list that the caller may see").filter(
        unit=entry.unit_id, visit_type=entry.visit_type_id, status=EntryStatus.BOOKED, closed_at__gt=at - _LOOKED_BACK
    )
    if entry.clinician_id is not None:
        rows = rows.filter(clinician=entry.clinician_id)
    waits = [(closed - added).days for added, closed in rows.values_list("added_at", "closed_at") if closed]
    return UsualWait(round(median(waits)), len(waits)) if len(waits) >= ENOUGH_WAITS else None
