"""The tree of the group as it stood on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from medguild.foundation.kernel.actor import Actor, Scope
from medguild.foundation.organization.models import LegalEntity, Unit, UnitPlacement, UnitRelation
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_below


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the outline. `within` is False for units that only lead to what the actor may see."""

    unit: Unit
    depth: int
    within: bool
    entity: LegalEntity | None = None
    relations: list[UnitRelation] = field(default_factory=list)


def outline(actor: Actor, *, on: dt.date) -> list[Node]:
    """Units that stood on the day, top down and by name: those of the actor, and what is above them.

    What stood below the actor's units on that day is shown even if it has moved away since.
    """
    held = actor.scope(OrganizationRight.READ)
    scope = held if held.everything else replace(held, units=held.units | units_below(held.units, on=on))
    units = {unit.pk: unit for unit in Unit.objects.filter(period__contains=on)}
    placements = UnitPlacement.objects.filter(period__contains=on).values_list("unit_id", "parent_id")
    parents = {unit: parent for unit, parent in placements if unit in units and parent in units}
    shown = set(units) if scope.everything else _with_parents(scope.units & units.keys(), parents)
    below: dict[UUID | None, list[UUID]] = defaultdict(list)
    for unit_id in sorted(shown, key=lambda one: units[one].name):
        below[parents.get(unit_id)].append(unit_id)
    entities = {entity.unit_id: entity for entity in LegalEntity.objects.filter(unit_id__in=_within(shown, scope))}
    relations = _relations(_within(shown, scope), on)
    return [
        Node(
            unit=units[unit_id],
            depth=depth,
            within=scope.everything or unit_id in scope.units,
            entity=entities.get(unit_id),
            relations=relations.get(unit_id, []),
        )
        for unit_id, depth in _walk(None, 0, below)
    ]


def _with_parents(unit_ids: Iterable[UUID], parents: Mapping[UUID, UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for unit_id in unit_ids:
        here: UUID | None = unit_id
        while here is not None and here not in found:
            found.add(here)
            here = parents.get(here)
    return found


def _within(shown: set[UUID], scope: Scope) -> set[UUID]:
    return shown if scope.everything else shown & scope.units


def _relations(unit_ids: set[UUID], on: dt.date) -> dict[UUID, list[UnitRelation]]:
    found: dict[UUID, list[UnitRelation]] = defaultdict(list)
    rows = UnitRelation.objects.filter(source_id__in=unit_ids, period__contains=on)
    for relation in rows.select_related("target").order_by("kind", "target__name"):
        found[relation.source_id].append(relation)
    return found


def _walk(here: UUID | None, depth: int, below: Mapping[UUID | None, list[UUID]]) -> Iterator[tuple[UUID, int]]:
    for unit_id in below.get(here, []):
        yield unit_id, depth
        yield from _walk(unit_id, depth + 1, below)


def unit_options(actor: Actor, right: str, kind: UnitKind | None, *, on: dt.date) -> list[Unit]:
    """Units open on a day on which the actor holds a right, for choices."""
    scope = actor.scope(right)
    units = Unit.objects.filter(period__contains=on).order_by("name")
    if kind is not None:
        units = units.filter(kind=kind)
    return list(units if scope.everything else units.filter(pk__in=scope.units))
