"""Setting who answers for what."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, holds_at
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.local_time import today_at
from medguild.foundation.organization.models import Unit
from medguild.foundation.work.models import Duty
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import WorkType, work_types
from medguild.foundation.work.services import adopt_needs

ASSIGNED = declare_event("duty.assigned", gettext_lazy("Duty assigned"), icon="user-check")
ENDED = declare_event("duty.ended", gettext_lazy("Duty ended"), icon="user-x")

_CHECKED = "the right on the unit has been checked"


@transaction.atomic
def assign_duty(
    *,
    work_type: str,
    unit: Unit,
    by: Actor,
    role: Role | None = None,
    user: User | None = None,
    backup_role: Role | None = None,
    backup_user: User | None = None,
    cover_hours: str = "",
    specialty: str = "",
    start: dt.date | None = None,
) -> Duty:
    """Make one role or one person accountable for a type of work at a unit and below, from a day on.

    The duty that held before ends there, so there are never two. Work that waited for an owner is opened at once.
    """
    demand(by, WorkRight.MANAGE, unit.pk)
    declared = work_types.find(work_type)
    if declared is None:
        raise Refusal(_("Choose a type of work."), field="work_type")
    _refuse_unclear(role, user, backup_role, backup_user)
    for person, field in ((user, "user"), (backup_user, "backup_user")):
        if person is not None:
            _refuse_unable(person, declared, unit, field)
    day = start or today_at(unit.pk)
    same = Duty.objects.unscoped(_CHECKED).filter(work_type=work_type, unit=unit, specialty=specialty)
    _end_current(same.select_for_update().filter(period__contains=day).first(), day)
    later = same.filter(period__startswith__gt=day).order_by("period").first()
    duty: Duty = Duty.objects.create(
        work_type=work_type, unit=unit, specialty=specialty, role=role or "", user=user,
        backup_role=backup_role or "", backup_user=backup_user, cover_hours=cover_hours.strip(),
        period=DateRange(day, later.period.lower if later else None),
    )  # fmt: skip
    _tell(ASSIGNED, duty, by, role=duty.role, user_id=duty.user_id)
    adopt_needs(duty=duty, by=by)
    return duty


def _end_current(current: Duty | None, day: dt.date) -> None:
    """End the duty that holds; one that began the very day was a slip and goes, unless work hangs on it."""
    if current is None:
        return
    if current.period.lower < day:
        current.period = DateRange(current.period.lower, day)
        current.save(update_fields=["period"])
        return
    items = current.items.unscoped("the duty is replaced by another")
    if items.exists():
        raise Refusal(
            _("This duty began today and work hangs on it already. Choose a later start."), code="began_today"
        )
    current.delete()


@transaction.atomic
def end_duty(*, duty_id: UUID, by: Actor, on: dt.date | None = None) -> Duty:
    """End a duty on a day. Work of this type at the unit then falls to the unit above, or stands red."""
    duty = Duty.objects.unscoped("the right on the unit is checked below").filter(pk=duty_id).first()
    if duty is None or not holds_at(by, WorkRight.READ, duty.unit_id):
        raise NotVisible
    demand(by, WorkRight.MANAGE, duty.unit_id)
    day = on or today_at(duty.unit_id)
    if duty.period.lower >= day:
        raise Refusal(_("A duty ends after it starts; choose a later day."), field="on")
    duty.period = DateRange(duty.period.lower, day)
    duty.save(update_fields=["period"])
    _tell(ENDED, duty, by)
    ended: Duty = duty
    return ended


@transaction.atomic
def assign_presets(*, unit: Unit, by: Actor, start: dt.date | None = None) -> int:
    """Give every type of work that has no owner at the unit its proposed role and backup; returns how many."""
    day = start or today_at(unit.pk)
    held = set(
        Duty.objects.unscoped(_CHECKED)
        .filter(unit=unit, specialty="", period__contains=day)
        .values_list("work_type", flat=True)
    )
    missing = [declared for key, declared in work_types.items() if key not in held]
    for declared in missing:
        assign_duty(
            work_type=declared.key, unit=unit, by=by, role=declared.role, backup_role=declared.backup_role, start=day
        )
    return len(missing)


def _refuse_unclear(role: Role | None, user: User | None, backup_role: Role | None, backup_user: User | None) -> None:
    if (role is None) == (user is None):
        raise Refusal(_("Exactly one is accountable: choose a role or a person."), code="one_accountable", field="role")
    if backup_role is not None and backup_user is not None:
        raise Refusal(_("Choose a role or a person as backup, not both."), field="backup_role")
    if backup_role is not None and backup_role == role:
        raise Refusal(_("The backup is another role than the owner."), field="backup_role")
    if backup_user is not None and user is not None and backup_user.pk == user.pk:
        raise Refusal(_("The backup is another person than the owner."), field="backup_user")


def _refuse_unable(person: User, declared: WorkType, unit: Unit, field: str) -> None:
    actor = actor_of_user(person)
    if not (holds_at(actor, WorkRight.DO, unit.pk) and holds_at(actor, declared.right, unit.pk)):
        raise Refusal(_("This person may not do this work here. Choose somebody else."), field=field)


def _tell(event: str, duty: Duty, by: Actor, **data: object) -> None:
    record(
        event,
        subject=SubjectRef("duty", duty.pk, duty.work_type),
        by=by,
        unit_id=duty.unit_id,
        data={"work_type": duty.work_type, "specialty": duty.specialty, **data},
    )
