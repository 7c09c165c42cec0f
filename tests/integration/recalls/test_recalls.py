"""Who is due is written down once, told, called, and settled by a visit that is booked by whatever way."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.operations.recalls import booking, pacing, ruling, selectors, services
from medguild.operations.recalls.errors import DueAlready, RecallOver
from medguild.operations.recalls.importing import import_recalls
from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.rules import CloseReason, Origin, Outcome, RecallStatus, Step, Way
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment, mark_arrived, mark_fulfilled
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.showing import today_at
from tests.factories.recalls import due
from tests.factories.scheduling import Schedule, make_patient, visit_type
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def fresh(recall: Recall) -> Recall:
    found: Recall = Recall.objects.unscoped("test").get(pk=recall.pk)
    return found


def test_one_open_recall_of_a_kind(plan: Schedule) -> None:
    due(plan, plan.patient)
    with pytest.raises(DueAlready):
        due(plan, plan.patient)
    due(plan, plan.patient, visit_type=visit_type("physical", 40))
    assert Recall.objects.unscoped("test").count() == 2


def test_booking_by_any_path_settles_and_giving_up_opens_again(plan: Schedule) -> None:
    recall = due(plan, plan.patient)
    visit = plan.book(patient=plan.patient)
    dispatch_pending()
    settled = fresh(recall)
    assert (settled.status, settled.appointment_id) == (RecallStatus.BOOKED, visit.pk)

    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    again = fresh(recall)
    assert (again.status, again.appointment_id, again.closed_at) == (RecallStatus.DUE, None, None)


def test_a_visit_of_another_kind_or_far_too_early_settles_nothing(plan: Schedule) -> None:
    other = due(plan, plan.patient, visit_type=visit_type("physical", 40))
    late = due(plan, plan.patient, due_on=plan.monday + dt.timedelta(days=61))
    plan.book(patient=plan.patient)
    dispatch_pending()
    assert {fresh(one).status for one in (other, late)} == {RecallStatus.DUE}


def test_what_is_booked_already_settles_a_new_recall(plan: Schedule) -> None:
    visit = plan.book(patient=plan.patient)
    assert fresh(due(plan, plan.patient)).appointment_id == visit.pk


def test_giving_up_closes_when_another_was_opened_meanwhile(plan: Schedule) -> None:
    first = due(plan, plan.patient)
    visit = plan.book(patient=plan.patient)
    booking.visit_booked(Appointment.objects.unscoped("t").get(pk=visit.pk), by=HOUSE, at=now())
    second = due(plan, plan.patient, due_on=plan.monday + dt.timedelta(days=300))
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    assert (fresh(first).status, fresh(first).close_reason) == (RecallStatus.CLOSED, CloseReason.NOT_NEEDED)
    assert fresh(second).status == RecallStatus.DUE


def test_a_visit_makes_the_next_due_by_the_nearest_rule(plan: Schedule) -> None:
    physical = visit_type("physical", 40)
    ruling.set_rule(unit=plan.office.entity, after=plan.kind, due=physical, months=12, by=HOUSE)
    ruling.set_rule(unit=plan.site.unit, after=plan.kind, due=physical, months=6, by=HOUSE)
    with pytest.raises(Refusal):
        ruling.set_rule(unit=plan.site.unit, after=plan.kind, due=physical, months=3, by=HOUSE)
    visit = plan.book(patient=plan.patient)
    mark_arrived(appointment=visit, by=HOUSE)
    mark_fulfilled(appointment=Appointment.objects.unscoped("t").get(pk=visit.pk), by=HOUSE)
    dispatch_pending()
    made = Recall.objects.unscoped("test").get(patient=plan.patient)
    assert (made.origin, made.rule.months, made.from_visit_id) == (Origin.RULE, 6, visit.pk)  # type: ignore[union-attr]
    assert made.due_on.month == (plan.monday.month + 5) % 12 + 1
    again = Appointment.objects.unscoped("t").select_related("unit__site", "patient", "visit_type").get(pk=visit.pk)
    assert ruling.apply_rules(again, by=HOUSE) == []

    ruling.end_rule(rule=made.rule, by=HOUSE)  # type: ignore[arg-type]
    assert [one.months for one in selectors.recall_rules(HOUSE)] == [12]


def test_the_visit_that_was_due_moves_its_recall_on(plan: Schedule) -> None:
    ruling.set_rule(unit=plan.office.entity, after=plan.kind, due=plan.kind, months=12, by=HOUSE)
    recall = due(plan, plan.patient, due_on=plan.monday + dt.timedelta(days=100))
    visit = plan.book(patient=plan.patient)
    mark_arrived(appointment=visit, by=HOUSE)
    mark_fulfilled(appointment=Appointment.objects.unscoped("t").get(pk=visit.pk), by=HOUSE)
    dispatch_pending()
    assert fresh(recall).due_on.year == plan.monday.year + 1
    assert Recall.objects.unscoped("test").count() == 1


def test_contacts_are_counted_and_a_no_closes(plan: Schedule) -> None:
    recall = due(plan, plan.patient)
    services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.NO_ANSWER, by=HOUSE)
    assert (fresh(recall).status, fresh(recall).attempts) == (RecallStatus.DUE, 1)
    services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.VOICEMAIL, by=HOUSE)
    assert fresh(recall).status == RecallStatus.CONTACTED
    services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.DECLINED, by=HOUSE)
    assert (fresh(recall).status, fresh(recall).close_reason) == (RecallStatus.DECLINED, CloseReason.PATIENT_DECLINES)
    with pytest.raises(RecallOver):
        services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.VOICEMAIL, by=HOUSE)
    with pytest.raises(RecallOver):
        services.close_recall(recall=recall, reason=CloseReason.NOT_NEEDED, by=HOUSE)


def test_whom_messages_do_not_bring_is_called_once_and_settled_by_the_visit(plan: Schedule) -> None:
    recall = due(plan, plan.patient, due_on=today_at(plan.site) - 20 * A_DAY)
    for step in (Step.FIRST_MESSAGE, Step.SECOND_MESSAGE):
        services.record_contact(recall=recall, way=Way.TEXT, outcome=Outcome.SENT, step=step, by=HOUSE)
    assert pacing.ask_for_calls(by=HOUSE) == 1
    assert pacing.ask_for_calls(by=HOUSE) == 0
    asked = [*WorkItem.objects.unscoped("t").filter(work_type="recall.call")]
    asked += [*UnownedNeed.objects.unscoped("t").filter(work_type="recall.call")]
    assert [one.subject_id for one in asked] == [recall.pk]
    plan.book(patient=plan.patient)
    dispatch_pending()
    assert not UnownedNeed.objects.unscoped("t").filter(work_type="recall.call", settled_at__isnull=True).exists()


def test_who_could_not_be_written_to_is_called_on_the_day(plan: Schedule) -> None:
    recall = due(plan, plan.patient, due_on=today_at(plan.site))
    services.record_contact(recall=recall, way=Way.TEXT, outcome=Outcome.NOT_SENT, step="first", by=HOUSE)
    assert pacing.calls_due(plan.site, at=now()) == [recall]
    assert pacing.messages_due(plan.site, at=now()) == []
    assert fresh(recall).status == RecallStatus.DUE


def test_who_has_answered_is_left_in_peace(plan: Schedule) -> None:
    recall = due(plan, plan.patient, due_on=today_at(plan.site) - 40 * A_DAY)
    services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.WILL_BOOK, by=HOUSE)
    assert pacing.messages_due(plan.site, at=now()) == []
    assert pacing.calls_due(plan.site, at=now()) == []


def test_a_recall_that_is_put_off_takes_its_call_with_it_and_asks_again(plan: Schedule, world: World) -> None:
    assign_duty(work_type="recall.call", unit=plan.site.unit, role=Role.SCHEDULER, by=HOUSE)
    today = today_at(plan.site)
    recall = due(plan, plan.patient, due_on=today - 20 * A_DAY)
    services.record_contact(recall=recall, way=Way.TEXT, outcome=Outcome.SENT, step=Step.SECOND_MESSAGE, by=HOUSE)
    assert pacing.ask_for_calls(by=HOUSE) == 1
    call = WorkItem.objects.unscoped("t").filter(work_type="recall.call")
    services.record_contact(recall=recall, way=Way.PHONE, outcome=Outcome.CALL_ME, by=HOUSE)
    services.change_due(recall=recall, due_on=today + 30 * A_DAY, by=HOUSE)
    assert [(one.status, one.outcome) for one in call] == [("done", "put_off")]
    assert pacing.ask_for_calls(by=HOUSE, at=now() + 29 * A_DAY) == 0
    assert pacing.ask_for_calls(by=HOUSE, at=now() + 60 * A_DAY) == 1
    assert [(one.status, one.outcome) for one in call.all()] == [("open", "")]
    assert pacing.ask_for_calls(by=HOUSE, at=now() + 61 * A_DAY) == 0


def test_a_file_keeps_good_lines_and_tells_of_bad_ones(plan: Schedule, world: World) -> None:
    by = world.actor(Role.FRONT_DESK, plan.site.unit)
    first, second = plan.another(), plan.another()
    stranger = make_patient(world.member_a)
    content = "\n".join([
        "mrn,visit_type,due_on", f"{first.mrn},{plan.kind.code},2027-01-02", f"{second.mrn},nonsense,2027-01-02",
        f"{stranger.mrn},{plan.kind.code},2027-01-02", f"{first.mrn},{plan.kind.code},2027-02-02",
    ])  # fmt: skip
    found = import_recalls(content=content.encode(), site=plan.site, by=by)
    assert (found.kept, [(row.line, row.problem) for row in found.bad]) == (
        1, [(3, "type_unknown"), (4, "patient_unknown"), (5, "due_already")],
    )  # fmt: skip
    assert import_recalls(content=content.encode(), site=plan.site, by=by).kept == 0


def test_numbers_open_to_their_rows(plan: Schedule) -> None:
    today = today_at(plan.site)
    for days in (-45, -5, 10):
        due(plan, plan.another(), due_on=today + days * A_DAY)
    booked = due(plan, plan.patient, due_on=today - 3 * A_DAY)
    plan.book(patient=plan.patient)
    dispatch_pending()
    found = selectors.numbers(HOUSE, on=today)
    assert (found.coming, found.due, found.overdue, found.booked, found.past) == (1, 2, 1, 1, 3)
    for name, condition in selectors.conditions(today).items():
        assert selectors.recalls(HOUSE).filter(condition).count() == getattr(found, name), name
    assert fresh(booked).status == RecallStatus.BOOKED


def test_strangers_neither_see_nor_make(plan: Schedule, world: World) -> None:
    recall = due(plan, plan.patient)
    stranger = world.actor(Role.FRONT_DESK, world.member_a.site_unit)
    with pytest.raises(NotVisible):
        selectors.recall(stranger, recall.pk)
    with pytest.raises(NotVisible):
        services.make_recall(
            patient=plan.another(), visit_type=plan.kind, site=plan.site, due_on=plan.monday, by=stranger
        )
