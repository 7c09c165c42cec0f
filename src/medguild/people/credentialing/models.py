"""What allows a clinician to practise beyond the state licence: compacts, registrations, privileges at a site."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ClinicianKind
from medguild.people.credentialing.rules import PrivilegeStanding

_PUBLIC = "boards and compacts publish who may practise where"
_STATE = r"^[A-Z]{2}$"


class Compact(OpenModel):
    """An agreement of states on a profession. Which states have joined is loaded from its commission, never assumed."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    code = models.TextField()
    name = models.TextField()
    clinician_kinds = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="compact_code_once"),
            models.CheckConstraint(name="compact_named", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(
                name="compact_kinds_known",
                condition=Q(clinician_kinds__contained_by=[kind.value for kind in ClinicianKind])
                & Q(clinician_kinds__len__gte=1),
            ),
        ]

    def label(self) -> str:
        return self.name


class CompactState(OpenModel):
    """A state is a member of a compact."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    compact = models.ForeignKey(Compact, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=2)
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="compact_state_two_letters", condition=Q(state__regex=_STATE)),
            no_overlap(name="compact_state_once_at_a_time", keys=["compact_id"], texts=["state"]),
            whole_period(name="compact_state_period_whole"),
        ]


class CompactPrivilege(OpenModel):
    """A clinician may use a compact from their home state, in all of its states or in one."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="compact_privileges")
    compact = models.ForeignKey(Compact, on_delete=models.PROTECT, related_name="privileges")
    home_state = models.CharField(max_length=2)
    state = models.CharField(max_length=2, default="", blank=True)
    number = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="compact_privilege_states",
                condition=Q(home_state__regex=_STATE) & (Q(state="") | Q(state__regex=_STATE)),
            ),
            models.CheckConstraint(name="compact_privilege_has_number", condition=~Q(number="")),
            no_overlap(
                name="compact_privilege_once_at_a_time", keys=["clinician_id", "compact_id"], texts=["state"]
            ),
            whole_period(name="compact_privilege_period_whole"),
        ]  # fmt: skip


class TelehealthRegistration(OpenModel):
    """A clinician may see patients in a state by video or telephone, without its full licence."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="telehealth_registrations")
    state = models.CharField(max_length=2)
    number = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="telehealth_state_two_letters", condition=Q(state__regex=_STATE)),
            models.CheckConstraint(name="telehealth_has_number", condition=~Q(number="")),
            no_overlap(name="telehealth_once_at_a_time", keys=["clinician_id"], texts=["state"]),
            whole_period(name="telehealth_period_whole"),
        ]


class PrivilegeType(OpenModel):
    """A procedure or group of procedures that needs a privilege of its own."""

    OPEN_REASON = "what needs a privilege is no secret"
    PHI = NO_PHI

    code = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="privilege_type_code_once"),
            models.CheckConstraint(name="privilege_type_named", condition=~Q(code="") & ~Q(name="")),
        ]

    def label(self) -> str:
        return self.name


class Privilege(OpenModel):
    """What a clinician may do at a unit and below it: privileging is of a site, not of a state."""

    OPEN_REASON = "whoever books must know who may do what; nothing of the file behind it is kept here"
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="privileges")
    type = models.ForeignKey(PrivilegeType, on_delete=models.PROTECT, related_name="held")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    standing = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("standing", list(PrivilegeStanding), name="privilege_standing_known"),
            no_overlap(name="privilege_once_at_a_time", keys=["clinician_id", "type_id", "unit_id"]),
            whole_period(name="privilege_period_whole"),
        ]
