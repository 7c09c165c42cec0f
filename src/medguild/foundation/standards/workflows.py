"""Documented workflows: a text in versions, an owner, a question that tells whether a practice follows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, login_of
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_above
from medguild.foundation.standards.models import Workflow, WorkflowCheck, WorkflowVersion
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.rules import WORKFLOW_MOVES, Mode, WorkflowStatus
from medguild.foundation.standards.selectors import holds_here_or_below

WRITTEN = declare_event("workflow.written", gettext_lazy("Workflow written"), icon="file-text")
CHANGED = declare_event("workflow.status_changed", gettext_lazy("Workflow status changed"), icon="file-text")
CHECKED = declare_event("workflow.checked", gettext_lazy("Workflow checked at a practice"), icon="checklist")


@transaction.atomic
def write_workflow(
    *,
    title: str,
    unit: Unit,
    owner_role: Role,
    check_question: str,
    text: str,
    review_on: dt.date,
    by: Actor,
    owner: User | None = None,
    mode: Mode = Mode.STANDARD,
    mode_reason: str = "",
) -> Workflow:
    """Document a process for a unit and all below; it starts as a draft."""
    demand(by, StandardRight.MANAGE, unit.pk)
    _refuse_empty(title=title, check_question=check_question, text=text)
    workflow = Workflow.objects.create(
        title=title.strip(), unit=unit, owner_role=owner_role, owner=owner, mode=mode, mode_reason=mode_reason.strip(),
        check_question=check_question.strip(), review_on=review_on,
    )  # fmt: skip
    _add_version(workflow, text, "", by)
    return workflow


@transaction.atomic
def rewrite_workflow(
    *, workflow_id: UUID, text: str, change_note: str, review_on: dt.date, by: Actor
) -> WorkflowVersion:
    """Write the next version and set the next review; the old text stays."""
    workflow = _locked(workflow_id, by)
    _refuse_empty(text=text, change_note=change_note)
    if review_on <= today():
        raise Refusal(_("Choose a review date that is still to come."), field="review_on")
    workflow.review_on = review_on
    workflow.save(update_fields=["review_on"])
    return _add_version(workflow, text, change_note, by)


@transaction.atomic
def move_workflow(*, workflow_id: UUID, to: WorkflowStatus, by: Actor) -> Workflow:
    """Put in force or retire."""
    workflow = _locked(workflow_id, by)
    if to not in WORKFLOW_MOVES[WorkflowStatus(workflow.status)]:
        raise Conflict(_("The workflow cannot go there from its present status."), code="wrong_status")
    workflow.status = to
    workflow.save(update_fields=["status"])
    record(CHANGED, subject=_subject(workflow), by=by, unit_id=workflow.unit_id, data={"status": to})
    return workflow


@transaction.atomic
def check_workflow(
    *, workflow_id: UUID, unit: Unit, followed: bool, by: Actor, note: str = "", on: dt.date | None = None
) -> WorkflowCheck:
    """Answer the check question for a practice; a second answer on one day replaces the first."""
    demand(by, StandardRight.PROPOSE, unit.pk)
    day = on or today()
    above = units_above(unit.pk, on=day)
    workflow = Workflow.objects.unscoped("it holds at the practice").filter(pk=workflow_id, unit_id__in=above).first()
    if workflow is None:
        raise NotVisible
    if workflow.status != WorkflowStatus.IN_FORCE:
        raise Refusal(_("Only a workflow in force can be checked."), code="not_in_force")
    if not followed and not note.strip():
        raise Refusal(_("Say what is done instead."), field="note")
    check, _made = WorkflowCheck.objects.unscoped("checked above").update_or_create(
        workflow=workflow, unit=unit, checked_on=day,
        defaults={"followed": followed, "note": note.strip(), "checked_by_id": login_of(by)},
    )  # fmt: skip
    record(CHECKED, subject=_subject(workflow), by=by, unit_id=unit.pk, data={"followed": followed})
    answer: WorkflowCheck = check
    return answer


_FIELD_WORDS: Mapping[str, Promise] = {
    "title": gettext_lazy("Give the workflow a title."),
    "check_question": gettext_lazy("Write a question whose yes shows that the workflow is followed."),
    "text": gettext_lazy("Write what is done, by whom, and when."),
    "change_note": gettext_lazy("Say what has changed."),
}


def _refuse_empty(**texts: str) -> None:
    for field, text in texts.items():
        if not text.strip():
            raise Refusal(str(_FIELD_WORDS[field]), field=field)


def _locked(workflow_id: UUID, by: Actor) -> Workflow:
    rows = Workflow.objects.unscoped("the right on the unit is checked below").select_for_update()
    workflow = rows.filter(pk=workflow_id).first()
    if workflow is None or not holds_here_or_below(by, StandardRight.READ, workflow.unit_id):
        raise NotVisible
    demand(by, StandardRight.MANAGE, workflow.unit_id)
    found: Workflow = workflow
    return found


def _add_version(workflow: Workflow, text: str, change_note: str, by: Actor) -> WorkflowVersion:
    versions = WorkflowVersion.objects.unscoped("the workflow is locked or new").filter(workflow=workflow)
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version: WorkflowVersion = WorkflowVersion.objects.create(
        workflow=workflow, number=number, text=text.strip(), change_note=change_note.strip(),
        written_by_id=login_of(by), written_at=now(),
    )  # fmt: skip
    record(WRITTEN, subject=_subject(workflow), by=by, unit_id=workflow.unit_id, data={"version": number})
    return version


def _subject(workflow: Workflow) -> SubjectRef:
    return SubjectRef("workflow", workflow.pk, workflow.title)
