"""Judging a cancellation by the rule of the day, and waiving what it says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role, good_reason
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.standards.numbers import number
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item, settle
from medguild.operations.scheduling.change_models import Cancellation
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.limit_rules import is_late
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.standards import CANCEL_FEE, CANCEL_NOTICE

WAIVED = declare_event(
    "appointment.late_cancel_waived", gettext_lazy("Late cancellation waived"), icon="heart-handshake"
)
LATE_FEE = declare_work_type(
    "late_cancel_fee", gettext_lazy("Late cancellation: decide on the fee"), role=Role.BILLER,
    backup_role=Role.PRACTICE_MANAGER, due=dt.timedelta(days=5), subject_types=("appointment",),
    right=SchedulingRight.READ, icon="coin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """How a cancellation was judged; minutes of notice are negative after the start."""

    notice_minutes: int
    wanted_minutes: int
    rule_level: str
    late: bool
    fee_cents: int


def judge(appointment: Appointment, reason: CancelReason, moment: dt.datetime) -> Judged:
    """By the standards that hold at the visit's site on the day of the cancellation."""
    notice = int((appointment.start - moment).total_seconds() // 60)
    context = _context(appointment, moment)
    rule = resolve(CANCEL_NOTICE, context)
    wanted = int(rule.value) * 60  # type: ignore[arg-type]
    late = is_late(reason, notice_minutes=notice, wanted_minutes=wanted)
    fee = number(CANCEL_FEE, context) if late else 0
    return Judged(notice, wanted, str(rule.level or ""), late, fee)


def _context(appointment: Appointment, moment: dt.datetime) -> StandardContext:
    zone = Site.objects.values_list("time_zone", flat=True).get(unit_id=appointment.unit_id)
    return StandardContext(
        unit_id=appointment.unit_id, clinician_id=appointment.clinician_id, on=local_date(moment, zone)
    )


def keep_judgement(
    appointment: Appointment, reason: CancelReason, judged: Judged, *, by: Actor, at: dt.datetime
) -> Cancellation:
    """Write down how it was judged; where a fee may be asked for, billing gets a piece of work."""
    kept: Cancellation = Cancellation.objects.create(
        appointment=appointment, cancelled_at=at, reason=reason, notice_minutes=judged.notice_minutes,
        wanted_minutes=judged.wanted_minutes, rule_level=judged.rule_level, late=judged.late,
        fee_cents=judged.fee_cents,
    )  # fmt: skip
    if judged.fee_cents:
        need_item(
            work_type=LATE_FEE, unit_id=appointment.unit_id, source=_source(kept), by=by, at=at,
            patient_id=appointment.patient_id, subject=_subject(appointment),
        )  # fmt: skip
    return kept


@transaction.atomic
def waive_late(*, cancellation: Cancellation, reason: str, by: Actor, at: dt.datetime | None = None) -> Cancellation:
    """Let the patient off: the fee is not asked for, and the reason is kept. It still counts as late."""
    refuse_invisible(by, cancellation.appointment.unit_id, SchedulingRight.WAIVE)
    held = Cancellation.objects.unscoped("checked above").select_for_update(of=("self",)).get(pk=cancellation.pk)
    if not held.late or held.waived_at is not None:
        raise Refusal(_("There is nothing to waive here."), code="nothing_to_waive")
    if not good_reason(reason):
        raise Refusal(_("Say in a few words why."), code="reason_needed", field="reason")
    held.waived_at, held.waived_by, held.waived_reason = at or now(), by.id, reason.strip()
    held.save(update_fields=["waived_at", "waived_by", "waived_reason"])
    settle(source=_source(held), outcome="waived", by=by, at=at)
    visit = cancellation.appointment
    record(
        WAIVED, subject=_subject(visit), by=by, patient_id=visit.patient_id,
        unit_id=visit.unit_id, data={"fee_cents": held.fee_cents},
    )  # fmt: skip
    waived: Cancellation = held
    return waived


def _source(cancellation: Cancellation) -> str:
    return f"late_cancel:{cancellation.pk}"


def _subject(visit: Appointment) -> SubjectRef:
    return SubjectRef("appointment", visit.pk, visit.visit_type.name)
