"""What rooms above put on the page of a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.revenue.claims.models import Claim


@dataclass(frozen=True, slots=True)
class ClaimPanel:
    """A fragment on the page of a claim; gets `claim` and `data` (what `context` returns; empty leaves it out)."""

    key: str
    order: int
    template: str
    context: Callable[[Actor, Claim], Mapping[str, Any]]
    right: str


claim_panels: Registry[ClaimPanel] = Registry("claim panel")


def panels_of(actor: Actor, claim: Claim) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and data of each panel that the actor may see and that has something to show."""
    allowed = [panel for panel in claim_panels if actor.may(panel.right)]
    ordered = sorted(allowed, key=lambda panel: (panel.order, panel.key))
    found = [(panel.template, panel.context(actor, claim)) for panel in ordered]
    return [(template, data) for template, data in found if data]
