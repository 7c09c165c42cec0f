"""What other rooms plug into a visit: steps of the check-in list, flags on cards, panels on its pages."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.kernel.verdict import Verdict

Text = str | Promise


@dataclass(frozen=True, slots=True)
class VisitRef:
    """A visit, or an appointment that may become one. `day` is the day at the site, `mode` that of a visit."""

    visit_id: UUID | None
    appointment_id: UUID | None
    patient_id: UUID
    site_id: UUID
    entity_id: UUID
    clinician_id: UUID
    day: dt.date
    mode: str = ""


def _nothing(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """A step of the check-in list.

    `state` answers ok=True (done), False (open, with what is missing as reason) or None (does not apply, unknown).
    `template` is a fragment shown while the step is open; it gets `visit`, `line` (a ChecklistLine) and `data` (what
    `context` returns), and posts to a URL of its own room, which answers by going back to `visits:check_in`. Without a
    template the front desk marks the step itself. `blocking` steps are done before the patient is roomed; others may be
    skipped with a reason. `right` hides the fragment from those who lack it.
    """

    key: str
    label: Text
    order: int
    state: Callable[[Actor, VisitRef], Verdict]
    template: str = ""
    context: Callable[[Actor, VisitRef], Mapping[str, Any]] = _nothing
    blocking: bool = False
    right: str = ""


checklist_steps: Registry[ChecklistStep] = Registry("checklist step")


class FlagTone(enum.StrEnum):
    """Tones of the design system."""

    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Flag:
    """A few words on a card or in the arrivals list: new patient, interpreter, balance, expired ID."""

    key: str
    label: Text
    tone: FlagTone = FlagTone.INFO
    icon: str = ""


@dataclass(frozen=True, slots=True)
class FlagSource:
    """`read` answers for many visits at once; visits left out have no flag from here. `right` is asked of the actor."""

    key: str
    read: Callable[[Actor, Sequence[VisitRef]], Mapping[VisitRef, Sequence[Flag]]]
    right: str = ""


flag_sources: Registry[FlagSource] = Registry("flag source")


class Place(enum.StrEnum):
    """Where a panel stands: on the check-in page, on the check-out page, on the page of the visit."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class VisitPanel:
    """A fragment that another room shows on a page of a visit; gets `visit` and `data` (what `context` returns)."""

    key: str
    place: Place
    order: int
    template: str
    context: Callable[[Actor, VisitRef], Mapping[str, Any]] = _nothing
    right: str = ""


visit_panels: Registry[VisitPanel] = Registry("visit panel")


def steps_in_order() -> list[ChecklistStep]:
    return sorted(checklist_steps, key=lambda step: (step.order, step.key))


def panels_at(place: Place, actor: Actor) -> list[VisitPanel]:
    found = [panel for panel in visit_panels if panel.place is place and (not panel.right or actor.may(panel.right))]
    return sorted(found, key=lambda panel: (panel.order, panel.key))
