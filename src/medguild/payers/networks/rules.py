"""Whether a visit is in network: one answer from several parts, each with its reason. Pure.

In network is true only when all of it holds on the date: the plan is in force, it uses a network, and that network
lists the group (entity), the site, and the clinician under that group. What nobody has written down is unknown, and
unknown is never told as in network (domain facts: network check of group and clinician).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medguild.payers.payers.rules import PlanKind


class Standing(enum.StrEnum):
    """What a network says of a group or clinician it lists. Pending is not yet in."""

    IN = "in"
    PENDING = "pending"
    OUT = "out"


class Part(enum.StrEnum):
    """What is asked, in the order in which people ask it."""

    PLAN = "plan"
    NETWORK = "network"
    GROUP = "group"
    SITE = "site"
    CLINICIAN = "clinician"
    PANEL = "panel"


class Answer(enum.StrEnum):
    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class Why(enum.StrEnum):
    """Stable codes of the reasons."""

    IN_FORCE = "in_force"
    NOT_IN_FORCE = "not_in_force"
    NO_NETWORK_NEEDED = "no_network_needed"
    USES = "uses"
    NO_NETWORK_ON_FILE = "no_network_on_file"
    LISTED = "listed"
    PENDING = "pending"
    LISTED_OUT = "listed_out"
    NOT_YET = "not_yet"
    ENDED = "ended"
    NOT_ON_FILE = "not_on_file"
    OTHER_SITES = "other_sites"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one part. `since` and `until` are days of the listing that decided, where there is one."""

    part: Part
    answer: Answer
    why: Why
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of a network's list: standing for a half-open period. `site` is None for all sites."""

    standing: Standing
    start: dt.date
    end: dt.date | None = None
    site: object = None
    open_panel: bool = True

    def holds(self, on: dt.date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a kind of plan asks of its members (REF-13). A plan's own terms win over those of its kind."""

    needs_gatekeeper: bool
    needs_referral: bool
    covers_outside: bool
    has_tiers: bool = False


_CLOSED = PlanRules(needs_gatekeeper=True, needs_referral=True, covers_outside=False)
_MANAGED = PlanRules(needs_gatekeeper=True, needs_referral=True, covers_outside=True, has_tiers=True)
_EXCLUSIVE = PlanRules(needs_gatekeeper=False, needs_referral=False, covers_outside=False)
_OPEN = PlanRules(needs_gatekeeper=False, needs_referral=False, covers_outside=True)
_PREFERRED = PlanRules(needs_gatekeeper=False, needs_referral=False, covers_outside=True, has_tiers=True)
RULES_OF_KIND: dict[PlanKind, PlanRules] = {
    PlanKind.HMO: _CLOSED,
    PlanKind.POS: _MANAGED,
    PlanKind.EPO: _EXCLUSIVE,
    PlanKind.PPO: _PREFERRED,
    PlanKind.INDEMNITY: _OPEN,
    PlanKind.MEDICARE: _OPEN,
    PlanKind.MEDICARE_ADVANTAGE: _EXCLUSIVE,
    PlanKind.MEDICAID: _EXCLUSIVE,
    PlanKind.WORK_COMP: _OPEN,
    PlanKind.AUTO: _OPEN,
    PlanKind.OTHER: _OPEN,
}
# Plans that pay any clinician who may bill: there is no list to stand on.
WITHOUT_NETWORK = frozenset({PlanKind.INDEMNITY, PlanKind.AUTO})


def judge(part: Part, listings: Sequence[Listing], on: dt.date) -> Finding:
    """What a network's rows of a group or clinician say of a day.

    No row at all is unknown; rows of other days only are an answer: not yet, or no longer.
    """
    holding = next((one for one in listings if one.holds(on)), None)
    if holding is not None:
        return _of_holding(part, holding)
    if not listings:
        return Finding(part, Answer.UNKNOWN, Why.NOT_ON_FILE)
    later = [one for one in listings if one.start > on and one.standing is not Standing.OUT]
    if later:
        return Finding(part, Answer.OUT, Why.NOT_YET, since=min(one.start for one in later))
    last = max(listings, key=lambda one: one.start)
    return Finding(part, Answer.OUT, Why.ENDED, since=last.start, until=last.end)


def _of_holding(part: Part, row: Listing) -> Finding:
    if row.standing is Standing.IN:
        return Finding(part, Answer.IN, Why.LISTED, row.start, row.end)
    why = Why.PENDING if row.standing is Standing.PENDING else Why.LISTED_OUT
    return Finding(part, Answer.OUT, why, row.start, row.end)


def judge_group(listings: Sequence[Listing], site: object, on: dt.date) -> list[Finding]:
    """Group and site: a group listed for some sites only is in network at these alone; what names the site wins."""
    here = sorted((one for one in listings if one.site in (None, site)), key=lambda one: one.site is None)
    if listings and not here:
        elsewhere = judge(Part.GROUP, listings, on)
        if elsewhere.answer is Answer.IN:
            return [elsewhere, Finding(Part.SITE, Answer.OUT, Why.OTHER_SITES)]
        return [elsewhere]
    group = judge(Part.GROUP, here, on)
    if group.answer is not Answer.IN:
        return [group]
    return [group, Finding(Part.SITE, Answer.IN, Why.LISTED, group.since, group.until)]


def judge_clinician(listings: Sequence[Listing], on: dt.date, *, new_patient: bool) -> list[Finding]:
    """The clinician under the group; for a new patient also whether the panel is open."""
    found = judge(Part.CLINICIAN, listings, on)
    if found.answer is not Answer.IN or not new_patient:
        return [found]
    closed = any(one.holds(on) and not one.open_panel for one in listings)
    panel = Finding(Part.PANEL, Answer.OUT if closed else Answer.IN, Why.CLOSED if closed else Why.OPEN)
    return [found, panel]


def overall(findings: Iterable[Finding]) -> Answer:
    """In only when every part is in; out as soon as one is out; else unknown."""
    answers = {finding.answer for finding in findings}
    if Answer.OUT in answers:
        return Answer.OUT
    if Answer.UNKNOWN in answers or not answers:
        return Answer.UNKNOWN
    return Answer.IN
