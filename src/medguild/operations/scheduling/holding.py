"""Holds: a slot kept for a few minutes while somebody finishes booking it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.checks import refuse_before_locks, refuse_who_may_not_see_in_any
from medguild.operations.scheduling.errors import HoldGone
from medguild.operations.scheduling.models import Hold, VisitType
from medguild.operations.scheduling.placing import Wish, find_place, know
from medguild.operations.scheduling.protocol import allocate, guarded_transaction, lock_resources
from medguild.operations.scheduling.rules import HOLD_MINUTES, Mode
from medguild.patients.identity.models import Patient


def hold_slot(
    *,
    clinician: Clinician,
    visit_type: VisitType,
    site: Site,
    start: dt.datetime,
    by: Actor,
    patient: Patient | None = None,
    mode: Mode | None = None,
    patient_state: str = "",
    lasts: dt.timedelta = dt.timedelta(minutes=HOLD_MINUTES),
    at: dt.datetime | None = None,
) -> Hold:
    """Keep a free slot for the actor until it expires. Raises what `book_appointment` raises.

    It keeps time of clinician and room, for nobody yet; `patient`, `mode` and `patient_state`, where they are known,
    only say who may see them.
    """
    facts = know(
        clinician_id=clinician.pk, visit_type_id=visit_type.pk, unit_id=site.unit_id, start=start,
        patient_id=patient.pk if patient else None, mode=mode, patient_state=patient_state,
    )  # fmt: skip
    nobodys = replace(facts, patient_id=None, patient_resource=None)
    wish = Wish(facts=nobodys, start=start, by=by, at=at or now(), for_patient=False)
    refuse_before_locks(wish)
    if not facts.licensed or facts.privilege_id is not None:
        refuse_who_may_not_see_in_any(facts, [mode] if mode else facts.modes)
    return guarded_transaction(partial(_hold, wish, lasts))


def _hold(wish: Wish, lasts: dt.timedelta) -> Hold:
    lock_resources(wish.resources)
    place = find_place(wish)
    hold = Hold.objects.create(
        clinician_id=wish.facts.clinician_id, unit_id=wish.facts.unit_id, visit_type_id=wish.facts.visit_type_id,
        start=wish.start, end=place.end, holder_id=wish.by.id, expires_at=wish.at + lasts,
    )  # fmt: skip
    allocate(
        place.claims, start=wish.start, end=place.end, unit_id=wish.facts.unit_id, hold_id=hold.pk,
        expires_at=hold.expires_at,
    )  # fmt: skip
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, by: Actor) -> None:
    """Give a hold back; one that is gone already is no matter. Only its holder may."""
    if hold.holder_id != by.id:
        raise HoldGone(_("This time is held by somebody else."))
    lock_resources([hold.clinician.resource_id])
    _remove(hold.pk)


def use_hold(hold: Hold, *, by: Actor, clinician_id: UUID, start: dt.datetime, at: dt.datetime) -> None:
    """Turn a hold into free time for the booking that follows in the same transaction. Call it under the locks."""
    fits = hold.holder_id == by.id and hold.clinician_id == clinician_id and hold.start == start
    if not fits or hold.expires_at <= at or not _remove(hold.pk):
        raise HoldGone(_("The time is no longer held for you. Choose it again."))


def _remove(hold_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("delete from operations_allocation where hold_id = %s", [hold_id])
        cursor.execute("delete from operations_hold where id = %s", [hold_id])
        removed: int = cursor.rowcount
    return removed == 1


_DROP = """
    delete from operations_allocation where id in (
        select a.id from operations_allocation a join operations_hold h on h.id = a.hold_id
         where h.expires_at <= %s for update of a skip locked)
"""
_FORGET = """
    delete from operations_hold where id in (
        select h.id from operations_hold h
         where h.expires_at <= %s and not exists (select 1 from operations_allocation a where a.hold_id = h.id)
           for update of h skip locked)
"""


@transaction.atomic
def purge_expired_holds(*, at: dt.datetime | None = None) -> int:
    """House-keeping: remove holds that have run out and their allocations; returns how many holds.

    It waits for nobody, so that it can stand in nobody's way: rows that a booking is working on are left for the next
    time, and a hold goes when nothing is left of it, allocations first, as everywhere.
    """
    moment = at or now()
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [moment])
        cursor.execute(_FORGET, [moment])
        removed: int = cursor.rowcount
    return removed
