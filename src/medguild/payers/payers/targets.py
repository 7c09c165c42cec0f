"""Payers for which a standard may have a value of its own."""

from __future__ import annotations

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.standards.ports import offer_targets
from medguild.foundation.standards.rules import Dimension
from medguild.payers.payers.selectors import payers


def _payers(_actor: Actor) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in payers().order_by("name")]


offer_targets(Dimension.PAYER, _payers)
