"""People who wait for a time, and the offers made to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"


class WaitlistEntry(ScopedModel):
    """Somebody waits for a kind of visit at a site; with `instead_of` for an earlier time than the visit they have."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "visit_type": Phi.CLINICAL,
        "note": Phi.CLINICAL,
        "instead_of": Phi.LINK,
        "appointment": Phi.LINK,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="waitlist_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    urgency = models.TextField(default=Urgency.ROUTINE)
    earliest = models.DateField()
    latest = models.DateField(null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Monday is 0; empty is any")
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=1440)
    notice_minutes = models.PositiveIntegerField(default=120)
    note = models.TextField(default="", blank=True)
    status = models.TextField(default=EntryStatus.WAITING)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    instead_of = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            one_of("urgency", list(Urgency), name="waitlist_urgency_known"),
            one_of("status", list(EntryStatus), name="waitlist_status_known"),
            models.CheckConstraint(
                name="waitlist_days_in_order", condition=Q(latest__isnull=True) | Q(latest__gte=F("earliest"))
            ),
            models.CheckConstraint(
                name="waitlist_hours_in_order", condition=Q(to_minute__gt=F("from_minute"), to_minute__lte=1440)
            ),
            models.CheckConstraint(
                name="waitlist_weekdays_known", condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])
            ),
            models.CheckConstraint(
                name="waitlist_closed_whole",
                condition=Q(status=EntryStatus.WAITING, closed_at__isnull=True)
                | ~Q(status=EntryStatus.WAITING) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="waitlist_booked_has_visit",
                condition=Q(status=EntryStatus.BOOKED, appointment__isnull=False)
                | ~Q(status=EntryStatus.BOOKED) & Q(appointment__isnull=True),
            ),
            models.UniqueConstraint(
                name="waitlist_once_per_kind",
                fields=["patient", "visit_type", "unit"],
                condition=Q(status=EntryStatus.WAITING),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "visit_type", "added_at"],
                condition=Q(status=EntryStatus.WAITING),
                name="waitlist_waiting",
            ),
            models.Index(fields=["unit", "-added_at"], name="waitlist_of_unit"),
        ]


class SlotOffer(ScopedModel):
    """A time offered to somebody who waits. Several may be offered one time, which `hold_id` keeps; the first yes wins.

    The words go out at `sends_at`: not at night, and the time to answer counts from then. The hold is no foreign key:
    it is gone as soon as it is used or given back, the offer stays.
    """

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {"entry": Phi.LINK, "patient": Phi.LINK, "start": Phi.CLINICAL, "during": Phi.CLINICAL}

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.PROTECT, related_name="offers", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    during = DateTimeRangeField()
    hold_id = models.UUIDField()
    status = models.TextField(default=OfferStatus.OPEN)
    offered_at = models.DateTimeField()
    sends_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("status", list(OfferStatus), name="slot_offer_status_known"),
            models.CheckConstraint(
                name="slot_offer_expires_later",
                condition=Q(sends_at__gte=F("offered_at"), expires_at__gt=F("sends_at")),
            ),
            models.CheckConstraint(
                name="slot_offer_answered_whole",
                condition=Q(status=OfferStatus.OPEN, answered_at__isnull=True)
                | ~Q(status=OfferStatus.OPEN) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(name="slot_offer_during_from_start", condition=Q(during__startswith=F("start"))),
            # Who waits for two kinds of visits is asked about one time at a time.
            no_overlap(
                name="slot_offer_one_at_a_time",
                keys=["patient_id"],
                period="during",
                condition=Q(status=OfferStatus.OPEN),
            ),
            models.UniqueConstraint(
                name="slot_offer_one_open", fields=["entry"], condition=Q(status=OfferStatus.OPEN)
            ),
            models.UniqueConstraint(
                name="slot_offer_one_yes", fields=["hold_id"], condition=Q(status=OfferStatus.ACCEPTED)
            ),
            models.UniqueConstraint(name="slot_offer_once", fields=["entry", "clinician", "start"]),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status=OfferStatus.OPEN), name="slot_offer_expiry"),
            models.Index(fields=["hold_id"], name="slot_offer_of_hold"),
        ]
