"""What was sent to patients, and what they answered."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.experience.outreach.rules import LONGEST_LEAD, NoticeKind, NoticeStatus, Said, Withheld
from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel


class ReminderTerms(OpenModel):
    """When patients are reminded of a kind of visit, in hours before; 0 is none. Without a row: as the site's standards
    say."""

    OPEN_REASON = "when reminders of a kind of visit go out is no secret"
    PHI = NO_PHI

    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_hours = models.PositiveSmallIntegerField()
    last_hours = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="reminder_terms_once_at_a_time", keys=["visit_type_id"]),
            whole_period(name="reminder_terms_period_whole"),
            models.CheckConstraint(
                name="reminder_terms_hours_known",
                condition=Q(first_hours__range=(0, LONGEST_LEAD), last_hours__range=(0, LONGEST_LEAD)),
            ),
        ]


class Notice(ScopedModel):
    """One message to a patient, sent once per `source`. The address is kept, the words are not: they follow from it."""

    SCOPING = Scoping(right="outreach.read", unit="unit_id", patient="patient_id")
    PHI = {"patient": Phi.LINK, "address": Phi.IDENTIFIER, "appointment": Phi.LINK}

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="notices")
    kind = models.TextField()
    source = models.TextField(help_text="what it is about, so that it is sent once")
    channel = models.TextField(default="", blank=True)
    address = models.TextField(default="", blank=True)
    status = models.TextField()
    reason = models.TextField(default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], name="notice_once_per_source"),
            one_of("kind", list(NoticeKind), name="notice_kind_known"),
            one_of("status", list(NoticeStatus), name="notice_status_known"),
            one_of("reason", ["", *Withheld], name="notice_reason_known"),
            one_of("channel", ["", *Channel], name="notice_channel_known"),
            models.CheckConstraint(
                name="notice_sent_somewhere",
                condition=Q(status=NoticeStatus.WITHHELD) & Q(reason__in=[one.value for one in Withheld])
                | ~Q(status=NoticeStatus.WITHHELD) & ~Q(channel="") & ~Q(address=""),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-sent_at"], name="notice_of_unit"),
            models.Index(fields=["address", "-sent_at"], name="notice_to_address", condition=~Q(address="")),
            models.Index(fields=["sent_at"], name="notice_to_repeat", condition=Q(status=NoticeStatus.FAILED)),
        ]


class Reply(ScopedModel):
    """What a patient answered to a reminder; the latest counts."""

    SCOPING = Scoping(right="outreach.read", unit="appointment__unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK}

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="replies", db_index=False)
    said = models.TextField()
    at = models.DateTimeField()
    by_link = models.BooleanField(default=True)

    class Meta:
        constraints = [one_of("said", [Said.YES, Said.NO], name="reply_said_known")]
        indexes = [models.Index(fields=["appointment", "-at"], name="reply_of_appointment")]
