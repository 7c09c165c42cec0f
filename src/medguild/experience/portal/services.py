"""Letting people into their own record, and out again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.selectors import record
from medguild.experience.portal.words import CHECKS
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.services import end_grant, grant_role
from medguild.foundation.access.users import login_for
from medguild.foundation.access.users import renew_password as renew_user_password
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record as tell
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.operations.feeds.services import revoke_feeds_of
from medguild.patients.identity.models import Patient

RENEWED = declare_event("portal.password_renewed", gettext_lazy("Password link handed out"), icon="key")


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
def renew_password(*, patient: Patient, grant: Grant, checked_by: str, by: Actor) -> str:
    """For somebody who reads this record online and lost the password: the path to choose a new one, once, in an hour.

    `checked_by` says how it was checked who asks; it is kept. Refused for logins that open more than the actor may let
    people into: those of staff, and of people who also read records elsewhere.
    """
    record(by, patient.pk, PortalRight.GIVE)
    if grant.patient_id != patient.pk:
        raise NotVisible
    if checked_by not in CHECKS:
        raise Refusal(_("Say how you checked who this is."), field="checked_by")
    _refuse_wider(grant.user, by)
    link = renew_user_password(user=grant.user, by=by)
    tell(
        RENEWED, subject=SubjectRef("patient", patient.pk, patient.label()), by=by, patient_id=patient.pk,
        unit_id=patient.home_unit_id, data={"user_id": grant.user_id, "checked_by": checked_by},
    )  # fmt: skip
    return link


def _refuse_wider(user: User, by: Actor) -> None:
    """Whoever may let people into one record must not open others, nor the house, by handing out a password."""
    held = Grant.objects.filter(user=user).filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=today()))
    roles_and_records = list(held.values_list("role", "patient_id"))
    records = {patient_id for role, patient_id in roles_and_records if patient_id and role in RECORD_ROLES}
    seen = Patient.objects.visible_to(by, PortalRight.GIVE).filter(pk__in=records).count()
    if len(records) != seen or any(role not in RECORD_ROLES for role, _patient in roles_and_records):
        raise NotAllowed(_("This login opens more than this record. The administrator hands out its link."))


@transaction.atomic
def end_access(*, patient: Patient, grant: Grant, by: Actor) -> None:
    """Close the record to somebody, at once."""
    record(by, patient.pk, PortalRight.GIVE)
    if grant.patient_id != patient.pk:
        raise NotVisible
    end_grant(grant=grant, by=by)
    revoke_feeds_of(patient=patient, user=grant.user, by=by)
