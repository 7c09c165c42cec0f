"""Calls up to now: what has come in since the last start, with call-backs for the latest whom nobody answered."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from medguild.demo import plan
from medguild.demo.frontdesk import Desk, calls_of, columns_of, visits_felt
from medguild.demo.group import LOADER
from medguild.foundation.kernel.clock import at_local, local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Affiliation
from medguild.operations.calls.call_backs import follow_up
from medguild.operations.calls.models import Call
from medguild.operations.calls.standards import targets_at
from medguild.operations.scheduling.models import Appointment
from medguild.patients.identity.models import Patient

_WHY = "the demo plays everybody's part"
_LONGEST_GAP = 14  # days without calls that are filled
_LATEST, _CALL_BACKS = 40, 2
_MONTH, _WORKING = 28, 20
_A_DAY = dt.timedelta(days=1)


def ring(*, now: dt.datetime) -> None:
    """Fill each site's telephone up to now, and ask for call-backs of the group's own sites."""
    keys = {site.name: site.key for entity in (*plan.GROUP, *plan.MEMBERS) for site in entity.sites}
    own = {site.key for entity in plan.GROUP for site in entity.sites}
    for site in Site.objects.select_related("unit").filter(unit__name__in=keys):
        desk = _desk(site, keys[site.unit.name])
        if _fill(site, desk, now) and desk.site in own:
            _call_back(site, now)


def _desk(site: Site, key: str) -> Desk:
    held = Affiliation.objects.filter(unit_id=site.unit_id, title="Front desk").order_by("pk")
    patients = Patient.objects.unscoped(_WHY).filter(home_unit_id=site.unit_id).order_by("pk")
    return Desk(
        site=key,
        unit_id=site.unit_id,
        staff=[(one.person_id, one.period.upper) for one in held],
        callers=[(pk, phone) for pk, phone in patients.values_list("pk", "phone")[:400] if phone],
    )


def _fill(site: Site, desk: Desk, now: dt.datetime) -> bool:
    """Whether anybody has called here at all."""
    rows = Call.objects.unscoped(_WHY).filter(site_id=site.unit_id)
    last = rows.aggregate(last=Max("received_at"))["last"]
    if last is None:
        return False
    today = local_date(now, site.time_zone)
    day = max(local_date(last, site.time_zone), today - _LONGEST_GAP * _A_DAY)
    while day <= today:
        _fill_day(site, desk, day, now)
        day += _A_DAY
    return True


def _fill_day(site: Site, desk: Desk, day: dt.date, now: dt.datetime) -> None:
    booked = _booked(site, day, day + _A_DAY)
    usual = _booked(site, day - _MONTH * _A_DAY, day) / _WORKING
    told = [columns_of(row) for row in calls_of(desk, day, visits=visits_felt(booked, usual), days_ago=0)]
    calls = [Call(**columns) for columns in told if columns["ended_at"] <= now]
    Call.objects.unscoped(_WHY).bulk_create(calls, ignore_conflicts=True)


def _booked(site: Site, first: dt.date, last: dt.date) -> int:
    begin, end = (at_local(day, dt.time(), site.time_zone) for day in (first, last))
    visits = Appointment.objects.unscoped(_WHY).filter(unit_id=site.unit_id, start__gte=begin, start__lt=end)
    return visits.count()


def _call_back(site: Site, now: dt.datetime) -> None:
    latest = Call.objects.unscoped(_WHY).filter(site_id=site.unit_id).order_by("-received_at")[:_LATEST]
    short = targets_at(site.unit_id).short_abandon
    missed = [call for call in latest if call.abandoned and call.wait_seconds >= short]
    for call in reversed(missed[:_CALL_BACKS]):
        follow_up(call, by=LOADER, short=short, at=now)
