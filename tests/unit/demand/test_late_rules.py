"""Delay split into causes: worked days, and for any day the parts sum to the whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.demand.late_rules import Cause, Delay, Served, split_delays, total

_MIN = 60


def _served(planned: int | None, began: int, ended: int, **more: int | None) -> Served:
    """Minutes of the day; a slot of 20, there ten minutes early and roomed at five to, unless said."""
    at = planned if planned is not None else began
    values = {"arrived": at - 10, "roomed": at - 5, "slot": 20 if planned is not None else None, "typical": 20} | more
    told = {key: value * _MIN if value is not None else None for key, value in values.items()}
    return Served(
        planned=planned * _MIN if planned is not None else None, began=began * _MIN, ended=ended * _MIN, **told
    )  # type: ignore[arg-type]


def _minutes(delay: Delay) -> dict[Cause, float]:
    return {cause: seconds / _MIN for cause, seconds in delay.causes.items() if seconds}


def _day(*visits: Served, written: tuple[int, ...] = ()) -> list[Delay]:
    return [delay for _, delay in split_delays(visits, [one * _MIN for one in written])]


def test_a_day_on_time_has_no_delay() -> None:
    assert total(_day(_served(0, 0, 20), _served(20, 20, 40))).late == 0


def test_a_visit_is_late_beyond_five_minutes() -> None:
    """Seconds would make every visit of every day late."""
    delays = _day(_served(0, 5, 20), _served(30, 36, 50), _served(60, 60, 80))
    assert [(delay.late // _MIN, delay.is_late) for delay in delays] == [(5, False), (6, True), (0, False)]


def test_a_kind_that_usually_takes_longer_than_its_slot_lies_in_the_template() -> None:
    first, second, third = _day(
        _served(0, 0, 28, typical=25), _served(20, 28, 53, typical=25), _served(40, 53, 70, typical=25)
    )
    assert (first.late, _minutes(second)) == (0, {Cause.TEMPLATE: 5, Cause.VISIT_MIX: 3})
    assert _minutes(third) == {Cause.TEMPLATE: 10, Cause.VISIT_MIX: 3}


def test_a_late_patient_passes_the_delay_on_to_the_next() -> None:
    late, next_one = _day(_served(0, 12, 32, arrived=8, roomed=12), _served(20, 32, 52))
    assert _minutes(late) == {Cause.PATIENT: 8, Cause.STAFF: 4}
    assert _minutes(next_one) == {Cause.PATIENT: 8, Cause.STAFF: 4}


def test_a_late_patient_is_not_blamed_while_the_clinician_is_busy() -> None:
    _, second = _day(_served(0, 0, 35), _served(20, 35, 55, arrived=30, roomed=34))
    assert _minutes(second) == {Cause.VISIT_MIX: 15}


def test_notes_written_while_the_next_is_ready_are_documentation() -> None:
    _, second = _day(_served(0, 0, 20), _served(20, 29, 45), written=(22, 27, 50))
    assert _minutes(second) == {Cause.DOCUMENTATION: 7, Cause.CLINICIAN_OTHER: 2}


def test_two_at_one_time_and_walk_ins_are_more_than_the_template_holds() -> None:
    _, second = _day(_served(0, 0, 20), _served(0, 20, 40))
    assert _minutes(second) == {Cause.OVERBOOKING: 20}
    _, after_walk_in = _day(_served(0, 0, 20), _served(None, 20, 35), _served(20, 35, 55))
    assert _minutes(after_walk_in) == {Cause.OVERBOOKING: 15}


def test_free_time_takes_back_from_all_causes_alike() -> None:
    *_, last = _day(
        _served(0, 12, 32, arrived=8, roomed=12),  # 8 by the patient, 4 by staff
        _served(26, 32, 52),  # a gap of six minutes: half of the delay is made good
    )
    assert _minutes(last) == {Cause.PATIENT: 4, Cause.STAFF: 2}


_TIMES = st.integers(min_value=0, max_value=36_000)
_SERVED = st.builds(
    lambda planned, slot, arrived, rooming, wait, length, typical, walk_in: Served(
        planned=None if walk_in else planned, slot=None if walk_in else slot, arrived=arrived,
        roomed=None if rooming is None else arrived + rooming, began=arrived + (rooming or 0) + wait,
        ended=arrived + (rooming or 0) + wait + length, typical=typical,
    ),
    _TIMES, st.integers(300, 3600), _TIMES, st.none() | st.integers(0, 3600), st.integers(0, 7200),
    st.integers(0, 7200), st.none() | st.integers(60, 7200), st.booleans(),
)  # fmt: skip


@given(st.lists(_SERVED, max_size=14), st.lists(_TIMES, max_size=10))
def test_parts_sum_to_the_delay_of_every_visit_and_of_the_day(visits: list[Served], written: list[int]) -> None:
    told = split_delays(visits, written)
    assert len(told) == sum(visit.planned is not None for visit in visits)
    for visit, delay in told:
        assert visit.planned is not None
        assert delay.late == max(0, visit.began - visit.planned)
        assert all(seconds >= 0 for seconds in delay.causes.values())
        assert sum(delay.causes.values()) == delay.late
    whole = total(delay for _, delay in told)
    assert sum(whole.causes.values()) == whole.late == sum(delay.late for _, delay in told)
