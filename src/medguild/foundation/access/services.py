"""Changing who may do what."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access import rules
from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, User
from medguild.foundation.access.permissions import AccessRight, known_rights
from medguild.foundation.access.ports import glass_verdict
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actors_changed
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization.local_time import day_at
from medguild.foundation.organization.models import Unit

GRANTED = declare_event("access.granted", gettext_lazy("Access given"), icon="key")
REVOKED = declare_event("access.revoked", gettext_lazy("Access ended"), icon="lock")
GLASS_BROKEN = declare_event(
    "access.glass_broken", gettext_lazy("Record opened in an emergency"), icon="alert-triangle"
)
GLASS_REVIEWED = declare_event("access.glass_reviewed", gettext_lazy("Emergency access reviewed"), icon="eye-check")
TOKEN_CREATED = declare_event("access.token_created", gettext_lazy("API token made"), icon="key")
TOKEN_REVOKED = declare_event("access.token_revoked", gettext_lazy("API token ended"), icon="lock")


def refuse_beyond(by: Actor, unit: Unit) -> None:
    """Access is given where one manages it oneself: an administrator of one entity opens no other."""
    scope = by.scope(AccessRight.MANAGE_USERS)
    if not (scope.everything or unit.pk in scope.units):
        raise NotAllowed(_("You may give access only at units that you administer."))


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    by: Actor,
    unit: Unit | None = None,
    patient_id: UUID | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    reason: str = "",
) -> Grant:
    """Give a role on a unit, or on one patient record for patients and proxies. Overlaps are refused.

    Its days, of which the first is today unless told, begin and end at midnight where the unit is.
    """
    on_record = role in rules.RECORD_ROLES
    if on_record != (patient_id is not None) or on_record == (unit is not None):
        raise Refusal(_("Choose a unit for staff roles, or a patient record for patients and proxies."), field="unit")
    if unit is not None:
        refuse_beyond(by, unit)
    first = start or _today_of(unit.pk if unit else None)
    if end is not None and end <= first:
        raise Refusal(_("The access must end after it starts."), field="end")
    period = DateRange(first, end)
    taken = Grant.objects.filter(user=user, role=role, unit=unit, patient_id=patient_id, period__overlap=period)
    if taken.exists():
        raise Refusal(_("This person already holds this role there in that period."), code="granted_already")
    grant = Grant.objects.create(
        user=user, role=role, unit=unit, patient_id=patient_id, period=period, reason=reason, granted_by=by.id
    )
    record(
        GRANTED,
        subject=SubjectRef("user", user.pk, user.label()),
        by=by,
        unit_id=unit.pk if unit else None,
        patient_id=patient_id,
        data={"role": role, "grant_id": grant.pk},
    )
    actors_changed()
    return grant


def _today_of(unit_id: UUID | None) -> dt.date:
    """The day on which what begins or ends now does so at once: where the unit is, and on records, whose days are those
    of UTC, also for who is ahead of it."""
    return day_at(unit_id, now()) if unit_id else min(today(), now().date())


@transaction.atomic
def end_grant(*, grant: Grant, by: Actor, on: dt.date | None = None) -> None:
    """End a grant on a day (default today, at once); one that has not begun is removed."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=grant.pk)
    last = on or _today_of(grant.unit_id)
    if grant.unit is not None:
        refuse_beyond(by, grant.unit)
    if grant.period.upper is not None and grant.period.upper <= last:
        raise Refusal(_("This access has ended already."), code="ended_already")
    if grant.period.lower >= last:
        grant.delete()
    else:
        grant.period = DateRange(grant.period.lower, last)
        grant.save(update_fields=["period"])
    record(
        REVOKED,
        subject=SubjectRef("user", grant.user_id, grant.user.label()),
        by=by,
        unit_id=grant.unit_id,
        patient_id=grant.patient_id,
        data={"role": grant.role},
    )
    actors_changed()


@transaction.atomic
def break_glass(*, user: User, patient_id: UUID, reason: str, by: Actor, at: dt.datetime | None = None) -> BrokenGlass:
    """Open one record for four hours. The event lets `work` open a review; the patient's timeline shows it.

    Refused without a usable reason, and where the wing that keeps the records says that it must stay closed.
    """
    if not rules.good_reason(reason):
        raise Refusal(_("Write in a few words why you need this record now."), code="reason_needed", field="reason")
    moment = at or now()
    allowed = glass_verdict(by, patient_id)
    if not allowed:
        raise Refusal(allowed.reason, code=allowed.code)
    opened = BrokenGlass.objects.create(
        user=user, patient_id=patient_id, reason=reason, started_at=moment, ends_at=moment + rules.GLASS_LASTS
    )
    record(
        GLASS_BROKEN,
        subject=SubjectRef("broken_glass", opened.pk, user.label()),
        by=by,
        patient_id=patient_id,
        unit_id=by.home,
        data={"user_id": user.pk, "until": opened.ends_at.isoformat()},
        occurred_at=moment,
    )
    actors_changed()
    return opened


@transaction.atomic
def review_glass(*, opened: BrokenGlass, reviewer: User, finding: str, by: Actor) -> None:
    """Close the review with a finding; nobody reviews their own access."""
    opened = BrokenGlass.objects.select_for_update().get(pk=opened.pk)
    if opened.reviewed_at is not None:
        raise Refusal(_("This access has been reviewed already."), code="reviewed_already")
    if opened.user_id == reviewer.pk:
        raise Refusal(_("Somebody else must review your own access."), code="own_access")
    if not finding.strip():
        raise Refusal(_("Write what you found."), field="finding")
    opened.reviewed_at, opened.reviewed_by, opened.finding = now(), reviewer, finding.strip()
    opened.save(update_fields=["reviewed_at", "reviewed_by", "finding"])
    record(
        GLASS_REVIEWED,
        subject=SubjectRef("broken_glass", opened.pk, reviewer.label()),
        by=by,
        patient_id=opened.patient_id,
    )


@transaction.atomic
def create_token(
    *,
    name: str,
    role: Role,
    unit: Unit,
    by: Actor,
    scopes: Iterable[str] | None = None,
    lasts: dt.timedelta = dt.timedelta(days=90),
) -> tuple[ApiToken, str]:
    """Make a token; the secret is returned once and never kept. Unknown scopes are refused."""
    refuse_beyond(by, unit)
    if not name.strip():
        raise Refusal(_("Write for what program the token is."), field="name")
    wanted = sorted(set(scopes)) if scopes is not None else None
    unknown = [right for right in wanted or [] if right not in known_rights()]
    if unknown:
        raise Refusal(_("These scopes are not known: %(names)s.") % {"names": ", ".join(unknown)}, field="scopes")
    if role in rules.RECORD_ROLES:
        raise Refusal(_("Tokens are for programs of the group, not for patients."), field="role")
    secret = "mg_" + secrets.token_urlsafe(32)
    moment = now()
    token = ApiToken.objects.create(
        name=name, digest=hashlib.sha256(secret.encode()).digest(), role=role, unit=unit, scopes=wanted,
        created_by=by.id, created_at=moment, expires_at=moment + lasts,
    )  # fmt: skip
    record(TOKEN_CREATED, subject=SubjectRef("api_token", token.pk, name), by=by, unit_id=unit.pk, data={"role": role})
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """End a token now."""
    refuse_beyond(by, token.unit)
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now())
    record(TOKEN_REVOKED, subject=SubjectRef("api_token", token.pk, token.name), by=by, unit_id=token.unit_id)
    actors_changed()
