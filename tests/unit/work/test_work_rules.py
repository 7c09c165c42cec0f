"""Routing, status moves and climbing."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.work import rules
from medguild.foundation.work.rules import DutyLine, Escalation, Health, ItemStatus

_units = st.integers(1, 6).map(lambda n: UUID(int=n))
_duties = st.lists(
    st.builds(
        DutyLine,
        id=st.uuids(),
        work_type=st.sampled_from(["refill", "payment"]),
        unit_id=_units,
        specialty=st.sampled_from(["", "cardiology", "family"]),
    ),
    max_size=12,
)
_paths = st.lists(_units, unique=True, max_size=5).map(lambda units: {unit: step for step, unit in enumerate(units)})


@given(_duties, _paths, st.sampled_from(["", "cardiology"]))
def test_the_nearest_fitting_duty_answers(duties: list[DutyLine], path: dict[UUID, int], specialty: str) -> None:
    chosen = rules.nearest_duty(duties, work_type="refill", path=path, specialty=specialty)
    fitting = [d for d in duties if d.work_type == "refill" and d.unit_id in path and d.specialty in ("", specialty)]
    if chosen is None:
        assert fitting == []
        return
    assert chosen in fitting
    assert path[chosen.unit_id] == min(path[d.unit_id] for d in fitting)


def test_a_specialtys_own_duty_comes_before_the_general_one_of_the_same_unit_only() -> None:
    site, entity = UUID(int=1), UUID(int=2)
    general = DutyLine(UUID(int=10), "refill", site)
    own = DutyLine(UUID(int=11), "refill", site, "cardiology")
    far = DutyLine(UUID(int=12), "refill", entity, "cardiology")
    path = {site: 0, entity: 1}
    assert rules.nearest_duty([general, own], work_type="refill", path=path, specialty="cardiology") == own
    assert rules.nearest_duty([general, far], work_type="refill", path=path, specialty="cardiology") == general
    assert rules.nearest_duty([own], work_type="refill", path=path) is None


def test_what_is_open_can_end_and_what_is_cancelled_stays() -> None:
    for state in rules.LIVE:
        assert rules.may_move(state, ItemStatus.DONE)
        assert rules.may_move(state, ItemStatus.CANCELLED)
    assert rules.MOVES[ItemStatus.CANCELLED] == frozenset()
    assert rules.MOVES[ItemStatus.DONE] == {ItemStatus.ACCEPTED}
    assert not rules.may_move(ItemStatus.OPEN, ItemStatus.IN_PROGRESS)


@given(st.booleans())
def test_climbing_ends_at_the_manager(has_backup: bool) -> None:
    level: Escalation | None = Escalation.NONE
    seen = []
    while level is not None:
        seen.append(level)
        level = rules.next_escalation(level, has_backup=has_backup)
    assert seen[-1] == Escalation.MANAGER
    assert (Escalation.BACKUP in seen) == has_backup


@given(st.datetimes(), st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=400)))
def test_late_is_from_the_due_minute_on_and_only_while_live(due: dt.datetime, after: dt.timedelta) -> None:
    due = min(due, dt.datetime(9000, 1, 1))
    assert rules.overdue(due, ItemStatus.OPEN, due + after)
    assert not rules.overdue(due, ItemStatus.DONE, due + after)
    if due > dt.datetime(2, 1, 1):
        assert not rules.overdue(due, ItemStatus.OPEN, due - dt.timedelta(microseconds=1))


def test_health_of_a_cell() -> None:
    assert rules.health(has_duty=False, held=False, has_backup=False) == Health.MISSING
    assert rules.health(has_duty=True, held=False, has_backup=True) == Health.VACANT
    assert rules.health(has_duty=True, held=True, has_backup=False) == Health.NO_BACKUP
    assert rules.health(has_duty=True, held=True, has_backup=True) == Health.OWNED
