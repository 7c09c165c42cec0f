from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.rules import ItemStatus
from medguild.operations.chart.subscribers import UNSIGNED
from medguild.operations.visits.rules import VisitStatus
from tests.factories.visits import make_signed_note, make_visit, walk_through
from tests.factories.work import duty
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def items() -> list[WorkItem]:
    return list(WorkItem.objects.unscoped("test").filter(work_type=UNSIGNED))


def test_a_visit_left_without_a_signed_note_is_work_until_it_is_signed(world: World) -> None:
    duty(world, work_type=UNSIGNED, role=Role.CLINICIAN, backup_role=Role.MEDICAL_DIRECTOR)
    visit = make_visit(world, to=VisitStatus.LEFT)
    dispatch_pending()
    (item,) = items()
    assert (item.subject_id, item.category, item.patient_id) == (visit.pk, "missing", visit.patient_id)
    assert item.summary == world.main.clinician.label()
    make_signed_note(world, visit)
    dispatch_pending()
    assert items()[0].status == ItemStatus.DONE


def test_a_note_signed_before_leaving_is_no_work(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    make_signed_note(world, visit)
    walk_through(visit, VisitStatus.LEFT)
    dispatch_pending()
    assert items() == []


def test_without_an_owner_the_need_is_kept(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    dispatch_pending()
    need = UnownedNeed.objects.unscoped("test").get(work_type=UNSIGNED)
    assert need.subject_id == visit.pk
