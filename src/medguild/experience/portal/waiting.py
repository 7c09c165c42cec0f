"""The waiting list in the own record: what may be waited for there, and being put on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from medguild.experience.portal.asking import sites_to_ask
from medguild.experience.portal.selectors import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.kinds.checks import may_book
from medguild.operations.scheduling.models import Appointment, SessionVisitType, VisitType
from medguild.operations.scheduling.rules import Mode, Origin
from medguild.operations.waitlist.errors import WaitsAlready
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.selectors import waiting_of
from medguild.operations.waitlist.services import Wanted, add_to_waitlist, change_wishes, withdraw
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids

_DONE = "which visits are done at the patient's sites, and by whom, is no secret to them"


@dataclass(frozen=True, slots=True)
class Choices:
    """Kinds of visits that patients may book, where they are done and by whom; `done` has (site, clinician, kind)."""

    kinds: Sequence[VisitType]
    sites: Sequence[Site]
    clinicians: Sequence[Clinician]
    done: frozenset[tuple[UUID, UUID, UUID]]


def choices(patient: Patient, *, by: Actor, at: dt.datetime) -> Choices:
    """What may be waited for at the sites of a record that the caller found."""
    sites = {one.unit_id: one for one in sites_to_ask(patient, at=at)}
    day = at.date()
    lasting = Q(session__period__endswith__gt=day) | Q(session__period__endswith__isnull=True)
    held = SessionVisitType.objects.unscoped(_DONE).filter(lasting, session__unit__in=sites, visit_type__active=True)
    rows = set(held.values_list("session__unit_id", "session__clinician_id", "visit_type_id").distinct())
    kinds = VisitType.objects.filter(pk__in={kind for _site, _who, kind in rows}).order_by("name")
    offered = [kind for kind in kinds if for_patients(kind, by=by)]
    open_to = {kind.pk for kind in offered}
    done = frozenset(row for row in rows if row[2] in open_to)
    clinicians = Clinician.objects.filter(pk__in={who for _site, who, _kind in done}).select_related("person")
    return Choices(
        offered, [site for unit_id, site in sites.items() if any(row[0] == unit_id for row in done)],
        list(clinicians.order_by("person__family_name", "person__given_name")), done,
    )  # fmt: skip


def for_patients(kind: VisitType, *, by: Actor) -> bool:
    """Whether patients may book such visits themselves, and come to them."""
    return bool(may_book(kind.booked_by, by=by, origin=Origin.PORTAL).ok) and set(kind.modes) != {Mode.E_CONSULT}


def waiting(patient: Patient, *, by: Actor) -> QuerySet[WaitlistEntry]:
    """What is waited for on a record that the caller found, the longest wait first."""
    return waiting_of(by.trusted(), alias_ids(patient.pk))


def may_wait_for_earlier(patient: Patient, visits: Iterable[Appointment], *, by: Actor) -> set[UUID]:
    """Of booked visits those for which an earlier time may be asked, and is not yet."""
    waits = set(waiting(patient, by=by).values_list("visit_type_id", "unit_id"))
    return {
        visit.pk
        for visit in visits
        if for_patients(visit.visit_type, by=by) and (visit.visit_type_id, visit.unit_id) not in waits
    }


def entry(patient: Patient, entry_id: UUID, *, by: Actor) -> WaitlistEntry:
    """One of these. Raises NotVisible."""
    found = waiting(patient, by=by).filter(pk=entry_id).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def ask_to_wait(
    *,
    patient: Patient,
    visit_type: VisitType,
    site: Site,
    wanted: Wanted,
    by: Actor,
    clinician: Clinician | None = None,
    at: dt.datetime | None = None,
) -> WaitlistEntry:
    """Be put on the list for a kind of visit that patients may book. Raises NotVisible, Refusal, WaitsAlready."""
    record(by, patient.pk)
    moment = at or now()
    done = choices(patient, by=by, at=moment).done
    if not any((site.unit_id, visit_type.pk) == (unit, kind) for unit, _who, kind in done):
        raise Refusal(_("This kind of visit is not done at this site. Choose another site."), field="site")
    if clinician is not None and (site.unit_id, clinician.pk, visit_type.pk) not in done:
        raise Refusal(_("This clinician does no such visits at this site. Choose another, or any."), field="clinician")
    return _add(patient, visit_type, site, wanted, by, moment, clinician=clinician)


@transaction.atomic
def ask_for_earlier(
    *, patient: Patient, visit: Appointment, by: Actor, at: dt.datetime | None = None
) -> WaitlistEntry:  # fmt: skip
    """Wait for an earlier time of a booked visit, which is kept until then. Raises the same."""
    record(by, patient.pk)
    if not for_patients(visit.visit_type, by=by):
        raise Refusal(_("Call us: the clinic decides when this kind of visit may be earlier."), code="kind_reserved")
    moment = at or now()
    zone = visit.unit.site.time_zone
    wanted = Wanted(earliest=local_date(moment, zone), latest=local_date(visit.start, zone))
    return _add(visit.patient, visit.visit_type, visit.unit.site, wanted, by, moment, instead_of=visit)


def _add(
    patient: Patient,
    kind: VisitType,
    site: Site,
    wanted: Wanted,
    by: Actor,
    moment: dt.datetime,
    *,
    clinician: Clinician | None = None,
    instead_of: Appointment | None = None,
) -> WaitlistEntry:
    try:
        return add_to_waitlist(
            patient=patient, visit_type=kind, site=site, clinician=clinician, wanted=wanted, instead_of=instead_of,
            by=by.trusted(), at=moment,
        )  # fmt: skip
    except WaitsAlready:
        raise WaitsAlready(_("This stands on the list already. Change the wishes there instead.")) from None


@transaction.atomic
def change(*, patient: Patient, entry: WaitlistEntry, wanted: Wanted, by: Actor) -> WaitlistEntry:
    """Other days or times; the place is kept. Raises NotVisible, NotWaiting, Refusal."""
    record(by, patient.pk)
    return change_wishes(entry=entry, wanted=wanted, by=by.trusted())


@transaction.atomic
def leave(*, patient: Patient, entry: WaitlistEntry, by: Actor) -> WaitlistEntry:
    """Wait no longer; what is offered just now goes to the next. Raises NotVisible, NotWaiting."""
    record(by, patient.pk)
    return withdraw(entry=entry, by=by.trusted())
