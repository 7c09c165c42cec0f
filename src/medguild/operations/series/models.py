"""Recurring visits: the series, the rules that held in it one after the other, and its numbered occurrences."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.rules import Mode, ReasonCategory
from medguild.operations.series.rules import MOST, Every
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"
_DAY = 24 * 60


class Series(ScopedModel):
    """A kind of visit that a patient comes for again and again. `unit` is the site of the rule that holds now."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {"patient": Phi.LINK, "visit_type": Phi.CLINICAL, "reason": Phi.CLINICAL, "reason_category": Phi.CLINICAL}

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visit_series")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+", db_index=False)
    mode = models.TextField(default=Mode.IN_PERSON)
    reason_category = models.TextField(default=ReasonCategory.OTHER)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="nothing more is to come of it")

    class Meta:
        constraints = [
            one_of("mode", list(Mode), name="series_mode_known"),
            one_of("reason_category", list(ReasonCategory), name="series_reason_category_known"),
        ]
        indexes = [models.Index(fields=["unit", "-made_at"], name="series_of_unit")]


class SeriesRule(ScopedModel):
    """What held from an occurrence's number on. A rule that was replaced stays, so that the series has a history."""

    SCOPING = Scoping(right=_READ, unit="series__unit_id", patient="series__patient_id")
    PHI = {"series": Phi.LINK, "first_day": Phi.CLINICAL, "until": Phi.CLINICAL}

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="rules")
    since_number = models.PositiveSmallIntegerField()
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    every = models.TextField()
    step = models.PositiveSmallIntegerField(default=1)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Monday is 0")
    first_day = models.DateField()
    minute = models.PositiveSmallIntegerField(help_text="wall-clock minutes after midnight at the site")
    times = models.PositiveSmallIntegerField(null=True)
    until = models.DateField(null=True)
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("every", list(Every), name="series_rule_every_known"),
            models.CheckConstraint(name="series_rule_since_positive", condition=Q(since_number__gte=1)),
            models.CheckConstraint(name="series_rule_step_positive", condition=Q(step__range=(1, 52))),
            models.CheckConstraint(name="series_rule_minute_of_day", condition=Q(minute__lt=_DAY)),
            models.CheckConstraint(
                name="series_rule_weekdays_known", condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])
            ),
            models.CheckConstraint(
                name="series_rule_has_one_end",
                condition=Q(times__isnull=True, until__isnull=False, until__gte=F("first_day"))
                | Q(times__isnull=False, times__range=(1, MOST), until__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["series", "since_number"], condition=Q(replaced_at__isnull=True), name="series_rule_one_from"
            ),
        ]


class Occurrence(ScopedModel):
    """The n-th visit of a series. `planned` is where the rule puts it; without a visit it was skipped.

    Where the visit stands elsewhere, it was moved by itself: that is read, not stored, so it is always true.
    """

    SCOPING = Scoping(right=_READ, unit="series__unit_id", patient="series__patient_id")
    PHI = {"series": Phi.LINK, "planned": Phi.CLINICAL, "appointment": Phi.LINK}

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="occurrences", db_index=False)
    number = models.PositiveSmallIntegerField()
    planned = models.DateTimeField()
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, related_name="occurrences", db_index=False
    )
    skipped_for = models.TextField(default="", blank=True, help_text="why it was not booked")
    dropped_at = models.DateTimeField(null=True, help_text="an edit made the series shorter")

    class Meta:
        constraints = [
            models.CheckConstraint(name="occurrence_number_positive", condition=Q(number__gte=1)),
            models.UniqueConstraint(
                fields=["series", "number"], condition=Q(dropped_at__isnull=True), name="occurrence_number_once"
            ),
            models.UniqueConstraint(fields=["appointment"], name="occurrence_appointment_in_one_series"),
            models.CheckConstraint(
                name="occurrence_visit_or_skipped",
                condition=Q(appointment__isnull=False, skipped_for="")
                | Q(appointment__isnull=True) & ~Q(skipped_for=""),
            ),
        ]
        indexes = [models.Index(fields=["series", "number"], name="occurrence_of_series")]
