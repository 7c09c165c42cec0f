"""Waiting for a time: added, withdrawn, lapsed."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.waitlist.calling import calls_done
from medguild.operations.waitlist.errors import NotWaiting, WaitsAlready
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight

ADDED = declare_event("waitlist.added", gettext_lazy("Waits for a time"), icon="hourglass")
CHANGED = declare_event("waitlist.changed", gettext_lazy("Wishes changed while waiting"), icon="hourglass")
WITHDRAWN = declare_event("waitlist.withdrawn", gettext_lazy("Waits no longer"), icon="hourglass-off")
LAPSED = declare_event("waitlist.lapsed", gettext_lazy("No time found while waiting"), icon="hourglass-off")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody waits for; minutes are of the site's wall clock, weekdays from Monday 0, empty for any."""

    earliest: dt.date
    latest: dt.date | None = None
    urgency: Urgency = Urgency.ROUTINE
    weekdays: list[int] = field(default_factory=list)
    from_minute: int = 0
    to_minute: int = 24 * 60
    notice_minutes: int = 120
    note: str = ""


@transaction.atomic
def add_to_waitlist(
    *,
    patient: Patient,
    visit_type: VisitType,
    site: Site,
    wanted: Wanted,
    by: Actor,
    clinician: Clinician | None = None,
    instead_of: Appointment | None = None,
    at: dt.datetime | None = None,
) -> WaitlistEntry:
    """Put somebody on the list of a site; with `instead_of` they keep that visit until an earlier time is found.

    Raises WaitsAlready, NotVisible, NotAllowed, Refusal.
    """
    refuse_invisible(by, site.unit_id, SchedulingRight.BOOK)
    _refuse_patient(patient, by)
    moment = at or now()
    _refuse_wanted(wanted, today=local_date(moment, site.time_zone))
    _refuse_visit(instead_of, patient, moment)
    waiting = WaitlistEntry.objects.unscoped("one entry per kind, whoever asks")
    if waiting.filter(patient=patient, visit_type=visit_type, unit=site.unit_id, status=EntryStatus.WAITING).exists():
        raise _waits_already()
    entry = WaitlistEntry(
        patient=patient, unit_id=site.unit_id, visit_type=visit_type, clinician=clinician, added_at=moment,
        instead_of=instead_of, **_kept(wanted),
    )  # fmt: skip
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:  # two screens at the same moment: the constraint decides
        if "waitlist_once_per_kind" not in str(error):
            raise
        raise _waits_already() from None
    tell(ADDED, entry, by, {"urgency": entry.urgency, "clinician_id": entry.clinician_id})
    return entry


def _waits_already() -> WaitsAlready:
    return WaitsAlready(_("This patient waits for such a visit here already. Change that entry."))


@transaction.atomic
def change_wishes(*, entry: WaitlistEntry, wanted: Wanted, by: Actor, at: dt.datetime | None = None) -> WaitlistEntry:
    """Other days, hours or urgency; they keep their place, and an offer that is open stays open.

    Raises NotWaiting, NotVisible, NotAllowed, Refusal.
    """
    refuse_invisible(by, entry.unit_id, SchedulingRight.BOOK)
    _refuse_wanted(wanted, today=local_date(at or now(), entry.unit.site.time_zone))
    held, kept = locked(entry), _kept(wanted)
    for name, value in kept.items():
        setattr(held, name, value)
    held.save(update_fields=list(kept))
    tell(CHANGED, held, by, {"urgency": held.urgency})
    return held


@transaction.atomic
def withdraw(*, entry: WaitlistEntry, by: Actor, at: dt.datetime | None = None) -> WaitlistEntry:
    """They wait no longer; an offer that is open is taken back."""
    refuse_invisible(by, entry.unit_id, SchedulingRight.BOOK)
    return _close(entry, EntryStatus.WITHDRAWN, WITHDRAWN, by, at or now())


def lapse_entries(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Close entries whose last wanted day is over, each by itself; returns how many."""
    moment = at or now()
    rows = WaitlistEntry.objects.unscoped("the house keeps its list").filter(
        status=EntryStatus.WAITING, latest__lt=local_date(moment, "Pacific/Pago_Pago")
    )
    lapsed = 0
    for entry in rows.order_by("pk"):
        with suppress(NotWaiting):  # somebody was quicker: booked, or taken off the list
            _close(entry, EntryStatus.LAPSED, LAPSED, by, moment)
            lapsed += 1
    return lapsed


@transaction.atomic
def _close(
    entry: WaitlistEntry, status: EntryStatus, event: str, by: Actor, moment: dt.datetime
) -> WaitlistEntry:  # fmt: skip
    held, open_offers = _locked_with_offers(entry)
    held.status, held.closed_at = status, moment
    held.save(update_fields=["status", "closed_at"])
    for offer in open_offers:
        offer.status, offer.answered_at = OfferStatus.DECLINED, moment
        offer.save(update_fields=["status", "answered_at"])
    calls_done(open_offers, outcome=OfferStatus.DECLINED, by=by, at=moment)
    tell(event, held, by)
    return held


class _OfferedMeanwhile(Exception):
    """An offer was made after the offers were locked and before the entry was."""


def _locked_with_offers(entry: WaitlistEntry) -> tuple[WaitlistEntry, list[SlotOffer]]:
    """The entry and its open offers. Offers are locked before entries, as everywhere: whoever answers one that is made
    in between holds it and waits for the entry, so the locks are given back and taken anew."""
    offers = SlotOffer.objects.unscoped("offers of this entry").filter(entry=entry, status=OfferStatus.OPEN)
    while True:
        with suppress(_OfferedMeanwhile), transaction.atomic():
            found = list(offers.select_for_update().order_by("pk"))
            held = locked(entry)
            if set(offers.values_list("pk", flat=True)) - {one.pk for one in found}:
                raise _OfferedMeanwhile
            return held, found


def locked(entry: WaitlistEntry) -> WaitlistEntry:
    """The row as it stands, locked. Raises NotWaiting when it is closed."""
    rows = WaitlistEntry.objects.unscoped("the caller has decided who may").select_for_update(of=("self",))
    held: WaitlistEntry = rows.select_related("visit_type", "patient").get(pk=entry.pk)
    if held.status != EntryStatus.WAITING:
        raise NotWaiting(_("This patient no longer waits. Look at the list again."))
    return held


def tell(event: str, entry: WaitlistEntry, by: Actor, data: dict[str, object] | None = None) -> None:
    record(
        event, subject=SubjectRef("waitlist_entry", entry.pk, entry.visit_type.name), by=by,
        patient_id=entry.patient_id, unit_id=entry.unit_id, data=data or {},
    )  # fmt: skip


def wanted_of(entry: WaitlistEntry) -> Wanted:
    """What stands there; the start of a change of some of it."""
    return Wanted(**{one.name: getattr(entry, one.name) for one in fields(Wanted)})


def _kept(wanted: Wanted) -> dict[str, Any]:
    return {
        "urgency": wanted.urgency,
        "earliest": wanted.earliest,
        "latest": wanted.latest,
        "weekdays": sorted(set(wanted.weekdays)),
        "from_minute": wanted.from_minute,
        "to_minute": wanted.to_minute,
        "notice_minutes": wanted.notice_minutes,
        "note": wanted.note.strip(),
    }


def _refuse_patient(patient: Patient, by: Actor) -> None:
    scope = by.scope(PatientsRight.READ)
    if not (scope.everything or patient.circle_id in scope.circles or patient.pk in scope.patients):
        raise NotVisible
    if patient.deceased_on is not None:
        raise Refusal(_("This patient has died."), code="patient_deceased", field="patient")


def _refuse_wanted(wanted: Wanted, *, today: dt.date) -> None:
    if wanted.latest is not None and wanted.latest < wanted.earliest:
        raise Refusal(_("The last day must not be before the first."), code="days_order", field="latest")
    if wanted.latest is not None and wanted.latest < today:
        raise Refusal(_("The last day is over."), code="days_over", field="latest")
    if wanted.to_minute <= wanted.from_minute:
        raise Refusal(_("The hours must end after they begin."), code="hours_order", field="to_time")


def _refuse_visit(visit: Appointment | None, patient: Patient, moment: dt.datetime) -> None:
    if visit is None:
        return
    if visit.patient_id != patient.pk or visit.status != AppointmentStatus.BOOKED or visit.start <= moment:
        raise Refusal(_("Only a visit that is still to come can be brought forward."), code="visit_not_to_come")
