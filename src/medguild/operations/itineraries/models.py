"""Campuses with walking times, and days on which a patient has several visits on one of them."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.operations.scheduling.models import Appointment
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"
_SIGNPOSTED = "where buildings stand is on every signpost"


class Campus(OpenModel):
    """Buildings that are a walk apart."""

    OPEN_REASON = _SIGNPOSTED
    PHI = NO_PHI

    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="campus_name_once"),
            models.CheckConstraint(name="campus_has_name", condition=~Q(name="")),
        ]

    def label(self) -> str:
        return self.name


class CampusPlace(OpenModel):
    """A site stands on a campus for a period, so many metres east and south of the plan's north-west corner."""

    OPEN_REASON = _SIGNPOSTED
    PHI = NO_PHI

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    building = models.TextField(default="", blank=True, help_text="as the signposts name it")
    east = models.PositiveSmallIntegerField()
    south = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="campus_place_one_at_a_time", keys=["unit_id"]),
            models.CheckConstraint(name="campus_place_on_the_plan", condition=Q(east__lte=5000, south__lte=5000)),
            whole_period(name="campus_place_period_whole"),
        ]


class WalkingTime(OpenModel):
    """Minutes between two sites where they were measured; elsewhere they are worked out from the plan."""

    OPEN_REASON = _SIGNPOSTED
    PHI = NO_PHI

    one = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="walking_time_pair_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="walking_time_in_range", condition=Q(minutes__range=(1, 120))),
            no_overlap(name="walking_time_once_at_a_time", keys=["one_id", "other_id"]),
            whole_period(name="walking_time_period_whole"),
        ]


class Itinerary(ScopedModel):
    """Several visits of a patient on one campus on one day."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {"patient": Phi.LINK, "day": Phi.CLINICAL}

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="itineraries")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="first site")
    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-day"], name="itinerary_of_unit")]


class ItineraryPart(ScopedModel):
    """One of the visits, in the order planned. `after` are the places of those that had to come before it."""

    SCOPING = Scoping(right=_READ, unit="itinerary__unit_id", patient="itinerary__patient_id")
    PHI = {"itinerary": Phi.LINK, "appointment": Phi.LINK}

    itinerary = models.ForeignKey(Itinerary, on_delete=models.PROTECT, related_name="parts", db_index=False)
    place = models.PositiveSmallIntegerField()
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="itinerary_parts", db_index=False
    )
    must_follow = models.BooleanField(default=False, help_text="needs the part before it to be over")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["itinerary", "place"], name="itinerary_part_place_once"),
            models.UniqueConstraint(fields=["appointment"], name="itinerary_part_appointment_once"),
            models.CheckConstraint(name="itinerary_part_place_positive", condition=Q(place__gte=1)),
        ]
