"""Templates (visit types, weekly sessions, exceptions, absences), appointments, and the allocations that guard them."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.kinds.rules import BOOKERS
from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.rules import (
    HOLDING,
    LONGEST_PADDING,
    LONGEST_VISIT,
    AbsenceKind,
    AppointmentStatus,
    CancelReason,
    Mode,
    Origin,
    PatientKind,
    ReasonCategory,
)
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"
_OUT_IS_ANSWERED = """
    if not exists (
        select from operations_networkanswer a
         where a.appointment_id = new.id and a.clinician_id = new.clinician_id and a.unit_id = new.unit_id) then
        raise exception 'a visit out of network needs the answer of the patient, or why nobody asked'
            using errcode = 'integrity_constraint_violation', constraint = 'appointment_out_of_network_answered';
    end if;
    return null;
"""
_DAY = Value(dt.timedelta(minutes=LONGEST_VISIT))


class VisitType(OpenModel):
    """A kind of visit with its usual length in minutes; it holds at the unit that owns it and at all below."""

    OPEN_REASON = "a kind's name and length are no secret; lists show those that hold at the reader's units"
    PHI = NO_PHI

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.TextField()
    name = models.TextField()
    minutes = models.PositiveSmallIntegerField()
    colour = models.TextField(default="blue", help_text="key of the palette, not a colour value")
    patient_kind = models.TextField(default=PatientKind.ANY)
    specialty = models.TextField(default="", blank=True)
    modes = ArrayField(models.TextField(), default=list)
    needs_room = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    prep_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    clean_up_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    pads_clinician = models.BooleanField(
        default=False, db_default=False, help_text="preparing and cleaning up take the clinician's time as well"
    )
    shortest_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="the group's limit; shorter needs an approved deviation"
    )
    longest_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    booked_by = ArrayField(models.TextField(), default=list, db_default=[], help_text="doors and roles; empty is any")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="visit_type_code_once"),
            models.CheckConstraint(name="visit_type_named", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(
                name="visit_type_minutes_in_day", condition=Q(minutes__gte=1, minutes__lte=LONGEST_VISIT)
            ),
            one_of("patient_kind", list(PatientKind), name="visit_type_patient_kind_known"),
            models.CheckConstraint(
                name="visit_type_modes_known",
                condition=Q(modes__contained_by=[mode.value for mode in Mode]) & Q(modes__len__gte=1),
            ),
            models.CheckConstraint(
                name="visit_type_padding_short",
                condition=Q(prep_minutes__lte=LONGEST_PADDING, clean_up_minutes__lte=LONGEST_PADDING),
            ),
            models.CheckConstraint(
                name="visit_type_within_limits",
                condition=Q(Q(shortest_minutes__isnull=True) | Q(shortest_minutes__range=(1, F("minutes"))))
                & Q(Q(longest_minutes__isnull=True) | Q(longest_minutes__gte=F("minutes"))),
            ),
            models.CheckConstraint(name="visit_type_booked_by_known", condition=Q(booked_by__contained_by=BOOKERS)),
        ]

    def label(self) -> str:
        return self.name


class Session(ScopedModel):
    """A weekly block of a clinician's template at a site, for a period; minutes are wall-clock after midnight.

    Every `every_weeks` weeks counted from the Monday `anchor`. An extra session on one day has a period of one day.
    Visits in it are billed by `entity`, whoever owns the site.
    """

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="sessions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0")
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    anchor = models.DateField()
    period = DateRangeField()
    extra = models.BooleanField(default=False)
    step_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(default=1)
    overbook_limit = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="session_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="session_ends_after_start", condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440)
            ),
            models.CheckConstraint(name="session_every_weeks_positive", condition=Q(every_weeks__range=(1, 53))),
            models.CheckConstraint(name="session_anchor_monday", condition=Q(anchor__iso_week_day=1)),
            models.CheckConstraint(name="session_step_positive", condition=Q(step_minutes__range=(5, 240))),
            models.CheckConstraint(name="session_capacity_positive", condition=Q(capacity__range=(1, 100))),
            whole_period(name="session_period_whole"),
            models.CheckConstraint(
                name="session_extra_one_day",
                condition=Q(extra=False)
                | Q(
                    every_weeks=1,
                    period__endswith__isnull=False,
                    period__endswith=F("period__startswith") + Value(dt.timedelta(days=1)),
                ),
            ),
            # Sessions that are not weekly may take turns, and an extra one may replace one that is cancelled on its
            # day: for these the service compares the days.
            ExclusionConstraint(
                name="session_weekly_once_at_a_time",
                expressions=[
                    (Func("clinician_id", "clinician_id", Value("[]"), function="uuidrange"), RangeOperators.OVERLAPS),
                    (Func(F("weekday") * 1440 + F("start_minute"), F("weekday") * 1440 + F("end_minute"),
                          function="int4range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(every_weeks=1, extra=False),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "clinician"], name="session_of_unit")]

    @property
    def first_day(self) -> dt.date:
        first: dt.date = self.period.lower
        return first

    @property
    def end_day(self) -> dt.date | None:
        end: dt.date | None = self.period.upper
        return end


class SessionVisitType(ScopedModel):
    """A visit type that may be booked into a session, and how long it takes there; null: as long as it usually does."""

    SCOPING = Scoping(right=_READ, unit="session__unit_id")
    PHI = NO_PHI

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="visit_types", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "visit_type"], name="session_visit_type_once"),
            models.CheckConstraint(
                name="session_visit_type_minutes_in_day", condition=Q(minutes__gte=1, minutes__lte=LONGEST_VISIT)
            ),
        ]


class SessionException(ScopedModel):
    """A session does not take place on a day."""

    SCOPING = Scoping(right=_READ, unit="session__unit_id")
    PHI = NO_PHI

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="exceptions", db_index=False)
    day = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "day"], name="session_exception_once"),
            models.CheckConstraint(name="session_exception_has_reason", condition=~Q(reason="")),
        ]


class Absence(ScopedModel):
    """A clinician is away, at all sites."""

    SCOPING = Scoping(right=_READ, unit="clinician__resource__unit_id")
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="absences")
    during = DateTimeRangeField()
    kind = models.TextField()

    class Meta:
        constraints = [
            one_of("kind", list(AbsenceKind), name="absence_kind_known"),
            no_overlap(name="absence_once_at_a_time", keys=["clinician_id"], period="during"),
            models.CheckConstraint(
                name="absence_bounded",
                condition=Q(during__isempty=False, during__startswith__isnull=False, during__endswith__isnull=False),
            ),
        ]


class Appointment(ScopedModel):
    """A visit that is booked, with what became of it. Its times are guarded by its allocations."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "start": Phi.CLINICAL,
        "visit_type": Phi.CLINICAL,
        "patient_state": Phi.IDENTIFIER,
        "network": Phi.FINANCIAL,
        "reason": Phi.CLINICAL,
        "reason_category": Phi.CLINICAL,
        "overbook_reason": Phi.CLINICAL,
        "cancel_note": Phi.CLINICAL,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    room = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    mode = models.TextField(default=Mode.IN_PERSON)
    patient_state = models.TextField(default="", db_default="", blank=True, help_text="where they are, when remote")
    network = models.TextField(default="", db_default="", blank=True, help_text="what was known when it was booked")
    status = models.TextField(default=AppointmentStatus.BOOKED)
    reason_category = models.TextField(default=ReasonCategory.OTHER)
    reason = models.TextField(default="", blank=True)
    origin = models.TextField(default=Origin.STAFF)
    overbooked = models.BooleanField(default=False)
    overbook_reason = models.TextField(default="", blank=True)
    cancel_reason = models.TextField(default="", blank=True)
    cancel_note = models.TextField(default="", blank=True)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start", condition=Q(end__gt=F("start"), end__lte=F("start") + _DAY)
            ),
            one_of("status", list(AppointmentStatus), name="appointment_status_known"),
            one_of("mode", list(Mode), name="appointment_mode_known"),
            models.CheckConstraint(
                name="appointment_patient_state_form",
                condition=Q(patient_state="") | Q(patient_state__regex=r"^[A-Z]{2}$"),
            ),
            one_of("network", list(NetworkStanding), name="appointment_network_known"),
            one_of("origin", list(Origin), name="appointment_origin_known"),
            one_of("reason_category", list(ReasonCategory), name="appointment_reason_category_known"),
            one_of("cancel_reason", ["", *CancelReason], name="appointment_cancel_reason_known"),
            models.CheckConstraint(
                name="appointment_cancel_whole",
                condition=Q(status=AppointmentStatus.CANCELLED, cancelled_at__isnull=False) & ~Q(cancel_reason="")
                | ~Q(status=AppointmentStatus.CANCELLED) & Q(cancelled_at__isnull=True, cancel_reason=""),
            ),
            models.CheckConstraint(
                name="appointment_overbook_reason",
                condition=Q(overbooked=False, overbook_reason="") | Q(overbooked=True) & ~Q(overbook_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "start"], name="appointment_of_unit"),
            models.Index(fields=["start"], name="appointment_newest"),
            models.Index(fields=["clinician", "start"], name="appointment_of_clinician"),
            models.Index(fields=["patient", "start"], name="appointment_of_patient"),
        ]
        triggers = [
            # Looked at when the transaction ends, because answer and appointment are written together.
            pgtrigger.Trigger(
                name="appointment_out_of_network_answered",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("network", "clinician_id", "unit_id"),  # type: ignore[no-untyped-call]
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__network=NetworkStanding.OUT),
                func=_OUT_IS_ANSWERED,
            ),
        ]

    @property
    def holds_time(self) -> bool:
        return self.status in HOLDING


class Hold(ScopedModel):
    """A slot is kept for somebody until `expires_at`, while the booking is being made."""

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    holder_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="hold_ends_after_start", condition=Q(end__gt=F("start")))]
        indexes = [models.Index(fields=["expires_at"], name="hold_expiry")]


class Allocation(ScopedModel):
    """A lane of a resource is taken for a while, by an appointment or a hold.

    The resource is a clinician's, a room, a device, or a patient (by canonical id), so there is no foreign key. The
    exclusion constraint is the guarantee against double booking; see docs/algorithms/booking.md.
    """

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = {"resource_id": Phi.LINK, "during": Phi.CLINICAL}

    resource_id = models.UUIDField()
    lane = models.PositiveSmallIntegerField(default=0)
    during = DateTimeRangeField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, null=True, related_name="allocations")
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, null=True, related_name="allocations")
    expires_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            no_overlap(
                name="allocation_lane_once_at_a_time",
                keys=["resource_id"],
                integers=["lane"],
                period="during",
                condition=Q(active=True),
                by_time=True,
            ),
            models.CheckConstraint(
                name="allocation_for_one",
                condition=Q(appointment__isnull=False, hold__isnull=True, expires_at__isnull=True)
                | Q(appointment__isnull=True, hold__isnull=False, expires_at__isnull=False),
            ),
            # The index below finds what overlaps a window by its start alone, because nothing lasts longer.
            models.CheckConstraint(
                name="allocation_within_a_day",
                condition=Q(
                    during__isempty=False,
                    during__startswith__isnull=False,
                    during__endswith__lte=F("during__startswith") + _DAY,
                ),
            ),
        ]
        indexes = [
            models.Index(
                F("resource_id"),
                Func(F("during"), function="lower"),
                include=["during", "lane", "expires_at"],
                condition=Q(active=True),
                name="allocation_calendar",
            ),
            models.Index(fields=["resource_id"], condition=Q(expires_at__isnull=False), name="allocation_of_hold"),
        ]
