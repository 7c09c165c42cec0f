"""What a kind of visit needs besides its clinician, how long it takes for whom, and when staff and devices are in."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import LONGEST_VISIT, MOST_NEEDED

_OPEN = "part of a kind of visit, which is no secret"


class VisitNeed(OpenModel):
    """A visit of this kind takes so many resources with a capability, of those at its site.

    `padded`: they are taken while the visit is prepared and cleaned up after as well.
    """

    OPEN_REASON = _OPEN
    PHI = NO_PHI

    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="needs", db_index=False)
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField(default=1)
    padded = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit_type", "capability"], name="visit_need_once"),
            models.CheckConstraint(name="visit_need_count_sane", condition=Q(count__range=(1, MOST_NEEDED))),
        ]


class VisitTypeLength(OpenModel):
    """How long a kind of visit takes in a specialty, at a unit (and all below it) or with a clinician.

    The most specific row of the day wins: clinician, then the nearest unit, then specialty. A session's own length
    beats all.
    """

    OPEN_REASON = _OPEN
    PHI = NO_PHI

    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="lengths", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    specialty = models.TextField(default="", blank=True)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(
                name="visit_type_length_once_at_a_time", keys=["visit_type_id"], nullable=["unit_id", "clinician_id"],
                texts=["specialty"],
            ),
            whole_period(name="visit_type_length_period_whole"),
            models.CheckConstraint(
                name="visit_type_length_for_somebody",
                condition=Q(unit__isnull=False) | Q(clinician__isnull=False) | ~Q(specialty=""),
            ),
            models.CheckConstraint(
                name="visit_type_length_in_day", condition=Q(minutes__gte=1, minutes__lte=LONGEST_VISIT)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["visit_type"], name="visit_type_length_of_kind")]


class StaffShift(ScopedModel):
    """When a member of the staff works at a site: weekly wall-clock minutes, for a period. Only then may visits take
    them; at one site at a time."""

    SCOPING = Scoping(right="scheduling.read", unit="unit_id")
    PHI = NO_PHI

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0")
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="staff_shift_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="staff_shift_ends_after_start",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=LONGEST_VISIT),
            ),
            whole_period(name="staff_shift_period_whole"),
            ExclusionConstraint(
                name="staff_shift_once_at_a_time",
                expressions=[
                    (Func("resource_id", "resource_id", Value("[]"), function="uuidrange"), RangeOperators.OVERLAPS),
                    (Func(F("weekday") * 1440 + F("start_minute"), F("weekday") * 1440 + F("end_minute"),
                          function="int4range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]  # fmt: skip


class ResourceOutage(ScopedModel):
    """A room, a device or a member of the staff is not there for a while: repair, leave, inspection."""

    SCOPING = Scoping(right="scheduling.read", unit="resource__unit_id")
    PHI = NO_PHI

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="outages", db_index=False)
    during = DateTimeRangeField()
    reason = models.TextField()

    class Meta:
        constraints = [
            no_overlap(name="resource_outage_once_at_a_time", keys=["resource_id"], period="during"),
            models.CheckConstraint(name="resource_outage_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="resource_outage_bounded",
                condition=Q(during__isempty=False, during__startswith__isnull=False, during__endswith__isnull=False),
            ),
        ]
