"""Learning from the group's own visits: versions, what was known when, recalibration, jobs, the command."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotAllowed
from medguild.operations.attendance import history, tasks, training
from medguild.operations.attendance.asking import AskedAlready, ask_for_training
from medguild.operations.attendance.errors import LibraryMissing, TooFewVisits
from medguild.operations.attendance.history import past_visits, visits_with_facts
from medguild.operations.attendance.models import FairnessCell, NoShowCalibration, NoShowModel
from medguild.operations.attendance.ports import Engagement
from medguild.operations.attendance.rules import Feature, Stage
from medguild.operations.attendance.selectors import active_model, expected_of, explained, trained_now, units_to_train
from medguild.operations.attendance.training import recalibrate, train_model
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from tests.factories.attendance import DAY, live, trained, visit
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world)


def test_a_version_is_learned_tested_and_put_in_use(world: World, plan: Schedule) -> None:
    live(plan)
    first = trained(world, plan)
    second = trained(world, plan)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.version, first.active, second.version, second.active) == (1, False, 2, True)
    assert second.visits + second.evaluation.whole.visits == 900
    assert second.tested_on.lower >= second.trained_on.upper
    last = Appointment.objects.unscoped("test").latest("start").start
    assert second.tested_on.upper == day_of(last) + DAY <= day_of(now()), "never tested on days to come"
    assert (second.evaluation.later.auc or 0) > 0.6
    assert active_model(plan.site.unit_id, on=now().date()) == second
    assert NoShowCalibration.objects.filter(model=second).count() == 1
    event = Event.objects.unscoped("test").filter(type="attendance.model_trained").order_by("id").last()
    assert event is not None
    assert (event.data["version"], event.patient_id) == (2, None)


def test_a_model_holds_nothing_of_patients(world: World, plan: Schedule) -> None:
    live(plan, visits=400)
    model = trained(world, plan)
    kept = json.dumps([model.shape, model.metrics, model.features, model.weights], default=str)
    for patient in plan.office.site.unit.appointments.unscoped("test").values_list(
        "patient__family_name", "patient_id"
    ):
        assert str(patient[0]) not in kept
        assert str(patient[1]) not in kept


def test_earlier_outcomes_are_those_known_when_the_visit_was_booked(world: World, plan: Schedule) -> None:
    patient, base = plan.patient, now() - 100 * DAY
    rows = [
        visit(plan.office, patient, plan, base, 10, AppointmentStatus.NO_SHOW),
        visit(plan.office, patient, plan, base + 20 * DAY, 15, AppointmentStatus.FULFILLED),
        # booked before the second had taken place: it knows of the first alone
        visit(plan.office, patient, plan, base + 30 * DAY, 15, AppointmentStatus.FULFILLED),
        visit(plan.office, patient, plan, base + 40 * DAY, 0.1, AppointmentStatus.CANCELLED),
        visit(plan.office, patient, plan, base + 50 * DAY, 2, AppointmentStatus.BOOKED),
    ]
    rows[3].cancelled_at, rows[3].cancel_reason = base + 39 * DAY, CancelReason.PATIENT_ILL
    Appointment.objects.bulk_create(rows)
    whole = {"start": base - DAY, "end": now(), "memory": 30 * DAY}
    found = past_visits([plan.site.unit_id], stage=Stage.BOOKING, **whole)
    assert [(one.facts.missed, one.facts.kept, one.facts.missed_last, one.missed) for one in found] == [
        (0, 0, False, True), (1, 0, True, False), (1, 0, True, False)
    ]  # fmt: skip
    later = past_visits([plan.site.unit_id], stage=Stage.DAY_BEFORE, **whole)
    assert [(one.facts.missed, one.facts.kept) for one in later] == [(0, 0), (1, 0), (1, 1)]
    (coming,) = visits_with_facts(Appointment.objects.unscoped("test").filter(pk=rows[4].pk), stage=Stage.BOOKING)
    assert (coming.facts.missed, coming.facts.kept, coming.missed) == (1, 2, None)


def test_visits_under_a_linked_record_count_as_the_persons_own(world: World, plan: Schedule) -> None:
    other, base = plan.another(), now() - 50 * DAY
    rows = [
        visit(plan.office, other, plan, base, 5, AppointmentStatus.NO_SHOW),
        visit(plan.office, plan.patient, plan, base + 20 * DAY, 5, AppointmentStatus.BOOKED),
    ]
    Appointment.objects.bulk_create(rows)
    type(other).objects.unscoped("test").filter(pk=other.pk).update(survivor=plan.patient)
    (found,) = visits_with_facts(Appointment.objects.unscoped("test").filter(pk=rows[1].pk), stage=Stage.BOOKING)
    assert (found.facts.missed, found.patient) == (1, plan.patient.pk)


def test_the_day_is_that_of_the_site(world: World, plan: Schedule) -> None:
    """Booked at 23:30 for 8:00 in Portland: not the same day, though in UTC it is."""
    start = dt.datetime(2026, 3, 4, 16, tzinfo=dt.UTC)
    row = visit(plan.office, plan.patient, plan, start, 0, AppointmentStatus.FULFILLED)
    row.booked_at = dt.datetime(2026, 3, 4, 7, 30, tzinfo=dt.UTC)
    row.save()
    (found,) = visits_with_facts(Appointment.objects.unscoped("test").filter(pk=row.pk), stage=Stage.BOOKING)
    assert (found.facts.same_day, found.facts.hour, found.facts.weekday) == (False, 8, 2)


def test_confirmations_are_known_the_day_before_alone(
    world: World, plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = visit(plan.office, plan.patient, plan, now() + 5 * DAY, 20, AppointmentStatus.BOOKED)
    row.save()
    told = Engagement(confirmed_at=row.start - 2 * DAY, reminded_at=row.start - DAY / 2)
    monkeypatch.setattr(history, "engagement_of", lambda ids: dict.fromkeys(ids, told))
    one = Appointment.objects.unscoped("test").filter(pk=row.pk)
    (before,) = visits_with_facts(one, stage=Stage.DAY_BEFORE)
    (booking,) = visits_with_facts(one, stage=Stage.BOOKING)
    assert (before.facts.confirmed, before.facts.reminded) == (True, False)
    assert (booking.facts.confirmed, booking.facts.reminded) == (False, False)


def test_members_of_an_ipa_learn_for_themselves(world: World, plan: Schedule) -> None:
    member = Schedule(world.member_a)
    live(plan, visits=300)
    live(member, visits=300, seed=8)
    assert trained(world, plan).visits < 300
    with pytest.raises(TooFewVisits):
        train_model(unit=world.member_b.entity, by=HOUSE)
    own = trained(world, plan, unit=world.member_a.entity)
    assert active_model(member.site.unit_id, on=now().date()) == own
    assert {world.enterprise, world.member_a.entity} <= set(units_to_train(on=now().date()))


def test_too_few_visits_and_a_missing_library_are_told(
    world: World, plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(plan, visits=100)
    with pytest.raises(TooFewVisits, match="100"):
        trained(world, plan)
    monkeypatch.setattr(training, "LIBRARIES", ("no-such-library",))
    with pytest.raises(LibraryMissing, match="make analytics"):
        trained(world, plan)
    with pytest.raises(LibraryMissing):
        ask_for_training(unit=world.enterprise, by=HOUSE)
    assert tasks.train_all(0) == 0


def test_probabilities_and_recalibration_need_no_library(
    world: World, plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(plan)
    model = trained(world, plan)
    monkeypatch.setattr(training, "LIBRARIES", ("no-such-library",))
    row = visit(plan.office, plan.patient, plan, now() + 5 * DAY, 20, AppointmentStatus.BOOKED)
    row.save()
    (one,) = expected_of(Appointment.objects.unscoped("test").filter(pk=row.pk), trained_now(model))
    assert 0 < one.probability < 1
    again = recalibrate(model=model, at=now() + 3 * DAY)
    assert again.on == (now() + 3 * DAY).date()
    assert recalibrate(model=model, at=now() + 3 * DAY) == again


def test_only_who_may_train_trains(world: World, plan: Schedule) -> None:
    with pytest.raises(NotAllowed):
        train_model(unit=world.main.entity, by=world.actor(Role.FRONT_DESK))
    with pytest.raises(NotAllowed):
        ask_for_training(unit=world.enterprise, by=world.actor(Role.PRACTICE_MANAGER))


def test_one_job_waits_for_a_group(world: World, plan: Schedule) -> None:
    ask_for_training(unit=world.enterprise, by=HOUSE)
    with pytest.raises(AskedAlready):
        ask_for_training(unit=world.enterprise, by=HOUSE)
    assert ProcrastinateJob.objects.filter(task_name="attendance.train").count() == 1


def test_the_job_learns_both_stages_and_the_nightly_job_recalibrates(world: World, plan: Schedule) -> None:
    live(plan, visits=400)
    assert tasks.train(str(world.enterprise.pk)) == [1, 1]
    assert {model.stage for model in NoShowModel.objects.filter(active=True)} == set(Stage)
    assert tasks.recalibrate_all(0) == 2
    assert tasks.train_all(0) >= 1


def test_the_command_tells_what_it_learned(world: World, plan: Schedule) -> None:
    live(plan, visits=400)
    out = io.StringIO()
    call_command("attendance_train", unit=world.enterprise.name, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert [one["stage"] for one in told] == ["booking", "day_before"]
    assert set(told[0]) >= {"auc", "auc_without_same_day", "brier", "ece10", "shortfalls"}


def test_the_audit_hides_small_groups_and_is_kept_with_the_version(world: World, plan: Schedule) -> None:
    live(plan, visits=900)
    model = trained(world, plan)
    cells = {(cell.dimension, cell.group): cell for cell in FairnessCell.objects.filter(model=model)}
    whole = cells["sex", "unknown"]
    assert whole.visits == model.evaluation.whole.visits
    assert whole.missed == pytest.approx(model.evaluation.whole.rate)
    assert all(cell.visits is None or cell.visits >= 11 for cell in cells.values())


def test_reasons_are_told_to_those_with_the_right_and_never_to_patients(
    world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan)
    trained(world, plan)
    row = visit(plan.office, plan.patient, plan, now() + 20 * DAY, 60, AppointmentStatus.BOOKED)
    row.save()
    told = explained(world.actor(Role.SCHEDULER), row)
    assert told is not None
    raises = {one.feature: one.raises for one in told.reasons}
    assert raises[Feature.LEAD], "booked two months ahead"
    assert explained(world.actor(Role.BILLER), row) is None
    patient = world.actor(Role.PATIENT, patient_id=plan.patient.pk)
    assert not patient.may("attendance.read")
    assert explained(patient, row) is None


def test_a_cancelled_visit_is_not_learned_from(world: World, plan: Schedule) -> None:
    booked = plan.book()
    cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_ILL, by=HOUSE)
    found = past_visits([plan.site.unit_id], stage=Stage.BOOKING, start=now() - DAY, end=now() + 60 * DAY, memory=DAY)
    assert found == []
