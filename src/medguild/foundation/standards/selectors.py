"""What people see of standards: the catalogue, the variation map, deviations, workflows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import LegalEntity, Site, Unit, UnitPath
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.standards.models import (
    Deviation,
    ProcessMark,
    StandardSetting,
    Workflow,
    WorkflowCheck,
    WorkflowVersion,
)
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import Standard, outcomes_for, standards
from medguild.foundation.standards.resolution import Found, Resolved, readable
from medguild.foundation.standards.rules import (
    COUNTED,
    Candidate,
    DeviationStatus,
    Dimension,
    Mode,
    WorkflowStatus,
    adoption,
    level_of,
)

_HOLDS_BELOW = "what a unit above has set holds for the actor too; units are compared here"


@dataclass(frozen=True, slots=True)
class MapCell:
    """The value of a standard at a practice, and whether it differs from the group's."""

    unit: Unit
    resolved: Resolved
    differs: bool
    deviation: Deviation | None = None


@dataclass(frozen=True, slots=True)
class MapRow:
    standard: Standard
    group: Resolved
    mode: Mode
    mark: ProcessMark | None
    cells: Sequence[MapCell]

    @property
    def varies(self) -> bool:
        return any(cell.differs for cell in self.cells)

    @property
    def adopted(self) -> tuple[int, int]:
        return adoption((cell.resolved.value for cell in self.cells), self.group.value)


@dataclass(frozen=True, slots=True)
class VariationMap:
    units: Sequence[Unit]
    rows: Sequence[MapRow]


@dataclass(frozen=True, slots=True)
class OutcomeColumn:
    label: object
    values: Mapping[UUID, str]


def units_concerned(
    actor: Actor, right: str = StandardRight.READ, *, on: dt.date | None = None
) -> frozenset[UUID] | None:
    """The actor's units and all above them, whose values hold for the actor too; None means every unit."""
    scope = actor.scope(right)
    if scope.everything:
        return None
    paths = UnitPath.objects.filter(descendant_id__in=scope.units, period__contains=on or today())
    return frozenset(paths.values_list("ancestor_id", flat=True)) | scope.units


def holds_here_or_below(actor: Actor, right: str, unit_id: UUID) -> bool:
    """Whether what stands at the unit is the actor's to see."""
    units = units_concerned(actor, right)
    return units is None or unit_id in units


def _concerned(actor: Actor, path: str = "unit_id") -> Q:
    units = units_concerned(actor)
    return Q() if units is None else Q(**{f"{path}__in": units})


def settings_visible(actor: Actor, key: str) -> QuerySet[StandardSetting]:
    """Settings of a standard at the actor's units and above, present and past, newest first."""
    rows = StandardSetting.objects.unscoped(_HOLDS_BELOW).filter(_concerned(actor), key=key)
    return rows.select_related("unit").order_by("-period")


def deviations_visible(actor: Actor) -> QuerySet[Deviation]:
    """Deviations at the actor's units and above, newest first."""
    rows = Deviation.objects.unscoped(_HOLDS_BELOW).filter(_concerned(actor))
    return rows.select_related("unit", "requested_by", "decided_by").order_by("-requested_at")


def deviation_for(actor: Actor, deviation_id: UUID) -> Deviation:
    """One deviation. Raises NotVisible."""
    found = deviations_visible(actor).filter(pk=deviation_id).first()
    if found is None:
        raise NotVisible
    return found


def variation_map(actor: Actor, *, keys: Iterable[str] = (), on: dt.date | None = None) -> VariationMap:
    """Every standard by the actor's practices: the value there and where it differs. A fixed number of queries.

    Practices that the actor may not see are left out altogether, of the counts too.
    """
    day = on or today()
    wanted = set(keys)
    chosen = [standard for key, standard in standards.items() if not wanted or key in wanted]
    practices = list(units_visible(actor, StandardRight.READ, kind=UnitKind.PRACTICE).filter(period__contains=day))
    paths, top = _paths([unit.pk for unit in practices], day)
    rows = _rows_on_file({standard.key for standard in chosen}, day)
    marks = {mark.key: mark for mark in ProcessMark.objects.filter(period__contains=day)}
    places = _Places.load(paths)
    deviations: dict[UUID, Deviation] = {row.pk: row for row in rows if isinstance(row, Deviation)}
    modes = {key: Mode(mark.mode) for key, mark in marks.items()}
    group = Found(_candidates(rows, top, "", ""), modes)
    found = {
        unit.pk: Found(
            _candidates(rows, paths[unit.pk], places.state(paths[unit.pk]), places.specialty(unit.pk)), modes
        )
        for unit in practices
    }
    return VariationMap(
        practices,
        [_map_row(standard, group, found, practices, marks.get(standard.key), deviations) for standard in chosen],
    )


def _map_row(
    standard: Standard,
    group: Found,
    found: Mapping[UUID, Found],
    practices: Sequence[Unit],
    mark: ProcessMark | None,
    deviations: Mapping[UUID, Deviation],
) -> MapRow:
    general = group.resolve(standard)
    cells = []
    for unit in practices:
        here = found[unit.pk].resolve(standard)
        deviation = deviations.get(here.deviation_id) if here.deviation_id else None
        cells.append(MapCell(unit, here, here.value != general.value, deviation))
    mode = standard.terms(Mode(mark.mode) if mark else None).mode
    return MapRow(standard, general, mode, mark, cells)


def outcome_columns(key: str, practices: Sequence[Unit], *, on: dt.date | None = None) -> list[OutcomeColumn]:
    """Outcome numbers beside a standard, one question per outcome."""
    ids = [unit.pk for unit in practices]
    return [OutcomeColumn(outcome.label, outcome.read(ids, on or today())) for outcome in outcomes_for(key)]


def _paths(unit_ids: Sequence[UUID], on: dt.date) -> tuple[dict[UUID, dict[UUID, int]], dict[UUID, int]]:
    """Per practice its units upwards with their distance; and the enterprises, for the group's own value."""
    paths: dict[UUID, dict[UUID, int]] = {unit_id: {} for unit_id in unit_ids}
    top: dict[UUID, int] = {}
    rows = UnitPath.objects.filter(descendant_id__in=unit_ids, period__contains=on)
    for descendant, ancestor, depth, kind in rows.values_list(
        "descendant_id", "ancestor_id", "depth", "ancestor__kind"
    ):
        paths[descendant][ancestor] = depth
        if kind == UnitKind.ENTERPRISE:
            top[ancestor] = 0
    return paths, top


Row = StandardSetting | Deviation


def _rows_on_file(keys: set[str], on: dt.date) -> list[Row]:
    settings = StandardSetting.objects.unscoped(_HOLDS_BELOW).filter(period__contains=on, key__in=keys)
    deviations = Deviation.objects.unscoped(_HOLDS_BELOW).filter(
        period__contains=on, key__in=keys, status__in=sorted(COUNTED)
    )
    return [
        *settings.select_related("unit"),
        *deviations.select_related("unit", "requested_by", "decided_by"),
    ]


@dataclass(frozen=True, slots=True)
class _Places:
    """State of an entity and specialty of a practice: that of its sites where they agree."""

    states: Mapping[UUID, str]
    specialties: Mapping[UUID, set[str]]

    @classmethod
    def load(cls, paths: Mapping[UUID, Mapping[UUID, int]]) -> _Places:
        above = {unit_id for path in paths.values() for unit_id in path}
        states = dict(LegalEntity.objects.filter(unit_id__in=above).values_list("unit_id", "state"))
        specialties: dict[UUID, set[str]] = defaultdict(set)
        sites = Site.objects.filter(unit__paths_up__ancestor_id__in=list(paths))
        for practice, specialty in sites.values_list("unit__paths_up__ancestor_id", "specialty"):
            specialties[practice].add(specialty)
        return cls(states, specialties)

    def state(self, path: Iterable[UUID]) -> str:
        return next((self.states[unit_id] for unit_id in path if unit_id in self.states), "")

    def specialty(self, practice: UUID) -> str:
        found = self.specialties.get(practice, set())
        return next(iter(found)) if len(found) == 1 else ""


def _candidates(
    rows: Iterable[Row], path: Mapping[UUID, int], state: str, specialty: str
) -> dict[str, list[Candidate]]:
    fitting = {Dimension.UNIT: "", Dimension.STATE: state, Dimension.SPECIALTY: specialty}
    found: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        dimension = Dimension(row.dimension)
        if row.unit_id not in path or fitting.get(dimension) != row.target:
            continue
        value = readable(row.key, row.value)
        if value is None:
            continue
        level = level_of(dimension, UnitKind(row.unit.kind))
        deviation_id = row.pk if isinstance(row, Deviation) else None
        found[row.key].append(Candidate(level, path[row.unit_id], value, row.unit_id, row.target, deviation_id, row.pk))
    return found


def workflows_visible(actor: Actor) -> QuerySet[Workflow]:
    """Workflows of the actor's units and of those above, by title."""
    rows = Workflow.objects.unscoped(_HOLDS_BELOW).filter(_concerned(actor))
    return rows.select_related("unit", "owner").order_by("title")


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    workflow: Workflow
    versions: Sequence[WorkflowVersion]
    checks: Sequence[WorkflowCheck]
    practices: Sequence[Unit]

    @property
    def adopted(self) -> tuple[int, int]:
        latest: dict[UUID, bool] = {}
        for check in self.checks:
            latest.setdefault(check.unit_id, check.followed)
        return sum(latest.values()), len(self.practices)


def workflow_page(actor: Actor, workflow_id: UUID) -> WorkflowPage:
    """A workflow with its versions and the checks of the actor's practices, newest first. Raises NotVisible."""
    workflow = workflows_visible(actor).filter(pk=workflow_id).first()
    if workflow is None:
        raise NotVisible
    versions = WorkflowVersion.objects.unscoped("the workflow is visible").filter(workflow=workflow)
    checks = WorkflowCheck.objects.visible_to(actor).filter(workflow=workflow)
    practices = units_visible(actor, StandardRight.READ, kind=UnitKind.PRACTICE).filter(
        paths_up__ancestor_id=workflow.unit_id
    )
    return WorkflowPage(
        workflow,
        list(versions.select_related("written_by").order_by("-number")),
        list(checks.select_related("unit", "checked_by").order_by("-checked_on")),
        list(practices.distinct()),
    )


def reviews_due(actor: Actor, *, on: dt.date) -> QuerySet[Workflow]:
    """Workflows in force whose review date has come."""
    return workflows_visible(actor).filter(status=WorkflowStatus.IN_FORCE, review_on__lte=on)


def open_proposals(actor: Actor) -> int:
    return deviations_visible(actor).filter(status=DeviationStatus.PROPOSED).count()
