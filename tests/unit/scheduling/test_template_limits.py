"""Limits of the group on templates, block by block and day by day."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from medguild.operations.templates.block_rules import BlockDraft
from medguild.operations.templates.limit_rules import KindLimits, Limit, breaches

SITE, KIND = UUID(int=1), UUID(int=2)
LIMITS = {
    SITE: {
        Limit.SHORTEST_VISIT: 10, Limit.KIND_SHORTEST: 0, Limit.LONGEST_DAY: 480, Limit.DOUBLE_BOOK_SHARE: 100,
    }
}  # fmt: skip
BLOCK = BlockDraft(unit_id=SITE, weekday=0, start_minute=480, end_minute=720, visit_types={KIND: 20})


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"visit_types": {KIND: 9}}, Limit.SHORTEST_VISIT),
        ({"visit_types": {KIND: 14}}, Limit.KIND_SHORTEST),
        ({"visit_types": {KIND: 41}}, Limit.KIND_LONGEST),
        ({"overbook_limit": 2}, Limit.DOUBLE_BOOK_SHARE),
        ({"end_minute": 961}, Limit.LONGEST_DAY),
        ({"visit_types": {KIND: None}}, None),
        ({"visit_types": {KIND: 15}, "overbook_limit": 4, "capacity": 4, "end_minute": 960}, None),
    ],
)
def test_a_block_breaks_a_limit(changes: dict[str, object], limit: Limit | None) -> None:
    found = breaches([replace(BLOCK, **changes)], LIMITS, {KIND: KindLimits(15, 40)})  # type: ignore[arg-type]
    assert [one.limit for one in found] == ([limit] if limit else [])


def test_a_deviation_lets_a_kind_be_shorter() -> None:
    limits = {SITE: LIMITS[SITE] | {Limit.KIND_SHORTEST: 20}}
    assert breaches([replace(BLOCK, visit_types={KIND: 12})], limits, {KIND: KindLimits(15)}) == []
    assert breaches([replace(BLOCK, visit_types={KIND: 11})], limits, {KIND: KindLimits(15)})


def test_blocks_of_a_day_add_up_and_those_that_take_turns_do_not() -> None:
    afternoon = replace(BLOCK, start_minute=780, end_minute=1080)
    (found,) = breaches([BLOCK, afternoon], LIMITS, {})
    assert (found.limit, found.found, found.allowed) == (Limit.LONGEST_DAY, 540, 480)
    turns = [replace(afternoon, every_weeks=2, end_minute=1000), replace(afternoon, every_weeks=2, end_minute=1020)]
    assert breaches([BLOCK, *turns], LIMITS, {}) == []
    assert breaches([BLOCK, replace(afternoon, weekday=1)], LIMITS, {}) == []
