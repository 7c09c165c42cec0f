"""Where the blocks of a template break the group's limits. Pure."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from medguild.operations.scheduling.kinds.rules import shortest_allowed
from medguild.operations.templates.block_rules import BlockDraft


class Limit(enum.StrEnum):
    """Keys of the standards; the longest a kind may take is no standard but the kind's own."""

    SHORTEST_VISIT = "templates.shortest_visit"
    KIND_SHORTEST = "scheduling.visit_shortening"
    KIND_LONGEST = "kind_longest"
    LONGEST_DAY = "templates.longest_day"
    DOUBLE_BOOK_SHARE = "templates.double_book_share"


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a block (or a weekday) breaks: what it has, what it may have, where."""

    limit: Limit
    weekday: int
    found: int
    allowed: int
    unit_id: UUID
    visit_type_id: UUID | None = None


Limits = Mapping[Limit, int]


@dataclass(frozen=True, slots=True)
class KindLimits:
    """The group's own limits of a kind of visit; None is none."""

    shortest: int | None = None
    longest: int | None = None


def breaches(
    blocks: Iterable[BlockDraft], limits: Mapping[UUID, Limits], kinds: Mapping[UUID, KindLimits]
) -> list[Breach]:
    """All breaches, by weekday. `limits` by site, `kinds` by kind of visit."""
    found: list[Breach] = []
    days: dict[int, list[BlockDraft]] = defaultdict(list)
    for block in blocks:
        held = limits[block.unit_id]
        days[block.weekday].append(block)
        found += _lengths(block, held, kinds)
        share = 100 * block.overbook_limit // block.capacity
        if share > held[Limit.DOUBLE_BOOK_SHARE]:
            found.append(
                Breach(Limit.DOUBLE_BOOK_SHARE, block.weekday, share, held[Limit.DOUBLE_BOOK_SHARE], block.unit_id)
            )
    for weekday, held_blocks in days.items():
        longest = _busiest(held_blocks)
        site = held_blocks[0].unit_id
        allowed = min(limits[block.unit_id][Limit.LONGEST_DAY] for block in held_blocks)
        if longest > allowed:
            found.append(Breach(Limit.LONGEST_DAY, weekday, longest, allowed, site))
    return sorted(found, key=lambda one: (one.weekday, one.limit))


def _lengths(block: BlockDraft, held: Limits, kinds: Mapping[UUID, KindLimits]) -> Iterable[Breach]:
    for kind, minutes in block.visit_types.items():
        if minutes is None:
            continue
        own = kinds.get(kind, KindLimits())
        least = shortest_allowed(own.shortest, held[Limit.KIND_SHORTEST]) if own.shortest is not None else 0
        for limit, allowed, broken in (
            (Limit.SHORTEST_VISIT, held[Limit.SHORTEST_VISIT], minutes < held[Limit.SHORTEST_VISIT]),
            (Limit.KIND_SHORTEST, least, minutes < least),
            (Limit.KIND_LONGEST, own.longest or 0, own.longest is not None and minutes > own.longest),
        ):
            if broken:
                yield Breach(limit, block.weekday, minutes, allowed, block.unit_id, kind)
                break


def _busiest(blocks: list[BlockDraft]) -> int:
    """The most minutes on one day of that weekday: blocks of other weeks do not add up at the same hours."""
    weekly = sum(block.end_minute - block.start_minute for block in blocks if block.every_weeks == 1)
    turns = [block for block in blocks if block.every_weeks > 1]
    covered: set[int] = set()
    for block in turns:
        covered.update(range(block.start_minute, block.end_minute))
    return weekly + len(covered)
