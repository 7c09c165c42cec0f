"""Two people of the synthetic group who read a record online: a patient, and a parent who acts for a child."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F, QuerySet

from medguild.demo import load, plan
from medguild.demo.group import DOMAIN, LOADER, Group
from medguild.experience.portal.asking import ask, sites_to_ask
from medguild.experience.portal.waiting import ask_to_wait, choices
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.access.services import grant_role
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.ids import new_id
from medguild.operations.feeds.services import make_feed
from medguild.operations.promises.rules import Answered
from medguild.operations.promises.services import answer_inquiry
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency
from medguild.operations.waitlist.services import Wanted
from medguild.patients.identity.models import Patient
from medguild.revenue.statements.selectors import accounts_with_balance
from medguild.revenue.statements.services import make_statement

_OWES = 2_000  # cents; enough for a statement
_REASON = "nobody is asked yet: the group is being made"
_A_DAY = dt.timedelta(days=1)
_FRESH = 25 * _A_DAY  # a visit of these days may still be judged
_ASKED = (("Which papers do I bring?", "Your insurance card and a photo ID."), ("Is there parking at the clinic?", ""))


def open_records(group: Group, size: plan.Size, today: dt.date) -> None:
    """The patient owes something, is booked, and has a visit to judge; the parent looks after their own record and a
    child's. All wait for a time, have asked something, and see their visits in a calendar."""
    hashed = make_password(load.password())
    booked = Appointment.objects.unscoped(_REASON).filter(start__date__gt=today, status=AppointmentStatus.BOOKED)
    reached = Patient.objects.unscoped(_REASON).filter(pk__in=booked.values("patient")).exclude(phone="")
    adults = reached.filter(birth_date__lt=today - dt.timedelta(days=30 * 365))
    owing: Any = accounts_with_balance(LOADER)
    patient = _with_news(adults.filter(pk__in=owing.filter(owes__gte=_OWES).values("guarantor_patient")), today)
    if patient is None:
        return
    make_statement(account=owing.filter(owes__gte=_OWES, guarantor_patient=patient).first(), by=LOADER)
    circle = Patient.objects.unscoped(_REASON).filter(circle_id=patient.circle_id)
    parent = _with_news(adults.filter(pk__in=circle).exclude(pk=patient.pk), today)
    child = _with_news(reached.filter(pk__in=circle, birth_date__gt=today - dt.timedelta(days=12 * 365)), today)
    _let_in("pat.patient", "Pat Patient", Role.PATIENT, [patient], hashed, today)
    held = [record for record in (parent, child) if record is not None]
    _let_in("pru.proxy", "Pru Proxy", Role.PROXY, held, hashed, today)


def _with_news(people: QuerySet[Patient], today: dt.date) -> Patient | None:
    """One whose last visit may still be judged, where there is one."""
    seen = Appointment.objects.unscoped(_REASON).filter(
        status=AppointmentStatus.FULFILLED, start__date__gt=today - _FRESH, start__date__lt=today, rating__isnull=True
    )
    found: Patient | None = people.filter(pk__in=seen.values("patient")).order_by("pk").first()
    return found or people.order_by("pk").first()


def _let_in(stem: str, name: str, role: Role, records: list[Patient], hashed: str, today: dt.date) -> None:
    user = User(email=f"{stem}@{DOMAIN}", display_name=name, password=hashed)
    user.save()
    for record in records:
        grant_role(user=user, role=role, patient_id=record.pk, start=today, by=LOADER)
    for record in records:
        _live_in(record, user, today)


def _live_in(record: Patient, user: User, today: dt.date) -> None:
    """Asked and answered, waiting for a time, subscribed to."""
    by = actor_of_user(user)
    for days, (text, answer) in zip((9, 1), _ASKED, strict=True):
        at = at_local(today - days * _A_DAY, dt.time(10), plan.TIME_ZONE)
        made = ask(patient=record, site=sites_to_ask(record, at=at)[0], text=text, token=new_id(), by=by, at=at)
        if answer:
            answer_inquiry(inquiry=made, how=Answered.SAME_WAY, answer=answer, by=LOADER, at=at + _A_DAY / 12)
    at = at_local(today - 12 * _A_DAY, dt.time(9), plan.TIME_ZONE)
    open_to = choices(record, by=by, at=at)
    booked = Appointment.objects.unscoped(_REASON).filter(patient=record, start__date__gt=today)
    planned = [kind for kind in open_to.kinds if kind.code != "acute"]  # nobody waits for a visit of the same day
    kinds = sorted(planned, key=lambda kind: booked.filter(visit_type=kind).count())
    for number, kind in enumerate(kinds[:2]):
        site = next(one for one in open_to.sites if any((one.unit_id, kind.pk) == row[::2] for row in open_to.done))
        wanted = Wanted(earliest=today, weekdays=[0, 1, 2] if number else [])
        ask_to_wait(patient=record, visit_type=kind, site=site, wanted=wanted, by=by, at=at)
    make_feed(device="My phone", by=by, patient=record)


def offer_to_readers(*, now: dt.datetime) -> None:
    """Each of them has a time to answer at any hour, told at night too."""
    held = Grant.objects.filter(role__in=RECORD_ROLES).values("patient_id")
    waiting = WaitlistEntry.objects.unscoped(_REASON).filter(patient__in=held, status=EntryStatus.WAITING)
    offers = SlotOffer.objects.unscoped(_REASON).filter(entry__in=waiting, status=OfferStatus.OPEN)
    asked = set(offers.values_list("patient", flat=True))
    for entry in waiting.order_by("patient", "pk"):
        if entry.patient_id not in asked and _offer_one(entry, now):
            asked.add(entry.patient_id)
    offers.update(sends_at=F("offered_at"))


def _offer_one(entry: WaitlistEntry, now: dt.datetime) -> bool:
    """Their turn has come: a free time of the next days is theirs to take."""
    WaitlistEntry.objects.unscoped(_REASON).filter(pk=entry.pk).update(urgency=Urgency.URGENT)
    day = now.date() + _A_DAY
    openings = find_slots(
        actor=LOADER,
        visit_type_id=entry.visit_type_id,
        start=day + _A_DAY,
        end=day + 21 * _A_DAY,
        units=[entry.unit_id],
    )
    for opening in openings[:20]:
        start = dt.datetime.fromtimestamp(opening.starts[0] * 60, dt.UTC)
        end = start + dt.timedelta(minutes=opening.session.minutes)
        made = offer_freed(freed=Freed(opening.session.clinician_id, entry.unit_id, start, end), at=now)
        if any(one.entry_id == entry.pk for one in made):
            return True
    return False
