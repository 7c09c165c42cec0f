"""Another time for each visit that must move: the nearest one, and never one time for two. Pure.

First the same clinician at the same site, else the same clinician elsewhere, else a colleague of the same specialty at
the same site; each within `REACH` of the time the visit had.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.templates.preview_rules import Visit
from medguild.operations.templates.rules import Why

REACH = 42 * 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Proposal:
    """A free time for a visit, and what speaks for it."""

    start: Minute
    minutes: int
    clinician_id: UUID
    unit_id: UUID
    why: Why


class _Pool:
    """Free starts of a clinician at a site for one kind of visit, by time: (start, minutes, room)."""

    __slots__ = ("clinician_id", "starts", "unit_id")

    def __init__(self, clinician_id: UUID, unit_id: UUID) -> None:
        self.clinician_id, self.unit_id = clinician_id, unit_id
        self.starts: list[tuple[Minute, int, UUID | None]] = []

    def nearest(self, wanted: Minute, fits: Callable[[Minute, Minute], bool]) -> tuple[Minute, int, UUID | None] | None:
        """The start closest to the wanted one that fits the patient; of two equally close the later."""
        after = bisect_left(self.starts, wanted, key=itemgetter(0))
        before = after - 1
        while after < len(self.starts) or before >= 0:
            later = after < len(self.starts) and (
                before < 0 or self.starts[after][0] - wanted <= wanted - self.starts[before][0]
            )
            found = self.starts[after] if later else self.starts[before]
            if abs(found[0] - wanted) > REACH:
                return None
            if fits(found[0], found[0] + found[1]):
                return found
            after, before = (after + 1, before) if later else (after, before - 1)
        return None

    def drop(self, start: Minute, end: Minute, longest: int, room: UUID | None = None) -> None:
        """Take out what would overlap; with a room only what is in it."""
        first = bisect_right(self.starts, start - longest, key=itemgetter(0))
        last = bisect_left(self.starts, end, key=itemgetter(0))
        self.starts[first:last] = [
            one
            for one in self.starts[first:last]
            if one[0] + one[1] <= start or one[0] >= end or (room is not None and one[2] != room)
        ]


class Proposer:
    """Hands out free times, each once. `busy` are the visits that patients have: (start, end, id of the visit)."""

    def __init__(
        self,
        openings: Mapping[UUID, Iterable[Opening]],
        busy: Mapping[UUID, Sequence[tuple[Minute, Minute, UUID]]],
        colleagues: Mapping[UUID, frozenset[UUID]] | None = None,
    ) -> None:
        self._pools: dict[tuple[UUID, UUID, UUID], _Pool] = {}
        self._of_clinician: dict[UUID, list[_Pool]] = defaultdict(list)
        self._of_kind: dict[UUID, list[_Pool]] = defaultdict(list)
        self._in_rooms: dict[UUID, set[_Pool]] = defaultdict(set)
        self._busy = {patient: sorted(spans) for patient, spans in busy.items()}
        self._colleagues = colleagues
        self._longest = 0
        for kind, offered in openings.items():
            self._fill(kind, offered)

    def _fill(self, kind: UUID, offered: Iterable[Opening]) -> None:
        for opening in offered:
            session = opening.session
            key = (kind, session.clinician_id, session.unit_id)
            if key not in self._pools:
                pool = self._pools[key] = _Pool(session.clinician_id, session.unit_id)
                self._of_clinician[session.clinician_id].append(pool)
                self._of_kind[kind].append(pool)
            pool = self._pools[key]
            pool.starts.extend((start, session.minutes, session.room_id) for start in opening.starts)
            self._longest = max(self._longest, session.minutes)
            if session.room_id is not None:
                self._in_rooms[session.room_id].add(pool)
        for pool in self._of_kind[kind]:
            pool.starts.sort(key=itemgetter(0))

    def propose(self, visit: Visit) -> Proposal | None:
        """The nearest time of the first group that has one, or None; it is given to nobody else."""

        def fits(start: Minute, end: Minute) -> bool:
            spans = self._busy.get(visit.patient_id, ())
            return all(end <= since or start >= until or own == visit.id for since, until, own in spans)

        for why, pools in self._groups(visit):
            offers = [(found, pool) for pool in pools if (found := pool.nearest(visit.start, fits)) is not None]
            if offers:
                (start, minutes, room), pool = min(
                    offers, key=lambda one: (abs(one[0][0] - visit.start), -one[0][0], one[1].clinician_id.int)
                )
                self._take(visit, start, start + minutes, pool.clinician_id, room)
                return Proposal(start, minutes, pool.clinician_id, pool.unit_id, why)
        return None

    def _groups(self, visit: Visit) -> Iterable[tuple[Why, list[_Pool]]]:
        of_kind = self._of_kind.get(visit.visit_type_id, [])
        own = [pool for pool in of_kind if pool.clinician_id == visit.clinician_id]
        yield Why.SAME_PLACE, [pool for pool in own if pool.unit_id == visit.unit_id]
        yield Why.OTHER_SITE, [pool for pool in own if pool.unit_id != visit.unit_id]
        there = [pool for pool in of_kind if pool.clinician_id != visit.clinician_id and pool.unit_id == visit.unit_id]
        if self._colleagues is not None:
            known = self._colleagues.get(visit.clinician_id, frozenset())
            there = [pool for pool in there if pool.clinician_id in known]
        yield Why.COLLEAGUE, there

    def _take(self, visit: Visit, start: Minute, end: Minute, clinician_id: UUID, room: UUID | None) -> None:
        for pool in self._of_clinician[clinician_id]:
            pool.drop(start, end, self._longest)
        if room is not None:
            for pool in self._in_rooms[room]:
                pool.drop(start, end, self._longest, room)
        insort(self._busy.setdefault(visit.patient_id, []), (start, end, visit.id))


def propose_all(visits: Iterable[Visit], proposer: Proposer) -> dict[UUID, Proposal | None]:
    """A proposal for each visit, in the order given: whoever comes first is nearest to their old time."""
    return {visit.id: proposer.propose(visit) for visit in visits}
