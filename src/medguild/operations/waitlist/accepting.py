"""Yes to an offer: the visit is booked, or the later one moved forward, and everybody else is told no in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.holding import release_hold
from medguild.operations.scheduling.models import Appointment, Hold
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.placing import lock_for_visits
from medguild.operations.scheduling.protocol import as_resource
from medguild.operations.scheduling.rules import AppointmentStatus, Origin
from medguild.operations.scheduling.services import book_appointment, move_appointment
from medguild.operations.waitlist.calling import calls_done
from medguild.operations.waitlist.errors import OfferGone
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import HOUSE, lock_offer
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus
from medguild.operations.waitlist.services import locked, tell

ACCEPTED = declare_event("waitlist.accepted", gettext_lazy("Offer accepted"), icon="mail-check")


@transaction.atomic
def accept_offer(
    *,
    offer: SlotOffer,
    by: Actor,
    origin: Origin = Origin.PORTAL,
    told: Said | None = None,
    at: dt.datetime | None = None,
) -> Appointment:
    """Book the offered time for whoever says yes first. Raises OfferGone, NotWaiting, PatientBusy, and
    NetworkAnswerNeeded for a visit out of network without `told`.

    `told` is what they had read or heard of their plan's network before the yes, and said to it.
    `by` is who said yes, and in whose name it is booked; their right to it is the offer, which the house made and for
    which it holds the time.
    """
    moment = at or now()
    held = lock_offer(offer, moment)
    entry = locked(held.entry)
    hold = Hold.objects.unscoped("held for those who were asked").filter(pk=held.hold_id).first()
    if hold is None:
        raise OfferGone(_("Somebody else was quicker. You keep your place on the list."))
    later, said = later_visit(held), replace(told, asker=by) if told else None
    if later is None:
        booked = _book(held, hold, origin, said, by.trusted(), moment)
    else:
        booked = _move(held, later, hold, said, by.trusted(), moment)
    held.status, held.answered_at = OfferStatus.ACCEPTED, moment
    held.save(update_fields=["status", "answered_at"])
    others = SlotOffer.objects.unscoped("the same time was offered to them").filter(
        hold_id=held.hold_id, status=OfferStatus.OPEN
    )
    calls_done([held, *others], outcome=OfferStatus.TAKEN, by=by, at=moment)
    others.update(status=OfferStatus.TAKEN, answered_at=moment)
    entry.status, entry.closed_at, entry.appointment = EntryStatus.BOOKED, moment, booked
    entry.save(update_fields=["status", "closed_at", "appointment"])
    tell(ACCEPTED, entry, by, {"offer_id": held.pk, "appointment_id": booked.pk, "start": booked.start})
    return booked


def later_visit(offer: SlotOffer) -> Appointment | None:
    """The visit they keep until an earlier time is found, while it is still to come."""
    later = offer.entry.instead_of
    return later if later is not None and later.status == AppointmentStatus.BOOKED else None


def _book(
    offer: SlotOffer, hold: Hold, origin: Origin, said: Said | None, by: Actor, moment: dt.datetime
) -> Appointment:
    hold.holder_id = by.id  # what the house held for them is theirs now
    return book_appointment(
        patient=offer.entry.patient, clinician=offer.clinician, visit_type=offer.entry.visit_type,
        site=offer.unit.site, start=offer.start, hold=hold, network_answer=said, by=by,
        origin=origin, at=moment,
    )  # fmt: skip


def _move(
    offer: SlotOffer, later: Appointment, hold: Hold, said: Said | None, by: Actor, moment: dt.datetime
) -> Appointment:
    """The hold is given back under the locks under which the move then takes the time, all taken in their order."""
    day = offer.start.date()
    lock_for_visits(
        [(later.visit_type_id, offer.unit_id)], clinicians=[offer.clinician],
        people=[later.clinician.resource_id, as_resource(offer.entry.patient)], start=day - dt.timedelta(days=1),
        end=day + dt.timedelta(days=2),
    )  # fmt: skip
    release_hold(hold=hold, by=HOUSE)
    return move_appointment(
        appointment=later, start=offer.start, clinician=offer.clinician, site=offer.unit.site,
        network_answer=said, by=by, at=moment,
    )  # fmt: skip
