"""What the page of scarce resources shows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.organization.models import Site
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.ui.instants import day_text
from medguild.operations.demand.scarce import Sort, site_use
from medguild.operations.demand.scarce_rules import Half, SessionUse, Use
from medguild.operations.demand.showing import WEEKDAYS, Cell, Grid, Line, number_text

Text = str | Promise
KINDS: Mapping[str, Text] = {
    ResourceKind.CLINICIAN.value: gettext_lazy("Clinicians"),
    ResourceKind.ROOM.value: gettext_lazy("Rooms"),
    ResourceKind.EQUIPMENT.value: gettext_lazy("Devices"),
    ResourceKind.STAFF.value: gettext_lazy("Staff"),
}
HALVES: Mapping[Half, Text] = {Half.MORNING: gettext_lazy("Morning"), Half.AFTERNOON: gettext_lazy("Afternoon")}


@dataclass(frozen=True, slots=True)
class ScarcePage:
    site: Site
    summary: str
    unbooked: str
    grids: Sequence[Grid]
    any: bool


def sort_text(use: Use) -> str:
    """Rooms, or what they can do: “Procedure room”."""
    return use.name or str(KINDS.get(use.kind, use.kind))


def scarce_page(site: Site, *, at: dt.datetime) -> ScarcePage:
    """The coming days of one site, session by session, and the sorts of resources over all of them."""
    use = site_use(site, at=at)
    sessions = use.sessions
    limits = Counter(sort_text(one.scarcest) for one in sessions if one.scarcest is not None)
    first = limits.most_common(1)
    summary = (
        _("In %(count)s of %(all)s sessions ahead the scarcest is: %(name)s.")
        % {"count": first[0][1], "all": len(sessions), "name": first[0][0]}
        if first
        else _("Nothing is taken in the sessions ahead.")
    )
    return ScarcePage(
        site, summary, _unbooked_text(use.unbooked), [_sessions(sessions, site), _sorts(sessions)], bool(sessions)
    )


def _unbooked_text(sorts: Sequence[Sort]) -> str:
    """What the site has and no visit is given time of; empty where all is booked."""
    if not sorts:
        return ""
    names = ", ".join(name or str(KINDS.get(kind, kind)) for kind, name in sorts)
    return _("Not booked with visits here, so how much of it is in use is not known: %(names)s.") % {"names": names}


def _use_text(use: Use) -> str:
    return f"{sort_text(use)} {number_text(use.percent, '%')}"


def _sessions(sessions: Sequence[SessionUse], site: Site) -> Grid:
    return Grid(
        _("Session by session"), _("Session"), [_("Scarcest"), _("Taken"), _("Offers blocked"), _("All resources")],
        [_session(one, site) for one in sessions],
        note=_("The scarcest is what blocks most offers that clinicians had free; where nothing blocks any, what is"
               " taken most."),
        words=(0, 3),
    )  # fmt: skip


def _session(one: SessionUse, site: Site) -> Line:
    scarcest = one.scarcest
    day = f"{reverse('scheduling:day_of', args=[site.unit_id])}?day={one.day.isoformat()}"
    label = f"{WEEKDAYS[one.day.weekday()]} {day_text(one.day)}, {HALVES[one.half]}"
    others = ", ".join(_use_text(use) for use in one.uses)
    if scarcest is None:
        return Line(label, [Cell("–"), Cell("–"), Cell("–"), Cell(others)], day)
    tone = "bad" if scarcest.blocked else "warn" if (scarcest.percent or 0) >= 90 else ""
    flag = _("Blocks offers") if scarcest.blocked else _("Nearly full")
    cells = [
        Cell(sort_text(scarcest), "", tone, flag), Cell(number_text(scarcest.percent, "%")),
        Cell(f"{scarcest.blocked:,}"), Cell(others),
    ]  # fmt: skip
    return Line(label, cells, day)


def _sorts(sessions: Sequence[SessionUse]) -> Grid:
    sums: dict[tuple[str, str], tuple[int, int, int]] = {}
    for use in (use for one in sessions for use in one.uses):
        there, taken, blocked = sums.get((use.kind, use.name), (0, 0, 0))
        sums[use.kind, use.name] = (there + use.there, taken + use.taken, blocked + use.blocked)
    uses = [Use(kind, name, *numbers) for (kind, name), numbers in sums.items()]
    lines = [
        Line(
            sort_text(use),
            [
                Cell(str(KINDS.get(use.kind, use.kind))), Cell(number_text(round(use.there / 60, 1))),
                Cell(number_text(round(use.taken / 60, 1))), Cell(number_text(use.percent)), Cell(f"{use.blocked:,}"),
            ],
        )
        for use in sorted(uses, key=lambda use: (-use.blocked, -(use.percent or 0)))
    ]  # fmt: skip
    columns = [_("Kind"), _("Hours there"), _("Hours taken"), _("Taken, %"), _("Offers blocked")]
    return Grid(_("Over all sessions ahead"), _("Resource"), columns, lines, words=(0,))
