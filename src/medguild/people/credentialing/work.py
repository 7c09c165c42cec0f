"""Warnings before something runs out, as work that somebody owns."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item
from medguild.people.credentialing.permissions import CredentialingRight
from medguild.people.credentialing.ports import visits_affected
from medguild.people.credentialing.rules import WARNINGS, warning_due
from medguild.people.credentialing.selectors import Expiring, clinicians_kept, expiring
from medguild.people.credentialing.words import CREDENTIALS

EXPIRING = declare_work_type(
    "credential.expiring",
    gettext_lazy("Credential that runs out"),
    role=Role.CREDENTIALING_SPECIALIST,
    backup_role=Role.ADMINISTRATOR,
    due=dt.timedelta(days=14),
    subject_types=("person",),
    categories=tuple(CREDENTIALS.items()),
    right=CredentialingRight.READ,
    icon="certificate",
)


def warn_of_expiry(*, by: Actor, on: dt.date | None = None, at: dt.datetime | None = None) -> int:
    """One item per credential and warning reached (120, 90, 60, 30, 14, 7 days before, and when it has run out).

    Returns how many credentials were warned of. A second run opens nothing new: an item has one source.
    """
    day = on or today()
    rows = expiring(clinicians_kept(by, on=day), until=day + dt.timedelta(days=WARNINGS[0] + 1))
    affected = visits_affected({row.clinician.pk for row in rows}) if rows else {}
    for row in rows:
        _warn(row, day, by, affected.get(row.clinician.pk, 0), at)
    return len(rows)


def _warn(row: Expiring, day: dt.date, by: Actor, visits: int, at: dt.datetime | None) -> None:
    summary = f"{row.subject}, {row.end.isoformat()}"
    if visits:
        summary += "; " + _("booked visits that cannot be kept: %(visits)d") % {"visits": visits}
    need_item(
        work_type=EXPIRING, unit_id=row.clinician.resource.unit_id, by=by, category=row.kind.value,
        source=f"credential:{row.id}:{warning_due(row.end, day)}",
        subject=SubjectRef("person", row.clinician.person_id, row.clinician.label()),
        summary=summary, at=at,
    )  # fmt: skip
