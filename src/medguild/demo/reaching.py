"""People who are to come again, who wait for a time, who wrote, who were promised something; and the telephones now."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from functools import partial

from django.db import transaction

from medguild.demo import plan
from medguild.demo.copying import id_at
from medguild.demo.group import LOADER, Group
from medguild.demo.portal import offer_to_readers
from medguild.demo.schedule import Booked
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.standards.resolution import remembered
from medguild.foundation.work.acts import complete
from medguild.foundation.work.routing import holders
from medguild.operations.calls.alerts import report_queue
from medguild.operations.calls.hold_rules import AlertCause
from medguild.operations.calls.models import HoldAlert
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.rules import Answered, Channel, PromiseKind
from medguild.operations.promises.services import answer_inquiry, make_promise, receive_inquiry
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from medguild.operations.recalls.pacing import ask_for_calls
from medguild.operations.recalls.rules import CloseReason, Origin, Outcome, RecallStatus, Step, Way, months_after
from medguild.operations.recalls.ruling import set_rule
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.numbers import free_again
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency
from medguild.operations.waitlist.services import Wanted, add_to_waitlist
from medguild.patients.identity.models import Patient

_WHY = "the demo plays everybody's part"
_A_DAY = dt.timedelta(days=1)
_YEARLY = "physical"
_WAITING, _ASKED, _UNANSWERED = 8, 2, 2
# How many days before today a yearly visit lies that is due about now, and how many recalls a patient of the group has.
_DUE_FROM, _DUE_TO, _PER_PATIENT = 330, 430, 0.03
_LETTERS = (
    (Channel.EMAIL, "Could you send me the letter for my employer again?"),
    (Channel.TEXT, "Can I bring my son along on Thursday?"),
    (Channel.FAX, "Please send the latest note about our common patient."),
    (Channel.EMAIL, "Which papers do I bring to the first visit?"),
    (Channel.LETTER, "I have moved. My new address is below."),
)
_MESSAGES = (Step.FIRST_MESSAGE, Step.SECOND_MESSAGE)
_PROMISES = (
    (PromiseKind.RESULT, "Tell the result of the blood test"),
    (PromiseKind.CALL, "Call when the form is signed"),
    (PromiseKind.REFERRAL, "Ask the specialist for an earlier time"),
    (PromiseKind.MESSAGE, "Write what to do before the next visit"),
)


def build_reaching(group: Group, size: plan.Size, today: dt.date) -> None:
    rng = random.Random(plan.SEED + 41)
    _make_recalls(group, size, today, rng)
    with remembered():
        _fill_sites(group, today, rng)
        ask_for_calls(by=LOADER)


def _fill_sites(group: Group, today: dt.date, rng: random.Random) -> None:
    for entity in plan.GROUP:
        for site in entity.sites:
            place = Site.objects.select_related("unit").get(unit=group.units[site.key])
            people = _people_of(place, rng)
            _let_wait(group, place, people, today, rng)
            _promise(place, people, today, rng)
            _write_in(place, people, today, rng)
            _wait_long(place, site.key, today, rng)


def _people_of(site: Site, rng: random.Random) -> list[Patient]:
    rows = Patient.objects.unscoped(_WHY).filter(home_unit_id=site.unit_id, survivor__isnull=True)
    found = list(rows.exclude(phone="").filter(deceased_on__isnull=True).order_by("pk")[:200])
    rng.shuffle(found)
    return found


def _make_recalls(group: Group, size: plan.Size, today: dt.date, rng: random.Random) -> None:
    """Yearly check-ups of a year ago: most are booked again by now, others are told, called, or long overdue."""
    rules = {
        entity.key: set_rule(
            unit=group.units[entity.key], after=group.visit_types[_YEARLY], due=group.visit_types[_YEARLY], months=12,
            by=LOADER,
        )
        for entity in plan.GROUP
    }  # fmt: skip
    made = list(_recalls(group, rules, size, today, rng))
    Recall.objects.unscoped(_WHY).bulk_create(made)
    contacts = [one for recall in made for one in _contacts(recall, today, rng)]
    RecallContact.objects.unscoped(_WHY).bulk_create(contacts)


def _recalls(
    group: Group, rules: dict[str, RecallRule], size: plan.Size, today: dt.date, rng: random.Random
) -> Iterator[Recall]:
    yearly = group.visit_types[_YEARLY]
    after: dict[object, Booked] = {}
    seen: dict[object, Booked] = {}
    for visit in group.appointments:
        if visit.visit_type.pk != yearly.pk or visit.site not in group.sites:
            continue
        age = (today - visit.start.date()).days
        if visit.status is AppointmentStatus.FULFILLED and _DUE_FROM <= age <= _DUE_TO:
            seen[visit.patient.id] = visit
        elif visit.status in (AppointmentStatus.BOOKED, AppointmentStatus.FULFILLED) and age < _DUE_FROM - 90:
            after[visit.patient.id] = visit
    chosen = [visit for visit in seen.values() if group.entity_of_site[visit.site] in rules]
    for visit in chosen[: int(size.patients * _PER_PATIENT)]:
        rule = rules[group.entity_of_site[visit.site]]
        yield _recall(group, visit, after.get(visit.patient.id), rule, today, rng)


def _recall(
    group: Group, visit: Booked, later: Booked | None, rule: RecallRule, today: dt.date, rng: random.Random
) -> Recall:
    seen_at = visit.start + dt.timedelta(hours=1)
    due_on = months_after(visit.start.date(), 12)
    row = Recall(
        id=id_at(rng, seen_at), patient_id=visit.patient.id, unit_id=group.units[visit.site].pk,
        visit_type=visit.visit_type, clinician=visit.clinician, due_on=due_on, origin=Origin.RULE, rule=rule,
        from_visit_id=visit.id, made_at=seen_at,
    )  # fmt: skip
    if due_on - 30 * _A_DAY <= today:
        row.contacted_at = at_local(due_on - 30 * _A_DAY, dt.time(10), plan.TIME_ZONE)
        row.status, row.attempts = RecallStatus.CONTACTED, 1 if due_on > today or later is not None else len(_MESSAGES)
    if later is not None:
        row.status, row.appointment_id, row.closed_at = RecallStatus.BOOKED, later.id, later.booked_at
    elif row.status == RecallStatus.CONTACTED and rng.random() < 0.12:
        row.status, row.close_reason = RecallStatus.DECLINED, CloseReason.PATIENT_DECLINES
        row.closed_at = row.contacted_at
    return row


def _contacts(recall: Recall, today: dt.date, rng: random.Random) -> Iterator[RecallContact]:
    told = recall.contacted_at
    if told is None:
        return
    yield _contact(recall, told, Step.FIRST_MESSAGE, rng)
    if recall.attempts == len(_MESSAGES):
        yield _contact(recall, told + 30 * _A_DAY, Step.SECOND_MESSAGE, rng)


def _contact(recall: Recall, at: dt.datetime, step: Step, rng: random.Random) -> RecallContact:
    return RecallContact(
        id=id_at(rng, at), recall=recall, at=at, way=Way.TEXT, outcome=Outcome.SENT, step=step, by_label=LOADER.label
    )


def _let_wait(group: Group, site: Site, people: list[Patient], today: dt.date, rng: random.Random) -> None:
    urgencies = [Urgency.URGENT, *[Urgency.SOON] * 2, *[Urgency.ROUTINE] * 5]
    kinds: list[VisitType] = [group.visit_types[code] for code in ("follow-up", _YEARLY)]
    for number in range(_WAITING):
        since = at_local(today - rng.randrange(1, 30) * _A_DAY, dt.time(11, rng.randrange(60)), plan.TIME_ZONE)
        wanted = Wanted(earliest=since.date(), urgency=urgencies[number], weekdays=[0, 2, 4] if number == 5 else [])
        _quietly(
            partial(
                add_to_waitlist, patient=people.pop(), visit_type=kinds[number % 2], site=site, wanted=wanted,
                by=LOADER, at=since,
            )
        )  # fmt: skip


def _promise(site: Site, people: list[Patient], today: dt.date, rng: random.Random) -> None:
    """Of those still open some are late, and some have nobody of their own; those of last month are kept, one too late."""
    for number, (kind, what) in enumerate(_PROMISES):
        at = at_local(today - (20 + number) * _A_DAY, dt.time(10), plan.TIME_ZONE)
        made = make_promise(kind=kind, site=site, patient=people.pop(), what=what, by=LOADER, at=at)
        kept = made.due_at + _A_DAY if number == 0 else made.due_at - dt.timedelta(hours=1)
        complete(item_id=made.pk, outcome="Done", by=LOADER, at=kept)
    nurses = list(holders(Role.NURSE, site.unit_id, on=today)[:1])
    for number, (kind, what) in enumerate(_PROMISES):
        at = at_local(today - rng.randrange(1, 9) * _A_DAY, dt.time(10 + number), plan.TIME_ZONE)
        owner = nurses[0] if nurses and number % 2 == 0 else None
        _quietly(
            partial(make_promise, kind=kind, site=site, patient=people.pop(), what=what, owner=owner, by=LOADER, at=at)
        )


def _write_in(site: Site, people: list[Patient], today: dt.date, rng: random.Random) -> None:
    """Of the last weeks, all but the latest answered, most in time."""
    for days, patient in zip(range(21, 0, -4), people, strict=False):
        channel, text = rng.choice(_LETTERS)
        at = at_local(today - days * _A_DAY, dt.time(8 + rng.randrange(8), rng.randrange(60)), plan.TIME_ZONE)
        message = receive_inquiry(site=site, channel=channel, text=text, patient=patient, by=LOADER, at=at, source="")
        if days > 2:
            late = dt.timedelta(hours=20) if rng.random() < 0.2 else -dt.timedelta(minutes=rng.randrange(5, 120))
            answer_inquiry(inquiry=message, how=Answered.SAME_WAY, by=LOADER, at=max(at, message.due_at + late))


def _wait_long(site: Site, key: str, today: dt.date, rng: random.Random) -> None:
    """Where the front desk lost people callers have waited too long since, on more days than elsewhere."""
    rows = []
    for days in range(60, 0, -1):
        trouble, strength = plan.shortage(key, days)
        if rng.random() > (0.5 * strength if trouble else 0.02) or (today - days * _A_DAY).weekday() > 4:
            continue
        began = at_local(today - days * _A_DAY, dt.time(9 + rng.randrange(3), rng.randrange(60)), plan.TIME_ZONE)
        last = began + dt.timedelta(minutes=rng.randrange(3, 40))
        row = HoldAlert(
            id=id_at(rng, began), site_id=site.unit_id, began_at=began, last_at=last,
            ended_at=last + dt.timedelta(minutes=15), limit_seconds=180, worst_seconds=rng.randrange(190, 700),
            breaches=rng.randrange(1, 8),
        )  # fmt: skip
        if days > 5:
            row.cause = AlertCause.STAFF_MISSING if trouble else AlertCause.MORE_CALLS
            row.explained_at, row.explained_by_label = last + dt.timedelta(hours=3), "Mona Manager"
        rows.append(row)
    HoldAlert.objects.unscoped(_WHY).bulk_create(rows)


def reach(*, now: dt.datetime) -> None:
    """Up to now: who waits on the telephones, a free time that is on offer, messages of today."""
    rng = random.Random(now.toordinal())
    for entity in plan.GROUP:
        for planned in entity.sites:
            site = Site.objects.select_related("unit").filter(unit__name=planned.name).first()
            if site is not None:
                for act in (partial(_ring, site, planned.key), partial(_offer, site), partial(_ask, site, rng)):
                    _quietly(partial(act, now))
    _quietly(partial(offer_to_readers, now=now))


def _ring(site: Site, key: str, now: dt.datetime) -> None:
    short = any(trouble.site == key for trouble in plan.FRONT_DESK_TROUBLES)
    waiting, longest = (4, 265) if short else (1, 20)
    report_queue(site_id=site.unit_id, waiting=waiting, longest_seconds=longest, by=LOADER, at=now)


def _offer(site: Site, now: dt.datetime) -> None:
    """What is cancelled and free again goes to those who wait, until some are asked."""
    asked = SlotOffer.objects.unscoped(_WHY).filter(unit=site.unit_id, status=OfferStatus.OPEN)
    waits = WaitlistEntry.objects.unscoped(_WHY).filter(unit=site.unit_id, status=EntryStatus.WAITING)
    if asked.exists() or not waits.exists():
        return
    rows = Appointment.objects.unscoped(_WHY).filter(unit=site.unit_id, start__gt=now + _A_DAY)
    made = 0
    for visit in free_again(rows, at=now).order_by("start")[:10]:
        made += bool(offer_freed(freed=Freed(visit.clinician_id, visit.unit_id, visit.start, visit.end), at=now))
        if made == _ASKED:
            return


def _ask(site: Site, rng: random.Random, now: dt.datetime) -> None:
    held = Inquiry.objects.unscoped(_WHY).filter(unit=site.unit_id, answered_at__isnull=True)
    missing = _UNANSWERED - held.count()
    people = _people_of(site, rng)[: max(0, missing)]
    user = holders(Role.FRONT_DESK, site.unit_id, on=now.date()).first()
    by = actor_of_user(user) if user is not None else LOADER
    for patient in people:
        channel, text = rng.choice(_LETTERS)
        received = now - dt.timedelta(minutes=rng.randrange(5, 90))
        receive_inquiry(site=site, channel=channel, text=text, patient=patient, by=by, received_at=received, at=now)


def _quietly(act: Callable[[], object]) -> None:
    """What the house refuses does not happen in the demo either."""
    try:
        with transaction.atomic():
            act()
    except Refusal:
        return
