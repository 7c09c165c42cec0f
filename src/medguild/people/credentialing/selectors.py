"""Verdicts on who may practise where, and the list of what runs out. What is asked for many is answered in one go."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, ItemsView, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.verdict import Verdict, no, yes
from medguild.foundation.organization.people import Clinician, Licence
from medguild.foundation.organization.selectors import clinicians_at, units_above
from medguild.people.credentialing.models import (
    Compact,
    CompactPrivilege,
    CompactState,
    Privilege,
    PrivilegeType,
    TelehealthRegistration,
)
from medguild.people.credentialing.permissions import CredentialingRight
from medguild.people.credentialing.rules import (
    CredentialKind,
    Held,
    Judgement,
    Lack,
    PrivilegeStanding,
    judge_state,
    reaches,
)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A credential with its end; `subject` is what it speaks of: a state, a compact, a procedure at a unit."""

    id: UUID
    clinician: Clinician
    kind: CredentialKind
    subject: str
    end: dt.date


def may_treat(clinician_id: UUID, state: str, on: dt.date, *, remote: bool = False) -> Verdict:
    """Whether the clinician may see a patient who is in that state on that day, remotely or face to face."""
    return may_treat_many([clinician_id], state, on, remote=remote)[clinician_id]


def may_treat_many(
    clinician_ids: Iterable[UUID], state: str, on: dt.date, *, remote: bool = False
) -> dict[UUID, Verdict]:
    """The same for many clinicians, in four queries."""
    ids = list(dict.fromkeys(clinician_ids))
    held = credentials(ids, on=on)
    return {one: _told(judge_state(held.get(one, []), state, on, remote=remote), state) for one in ids}


_LACKS = {
    Lack.EXPIRED: lambda state: _("The licence for %(state)s has run out.") % {"state": state},
    Lack.NOT_YET: lambda state: _("It is allowed in %(state)s only from a later day on.") % {"state": state},
    Lack.NONE: lambda state: _("No licence for %(state)s is on file.") % {"state": state},
    Lack.REMOTE_ONLY: lambda state: _("In %(state)s only visits by video or telephone are allowed.") % {"state": state},
}


def _told(judged: Judgement, state: str) -> Verdict:
    if judged.basis is not None:
        return yes(judged.basis.value)
    lack = judged.lack or Lack.NONE
    return no(lack.value, _LACKS[lack](state))


def credentials(clinician_ids: Collection[UUID], *, on: dt.date) -> Mapping[UUID, list[Held]]:
    """Licences, compacts and registrations of clinicians; compacts reach the states that are members on the day."""
    found: dict[UUID, list[Held]] = defaultdict(list)
    for licence in Licence.objects.filter(clinician__in=clinician_ids):
        found[licence.clinician_id].append(_held(CredentialKind.LICENCE, licence.state, licence))
    for registration in TelehealthRegistration.objects.filter(clinician__in=clinician_ids):
        found[registration.clinician_id].append(_held(CredentialKind.TELEHEALTH, registration.state, registration))
    compacts = list(CompactPrivilege.objects.filter(clinician__in=clinician_ids).select_related("clinician", "compact"))
    members: dict[UUID, set[str]] = defaultdict(set)
    for row in CompactState.objects.filter(compact__in={one.compact_id for one in compacts}, period__contains=on):
        members[row.compact_id].add(row.state)
    for privilege in compacts:
        if privilege.clinician.kind not in privilege.compact.clinician_kinds:
            continue
        reached = reaches(privilege.home_state, members[privilege.compact_id], privilege.state)
        found[privilege.clinician_id].append(_held(CredentialKind.COMPACT, privilege.home_state, privilege, reached))
    return found


def _held(
    kind: CredentialKind,
    state: str,
    row: Licence | TelehealthRegistration | CompactPrivilege,
    reached: frozenset[str] = frozenset(),
) -> Held:
    return Held(kind, state, row.period.lower, row.period.upper, reached)


def may_perform(clinician_id: UUID, type_id: UUID, unit_id: UUID, on: dt.date) -> Verdict:
    """Whether the clinician holds the privilege at the unit, or at one above it, on the day."""
    return may_perform_many([clinician_id], type_id, unit_id, on)[clinician_id]


def may_perform_many(clinician_ids: Iterable[UUID], type_id: UUID, unit_id: UUID, on: dt.date) -> dict[UUID, Verdict]:
    """The same for many clinicians, in two queries."""
    ids = list(dict.fromkeys(clinician_ids))
    rows = Privilege.objects.filter(clinician__in=ids, type=type_id, unit__in=units_above(unit_id, on=on))
    found: dict[UUID, list[Privilege]] = defaultdict(list)
    for row in rows:
        found[row.clinician_id].append(row)
    return {one: _privilege_verdict(found[one], on) for one in ids}


def _privilege_verdict(rows: list[Privilege], on: dt.date) -> Verdict:
    holding = [row for row in rows if row.period.lower <= on and (row.period.upper is None or on < row.period.upper)]
    if any(row.standing == PrivilegeStanding.SUSPENDED for row in holding):
        return no("privilege_suspended", _("The privilege for this is suspended."))
    if holding:
        return yes("privileged")
    if rows:
        return no("privilege_expired", _("The privilege for this does not hold on this day."))
    return no("no_privilege", _("No privilege for this is on file."))


def clinicians_kept(actor: Actor, *, on: dt.date, right: str = CredentialingRight.READ) -> QuerySet[Clinician]:
    """Clinicians at the actor's units on a day."""
    scope = actor.scope(right)
    if scope.everything:
        return Clinician.objects.select_related("person", "resource").order_by(
            "person__family_name", "person__given_name"
        )
    return clinicians_at(scope.units, on=on).select_related("person", "resource").distinct()


def clinician(actor: Actor, clinician_id: UUID, *, on: dt.date, right: str = CredentialingRight.READ) -> Clinician:
    """Raises NotVisible."""
    found = clinicians_kept(actor, on=on, right=right).filter(pk=clinician_id).first()
    if found is None:
        raise NotVisible
    return found


def expiring(clinicians: QuerySet[Clinician], *, until: dt.date) -> list[Expiring]:
    """What ends before a day and is not renewed beyond it, the soonest first. Four queries."""
    people = {one.pk: one for one in clinicians}
    found = [
        *_ends(Licence.objects.filter(clinician__in=people), CredentialKind.LICENCE, lambda row: row.state),
        *_ends(
            TelehealthRegistration.objects.filter(clinician__in=people),
            CredentialKind.TELEHEALTH,
            lambda row: row.state,
        ),
        *_ends(
            CompactPrivilege.objects.filter(clinician__in=people).select_related("compact"),
            CredentialKind.COMPACT,
            lambda row: f"{row.compact.name} {row.state}".strip(),
        ),
        *_ends(
            Privilege.objects.filter(clinician__in=people).select_related("type", "unit"),
            CredentialKind.PRIVILEGE,
            lambda row: f"{row.type.name}, {row.unit.name}",
        ),
    ]
    rows = [
        Expiring(row_id, people[clinician_id], kind, subject, end)
        for (clinician_id, kind, subject), (end, row_id) in found
        if end is not None and end < until
    ]
    return sorted(rows, key=lambda row: (row.end, row.clinician.person.family_name, row.subject))


def _ends(
    rows: Iterable[Any], kind: CredentialKind, subject: Callable[[Any], str]
) -> ItemsView[tuple[UUID, CredentialKind, str], tuple[dt.date | None, UUID]]:
    """The last end of each clinician's credential of one subject: a renewal hides what it renews."""
    last: dict[tuple[UUID, CredentialKind, str], tuple[dt.date | None, UUID]] = {}
    for row in rows:
        key = (row.clinician_id, kind, subject(row))
        end, _row_id = last.get(key, (row.period.lower, row.pk))
        if end is not None and (row.period.upper is None or row.period.upper > end):
            last[key] = (row.period.upper, row.pk)
    return last.items()


def privileges_of(clinician: Clinician) -> QuerySet[Privilege]:
    return clinician.privileges.select_related("type", "unit").order_by("type__name", "unit__name", "-period")


def states_of(clinician: Clinician, *, on: dt.date) -> list[str]:
    """States in which the clinician may see patients face to face on a day."""
    held = credentials([clinician.pk], on=on).get(clinician.pk, [])
    named = {one.state for one in held} | {state for one in held for state in one.reaches}
    return sorted(state for state in named if judge_state(held, state, on, remote=False).ok)


_MODELS: Mapping[str, type[CompactPrivilege] | type[TelehealthRegistration] | type[Privilege]] = {
    "compact": CompactPrivilege,
    "telehealth": TelehealthRegistration,
    "privilege": Privilege,
}


def credential(
    actor: Actor, what: str, row_id: UUID, *, on: dt.date
) -> CompactPrivilege | TelehealthRegistration | Privilege:
    """A row of a clinician whom the actor keeps. Raises NotVisible."""
    found = _MODELS[what].objects.select_related("clinician__person").filter(pk=row_id).first()
    if found is None:
        raise NotVisible
    clinician(actor, found.clinician_id, on=on, right=CredentialingRight.MANAGE)
    return found


def compact(compact_id: UUID) -> Compact:
    """Raises NotVisible."""
    found = Compact.objects.filter(pk=compact_id).first()
    if found is None:
        raise NotVisible
    return found


def compacts() -> QuerySet[Compact]:
    return Compact.objects.prefetch_related("states").order_by("name")


def privilege_types() -> QuerySet[PrivilegeType]:
    return PrivilegeType.objects.order_by("name")
