"""The who-owns-what map: types of work by units, with red where nobody answers. A fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.access.models import Grant
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.local_time import today_at
from medguild.foundation.organization.models import Site, Unit, UnitPath
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.work.models import Duty
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import WorkType, work_types
from medguild.foundation.work.rules import DutyLine, Health, health, nearest_duty

_WHOLE = "a duty above a unit answers for it, whoever looks"


@dataclass(frozen=True, slots=True)
class OwnerCell:
    """Who answers for one type of work at one unit. `inherited`: the duty stands at a unit above."""

    unit: Unit
    health: Health
    duty: Duty | None = None
    inherited: bool = False
    holders: int = 0

    @property
    def red(self) -> bool:
        return self.health in (Health.MISSING, Health.VACANT)


@dataclass(frozen=True, slots=True)
class OwnerRow:
    work_type: WorkType
    cells: Sequence[OwnerCell]

    @property
    def red(self) -> bool:
        return any(cell.red for cell in self.cells)


@dataclass(frozen=True, slots=True)
class OwnershipMap:
    units: Sequence[Unit]
    rows: Sequence[OwnerRow]

    @property
    def red_cells(self) -> int:
        return sum(cell.red for row in self.rows for cell in row.cells)


def who_owns_what(
    actor: Actor, *, kind: UnitKind = UnitKind.PRACTICE, on: dt.date | None = None, only: Iterable[str] = ()
) -> OwnershipMap:
    """The map for the actor's units of a kind on a day; `only` keeps some types."""
    day = on or today()
    units = list(units_visible(actor, WorkRight.READ, kind=kind).filter(period__contains=day))
    paths = _paths([unit.pk for unit in units], day)
    above = {unit_id for path in paths.values() for unit_id in path}
    duties = {
        duty.pk: duty
        for duty in Duty.objects.unscoped(_WHOLE)
        .filter(period__contains=day, unit_id__in=above)
        .select_related("user", "backup_user", "unit")
    }
    held = _held(above, day)
    specialties = dict(Site.objects.filter(unit_id__in=paths).values_list("unit_id", "specialty"))
    wanted = set(only)
    types = [declared for key, declared in work_types.items() if not wanted or key in wanted]
    rows = [
        OwnerRow(
            declared,
            [_cell(declared, unit, paths[unit.pk], duties, held, specialties.get(unit.pk, "")) for unit in units],
        )
        for declared in types
    ]
    return OwnershipMap(units, rows)


def _paths(unit_ids: Sequence[UUID], on: dt.date) -> dict[UUID, dict[UUID, int]]:
    paths: dict[UUID, dict[UUID, int]] = {unit_id: {} for unit_id in unit_ids}
    rows = UnitPath.objects.filter(descendant_id__in=unit_ids, period__contains=on)
    for descendant, ancestor, depth in rows.values_list("descendant_id", "ancestor_id", "depth"):
        paths[descendant][ancestor] = depth
    return paths


def _held(unit_ids: Iterable[UUID], on: dt.date) -> Mapping[UUID, Mapping[str, set[UUID]]]:
    """Per unit and role: the active users who were granted it exactly there."""
    held: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    grants = Grant.objects.filter(unit_id__in=list(unit_ids), period__contains=on, user__is_active=True)
    for unit_id, role, user_id in grants.values_list("unit_id", "role", "user_id"):
        held[unit_id][role].add(user_id)
    return held


def _cell(
    declared: WorkType,
    unit: Unit,
    path: Mapping[UUID, int],
    duties: Mapping[UUID, Duty],
    held: Mapping[UUID, Mapping[str, set[UUID]]],
    specialty: str,
) -> OwnerCell:
    lines = [DutyLine(duty.pk, duty.work_type, duty.unit_id, duty.specialty) for duty in duties.values()]
    chosen = nearest_duty(lines, work_type=declared.key, path=path, specialty=specialty)
    if chosen is None:
        return OwnerCell(unit, Health.MISSING)
    duty = duties[chosen.id]
    able = _able(duty, path, held)
    backed = bool(duty.backup_role or duty.backup_user_id)
    state = health(has_duty=True, held=bool(able), has_backup=backed)
    return OwnerCell(unit, state, duty, duty.unit_id != unit.pk, len(able))


def _able(duty: Duty, path: Iterable[UUID], held: Mapping[UUID, Mapping[str, set[UUID]]]) -> set[UUID]:
    """Who can act today: holders of the role at the unit or above, or the named person while they hold any role."""
    if duty.user is not None and duty.user_id is not None:
        here = {user_id for unit_id in path for users in held[unit_id].values() for user_id in users}
        return {duty.user_id} & here if duty.user.is_active else set()
    return {user_id for unit_id in path for user_id in held[unit_id].get(duty.role, set())}


def duty_at(unit: Unit, work_type: str, *, on: dt.date | None = None) -> Duty | None:
    """The general duty that stands at this very unit on the day. The caller has checked the right to manage it."""
    rows = Duty.objects.unscoped("the right on the unit has been checked").filter(
        unit=unit, work_type=work_type, specialty="", period__contains=on or today_at(unit.pk)
    )
    found: Duty | None = rows.select_related("user", "backup_user").first()
    return found
