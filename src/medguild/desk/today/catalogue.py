"""Every panel by its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from medguild.desk.today import panels_access, panels_day, panels_desk, panels_money, panels_proof, rules
from medguild.desk.today.parts import Panel
from medguild.foundation.kernel.actor import Actor

Build = Callable[[Actor, dt.datetime], Panel | None]

PANELS: Mapping[str, Build] = {
    rules.WORK: panels_day.work,
    rules.ARRIVALS: panels_day.arrivals,
    rules.BOARD: panels_day.board,
    rules.CLINICIAN_DAY: panels_day.day_of_clinician,
    rules.SIGN_OFF: panels_day.sign_off,
    rules.ACCESS: panels_access.access,
    rules.OPENINGS: panels_access.openings,
    rules.OWNERS: panels_day.owners,
    rules.MONEY: panels_money.money,
    rules.CLAIMS: panels_money.claims,
    rules.UNBILLED: panels_money.unbilled,
    rules.GLASS: panels_proof.glass,
    rules.LICENCES: panels_proof.licences,
    rules.MEND: panels_desk.mend,
    rules.DRAWER: panels_desk.drawer,
    rules.REFILL: panels_desk.refill,
    rules.DESK_MONEY: panels_desk.desk_money,
    rules.PRACTICE_DAY: panels_access.practice_day,
    rules.MY_MONTH: panels_access.my_month,
    rules.POSTING: panels_money.posting,
    rules.PROMISES: panels_day.promises,
}


def build(actor: Actor, roles: Iterable[str], at: dt.datetime) -> list[Panel]:
    """The panels of the roles held, in order."""
    made = (PANELS[key](actor, at) for key in rules.panels_for(roles) if key in PANELS)
    return [panel for panel in made if panel is not None]
