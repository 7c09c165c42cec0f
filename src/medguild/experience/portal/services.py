"""Letting people into their own record, and out again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.selectors import record
from medguild.foundation.access.models import Grant
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.services import end_grant, grant_role
from medguild.foundation.access.users import login_for
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.identity.models import Patient


@transaction.atomic
def give_access(
    *,
    patient: Patient,
    email: str,
    name: str,
    role: Role,
    by: Actor,
    language: str = "en",
    end: dt.date | None = None,
    identity_checked: bool = False,
) -> str | None:
    """Let a person, or somebody who acts for them, read the record online. Refused unless identity was checked.

    Returns the path where a new login chooses its password; None for a login that exists, whose password is its own.
    """
    record(by, patient.pk, PortalRight.GIVE)
    if role not in RECORD_ROLES:
        raise Refusal(_("Choose whether this is the patient or somebody who acts for them."), field="role")
    if not identity_checked:
        raise Refusal(_("Check who this is before you open the record."), field="identity_checked")
    user, link = login_for(email=email, display_name=name, language=language, by=by)
    grant_role(user=user, role=role, patient_id=patient.pk, by=by, end=end)
    return link


@transaction.atomic
def end_access(*, patient: Patient, grant: Grant, by: Actor) -> None:
    """Close the record to somebody, at once."""
    record(by, patient.pk, PortalRight.GIVE)
    if grant.patient_id != patient.pk:
        raise NotVisible
    end_grant(grant=grant, by=by)
