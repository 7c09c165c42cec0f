"""A preview equals the brute-force difference of free starts; proposals fit, are near, and never collide."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from medguild.operations.scheduling.held_rules import HeldPart, held_spans
from medguild.operations.scheduling.rules import Busy, overlapping
from medguild.operations.scheduling.slot_rules import Blocks, Opening, Taken, find_openings
from medguild.operations.scheduling.week_rules import SessionPattern, instant
from medguild.operations.templates.preview_rules import Template, Visit, affected, compare, trouble_of, within
from medguild.operations.templates.proposal_rules import REACH, Proposer, propose_all
from medguild.operations.templates.rules import Trouble, Why

MONDAY = dt.date(2026, 3, 2)  # the Sunday after, clocks go forward
DAYS = 21
ZONE = "America/Los_Angeles"
KINDS = (UUID(int=901), UUID(int=902))
SITES = (UUID(int=801), UUID(int=802))
DOCTORS = (UUID(int=701), UUID(int=702))


def session(
    number: int = 1, *, clinician: UUID = DOCTORS[0], unit: UUID = SITES[0], weekday: int = 0, start: int = 540,
    end: int = 720, minutes: int = 20, step: int = 20, every: int = 1, capacity: int = 1, room: UUID | None = None,
) -> SessionPattern:  # fmt: skip
    return SessionPattern(
        id=UUID(int=number), clinician_id=clinician, resource_id=UUID(int=clinician.int + 1000), unit_id=unit,
        entity_id=UUID(int=5), zone=ZONE, weekday=weekday, start_minute=start, end_minute=end, every_weeks=every,
        anchor=MONDAY, first_day=MONDAY, end_day=None, step_minutes=step, minutes=minutes, capacity=capacity,
        room_id=room,
    )  # fmt: skip


def visit(number: int, start: int, *, minutes: int = 20, kind: UUID = KINDS[0], **more: object) -> Visit:
    fields: dict[str, object] = {
        "patient_id": UUID(int=10_000 + number), "clinician_id": DOCTORS[0], "unit_id": SITES[0], "day": MONDAY,
        "lane": 0,
    }  # fmt: skip
    return Visit(id=UUID(int=number), visit_type_id=kind, start=start, end=start + minutes, **(fields | more))  # type: ignore[arg-type]


patterns = st.builds(
    session,
    number=st.integers(1, 6), clinician=st.sampled_from(DOCTORS), unit=st.sampled_from(SITES),
    weekday=st.integers(0, 6), start=st.integers(8, 20).map(lambda n: n * 30),
    end=st.integers(21, 40).map(lambda n: n * 30),
    minutes=st.sampled_from([15, 20, 40]), step=st.sampled_from([15, 20]), every=st.integers(1, 3),
    room=st.sampled_from([None, UUID(int=600)]),
)  # fmt: skip
templates = st.fixed_dictionaries({kind: st.lists(patterns, max_size=3) for kind in KINDS})
nine = instant(ZONE, MONDAY, 540)
busy_times = st.lists(
    st.integers(0, DAYS * 96).map(lambda n: Busy(nine + n * 15, nine + n * 15 + 45)), max_size=12
).map(Taken.of)


def openings(sessions: dict[UUID, list[SessionPattern]], taken: Taken, blocks: Blocks) -> dict[UUID, list[Opening]]:
    calendar = {UUID(int=doctor.int + 1000): taken for doctor in DOCTORS}
    end = MONDAY + dt.timedelta(days=DAYS)
    return {kind: find_openings(held, calendar, blocks, start=MONDAY, end=end) for kind, held in sessions.items()}


@given(before=templates, after=templates, taken=busy_times, closed=st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_preview_is_the_difference_of_free_starts(
    before: dict[UUID, list[SessionPattern]], after: dict[UUID, list[SessionPattern]], taken: Taken, closed: bool
) -> None:
    blocks = Blocks(closed=frozenset({(SITES[0], MONDAY)} if closed else ()))
    had, has = openings(before, taken, blocks), openings(after, taken, blocks)

    def every(found: dict[UUID, list[Opening]]) -> set[tuple[dt.date, UUID, UUID, int]]:
        return {
            (one.day, kind, one.session.unit_id, start) for kind in found for one in found[kind] for start in one.starts
        }

    gained, lost = every(has) - every(had), every(had) - every(has)
    told = compare(had, has)
    assert {(one.day, kind): change.gained for one in told for kind, change in one.kinds.items() if change.gained} == (
        Counter((day, kind) for day, kind, _, _ in gained)
    )
    assert {(one.day, kind): change.lost for one in told for kind, change in one.kinds.items() if change.lost} == (
        Counter((day, kind) for day, kind, _, _ in lost)
    )
    assert [one.day for one in told] == sorted({one.day for one in told})
    week = within(told, MONDAY, 7)
    assert sum(change.gained for change in week.values()) == sum(
        day < MONDAY + dt.timedelta(days=7) for day, _, _, _ in gained
    )


@given(
    held=templates, taken=busy_times,
    visits=st.lists(
        st.tuples(st.integers(0, DAYS * 96), st.sampled_from(KINDS), st.sampled_from(DOCTORS), st.integers(1, 3)),
        max_size=15,
    ),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_proposals_are_free_times_and_never_collide(
    held: dict[UUID, list[SessionPattern]], taken: Taken, visits: list[tuple[int, UUID, UUID, int]]
) -> None:
    offered = openings(held, taken, Blocks())
    wanted = [
        visit(number, nine + at * 15, kind=kind, clinician_id=doctor, patient_id=UUID(int=20_000 + patient))
        for number, (at, kind, doctor, patient) in enumerate(visits, 1)
    ]
    others = {UUID(int=20_001): [(nine, nine + 600, UUID(int=99))]}
    found = propose_all(wanted, Proposer(offered, others))
    free = {
        (kind, one.session.clinician_id, one.session.unit_id, start): one.session
        for kind in offered for one in offered[kind] for start in one.starts
    }  # fmt: skip
    given_out: dict[UUID, list[Busy]] = {}
    for asked in wanted:
        proposal = found[asked.id]
        if proposal is None:
            continue
        end = proposal.start + proposal.minutes
        home = free[asked.visit_type_id, proposal.clinician_id, proposal.unit_id, proposal.start]
        assert abs(proposal.start - asked.start) <= REACH
        for resource in filter(None, (proposal.clinician_id, asked.patient_id, home.room_id)):
            assert not overlapping(given_out.setdefault(resource, []), proposal.start, end)
            given_out[resource].append(Busy(proposal.start, end))
        for since, until, _ in others.get(asked.patient_id, []):
            assert end <= since or proposal.start >= until


def test_the_nearest_time_of_the_closest_group_is_proposed() -> None:
    mine = session(1, start=600, end=660)
    elsewhere = session(2, unit=SITES[1], weekday=1)
    colleague = session(3, clinician=DOCTORS[1], start=540, end=600)
    offered = openings({KINDS[0]: [mine, elsewhere, colleague]}, Taken.of([]), Blocks())
    first = [visit(number, nine) for number in range(1, 4)]
    found = propose_all(first, Proposer(offered, {}))
    assert [found[one.id].start - nine for one in first] == [60, 80, 100]  # type: ignore[union-attr]
    offered = {KINDS[0]: [one for one in offered[KINDS[0]] if one.session is not mine]}
    assert Proposer(offered, {}).propose(first[0]).why is Why.OTHER_SITE  # type: ignore[union-attr]
    offered = {KINDS[0]: [one for one in offered[KINDS[0]] if one.session is colleague]}
    assert Proposer(offered, {}).propose(first[0]).why is Why.COLLEAGUE  # type: ignore[union-attr]
    assert Proposer(offered, {}, {DOCTORS[0]: frozenset()}).propose(first[0]) is None


def test_the_patients_own_visits_are_in_the_way_but_not_the_visit_itself() -> None:
    offered = openings({KINDS[0]: [session()]}, Taken.of([]), Blocks())
    asked = visit(1, nine)
    other = {asked.patient_id: [(nine, nine + 30, UUID(int=77)), (nine, nine + 20, asked.id)]}
    assert Proposer(offered, other).propose(asked).start == nine + 40  # type: ignore[union-attr]
    assert Proposer(offered, {asked.patient_id: [(nine, nine + 20, asked.id)]}).propose(asked).start == nine  # type: ignore[union-attr]


def test_troubles_have_their_names() -> None:
    kind, other = KINDS
    whole = Template.of({kind: [session()]}, Blocks())
    assert trouble_of(visit(1, nine), whole) is None
    assert trouble_of(visit(1, nine - 10), whole) is Trouble.NO_SESSION
    assert trouble_of(visit(1, nine, kind=other), whole) is Trouble.KIND_NOT_TAKEN
    assert trouble_of(visit(1, nine, lane=1), whole) is Trouble.TOO_MANY
    assert trouble_of(visit(1, nine, lane=1, overbooked=True), whole) is None
    assert trouble_of(visit(1, nine, unit_id=SITES[1]), whole) is Trouble.NO_SESSION
    off = Template.of({kind: [session()]}, Blocks(cancelled=frozenset({(UUID(int=1), MONDAY)})))
    assert trouble_of(visit(1, nine), off) is Trouble.CANCELLED
    closed = Template.of({kind: [session()]}, Blocks(closed=frozenset({(SITES[0], MONDAY)})))
    assert trouble_of(visit(1, nine), closed) is Trouble.CLOSED


def test_what_stood_outside_before_is_not_affected() -> None:
    kind = KINDS[0]
    before, after = Template.of({kind: [session()]}, Blocks()), Template.of({kind: [session(start=600)]}, Blocks())
    inside, kept, outside = visit(1, nine), visit(2, nine + 60), visit(3, nine - 60)
    assert affected([outside, kept, inside], before, after) == [(inside, Trouble.NO_SESSION)]


@given(days=st.integers(0, 30), at=st.integers(-60 * 24 * 40, 600))
def test_a_part_is_held_until_its_midnight_and_free_ever_after(days: int, at: int) -> None:
    part = HeldPart(600, 660, "same_day", days, None)
    opens = instant(ZONE, MONDAY, 600)
    spans = held_spans([part], ZONE, MONDAY, at=opens + at)
    assert bool(spans) == (opens + at < instant(ZONE, MONDAY - dt.timedelta(days=days), 0))
