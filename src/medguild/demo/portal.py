"""Two people of the synthetic group who read a record online: a patient, and a parent who acts for a child."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password

from medguild.demo import load, plan
from medguild.demo.group import DOMAIN, LOADER, Group
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import grant_role
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.patients.identity.models import Patient
from medguild.revenue.statements.selectors import accounts_with_balance
from medguild.revenue.statements.services import make_statement

_OWES = 2_000  # cents; enough for a statement
_REASON = "nobody is asked yet: the group is being made"


def open_records(group: Group, size: plan.Size, today: dt.date) -> None:
    """The patient owes something and is booked; the parent looks after their own record and a child's."""
    hashed = make_password(load.password())
    booked = Appointment.objects.unscoped(_REASON).filter(start__date__gt=today, status=AppointmentStatus.BOOKED)
    adults = Patient.objects.unscoped(_REASON).filter(birth_date__lt=today - dt.timedelta(days=30 * 365))
    owing: Any = accounts_with_balance(LOADER)
    accounts = owing.filter(owes__gte=_OWES, guarantor_patient__in=adults)
    account = accounts.filter(guarantor_patient__in=booked.values("patient")).order_by("number").first()
    if account is None or account.guarantor_patient is None:
        return
    make_statement(account=account, by=LOADER)
    patient, circle = account.guarantor_patient, account.guarantor_patient.circle_id
    _let_in("pat.patient", "Pat Patient", Role.PATIENT, [patient], hashed)
    parent = adults.filter(circle_id=circle).exclude(pk=patient.pk).order_by("pk").first()
    children = Patient.objects.unscoped(_REASON).filter(birth_date__gt=today - dt.timedelta(days=12 * 365))
    child = children.filter(circle_id=circle, pk__in=booked.values("patient")).order_by("pk").first()
    held = [record for record in (parent, child) if record is not None]
    _let_in("pru.proxy", "Pru Proxy", Role.PROXY, held, hashed)


def _let_in(stem: str, name: str, role: Role, records: list[Patient], hashed: str) -> None:
    user = User(email=f"{stem}@{DOMAIN}", display_name=name, password=hashed)
    user.save()
    for record in records:
        grant_role(user=user, role=role, patient_id=record.pk, by=LOADER)
