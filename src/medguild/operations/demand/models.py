"""What is kept for the numbers of access: searches for a time, dated samples, clinic days with their delay."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import Origin

_READ = "demand.read"


class SlotSearch(OpenModel):
    """Somebody looked for a time. `asker` is a keyed hash that makes repeated looks one wish and leads to nobody.

    `unit` None is any site. `found` counts the free starts that were shown; 0 is a wish that could not be met.
    """

    OPEN_REASON = "that somebody looked for a kind of visit tells nothing of anybody"
    PHI = NO_PHI

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    first_day = models.DateField()
    end_day = models.DateField()
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=1440)
    found = models.PositiveIntegerField()
    door = models.TextField()
    asker = models.TextField()
    searched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="slot_search_days_in_order", condition=Q(end_day__gt=F("first_day"))),
            models.CheckConstraint(
                name="slot_search_hours_in_order", condition=Q(to_minute__gt=F("from_minute"), to_minute__lte=1440)
            ),
            one_of("door", list(Origin), name="slot_search_door_known"),
            models.UniqueConstraint(
                name="slot_search_once", fields=["asker", "visit_type", "unit", "first_day"], nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["searched_at"], name="slot_search_newest"),
            models.Index(fields=["unit", "first_day"], condition=Q(found=0), name="slot_search_in_vain"),
        ]


class ThirdNextSample(ScopedModel):
    """Days to the third open slot of a clinician for a kind of visit at a site, on one day; None: none in sight.

    `reconstructed` says that the calendar of that day was put together later from what had been booked by then.
    """

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    day = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="+", db_index=False)
    days = models.PositiveSmallIntegerField(null=True)
    reconstructed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="third_next_sample_once", fields=["unit", "visit_type", "day", "clinician"]
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["day", "unit"], name="third_next_sample_of_day")]


class TypicalTime(ScopedModel):
    """How long a kind of visit takes with a clinician: the median of the three months before `month`, in seconds."""

    SCOPING = Scoping(right=_READ, unit="clinician__resource__unit_id")
    PHI = NO_PHI

    month = models.DateField()
    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_index=False)
    seconds = models.PositiveIntegerField()
    visits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="typical_time_once", fields=["clinician", "visit_type", "month"]),
            models.CheckConstraint(name="typical_time_from_visits", condition=Q(visits__gte=1)),
        ]


class ClinicDay(ScopedModel):
    """How long patients of a clinician waited beyond their times at a site on a day, in seconds, and by which cause.

    Causes are disjoint and sum to `late` (docs/algorithms/late_running.md).
    """

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    day = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="+", db_index=False)
    visits = models.PositiveSmallIntegerField()
    late_visits = models.PositiveSmallIntegerField()
    late = models.PositiveIntegerField()
    template = models.PositiveIntegerField(default=0)
    overbooking = models.PositiveIntegerField(default=0)
    visit_mix = models.PositiveIntegerField(default=0)
    documentation = models.PositiveIntegerField(default=0)
    patient = models.PositiveIntegerField(default=0)
    staff = models.PositiveIntegerField(default=0)
    clinician_other = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinic_day_once", fields=["unit", "day", "clinician"]),
            models.CheckConstraint(
                name="clinic_day_causes_sum_to_late",
                condition=Q(
                    late=F("template") + F("overbooking") + F("visit_mix") + F("documentation") + F("patient")
                    + F("staff") + F("clinician_other")
                ),
            ),
            models.CheckConstraint(name="clinic_day_late_visits_of_visits", condition=Q(late_visits__lte=F("visits"))),
        ]  # fmt: skip
        indexes = [models.Index(fields=["day", "unit"], name="clinic_day_of_day")]
