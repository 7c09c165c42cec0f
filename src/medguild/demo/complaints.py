"""Complaints of 18 months: old ones by COPY, those that are still open through the service, so that somebody owns them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson

from medguild.demo import plan
from medguild.demo.copying import copy_into, copy_rows, id_at
from medguild.demo.flow import Seen
from medguild.demo.group import LOADER, Group
from medguild.demo.people import EVENT_COLUMNS
from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.rules import Category, Channel, ComplaintStatus, Severity
from medguild.experience.feedback.services import receive_complaint
from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.organization.models import Site
from medguild.patients.identity.models import Patient

PER_VISIT = 3 / 1_000
_CLOSED_AFTER, _CLOSED_LATE = 4.0, 14.0  # mean days; late where the desk is short of people
_USUAL = {
    Category.WAITING: 22, Category.BILLING: 20, Category.STAFF: 14, Category.INFORMATION: 13, Category.ACCESS: 12,
    Category.CARE: 9, Category.PHONE: 5, Category.PREMISES: 3, Category.PRIVACY: 1, Category.OTHER: 1,
}  # fmt: skip
_SHORT = {Category.PHONE: 55, Category.ACCESS: 18, Category.WAITING: 15, Category.STAFF: 8, Category.INFORMATION: 4}
_CHANNELS = {
    Channel.PHONE: 38, Channel.IN_PERSON: 27, Channel.EMAIL: 16, Channel.SURVEY: 9, Channel.REVIEW: 7, Channel.LETTER: 3,
}  # fmt: skip
_SEVERITIES = {Severity.MINOR: 45, Severity.MODERATE: 48, Severity.SERIOUS: 7}
_WORDS = {
    Category.ACCESS: (
        "They told me the next free visit is in five weeks.",
        "I asked twice for a visit and nobody wrote back.",
    ),
    Category.PHONE: (
        "I was on hold for ten minutes and then the line went dead.",
        "Nobody picks up. I tried four times before noon.",
        "I could not reach anybody to cancel, and now I am marked as not having come.",
    ),
    Category.WAITING: (
        "My visit was at nine and I was seen at ten.",
        "Nobody told me that the doctor was running late.",
    ),
    Category.STAFF: ("The person at the desk did not look up once.", "I was spoken to sharply in front of everybody."),
    Category.CARE: ("I felt that I was not listened to.", "The doctor was in the room for three minutes."),
    Category.INFORMATION: ("I was never told my test result.", "The instructions were not clear to me."),
    Category.BILLING: (
        "I got a bill for something that my plan should pay.",
        "I paid at the desk and was billed again.",
    ),
    Category.PRIVACY: ("My name and what I have were called out in the waiting room.",),
    Category.PREMISES: ("There is never a place to park.", "The chairs are too low for me to get up."),
    Category.OTHER: ("The form had to be filled in three times.",),
}
_ANSWERS = (
    "Called the patient, said sorry and explained what went wrong.",
    "Spoke with the team; the patient was told what will change.",
    "Put right the same day; the patient was content with the answer.",
)
_COMPLAINT = (
    "id", "site_id", "received_at", "channel", "category", "severity", "patient_id", "text", "status", "resolution",
    "resolved_at", "resolved_by_label",
)  # fmt: skip
Kind = TypeVar("Kind")
_RESOLVER = "Practice manager"


@dataclass(frozen=True, slots=True)
class Told:
    """A complaint about a visit. `resolved_at` None: nobody has answered yet."""

    id: UUID
    site: str
    unit_id: UUID
    patient_id: UUID
    received_at: dt.datetime
    resolved_at: dt.datetime | None
    channel: Channel
    category: Category
    severity: Severity
    text: str
    resolution: str


def build_complaints(group: Group, size: plan.Size, today: dt.date) -> None:
    rng = random.Random(plan.SEED + 6)
    told = list(_complaints(group, today, rng))
    closed = [one for one in told if one.resolved_at is not None]
    copy_rows(Complaint, _COMPLAINT, (_row(one) for one in closed))
    copy_into("foundation_event", EVENT_COLUMNS, _events(closed, rng))
    owned = {site.key for entity in plan.GROUP for site in entity.sites}
    for one in told:
        if one.resolved_at is None and one.site in owned:
            _open(one)


def _complaints(group: Group, today: dt.date, rng: random.Random) -> Iterator[Told]:
    """Each visit brings a share of a complaint; one is made whenever the shares of a site add up to a whole."""
    shares: dict[str, float] = {}
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    for visit in sorted(group.visits, key=lambda one: one.left_at):
        site = visit.booked.site
        trouble, strength = plan.shortage(site, (today - visit.left_at.date()).days)
        more = 1 + (trouble.complaints - 1) * strength if trouble else 1.0
        shares[site] = shares.get(site, rng.random()) + PER_VISIT * more
        if shares[site] >= 1:
            shares[site] -= 1
            yield _told(group, visit, strength, midnight, rng)


def _told(group: Group, visit: Seen, strength: float, midnight: dt.datetime, rng: random.Random) -> Told:
    heard = local_date(visit.left_at, plan.TIME_ZONE) + dt.timedelta(days=1 + int(rng.expovariate(1 / 2)))
    received = at_local(heard, dt.time(8 + rng.randrange(9), rng.randrange(60)), plan.TIME_ZONE)
    received = max(visit.left_at, min(received, midnight - dt.timedelta(minutes=5)))
    late = _CLOSED_LATE if strength > 0 else _CLOSED_AFTER
    resolved = received + dt.timedelta(days=0.1 + rng.expovariate(1 / late))
    category = _pick(_SHORT if rng.random() < strength * 0.85 else _USUAL, rng)
    return Told(
        id=id_at(rng, max(received, group.log_begins)), site=visit.booked.site,
        unit_id=group.units[visit.booked.site].pk, patient_id=visit.booked.patient.id, received_at=received,
        resolved_at=resolved if resolved < midnight else None, channel=_pick(_CHANNELS, rng), category=category,
        severity=_pick(_SEVERITIES, rng), text=rng.choice(_WORDS[category]), resolution=rng.choice(_ANSWERS),
    )  # fmt: skip


def _pick(weights: dict[Kind, int], rng: random.Random) -> Kind:
    return rng.choices(list(weights), list(weights.values()))[0]


def _row(one: Told) -> tuple[Any, ...]:
    return (
        one.id, one.unit_id, one.received_at, one.channel.value, one.category.value, one.severity.value, one.patient_id,
        one.text, ComplaintStatus.RESOLVED.value, one.resolution, one.resolved_at, _RESOLVER,
    )  # fmt: skip


def _events(closed: list[Told], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for one in closed:
        data = orjson.dumps({"category": one.category, "severity": one.severity}).decode()
        label = f"Complaint of {one.received_at:%Y-%m-%d}"
        closed_at = one.resolved_at or one.received_at
        for name, moment in (("complaint.received", one.received_at), ("complaint.resolved", closed_at)):
            yield (
                id_at(rng, moment), 1, name, moment, moment, LOADER.kind.value, LOADER.label, "complaint", one.id,
                label, one.unit_id, one.patient_id, data,
            )  # fmt: skip


def _open(one: Told) -> None:
    receive_complaint(
        site=Site.objects.select_related("unit").get(unit_id=one.unit_id), channel=one.channel, category=one.category,
        severity=one.severity, text=one.text, by=LOADER, received_at=min(one.received_at, now()),
        patient=Patient.objects.unscoped("the demo knows its patients").get(pk=one.patient_id),
    )  # fmt: skip
