"""Versions of a clinician's template with their blocks, and the visits that a change makes move."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.held_models import HeldPart, rules_of_held
from medguild.operations.scheduling.models import Appointment, Session, VisitType
from medguild.operations.scheduling.rules import LONGEST_VISIT
from medguild.operations.templates.rules import (
    IN_FORCE,
    LEFT,
    MOVING,
    Cause,
    Choice,
    MoveStatus,
    PlanStatus,
    Trouble,
    VersionStatus,
    Why,
)

_READ = "scheduling.read"


class TemplateVersion(ScopedModel):
    """All sessions of a clinician over all sites, from a day on. `period` is that day until the next version's.

    `effect` keeps the numbers of the last preview; `basis` is a mark of the sessions it was made from.
    """

    SCOPING = Scoping(right=_READ, unit="clinician__resource__unit_id")
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="template_versions", db_index=False)
    number = models.PositiveIntegerField()
    name = models.TextField()
    status = models.TextField(default=VersionStatus.DRAFT)
    period = DateRangeField()
    note = models.TextField(default="", blank=True)
    written_by = models.TextField(default="", blank=True, help_text="how the writer was called then")
    written_at = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    basis = models.TextField(default="", blank=True)
    effect = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinician", "number"], name="template_version_number_once"),
            one_of("status", list(VersionStatus), name="template_version_status_known"),
            models.CheckConstraint(name="template_version_named", condition=~Q(name="")),
            whole_period(name="template_version_period_whole"),
            no_overlap(
                name="template_version_once_a_day",
                keys=["clinician_id"],
                condition=Q(status__in=sorted(IN_FORCE)),
            ),
            models.CheckConstraint(
                name="template_version_applied_whole",
                condition=Q(status__in=[VersionStatus.DRAFT, VersionStatus.PREVIEWED], applied_at__isnull=True)
                | ~Q(status__in=[VersionStatus.DRAFT, VersionStatus.PREVIEWED]) & Q(applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="template_version_previewed_whole",
                condition=~Q(status=VersionStatus.PREVIEWED) | Q(previewed_at__isnull=False),
            ),
        ]

    def label(self) -> str:
        return self.name


class TemplateBlock(ScopedModel):
    """A weekly block of a version; once applied, `session` is what it became."""

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    version = models.ForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="blocks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0")
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    anchor = models.DateField(null=True, help_text="a Monday; empty: the first week in which the version holds")
    step_minutes = models.PositiveSmallIntegerField(default=15)
    capacity = models.PositiveSmallIntegerField(default=1)
    overbook_limit = models.PositiveSmallIntegerField(default=1)
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="template_block_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="template_block_ends_after_start",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440),
            ),
            models.CheckConstraint(name="template_block_every_weeks", condition=Q(every_weeks__range=(1, 53))),
            models.CheckConstraint(
                name="template_block_anchor_monday", condition=Q(anchor__isnull=True) | Q(anchor__iso_week_day=1)
            ),
            models.CheckConstraint(name="template_block_step", condition=Q(step_minutes__range=(5, 240))),
            models.CheckConstraint(name="template_block_capacity", condition=Q(capacity__range=(1, 100))),
            ExclusionConstraint(
                name="template_block_weekly_once_at_a_time",
                expressions=[
                    (Func("version_id", "version_id", Value("[]"), function="uuidrange"), RangeOperators.OVERLAPS),
                    (Func(F("weekday") * 1440 + F("start_minute"), F("weekday") * 1440 + F("end_minute"),
                          function="int4range"), RangeOperators.OVERLAPS),
                ],
                condition=Q(every_weeks=1),
            ),
        ]  # fmt: skip


class TemplateKind(ScopedModel):
    """A kind of visit that a block takes, and for how long there."""

    SCOPING = Scoping(right=_READ, unit="block__unit_id")
    PHI = NO_PHI

    block = models.ForeignKey(TemplateBlock, on_delete=models.CASCADE, related_name="kinds", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="empty: as long as it usually takes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["block", "visit_type"], name="template_kind_once"),
            models.CheckConstraint(
                name="template_kind_minutes_in_day", condition=Q(minutes__gte=1, minutes__lte=LONGEST_VISIT)
            ),
        ]


class TemplateHeld(HeldPart):
    """A part of a block that is held for a purpose."""

    SCOPING = Scoping(right=_READ, unit="block__unit_id")

    block = models.ForeignKey(TemplateBlock, on_delete=models.CASCADE, related_name="held")

    class Meta:
        constraints = rules_of_held("template_held")


class MovePlan(ScopedModel):
    """The visits that one change makes move: a version, an absence or a closed day (`cause_id`)."""

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    cause = models.TextField()
    cause_id = models.UUIDField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, related_name="+")
    first_day = models.DateField()
    status = models.TextField(default=PlanStatus.PROPOSED)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("cause", list(Cause), name="move_plan_cause_known"),
            one_of("status", list(PlanStatus), name="move_plan_status_known"),
            models.UniqueConstraint(fields=["cause", "cause_id"], name="move_plan_once"),
            models.CheckConstraint(
                name="move_plan_finished_whole",
                condition=Q(status=PlanStatus.DONE, finished_at__isnull=False)
                | ~Q(status=PlanStatus.DONE) & Q(finished_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["status"], condition=Q(status=PlanStatus.RUNNING), name="move_plan_running")]


class PlannedMove(ScopedModel):
    """A visit that must move: where it was, what is proposed, what was chosen, what became of it."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK, "was_start": Phi.CLINICAL, "to_start": Phi.CLINICAL}

    plan = models.ForeignKey(MovePlan, on_delete=models.CASCADE, related_name="moves", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="planned_moves")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    was_start = models.DateTimeField()
    trouble = models.TextField()
    to_start = models.DateTimeField(null=True)
    to_clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.TextField(default="", blank=True)
    choice = models.TextField(default=Choice.NONE, blank=True)
    chosen_by = models.UUIDField(null=True)
    status = models.TextField(default=MoveStatus.OPEN)
    failure = models.TextField(default="", blank=True, help_text="code of the refusal, when the last try failed")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "appointment"], name="planned_move_once"),
            one_of("trouble", list(Trouble), name="planned_move_trouble_known"),
            one_of("why", ["", *Why], name="planned_move_why_known"),
            one_of("choice", list(Choice), name="planned_move_choice_known"),
            one_of("status", list(MoveStatus), name="planned_move_status_known"),
            models.CheckConstraint(
                name="planned_move_target_whole",
                condition=Q(to_start__isnull=True, to_clinician__isnull=True, to_unit__isnull=True)
                | Q(to_start__isnull=False, to_clinician__isnull=False, to_unit__isnull=False),
            ),
            models.CheckConstraint(
                name="planned_move_chosen_has_target",
                condition=~Q(choice__in=sorted(MOVING)) | Q(to_start__isnull=False),
            ),
            models.CheckConstraint(
                name="planned_move_settled_whole",
                condition=Q(status__in=sorted(LEFT), settled_at__isnull=True)
                | ~Q(status__in=sorted(LEFT)) & Q(settled_at__isnull=False),
            ),
        ]
