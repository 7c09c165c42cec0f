"""The four questions, and moves of statuses."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.registers import rules

_answers = st.dictionaries(st.sampled_from(rules.FOUR_QUESTIONS), st.sampled_from(["", "  ", "yes", "\n"]))


@given(_answers)
def test_a_blank_answer_is_no_answer(answers: dict[str, str]) -> None:
    missing = rules.unanswered(answers)
    assert {q for q in rules.FOUR_QUESTIONS if answers.get(q) == "yes"} == set(rules.FOUR_QUESTIONS) - set(missing)


def test_moves_lead_to_known_statuses_only() -> None:
    for moves, statuses in (
        (rules.REGULATION_MOVES, rules.RegulationStatus),
        (rules.ADOPTION_MOVES, rules.AdoptionStatus),
    ):
        assert set(moves) == set(statuses)
        for now, after in moves.items():
            assert all(rules.may_move(moves, now, to) == (to in after) for to in statuses)
    assert not rules.may_move(rules.ADOPTION_MOVES, "proposed", "live")
    assert not rules.may_move(rules.ADOPTION_MOVES, "unheard_of", "live")


@given(st.dates(), st.dates())
def test_a_review_is_due_from_its_day_on(review_on: dt.date, today: dt.date) -> None:
    assert rules.review_due(review_on, today) == (today >= review_on)
    assert not rules.review_due(None, today)
