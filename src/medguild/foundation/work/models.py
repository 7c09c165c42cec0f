"""Duties, work items, hand-offs, and needs that nobody owns yet."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.work.rules import Escalation, HandoffStatus, ItemStatus, Priority

_STAFF_ROLES = ["", *(role.value for role in Role if role not in RECORD_ROLES)]
_TAKEN = [ItemStatus.ACCEPTED, ItemStatus.IN_PROGRESS]
_CLOSED = [ItemStatus.DONE, ItemStatus.CANCELLED]


class Duty(ScopedModel):
    """Who answers for a type of work at a unit and below, for a period: a role or one person, and who stands in."""

    SCOPING = Scoping(right="work.read", unit="unit_id")
    PHI = NO_PHI

    work_type = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    specialty = models.TextField(default="", blank=True)
    role = models.TextField(default="", blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="duties")
    backup_role = models.TextField(default="", blank=True)
    backup_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cover_hours = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="duty_has_type", condition=~Q(work_type="")),
            one_of("role", _STAFF_ROLES, name="duty_role_known"),
            one_of("backup_role", _STAFF_ROLES, name="duty_backup_role_known"),
            models.CheckConstraint(
                name="duty_one_accountable",
                condition=(Q(role="", user__isnull=False) | (~Q(role="") & Q(user__isnull=True))),
            ),
            models.CheckConstraint(
                name="duty_one_backup_at_most", condition=Q(backup_role="") | Q(backup_user__isnull=True)
            ),
            models.CheckConstraint(
                name="duty_backup_is_another",
                condition=(Q(backup_user__isnull=True) | Q(user__isnull=True) | ~Q(backup_user=F("user")))
                & (Q(backup_role="") | ~Q(backup_role=F("role"))),
            ),
            no_overlap(name="duty_one_owner_at_a_time", keys=["unit_id"], texts=["work_type", "specialty"]),
            whole_period(name="duty_period_whole"),
        ]

    def label(self) -> str:
        return self.work_type


class WorkItem(ScopedModel):
    """One piece of work with one owner and a clock. `source` names what it came from, so that it is opened once.

    `subject_id` points to a record of any wing, whose room says how it is called and who may see it.
    """

    SCOPING = Scoping(right="work.read", unit="unit_id")
    PHI = {
        "subject_id": Phi.LINK,
        "patient_id": Phi.LINK,
        "source": Phi.LINK,
        "summary": Phi.CLINICAL,
        "outcome": Phi.CLINICAL,
    }

    work_type = models.TextField()
    subject_type = models.TextField(default="", blank=True)
    subject_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="work_items")
    specialty = models.TextField(default="", blank=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="items")
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="work_items")
    category = models.TextField(default="", blank=True)
    summary = models.TextField(default="", blank=True)
    priority = models.PositiveSmallIntegerField(default=Priority.NORMAL)
    status = models.TextField(default=ItemStatus.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    escalation = models.PositiveSmallIntegerField(default=Escalation.NONE)
    escalates_at = models.DateTimeField(null=True)
    escalated_role = models.TextField(default="", blank=True)
    escalated_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    source = models.TextField(null=True)  # noqa: DJ001 - null is "no source", so that a unique constraint ignores it

    class Meta:
        constraints = [
            one_of("status", list(ItemStatus), name="work_item_status_known"),
            models.CheckConstraint(
                name="work_item_priority_known", condition=Q(priority__in=[int(value) for value in Priority])
            ),
            models.CheckConstraint(
                name="work_item_escalation_known", condition=Q(escalation__in=[int(value) for value in Escalation])
            ),
            models.CheckConstraint(name="work_item_has_type", condition=~Q(work_type="")),
            models.CheckConstraint(
                name="work_item_subject_whole",
                condition=Q(subject_type="", subject_id__isnull=True)
                | (~Q(subject_type="") & Q(subject_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="work_item_taken_has_owner",
                condition=Q(status__in=_TAKEN, assignee__isnull=False, taken_at__isnull=False)
                | Q(status=ItemStatus.OPEN, assignee__isnull=True, taken_at__isnull=True)
                | Q(status__in=_CLOSED),
            ),
            models.CheckConstraint(
                name="work_item_closed_has_outcome",
                condition=(Q(status__in=_CLOSED, closed_at__isnull=False) & ~Q(outcome=""))
                | (~Q(status__in=_CLOSED) & Q(closed_at__isnull=True, outcome="")),
            ),
            models.UniqueConstraint(fields=["source"], name="work_item_source_once"),
        ]
        indexes = [
            models.Index(fields=["unit", "due_at"], name="work_item_live", condition=~Q(status__in=_CLOSED)),
            models.Index(fields=["assignee", "due_at"], name="work_item_of_user", condition=~Q(status__in=_CLOSED)),
            models.Index(fields=["escalates_at"], name="work_item_to_climb", condition=Q(escalates_at__isnull=False)),
            models.Index(fields=["subject_type", "subject_id"], name="work_item_of_subject"),
        ]

    def label(self) -> str:
        return self.summary or self.work_type


class Handoff(ScopedModel):
    """One person hands an item to another, or to a role, with what they need to know; it counts once accepted."""

    SCOPING = Scoping(right="work.read", unit="item__unit_id")
    PHI = {"content": Phi.CLINICAL, "answer": Phi.CLINICAL}

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="handoffs")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handoffs_sent")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="handoffs_received")
    to_role = models.TextField(default="", blank=True)
    content = models.TextField()
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    status = models.TextField(default=HandoffStatus.PENDING)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(default="", blank=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("status", list(HandoffStatus), name="handoff_status_known"),
            one_of("to_role", _STAFF_ROLES, name="handoff_role_known"),
            models.CheckConstraint(
                name="handoff_one_receiver",
                condition=Q(to_role="", to_user__isnull=False) | (~Q(to_role="") & Q(to_user__isnull=True)),
            ),
            models.CheckConstraint(
                name="handoff_to_another", condition=Q(to_user__isnull=True) | ~Q(to_user=F("sender"))
            ),
            models.CheckConstraint(name="handoff_has_content", condition=~Q(content="")),
            models.CheckConstraint(name="handoff_due_later", condition=Q(due_at__gt=F("sent_at"))),
            models.CheckConstraint(
                name="handoff_answer_whole",
                condition=(
                    Q(status=HandoffStatus.PENDING, answered_at__isnull=True, answered_by__isnull=True)
                    | (~Q(status=HandoffStatus.PENDING) & Q(answered_at__isnull=False))
                )
                & (~Q(status__in=[HandoffStatus.ACCEPTED, HandoffStatus.DECLINED]) | Q(answered_by__isnull=False))
                & (~Q(status=HandoffStatus.DECLINED) | ~Q(answer="")),
            ),
            models.UniqueConstraint(
                fields=["item"], name="handoff_one_pending", condition=Q(status=HandoffStatus.PENDING)
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="handoff_to_answer", condition=Q(status=HandoffStatus.PENDING))]


class UnownedNeed(ScopedModel):
    """Work that arose where nobody answers for it: shown red until somebody does, then opened. Never dropped."""

    SCOPING = Scoping(right="work.read", unit="unit_id")
    PHI = {"subject_id": Phi.LINK, "patient_id": Phi.LINK, "source": Phi.LINK, "summary": Phi.CLINICAL}

    work_type = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    specialty = models.TextField(default="", blank=True)
    subject_type = models.TextField(default="", blank=True)
    subject_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    category = models.TextField(default="", blank=True)
    summary = models.TextField(default="", blank=True)
    priority = models.PositiveSmallIntegerField(default=Priority.NORMAL)
    source = models.TextField()
    arose_at = models.DateTimeField()
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, null=True, related_name="need")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], name="unowned_need_source_once"),
            models.CheckConstraint(name="unowned_need_has_source", condition=~Q(source="") & ~Q(work_type="")),
            models.CheckConstraint(
                name="unowned_need_item_settles",
                condition=Q(item__isnull=True) | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["arose_at"], name="unowned_need_waiting", condition=Q(settled_at__isnull=True))]
