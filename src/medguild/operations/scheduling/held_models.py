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


def release_is_one(name: str) -> models.CheckConstraint:
    """A part is released so many days, or so many hours, before it begins; not both, and not never."""
    days, hours = Q(release_days__isnull=False), Q(release_hours__isnull=False)
    return models.CheckConstraint(name=name, condition=(days & ~hours) | (hours & ~days))


def kinds_where_meant(name: str) -> models.CheckConstraint:
    """Named kinds of visits belong to a part that is held for these, and to no other."""
    return models.CheckConstraint(
        name=name,
        condition=Q(purpose=Purpose.KINDS, visit_types__len__gte=1) | ~Q(purpose=Purpose.KINDS) & Q(visit_types__len=0),
    )


class HeldBlock(ScopedModel):
    """A part of a session (wall-clock minutes, as the session's) that only its purpose may book until it is released.

    `release_days` counts to the midnight that begins that day at the site; `release_hours` to the part's own start.
    """

    SCOPING = Scoping(right=_READ, unit="session__unit_id")
    PHI = NO_PHI

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="held")
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    purpose = models.TextField()
    visit_types = ArrayField(models.UUIDField(), default=list)
    release_days = models.PositiveSmallIntegerField(null=True)
    release_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            one_of("purpose", list(Purpose), name="held_block_purpose_known"),
            models.CheckConstraint(
                name="held_block_ends_after_start", condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440)
            ),
            release_is_one("held_block_release_one"),
            kinds_where_meant("held_block_kinds_where_meant"),
        ]


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
