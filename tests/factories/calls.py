"""Calls for tests: minutes ago, answered or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site
from medguild.operations.calls.models import Call
from medguild.operations.calls.rules import CallFacts
from medguild.operations.calls.services import log_call
from tests.factories.world import HOUSE, World


def facts(*, ago: int = 60, wait: int = 10, talk: int | None = 120, **given: Any) -> CallFacts:
    """A call that came in `ago` minutes ago; `talk` None is a call that nobody answered, abandoned unless said."""
    received = now() - dt.timedelta(minutes=ago)
    waited = received + dt.timedelta(seconds=wait)
    if talk is None:
        return CallFacts(received, waited, **({"abandoned": True} | given))
    return CallFacts(received, waited + dt.timedelta(seconds=talk), waited, **given)


def make_call(world: World, *, site: Site | None = None, patient: Any = None, **given: Any) -> Call:
    return log_call(site=site or world.main.site, call=facts(**given), patient=patient, by=HOUSE)
