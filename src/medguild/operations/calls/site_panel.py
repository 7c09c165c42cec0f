"""The telephone on the page of a site: who waits now, and the alert that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.ports import UnitPanel, unit_panels
from medguild.foundation.organization.rules import UnitKind
from medguild.operations.calls.now import SiteNow, telephones_now
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.showing import seconds_text


def shown_now(actor: Actor, sites: Iterable[Site], *, at: dt.datetime) -> list[tuple[SiteNow, str, str]]:
    """Sites of which something is known, with the longest wait now and that of the alert in words."""
    named = [(site.unit_id, site.unit.name) for site in sites]
    return [_worded(one) for one in telephones_now(actor, named, at=at)]


def _worded(one: SiteNow) -> tuple[SiteNow, str, str]:
    return one, seconds_text(one.longest_seconds), seconds_text(one.alert.worst_seconds) if one.alert else ""


def _panel(actor: Actor, unit: Unit) -> Mapping[str, Any] | None:
    if unit.kind != UnitKind.SITE:
        return None
    found = telephones_now(actor, [(unit.pk, unit.name)], at=now())
    return {"telephones": [_worded(one) for one in found], "site": unit.pk} if found else None


unit_panels.register("telephone", UnitPanel("calls/_site_panel.html", _panel, CallsRight.READ, order=10))
