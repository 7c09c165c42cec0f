"""Who may see a patient: licence, compact or registration where the patient is, and the privilege a kind of visit asks.

Judged by the rules of credentialing, on the day of the visit. Unknown is never yes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.verdict import Verdict, no
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.rules import Mode
from medguild.people.credentialing.selectors import may_perform_many, may_treat_many

STATE_UNKNOWN = "patient_state_unknown"


@dataclass(frozen=True, slots=True)
class Care:
    """What is asked of a clinician: to see a patient in a state on a day, remotely or not, at a unit.

    `state` is empty when nobody knows where the patient will be; `privilege_id` is None when none is asked for.
    """

    state: str
    remote: bool
    day: dt.date
    unit_id: UUID
    privilege_id: UUID | None = None


def care_of(facts: Facts) -> Care:
    return Care(facts.care_state, facts.mode != Mode.IN_PERSON, facts.day, facts.unit_id, facts.privilege_id)


def may_see(clinician_id: UUID, care: Care) -> Verdict:
    return may_see_many([clinician_id], care)[clinician_id]


def may_see_many(clinician_ids: Iterable[UUID], care: Care) -> dict[UUID, Verdict]:
    """A verdict for each, in four queries, or six where a privilege is asked for; the first that says no is told."""
    ids = list(dict.fromkeys(clinician_ids))
    if not care.state:
        where = no(STATE_UNKNOWN, _("Nobody has said in which state the patient will be on this day."))
        return dict.fromkeys(ids, where)
    found = may_treat_many(ids, care.state, care.day, remote=care.remote)
    if care.privilege_id is None:
        return found
    asked = [one for one in ids if found[one].ok]
    return found | {
        one: verdict
        for one, verdict in may_perform_many(asked, care.privilege_id, care.unit_id, care.day).items()
        if not verdict.ok
    }
