"""Parts of a session that are held for a purpose until shortly before, and the uses of these with a reason."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.models import Appointment, Session

_READ = "scheduling.read"


def rules_of_held(name: str) -> list[models.BaseConstraint]:
    """What holds of every held part, each rule named after its table: one known purpose, an end after the start, a
    release so many days or so many hours before (not both, not never), kinds of visits only where it is for these."""
    days, hours = Q(release_days__isnull=False), Q(release_hours__isnull=False)
    kinds = Q(purpose=Purpose.KINDS, visit_types__len__gte=1) | ~Q(purpose=Purpose.KINDS) & Q(visit_types__len=0)
    in_order = Q(end_minute__gt=F("start_minute"), end_minute__lte=1440)
    return [
        one_of("purpose", list(Purpose), name=f"{name}_purpose_known"),
        models.CheckConstraint(name=f"{name}_ends_after_start", condition=in_order),
        models.CheckConstraint(name=f"{name}_release_one", condition=(days & ~hours) | (hours & ~days)),
        models.CheckConstraint(name=f"{name}_kinds_where_meant", condition=kinds),
    ]


class HeldPart(ScopedModel):
    """Wall-clock minutes that only a purpose may book until they are released.

    `release_days` counts to the midnight that begins that day at the site; `release_hours` to the part's own start.
    """

    PHI = NO_PHI

    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    purpose = models.TextField()
    visit_types = ArrayField(models.UUIDField(), default=list)
    release_days = models.PositiveSmallIntegerField(null=True)
    release_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class HeldBlock(HeldPart):
    """A part of a session that is held."""

    SCOPING = Scoping(right=_READ, unit="session__unit_id")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="held")

    class Meta:
        constraints = rules_of_held("held_block")


class HeldUse(ScopedModel):
    """A visit was booked into a held part before its release, by somebody who may, for a reason."""

    SCOPING = Scoping(right=_READ, unit="appointment__unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK, "reason": Phi.CLINICAL}

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="held_uses")
    purpose = models.TextField()
    reason = models.TextField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("purpose", list(Purpose), name="held_use_purpose_known"),
            models.CheckConstraint(name="held_use_has_reason", condition=~Q(reason="")),
        ]
