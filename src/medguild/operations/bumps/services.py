"""Putting visits on the bump list, and settling them: moved, cancelled, or kept after all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.operations.bumps.errors import NotOnTheList
from medguild.operations.bumps.models import Bump, BumpContact
from medguild.operations.bumps.rules import TWICE, BumpStatus, Cause, Contact
from medguild.operations.bumps.work import BUMPED_VISIT
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from medguild.operations.scheduling.services import move_appointment

BUMPED = declare_event("appointment.bumped", gettext_lazy("On the bump list"), icon="repeat")
CONTACTED = declare_event("appointment.bump_contact", gettext_lazy("Called about a bumped visit"), icon="phone")
SETTLED = declare_event("appointment.bump_settled", gettext_lazy("Bumped visit settled"), icon="check")

_LIST = "the caller has decided who may"


@transaction.atomic
def bump(
    *,
    appointments: Iterable[Appointment],
    reason: str,
    by: Actor,
    cause: Cause = Cause.OTHER,
    at: dt.datetime | None = None,
) -> list[Bump]:
    """Put visits to come on the list of their sites; one that stands there already stays as it is.

    Each gets a piece of work with the owner's due time; who was bumped before is marked. `reason` is what people are
    told, and holds no patient data. Checks no right: services that take time away from visits call it.
    Returns the new rows.
    """
    moment = at or now()
    if not reason.strip():
        raise Refusal(_("Say why these visits cannot be kept."), code="reason_needed", field="reason")
    coming = {one.pk: one for one in appointments if one.status == AppointmentStatus.BOOKED and one.start > moment}
    earlier = _earlier(coming.keys())
    return [_put(one, earlier, reason.strip(), cause, by, moment) for pk, one in coming.items() if earlier[pk] >= 0]


def _earlier(ids: Iterable[object]) -> Counter[object]:
    """How often each visit was bumped before; -1 for one that stands on the list now."""
    rows = Bump.objects.unscoped(_LIST).filter(appointment_id__in=list(ids)).values_list("appointment_id", "status")
    found: Counter[object] = Counter(pk for pk, status in rows)
    for pk, status in rows:
        if status == BumpStatus.OPEN:
            found[pk] = -1
    return found


def _put(
    visit: Appointment, earlier: Counter[object], reason: str, cause: Cause, by: Actor, moment: dt.datetime
) -> Bump:  # fmt: skip
    row: Bump = Bump.objects.create(
        appointment=visit, patient_id=visit.patient_id, unit_id=visit.unit_id, clinician_id=visit.clinician_id,
        visit_start=visit.start, booked_at=visit.booked_at, need=visit.reason_category, cause=cause, reason=reason,
        times_before=earlier[visit.pk], bumped_at=moment,
    )  # fmt: skip
    need_item(
        work_type=BUMPED_VISIT, unit_id=visit.unit_id, source=_source(row), by=by, subject=_subject(row),
        patient_id=visit.patient_id, category=cause, at=moment,
        priority=Priority.HIGH if row.times_before + 1 >= TWICE else Priority.NORMAL,
    )  # fmt: skip
    _tell(BUMPED, row, by, {"cause": cause, "times": row.times_before + 1})
    return row


@transaction.atomic
def note_contact(
    *, row: Bump, outcome: Contact, by: Actor, note: str = "", at: dt.datetime | None = None
) -> BumpContact:
    """Write down an attempt to tell the patient; the visit stays on the list."""
    refuse_invisible(by, row.unit_id, SchedulingRight.BOOK)
    held = _locked(row)
    made: BumpContact = BumpContact.objects.create(
        bump=held, outcome=outcome, made_at=at or now(), made_by=by.id, by_label=by.label, note=note.strip()
    )
    _tell(CONTACTED, held, by, {"outcome": outcome})
    return made


@transaction.atomic
def move_bumped(
    *,
    row: Bump,
    start: dt.datetime,
    clinician: Clinician,
    site: Site,
    by: Actor,
    note: str = "",
    network_answer: Said | None = None,
    at: dt.datetime | None = None,
) -> Appointment:
    """Give the visit another time; it counts as moved by the practice. Raises what `move_appointment` raises."""
    held = _locked(row)
    moved = move_appointment(
        appointment=held.appointment, start=start, clinician=clinician, site=site, by=by, by_practice=True,
        network_answer=network_answer, at=at,
    )  # fmt: skip
    _settle(held, BumpStatus.MOVED, by, note, at)
    return moved


@transaction.atomic
def cancel_bumped(*, row: Bump, by: Actor, note: str = "", at: dt.datetime | None = None) -> Appointment:
    """The patient wants no other time: the visit is cancelled by the practice."""
    held = _locked(row)
    reason = CancelReason.PRACTICE_CLINICIAN_AWAY if held.cause == Cause.CLINICIAN_AWAY else CancelReason.PRACTICE_OTHER
    cancelled = cancel_appointment(appointment=held.appointment, reason=reason, by=by, note=note, at=at)
    _settle(held, BumpStatus.CANCELLED, by, note, at)
    return cancelled


@transaction.atomic
def keep_bumped(*, row: Bump, by: Actor, note: str = "", at: dt.datetime | None = None) -> Bump:
    """What was in the way is gone: the visit takes place as booked."""
    refuse_invisible(by, row.unit_id, SchedulingRight.BOOK)
    return _settle(_locked(row), BumpStatus.KEPT, by, note, at)


@transaction.atomic
def settle_elsewhere(*, appointment_id: UUID, status: BumpStatus, happened_at: dt.datetime, by: Actor) -> bool:
    """The visit was moved or cancelled on another page: it leaves the list. Whether it stood there by then."""
    rows = Bump.objects.unscoped(_LIST).filter(
        appointment_id=appointment_id, status=BumpStatus.OPEN, bumped_at__lte=happened_at
    )
    row = rows.select_for_update(of=("self",)).select_related("appointment__visit_type").first()
    if row is None:
        return False
    _settle(row, status, by, "", happened_at)
    return True


def _settle(row: Bump, status: BumpStatus, by: Actor, note: str, at: dt.datetime | None) -> Bump:
    row.status, row.settled_at, row.note = status, at or now(), note.strip()
    row.save(update_fields=["status", "settled_at", "note"])
    settle(source=_source(row), outcome=status, by=by, at=at)
    _tell(SETTLED, row, by, {"status": status})
    return row


def _locked(row: Bump) -> Bump:
    """The row as it stands. The visit's own locks are taken later: whoever settles takes the row first."""
    rows = Bump.objects.unscoped(_LIST).select_for_update(of=("self",))
    held: Bump = rows.select_related(
        "appointment__visit_type", "appointment__patient", "appointment__clinician", "unit__site"
    ).get(pk=row.pk)
    if held.status != BumpStatus.OPEN:
        raise NotOnTheList(_("Somebody has just settled this visit. Look at the list again."))
    return held


def _source(row: Bump) -> str:
    return f"bump:{row.pk}"


def _subject(row: Bump) -> SubjectRef:
    return SubjectRef("appointment", row.appointment_id, row.appointment.visit_type.name)


def _tell(event: str, row: Bump, by: Actor, data: dict[str, object]) -> None:
    record(event, subject=_subject(row), by=by, patient_id=row.patient_id, unit_id=row.unit_id, data=data)
