"""Documented workflows keep their versions, and practices answer their question."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.standards.models import Workflow
from medguild.foundation.standards.rules import WorkflowStatus
from medguild.foundation.standards.selectors import reviews_due, workflow_page, workflows_visible
from medguild.foundation.standards.workflows import check_workflow, move_workflow, rewrite_workflow, write_workflow
from tests.factories.world import HOUSE, World

TODAY = dt.datetime.now(dt.UTC).date()
LATER = TODAY + dt.timedelta(days=180)


def write(world: World, **changes: object) -> Workflow:
    wanted: dict[str, object] = {
        "title": "Refills by phone",
        "unit": world.main.entity,
        "owner_role": Role.NURSE,
        "check_question": "Is every refill answered the same day?",
        "text": "1. Take the request. 2. Check the chart.",
        "review_on": LATER,
        "by": HOUSE,
    }
    return write_workflow(**(wanted | changes))  # type: ignore[arg-type]


def test_a_new_text_is_a_new_version(world: World) -> None:
    workflow = write(world)
    rewrite_workflow(
        workflow_id=workflow.pk, text="1. Take it. 2. Ask back.", change_note="ask", review_on=LATER, by=HOUSE
    )
    page = workflow_page(world.actor(Role.FRONT_DESK), workflow.pk)
    assert [version.number for version in page.versions] == [2, 1]


def test_practices_answer_the_question_of_a_workflow_in_force(world: World) -> None:
    workflow = write(world)
    manager = world.actor(Role.PRACTICE_MANAGER)
    with pytest.raises(Refusal):
        check_workflow(workflow_id=workflow.pk, unit=world.main.practice, followed=True, by=manager)
    move_workflow(workflow_id=workflow.pk, to=WorkflowStatus.IN_FORCE, by=manager)
    with pytest.raises(Refusal) as wordless:
        check_workflow(workflow_id=workflow.pk, unit=world.main.practice, followed=False, by=manager)
    assert wordless.value.field == "note"
    check_workflow(workflow_id=workflow.pk, unit=world.main.practice, followed=False, note="by fax", by=manager)
    check_workflow(workflow_id=workflow.pk, unit=world.main.practice, followed=True, by=manager)
    assert workflow_page(manager, workflow.pk).adopted == (1, 1)


def test_moves_reviews_and_rights(world: World) -> None:
    workflow = write(world, review_on=TODAY)
    with pytest.raises(NotAllowed):
        move_workflow(workflow_id=workflow.pk, to=WorkflowStatus.IN_FORCE, by=world.actor(Role.FRONT_DESK))
    move_workflow(workflow_id=workflow.pk, to=WorkflowStatus.IN_FORCE, by=HOUSE)
    assert list(reviews_due(world.actor(Role.FRONT_DESK), on=TODAY)) == [workflow]
    with pytest.raises(Conflict):
        move_workflow(workflow_id=workflow.pk, to=WorkflowStatus.DRAFT, by=HOUSE)
    with pytest.raises(Refusal):
        rewrite_workflow(workflow_id=workflow.pk, text="x", change_note="y", review_on=TODAY, by=HOUSE)
    with pytest.raises(Refusal):
        write(world, title=" ")
    with pytest.raises(NotVisible):
        move_workflow(workflow_id=world.main.entity.pk, to=WorkflowStatus.RETIRED, by=HOUSE)


def test_workflows_of_units_above_are_seen_and_those_of_another_member_are_not(world: World) -> None:
    of_the_group = write(world, unit=world.enterprise)
    theirs = write(world, unit=world.member_b.practice)
    actor = world.actor(Role.NURSE, world.member_a.entity)
    assert list(workflows_visible(actor)) == [of_the_group]
    with pytest.raises(NotVisible):
        workflow_page(actor, theirs.pk)
