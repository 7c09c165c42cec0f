"""Templates: sessions from a date, days off, extra sessions, absences, kinds of visits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.operations.scheduling.errors import SessionOverlaps
from medguild.operations.scheduling.kinds.visit_types import record_visit_type, refuse_foreign_owner
from medguild.operations.scheduling.models import Session, SessionException, SessionVisitType
from medguild.operations.scheduling.rules import AbsenceKind, Mode
from medguild.operations.scheduling.selectors import find_slots, visit_types, visit_types_at
from medguild.operations.scheduling.templating import (
    add_extra_session,
    add_session,
    cancel_session_day,
    end_session,
    record_absence,
    remove_absence,
    restore_session_day,
    revise_session,
)
from tests.factories.scheduling import Schedule, block, schedule, wall
from tests.factories.world import HOUSE, START, World

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.PRACTICE_MANAGER))


def starts(plan: Schedule, day: dt.date) -> int:
    found = find_slots(actor=plan.by, visit_type_id=plan.kind.pk, start=day, end=day + DAY)
    return sum(len(opening.starts) for opening in found)


def test_a_revised_session_holds_from_its_date(plan: Schedule) -> None:
    revised = revise_session(
        session=plan.session, block=block(plan.kind, end_minute=10 * 60), start=plan.monday + WEEK, by=plan.by
    )
    assert starts(plan, plan.monday) == 9
    assert starts(plan, plan.monday + WEEK) == 3
    assert revised.pk != plan.session.pk
    with pytest.raises(Refusal, match="ended"):
        revise_session(session=plan.session, block=block(plan.kind), start=plan.monday + 2 * WEEK, by=plan.by)


def test_revising_keeps_the_count_of_weeks(plan: Schedule) -> None:
    session = add_session(
        clinician=plan.clinician, site=plan.site, block=block(plan.kind, every_weeks=2), start=plan.monday, by=plan.by
    )
    revised = revise_session(
        session=session, block=block(plan.kind, every_weeks=2, end_minute=600), start=plan.monday + WEEK, by=plan.by
    )
    assert revised.anchor == session.anchor
    assert [starts(plan, plan.monday + n * WEEK) for n in range(4)] == [9, 0, 3, 0]


def test_revising_from_its_first_day_replaces_it_unless_visits_are_booked(plan: Schedule) -> None:
    session = plan.add(start=plan.monday)
    revised = revise_session(session=session, block=block(plan.kind), start=plan.monday, by=plan.by)
    assert Session.objects.unscoped("test").get().pk == revised.pk
    plan.session = revised
    plan.book()
    with pytest.raises(Refusal, match="booked"):
        end_session(session=revised, on=plan.monday, by=plan.by)


def test_an_ended_session_offers_nothing(plan: Schedule) -> None:
    end_session(session=plan.session, on=plan.monday, by=plan.by)
    assert starts(plan, plan.monday) == 0
    with pytest.raises(Refusal, match="already"):
        end_session(session=plan.session, on=plan.monday + DAY, by=plan.by)


def test_overlaps_are_refused_at_any_site(world: World, plan: Schedule) -> None:
    _ = plan.session
    with pytest.raises(SessionOverlaps):
        plan.add(start_minute=11 * 60, end_minute=13 * 60)
    with pytest.raises(SessionOverlaps):
        add_session(
            clinician=plan.clinician,
            site=world.second.site,
            block=block(plan.kind, every_weeks=3),
            start=START,
            by=HOUSE,
        )
    assert plan.add(start_minute=12 * 60, end_minute=13 * 60)


def test_alternating_weeks_share_a_time(plan: Schedule) -> None:
    odd = plan.add(start=plan.monday, every_weeks=2)
    even = plan.add(start=plan.monday + WEEK, every_weeks=2)
    assert odd.anchor != even.anchor
    with pytest.raises(SessionOverlaps):
        plan.add(start=plan.monday + 2 * WEEK, every_weeks=2)


def test_an_extra_session_may_replace_a_cancelled_one(plan: Schedule) -> None:
    extra = {"clinician": plan.clinician, "site": plan.site, "block": block(plan.kind, end_minute=600), "by": plan.by}
    _ = plan.session
    with pytest.raises(SessionOverlaps):
        add_extra_session(day=plan.monday, **extra)  # type: ignore[arg-type]
    off = cancel_session_day(session=plan.session, day=plan.monday, reason="training", by=plan.by)
    assert starts(plan, plan.monday) == 0
    add_extra_session(day=plan.monday, **extra)  # type: ignore[arg-type]
    assert starts(plan, plan.monday) == 3
    with pytest.raises(SessionOverlaps):
        restore_session_day(exception=off, by=plan.by)
    assert add_extra_session(day=plan.monday + DAY, **extra).weekday == 1  # type: ignore[arg-type]


def test_cancelled_days(plan: Schedule) -> None:
    off = cancel_session_day(session=plan.session, day=plan.monday, reason="training", by=plan.by)
    for day, reason in ((plan.monday, "again"), (plan.monday + DAY, "no session"), (plan.monday + WEEK, " ")):
        with pytest.raises(Refusal):
            cancel_session_day(session=plan.session, day=day, reason=reason, by=plan.by)
    restore_session_day(exception=off, by=plan.by)
    assert starts(plan, plan.monday) == 9
    assert not SessionException.objects.unscoped("test").exists()


def test_absences(plan: Schedule) -> None:
    _ = plan.session
    away = record_absence(
        clinician=plan.clinician,
        start=wall(plan.monday, 9),
        end=wall(plan.monday, 10),
        kind=AbsenceKind.SICK,
        by=plan.by,
    )
    assert starts(plan, plan.monday) == 6
    for start, end in ((9, 11), (11, 11)):
        with pytest.raises(Refusal):
            record_absence(
                clinician=plan.clinician, start=wall(plan.monday, start), end=wall(plan.monday, end),
                kind=AbsenceKind.SICK, by=plan.by,
            )  # fmt: skip
    remove_absence(absence=away, by=plan.by)
    assert starts(plan, plan.monday) == 9


@pytest.mark.parametrize(
    "changes",
    [{"end_minute": 540}, {"visit_types": {}}, {"end_minute": 550}],
    ids=["no length", "no kinds of visits", "shorter than any visit"],
)
def test_bad_blocks_are_refused(plan: Schedule, changes: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        plan.add(**changes)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        add_session(
            clinician=plan.clinician, site=plan.site, block=block(plan.kind), start=START, end=START, by=plan.by
        )


def test_a_site_that_was_not_open_has_no_sessions(plan: Schedule) -> None:
    with pytest.raises(Refusal, match="no entity"):
        add_session(
            clinician=plan.clinician, site=plan.site, block=block(plan.kind), start=dt.date(2010, 1, 1), by=plan.by
        )


def test_kinds_of_visits(plan: Schedule) -> None:
    owner = plan.office.entity
    kind = record_visit_type(owner=owner, code=" Annual ", name="Annual", minutes=40, modes=(Mode.VIDEO,), by=plan.by)
    assert kind.code == "annual"
    with pytest.raises(Refusal, match="code"):
        record_visit_type(owner=owner, code="annual", name="Other", minutes=30, by=plan.by)
    changed = record_visit_type(owner=owner, code="annual", name="Yearly", minutes=45, by=plan.by, visit_type=kind)
    assert (changed.pk, changed.label()) == (kind.pk, "Yearly")


def test_a_kind_of_visit_is_changed_only_where_its_owner_is_kept(world: World, plan: Schedule) -> None:
    """A member's manager changes neither what the whole enterprise uses nor what another office owns."""
    own = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    for owner in (world.enterprise, world.member_b.entity, plan.office.entity):
        with pytest.raises(NotAllowed):
            record_visit_type(owner=owner, code="theirs", name="Theirs", minutes=20, by=own)
        with pytest.raises(NotAllowed):
            refuse_foreign_owner(owner.pk, own)
    with pytest.raises(NotAllowed):
        record_visit_type(owner=world.member_a.entity, code="x", name="Taken", minutes=20, visit_type=plan.kind, by=own)
    mine = record_visit_type(owner=world.member_a.entity, code=plan.kind.code, name="Ours", minutes=20, by=own)
    assert set(visit_types(own)) == {plan.kind, mine}
    assert mine not in visit_types(world.actor(Role.PRACTICE_MANAGER))
    assert mine not in visit_types_at(HOUSE, plan.site.unit_id)
    assert mine in visit_types_at(own, world.member_a.site.unit_id)
    assert record_visit_type(
        owner=world.enterprise, code=plan.kind.code, name="All", minutes=20, visit_type=plan.kind,
        by=world.actor(Role.PRACTICE_MANAGER, world.enterprise),
    )  # fmt: skip


def test_the_page_of_an_inherited_kind_does_not_open_for_change(world: World, plan: Schedule, client: Client) -> None:
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.member_a.entity))
    assert plan.kind.name in client.get(reverse("scheduling:visit_types")).content.decode()
    assert client.get(reverse("scheduling:change_visit_type", args=[plan.kind.pk])).status_code == 403


def test_templates_ask_their_own_right_on_the_site(world: World, plan: Schedule) -> None:
    scheduler = world.actor(Role.SCHEDULER)
    with pytest.raises(NotAllowed):
        record_visit_type(owner=plan.office.entity, code="new", name="New", minutes=20, by=scheduler)
    with pytest.raises(NotAllowed):
        end_session(session=plan.session, on=plan.monday, by=scheduler)
    stranger = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    with pytest.raises(NotVisible):
        add_session(clinician=plan.clinician, site=plan.site, block=block(plan.kind), start=START, by=stranger)
    assert SessionVisitType.objects.visible_to(plan.by).count() == 1
    assert not SessionVisitType.objects.visible_to(stranger).exists()
