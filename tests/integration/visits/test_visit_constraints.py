"""Each named constraint of visits is violated once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.operations.visits.models import CheckInMark, SiteBoard, Visit
from medguild.operations.visits.rules import VisitStatus
from tests.factories.visits import MINUTE, make_visit
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def refused(constraint: str, work: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        work()


def change(visit: Visit, **values: Any) -> Any:
    return lambda: Visit.objects.unscoped("test").filter(pk=visit.pk).update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("visit_status_known", {"status": "asleep", "ended_at": now() + MINUTE}),
        ("visit_mode_known", {"mode": "pigeon"}),
        ("visit_urgency_known", {"urgency": "whenever"}),
        ("visit_previous_status_known", {"previous_status": "left", "previous_since": now() - 3000 * MINUTE}),
        ("visit_previous_whole", {"previous_status": "arrived"}),
        ("visit_end_has_time", {"status": "left"}),
        ("visit_end_has_time", {"ended_at": now() + MINUTE}),
        ("visit_times_in_order", {"since": now() - 60 * MINUTE}),
        ("visit_times_in_order", {"checked_in_at": now() - 60 * MINUTE}),
        ("visit_times_in_order", {"called_at": now() - 60 * MINUTE}),
    ],
)
def test_a_visit_is_whole(world: World, constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, change(make_visit(world), **values))


def test_a_patient_is_at_a_site_once_and_an_appointment_begins_once(world: World) -> None:
    visit = make_visit(world)
    copy = Visit(
        patient=visit.patient, site=visit.site, entity=visit.entity, clinician=visit.clinician,
        arrived_at=visit.arrived_at, since=visit.since,
    )  # fmt: skip
    refused("visit_one_open_per_patient_and_site", lambda: copy.save(force_insert=True))
    copy.appointment = visit.appointment
    copy.status, copy.ended_at = VisitStatus.LEFT, visit.arrived_at
    refused("visit_once_per_appointment", lambda: copy.save(force_insert=True))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("check_in_mark_once", {"key": "identity"}),
        ("check_in_mark_has_key", {"key": ""}),
        ("check_in_mark_outcome_known", {"outcome": "perhaps"}),
        ("check_in_mark_proof_known", {"proof": "face"}),
        ("check_in_mark_skipped_has_reason", {"outcome": "skipped"}),
    ],
)
def test_a_mark_is_whole(world: World, constraint: str, values: dict[str, Any]) -> None:
    visit = make_visit(world)
    fields = {"visit": visit, "key": "tea", "outcome": "done", "by_label": "test", "marked_at": now()} | values
    refused(constraint, lambda: CheckInMark(**fields).save(force_insert=True))


def test_a_count_of_changes_is_never_negative(world: World) -> None:
    board = SiteBoard(id=new_id(), site=world.main.site_unit, version=-1)
    refused("site_board_version_positive", lambda: board.save(force_insert=True))
