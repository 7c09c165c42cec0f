"""On which days clinicians may treat where: what lists of free times are sifted by. The rules are those of `rules`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.people.credentialing.rules import CredentialKind, PrivilegeStanding

# A compact counts while the clinician holds it, the home state is a member, and so is the state of the patient.
_TREATING = """
    select held.clinician_id, held.state, 'licence', lower(held.period), upper(held.period)
      from foundation_licence held
     where held.clinician_id = any(%s) and held.state = any(%s) and held.period && daterange(%s, %s)
    union all
    select held.clinician_id, held.state, 'telehealth', lower(held.period), upper(held.period)
      from people_telehealthregistration held
     where held.clinician_id = any(%s) and held.state = any(%s) and held.period && daterange(%s, %s)
    union all
    select held.clinician_id, there.state, 'compact', lower(held.period * home.period * there.period),
           upper(held.period * home.period * there.period)
      from people_compactprivilege held
      join people_compact agreed on agreed.id = held.compact_id
      join foundation_clinician clinician on clinician.id = held.clinician_id
           and clinician.kind = any(agreed.clinician_kinds)
      join people_compactstate home on home.compact_id = held.compact_id and home.state = held.home_state
      join people_compactstate there on there.compact_id = held.compact_id and held.state in ('', there.state)
     where held.clinician_id = any(%s) and there.state = any(%s)
       and held.period * home.period * there.period && daterange(%s, %s)
"""
_PRIVILEGED = """
    select held.clinician_id, path.descendant_id, held.standing, lower(held.period * path.period),
           upper(held.period * path.period)
      from people_privilege held
      join foundation_unitpath path on path.ancestor_id = held.unit_id and path.descendant_id = any(%s)
     where held.clinician_id = any(%s) and held.type_id = %s and held.period * path.period && daterange(%s, %s)
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Days `[start, end)` on which something holds; `kind` is a CredentialKind, or a standing of a privilege."""

    kind: str
    start: dt.date
    end: dt.date | None

    def holds(self, on: dt.date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)


def treating_spans(
    clinician_ids: Collection[UUID], states: Collection[str], *, start: dt.date, end: dt.date
) -> Mapping[tuple[UUID, str], Sequence[Span]]:
    """By clinician and state, all that allows treating there within the half-open period. One query."""
    asked: list[Any] = [list(clinician_ids), list(states), start, end]
    found: dict[tuple[UUID, str], list[Span]] = defaultdict(list)
    with planned_cursor() as cursor:
        cursor.execute(_TREATING, asked * 3)
        for clinician_id, state, kind, since, until in cursor.fetchall():
            found[clinician_id, state].append(Span(kind, since, until))
    return found


def privilege_spans(
    clinician_ids: Collection[UUID], type_id: UUID, unit_ids: Collection[UUID], *, start: dt.date, end: dt.date
) -> Mapping[tuple[UUID, UUID], Sequence[Span]]:
    """By clinician and unit, the standings of a privilege within the half-open period. One query."""
    found: dict[tuple[UUID, UUID], list[Span]] = defaultdict(list)
    with planned_cursor() as cursor:
        cursor.execute(_PRIVILEGED, [list(unit_ids), list(clinician_ids), type_id, start, end])
        for clinician_id, unit_id, standing, since, until in cursor.fetchall():
            found[clinician_id, unit_id].append(Span(standing, since, until))
    return found


def treats(spans: Sequence[Span], on: dt.date, *, remote: bool) -> bool:
    """Whether these allow treating on a day; a registration for telehealth only remotely."""
    return any(one.holds(on) and (remote or one.kind != CredentialKind.TELEHEALTH) for one in spans)


def performs(spans: Sequence[Span], on: dt.date) -> bool:
    """Whether these allow the procedure on a day: one holds and none that holds is suspended."""
    standings = {one.kind for one in spans if one.holds(on)}
    return bool(standings) and PrivilegeStanding.SUSPENDED not in standings
