"""Booked visits that their clinicians may not keep, as work: one item for each clinician and site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.ports import SubjectView, declare_subject, declare_work_type
from medguild.foundation.work.rules import LIVE, Priority
from medguild.foundation.work.services import need_item, settle
from medguild.operations.scheduling.care.lacking import LackingVisit, lack_words, lacking_visits
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.people.credentialing.ports import BookedVisits, booked_visits

SUBJECT = "clinician_visits"


def _view(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Clinician.objects.filter(pk__in=list(ids)).select_related("person")
    return {row.pk: SubjectView(row.label(), _address(row.pk)) for row in rows}


def _address(clinician_id: UUID) -> str:
    return f"{reverse('scheduling:lacking')}?clinician={clinician_id}"


declare_subject(SUBJECT, gettext_lazy("Visits of a clinician"), _view)
MAY_NOT = declare_work_type(
    "visit.clinician_may_not",
    gettext_lazy("Visits that the clinician may not keep"),
    role=Role.SCHEDULER,
    backup_role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(days=3),
    subject_types=(SUBJECT,),
    right=SchedulingRight.BOOK,
    icon="calendar-off",
)


def warn_of_lacking(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Open work for each clinician and site with such visits; close what has solved itself. Returns how many visits.

    An item stands for all visits of a lack, as long as it is open; what lacks after it was closed is a new one.
    """
    moment = at or now()
    visits = lacking_visits(at=moment)
    groups: dict[str, list[LackingVisit]] = {}
    for visit in visits:
        groups.setdefault(_lack(visit), []).append(visit)
    live = _live_sources()
    kept = set()
    for lack, found in groups.items():
        first = found[0]
        source = next((one for one in live if one.startswith(lack)), f"{lack}{first.care.day.isoformat()}")
        kept.add(source)
        need_item(
            work_type=MAY_NOT, unit_id=first.unit_id, by=by, source=source, at=moment,
            subject=SubjectRef(SUBJECT, first.clinician_id), summary=lack_words(len(found)), priority=Priority.HIGH,
        )  # fmt: skip
    for source in live - kept:
        settle(source=source, outcome=_("Every visit is with somebody who may."), by=by, at=moment)
    return len(visits)


def _lack(visit: LackingVisit) -> str:
    """What lacks is the same while it is of one clinician, site, state and privilege."""
    care = visit.care
    return f"may-not:{visit.clinician_id}:{visit.unit_id}:{care.state}:{care.remote:d}:{care.privilege_id or ''}:"


def _live_sources() -> set[str]:
    rows = WorkItem.objects.unscoped("the house closes what has solved itself")
    live = rows.filter(work_type=MAY_NOT, status__in=sorted(LIVE)).values_list("source", flat=True)
    return {source for source in live if source}


def _count(clinician_ids: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for visit in lacking_visits(clinicians=list(clinician_ids)):
        found[visit.clinician_id] = found.get(visit.clinician_id, 0) + 1
    return found


booked_visits.register("scheduling", BookedVisits(count=_count, address=_address))
