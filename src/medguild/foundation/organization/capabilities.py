"""What rooms, devices and people can be used for: kinds of rooms, kinds of devices, skills. Dated, because a room is
rebuilt, a device replaced, and a skill learnt or lapsed."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.rules import CAPABLE


class Capability(OpenModel):
    """A kind of room ("procedure room"), a kind of device ("ultrasound"), or a skill of a person ("sonographer")."""

    OPEN_REASON = "names of kinds and skills are known to everybody who works in the house"
    PHI = NO_PHI

    kind = models.TextField(choices=[(kind.value, kind.value) for kind in CAPABLE])
    code = models.SlugField(max_length=40)
    name = models.TextField()

    class Meta:
        constraints = [
            one_of("kind", [kind.value for kind in CAPABLE], name="capability_kind_known"),
            models.UniqueConstraint(fields=["code"], name="capability_code_once"),
            models.CheckConstraint(name="capability_named", condition=~Q(code="") & ~Q(name="")),
        ]

    def label(self) -> str:
        return self.name


class ResourceCapability(ScopedModel):
    """A resource can be used for something during a period."""

    SCOPING = Scoping(right="organization.read", unit="resource__unit_id")
    PHI = NO_PHI

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="capabilities", db_index=False)
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="held_by")
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="resource_capability_once_at_a_time", keys=["resource_id", "capability_id"]),
            whole_period(name="resource_capability_period_whole"),
        ]
