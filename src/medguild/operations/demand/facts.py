"""Numbers of access as facts: what improvement, optimisers and simulators read, with shapes and units.

A fact is rows of one shape over a half-open period of local days at some sites, scoped to the actor. Whoever plans
templates reads demand (`demand.wanted`), supply (`demand.offered`) and outcome (`demand.outcome`) in the same cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.organization.models import Site
from medguild.operations.demand.fill import clinician_fills
from medguild.operations.demand.late_rules import Cause
from medguild.operations.demand.lateness import clinic_days, late_numbers
from medguild.operations.demand.matching import match
from medguild.operations.demand.records import MEASURES, Measure, visits_between
from medguild.operations.demand.selectors import access_by_site
from medguild.operations.demand.third_next import samples
from medguild.operations.scheduling.rules import BUMPS, AppointmentStatus

Row = tuple[object, ...]
Read = Callable[[Actor, dt.date, dt.date, Collection[Site]], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Fact:
    """`columns` name the values of a row in order, each with its unit: ("weekday", "0 is Monday")."""

    key: str
    label: str | Promise
    columns: tuple[tuple[str, str], ...]
    read: Read


facts: Registry[Fact] = Registry("fact of access")


def _declare(key: str, label: str | Promise, columns: tuple[tuple[str, str], ...], read: Read) -> Fact:
    return facts.register(key, Fact(key, label, columns, read))


_CELL = (("weekday", "0 is Monday"), ("first_minute", "local minutes after midnight"), ("visit_type", "id"))
_BAND = 120


def _wanted(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    found = match(actor, start=start, end=end, sites=sites)
    return [(c.place[0], c.place[1] * _BAND, c.kind, c.wanted, c.minutes) for c in found.cells if c.wanted]


def _offered(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    found = match(actor, start=start, end=end, sites=sites)
    return [(c.place[0], c.place[1] * _BAND, c.kind, c.offered, c.minutes) for c in found.cells if c.offered]


def _outcome(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    cancelled = Q(status=AppointmentStatus.CANCELLED)
    rows = visits_between(actor, start=start, end=end, sites=sites)
    found = rows.values_list("local_weekday", "local_hour", "visit_type_id").annotate(
        booked=Count("pk"),
        kept=Count("pk", filter=MEASURES[Measure.KEPT]),
        missed=Count("pk", filter=Q(status=AppointmentStatus.NO_SHOW)),
        given_up=Count("pk", filter=cancelled & ~Q(cancel_reason__in=sorted(BUMPS))),
        bumped=Count("pk", filter=cancelled & Q(cancel_reason__in=sorted(BUMPS))),
        minutes=Avg(length),
    )
    return [
        (weekday, hour * 60, kind, *counts, round(minutes.total_seconds() / 60))
        for weekday, hour, kind, *counts, minutes in found
    ]


def _third_next(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    rows = samples(actor, since=start, sites=sites).filter(day__lt=end)
    return list(rows.order_by("day").values_list("day", "unit_id", "clinician_id", "visit_type_id", "days"))


def _access(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    return [
        (unit, one.kept, one.same_day, one.off_hours, one.new_visits, one.new_days)
        for unit, one in access_by_site(actor, start=start, end=end, sites=sites).items()
    ]


def _delay(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    found = late_numbers(clinic_days(actor, start=start, end=end, sites=sites), "unit_id", "clinician_id", "day")
    return [
        (*key, one.visits, one.delay.late, *(one.delay.causes[cause] for cause in Cause)) for key, one in found.items()
    ]


def _fill(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[Row]:
    return [
        (one.clinician_id, one.group[1], one.bookable, one.booked, one.overbooked)
        for one in clinician_fills(actor, start=start, end=end, sites=sites)
    ]


WANTED = _declare(
    "demand.wanted", _("Slots wanted a week"), (*_CELL, ("wanted", "slots a week"), ("minutes", "minutes a slot")),
    _wanted,
)  # fmt: skip
OFFERED = _declare(
    "demand.offered", _("Slots offered a week"), (*_CELL, ("offered", "slots a week"), ("minutes", "minutes a slot")),
    _offered,
)  # fmt: skip
OUTCOME = _declare(
    "demand.outcome", _("What became of booked visits"),
    (*_CELL, ("booked", "visits"), ("kept", "visits"), ("missed", "visits"), ("given_up", "visits"),
     ("bumped", "visits"), ("minutes", "minutes a visit")),
    _outcome,
)  # fmt: skip
THIRD_NEXT = _declare(
    "demand.third_next", _("Third next available, samples"),
    (("day", "date"), ("site", "id"), ("clinician", "id"), ("visit_type", "id"), ("days", "calendar days, null: none")),
    _third_next,
)  # fmt: skip
ACCESS = _declare(
    "demand.access", _("Visits kept, same-day, off-hours, new"),
    (("site", "id"), ("kept", "visits"), ("same_day", "visits"), ("off_hours", "visits"), ("new", "visits"),
     ("new_days", "days from request to visit, sum")),
    _access,
)  # fmt: skip
DELAY = _declare(
    "demand.delay", _("Delay of clinic days by cause"),
    (("site", "id"), ("clinician", "id"), ("day", "date"), ("visits", "visits"), ("late", "seconds"),
     *((cause.value, "seconds") for cause in Cause)),
    _delay,
)  # fmt: skip
FILL = _declare(
    "demand.fill", _("Template minutes booked"),
    (("clinician", "id"), ("specialty", "code"), ("bookable", "minutes"), ("booked", "minutes"),
     ("overbooked", "minutes")),
    _fill,
)  # fmt: skip
