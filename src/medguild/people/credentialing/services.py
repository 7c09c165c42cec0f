"""Recording what allows a clinician to practise. Rows are ended, never rewritten: the past stays answerable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ClinicianKind
from medguild.people.credentialing.models import (
    Compact,
    CompactPrivilege,
    CompactState,
    Privilege,
    PrivilegeType,
    TelehealthRegistration,
)
from medguild.people.credentialing.rules import PrivilegeStanding

RECORDED = declare_event("credential.recorded", "Credential recorded", icon="certificate")
ENDED = declare_event("credential.ended", "Credential ended", icon="certificate-off")
COMPACT_SET = declare_event("compact.states_set", "States of a compact loaded", icon="certificate")
TYPE_ADDED = declare_event("privilege_type.added", "Kind of privilege added", icon="certificate")

Credential = CompactPrivilege | TelehealthRegistration | Privilege
C = TypeVar("C", CompactPrivilege, TelehealthRegistration, Privilege)


@dataclass(frozen=True, slots=True)
class Membership:
    """A state of a compact from a day on, until (not including) another."""

    state: str
    start: dt.date
    end: dt.date | None = None


@transaction.atomic
def set_compact(
    *, code: str, name: str, clinician_kinds: Iterable[ClinicianKind], members: Iterable[Membership], by: Actor
) -> Compact:
    """Add a compact or give it the list of states that its commission publishes now: it replaces the one before."""
    kinds = [kind.value for kind in clinician_kinds]
    if not code.strip() or not name.strip() or not kinds:
        raise Refusal(_("A compact has a code, a name, and kinds of clinician it is for."), code="compact_incomplete")
    compact, _made = Compact.objects.update_or_create(
        code=code.strip().lower(), defaults={"name": name.strip(), "clinician_kinds": kinds}
    )
    rows = [
        CompactState(compact=compact, state=_state(one.state), period=_period(one.start, one.end)) for one in members
    ]
    _refuse_twice(rows)
    compact.states.all().delete()
    CompactState.objects.bulk_create(rows)
    record(COMPACT_SET, subject=SubjectRef("compact", compact.pk, compact.name), by=by, data={"states": len(rows)})
    return compact


@transaction.atomic
def record_compact_privilege(
    *,
    clinician: Clinician,
    compact: Compact,
    home_state: str,
    number: str,
    start: dt.date,
    by: Actor,
    state: str = "",
    end: dt.date | None = None,
) -> CompactPrivilege:
    """A clinician may use a compact from their home state: in all of its states, or in the one named."""
    if clinician.kind not in compact.clinician_kinds:
        raise Refusal(_("This compact is not for this kind of clinician."), code="other_profession", field="compact")
    home, only = _state(home_state), _state(state) if state.strip() else ""
    return _record(
        CompactPrivilege, by,
        {"clinician": clinician, "compact": compact, "state": only},
        {"home_state": home, "number": _number(number)}, _period(start, end),
    )  # fmt: skip


@transaction.atomic
def register_telehealth(
    *, clinician: Clinician, state: str, number: str, start: dt.date, by: Actor, end: dt.date | None = None
) -> TelehealthRegistration:
    """A clinician may see patients in a state by video or telephone only."""
    return _record(
        TelehealthRegistration, by, {"clinician": clinician, "state": _state(state)}, {"number": _number(number)},
        _period(start, end),
    )  # fmt: skip


@transaction.atomic
def add_privilege_type(*, code: str, name: str, by: Actor) -> PrivilegeType:
    """A procedure that needs a privilege of its own."""
    cleaned, title = code.strip().lower(), " ".join(name.split())
    if not cleaned or not title:
        raise Refusal(_("Write a code and a name."), code="name_needed", field="name")
    if PrivilegeType.objects.filter(code=cleaned).exists():
        raise Refusal(_("There is a privilege of this code."), code="privilege_exists", field="code")
    made = PrivilegeType.objects.create(code=cleaned, name=title)
    record(TYPE_ADDED, subject=SubjectRef("privilege_type", made.pk, title), by=by, data={"code": cleaned})
    return made


@transaction.atomic
def grant_privilege(
    *,
    clinician: Clinician,
    type: PrivilegeType,
    unit: Unit,
    start: dt.date,
    by: Actor,
    standing: PrivilegeStanding = PrivilegeStanding.FULL,
    end: dt.date | None = None,
) -> Privilege:
    """What a clinician may do at a unit and below it. One that is held there ends on the day the new one starts."""
    held = Privilege.objects.select_for_update().filter(
        clinician=clinician, type=type, unit=unit, period__contains=start, period__startswith__lt=start
    )
    for before in held:
        before.period = DateRange(before.period.lower, start)
        before.save(update_fields=["period"])
    return _record(
        Privilege, by, {"clinician": clinician, "type": type, "unit": unit}, {"standing": standing},
        _period(start, end),
    )  # fmt: skip


@transaction.atomic
def end_credential(*, credential: Credential, on: dt.date, by: Actor) -> None:
    """The credential no longer holds from a day on."""
    held = type(credential).objects.select_for_update().get(pk=credential.pk)
    if on <= held.period.lower:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="on")
    held.period = DateRange(held.period.lower, on)
    held.save(update_fields=["period"])
    record(ENDED, subject=_subject(held.clinician), by=by, data={"what": type(held).__name__, "on": on.isoformat()})


def _record(model: type[C], by: Actor, keys: dict[str, Any], more: dict[str, Any], period: DateRange) -> C:
    if model.objects.filter(**keys, period__overlap=period).exists():
        raise Refusal(
            _("There is an entry for that time already. End it first."), code="credential_overlaps", field="start"
        )
    row = model.objects.create(**keys, **more, period=period)
    record(RECORDED, subject=_subject(row.clinician), by=by, data={"what": model.__name__, "row_id": row.pk})
    return row


def _subject(clinician: Clinician) -> SubjectRef:
    return SubjectRef("person", clinician.person_id, clinician.person.label())


def _state(text: str) -> str:
    state = text.strip().upper()
    if len(state) != 2 or not state.isalpha() or not state.isascii():
        raise Refusal(_("A state is written with two letters, like OR."), code="state_form", field="state")
    return state


def _number(text: str) -> str:
    if not text.strip():
        raise Refusal(_("Write the number of the document."), code="number_needed", field="number")
    return text.strip()


def _period(start: dt.date, end: dt.date | None) -> DateRange:
    if end is not None and end <= start:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="end")
    return DateRange(start, end)


def _refuse_twice(rows: list[CompactState]) -> None:
    by_state: dict[str, list[DateRange]] = {}
    for row in rows:
        for other in by_state.setdefault(row.state, []):
            before, after = sorted((other, row.period), key=lambda period: period.lower)
            if before.upper is None or before.upper > after.lower:
                raise Refusal(
                    _("%(state)s stands twice in the list for the same time.") % {"state": row.state},
                    code="state_twice",
                )
        by_state[row.state].append(row.period)
