"""Settings of standards, deviations from them, marks of processes, and documented workflows."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.standards.rules import COUNTED, DeviationStatus, Dimension, Mode, WorkflowStatus

_STAFF_ROLES = [role for role in Role if role not in RECORD_ROLES]
_TARGET_FORM = (
    Q(dimension=Dimension.UNIT, target="")
    | Q(dimension=Dimension.STATE, target__regex=r"^[A-Z]{2}$")
    | (Q(dimension=Dimension.SPECIALTY) & ~Q(target=""))
    | Q(dimension__in=[Dimension.CLINICIAN, Dimension.PAYER], target__regex=r"^[0-9a-f-]{36}$")
)


class StandardSetting(ScopedModel):
    """The value of a standard at a unit and below, for everybody there or for one target of a dimension."""

    SCOPING = Scoping(right="standards.read", unit="unit_id")
    PHI = NO_PHI

    key = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="standard_settings")
    dimension = models.TextField(default=Dimension.UNIT)
    target = models.TextField(default="", blank=True, help_text="state, specialty, clinician id or payer id")
    value = models.JSONField()
    note = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("dimension", list(Dimension), name="standard_setting_dimension_known"),
            models.CheckConstraint(name="standard_setting_target_fits", condition=_TARGET_FORM),
            models.CheckConstraint(name="standard_setting_has_key", condition=~Q(key="")),
            no_overlap(name="standard_setting_once_at_a_time", keys=["unit_id"], texts=["key", "dimension", "target"]),
            whole_period(name="standard_setting_period_whole"),
        ]
        indexes = [models.Index(fields=["key", "unit"], name="standard_setting_of_unit")]


class Deviation(ScopedModel):
    """A value outside of what the standard allows: with a reason, an end, and the approval of somebody else."""

    SCOPING = Scoping(right="standards.read", unit="unit_id")
    PHI = NO_PHI

    key = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deviations")
    dimension = models.TextField(default=Dimension.UNIT)
    target = models.TextField(default="", blank=True)
    value = models.JSONField()
    reason = models.TextField()
    period = DateRangeField()
    status = models.TextField(default=DeviationStatus.PROPOSED)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("dimension", list(Dimension), name="deviation_dimension_known"),
            one_of("status", list(DeviationStatus), name="deviation_status_known"),
            models.CheckConstraint(name="deviation_target_fits", condition=_TARGET_FORM),
            models.CheckConstraint(name="deviation_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="deviation_has_end", condition=Q(period__endswith__isnull=False)),
            whole_period(name="deviation_period_whole"),
            models.CheckConstraint(
                name="deviation_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="deviation_decision_whole",
                condition=(
                    ~Q(status__in=[DeviationStatus.APPROVED, DeviationStatus.REJECTED, DeviationStatus.ENDED])
                    | Q(decided_by__isnull=False, decided_at__isnull=False)
                )
                & (~Q(status=DeviationStatus.PROPOSED) | Q(decided_by__isnull=True, decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="deviation_end_noted",
                condition=Q(status=DeviationStatus.ENDED, ended_at__isnull=False)
                | (~Q(status=DeviationStatus.ENDED) & Q(ended_at__isnull=True)),
            ),
            no_overlap(
                name="deviation_once_at_a_time",
                keys=["unit_id"],
                texts=["key", "dimension", "target"],
                condition=Q(status__in=sorted(COUNTED)),
            ),
        ]
        indexes = [models.Index(fields=["key", "unit"], name="deviation_of_unit")]

    def label(self) -> str:
        return self.key


class ProcessMark(OpenModel):
    """The group's word on a standard: standard, bounded or local, why, and when that is looked at again."""

    OPEN_REASON = "how the group wants a process to run is for everybody in it to know"
    PHI = NO_PHI

    key = models.TextField()
    mode = models.TextField()
    reason = models.TextField()
    review_on = models.DateField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("mode", list(Mode), name="process_mark_mode_known"),
            models.CheckConstraint(name="process_mark_has_reason", condition=~Q(reason="") & ~Q(key="")),
            no_overlap(name="process_mark_once_at_a_time", keys=[], texts=["key"]),
            whole_period(name="process_mark_period_whole"),
        ]


class Workflow(ScopedModel):
    """A process that code cannot hold: a text, an owner, a question that tells whether it is followed."""

    SCOPING = Scoping(right="standards.read", unit="unit_id")
    PHI = NO_PHI

    title = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="workflows")
    owner_role = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    mode = models.TextField(default=Mode.STANDARD)
    mode_reason = models.TextField(default="", blank=True)
    check_question = models.TextField()
    review_on = models.DateField()
    status = models.TextField(default=WorkflowStatus.DRAFT)

    class Meta:
        constraints = [
            one_of("owner_role", _STAFF_ROLES, name="workflow_owner_role_known"),
            one_of("mode", list(Mode), name="workflow_mode_known"),
            one_of("status", list(WorkflowStatus), name="workflow_status_known"),
            models.CheckConstraint(name="workflow_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="workflow_has_question", condition=~Q(check_question="")),
        ]

    def label(self) -> str:
        return self.title


class WorkflowVersion(ScopedModel):
    """One version of the text; the highest number is the present one, older ones stay readable."""

    SCOPING = Scoping(right="standards.read", unit="workflow__unit_id")
    PHI = NO_PHI

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    change_note = models.TextField(default="", blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "number"], name="workflow_version_once"),
            models.CheckConstraint(name="workflow_version_number_positive", condition=Q(number__gte=1)),
            models.CheckConstraint(name="workflow_version_has_text", condition=~Q(text="")),
        ]


class WorkflowCheck(ScopedModel):
    """The answer of a practice to the check question on a day: adoption is the share of yes among the latest."""

    SCOPING = Scoping(right="standards.read", unit="unit_id")
    PHI = NO_PHI

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="checks", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    followed = models.BooleanField()
    note = models.TextField(default="", blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "unit", "checked_on"], name="workflow_check_once_a_day"),
            models.CheckConstraint(name="workflow_check_no_needs_note", condition=Q(followed=True) | ~Q(note="")),
        ]
