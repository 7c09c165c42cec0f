"""Who wants to know at once that the tree has changed (what is computed from it and kept must be forgotten), and what
rooms above show on the page of a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.organization.models import Unit

_listeners: list[Callable[[], None]] = []


def when_tree_changes(forget: Callable[[], None]) -> Callable[[], None]:
    _listeners.append(forget)
    return forget


def tell_tree_changed() -> None:
    """Now, for the rest of this transaction, and again when others can see the change."""
    for forget in _listeners:
        forget()
        transaction.on_commit(forget)


@dataclass(frozen=True, slots=True)
class UnitPanel:
    """What a room shows on the page of a unit: `template` gets what `context(actor, unit)` returns as `slot`; None
    leaves it out. Shown to those who hold `right` at the unit. Lower `order` stands higher."""

    template: str
    context: Callable[[Actor, Unit], Mapping[str, Any] | None]
    right: str
    order: int = 50


unit_panels: Registry[UnitPanel] = Registry("unit panel")


def panels_of(actor: Actor, unit: Unit) -> list[tuple[UnitPanel, Mapping[str, Any]]]:
    """The panels that the actor sees on the page of a unit, in order."""
    scopes = ((panel, actor.scope(panel.right)) for panel in sorted(unit_panels, key=lambda one: one.order))
    allowed = [panel for panel, scope in scopes if scope.everything or unit.pk in scope.units]
    found = [(panel, panel.context(actor, unit)) for panel in allowed]
    return [(panel, context) for panel, context in found if context is not None]
