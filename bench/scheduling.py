"""The schedule of a large group: 300 clinicians, 40 sites, a million appointments.

Slot search as the pages ask it, with reasons, for one specialty over 14 days, in process; the calendar of a site; a
template change; and many clients on the same slots. Each with its ratio to the raw SQL that it needs.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import calendar, contested, templates
from bench.booking_race import Door
from bench.data import patient_id
from bench.processes import Server
from bench.results import Row, row
from medguild.config.web import calm_collector
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.search.searching import Wanted, search_times

_HOUSE = Actor.job("bench")
_SPECIALTY, _DAYS, _TURNS = "family_medicine", 14, 40


def measure() -> Iterator[list[Row]]:
    """What is measured in process, with the collector as the web has it."""
    calm_collector()
    yield _searches()
    yield calendar.measure()
    yield templates.measure()


def served(real: Server, token: str) -> Iterator[list[Row]]:
    """What goes over HTTP."""
    yield calendar.follow(real.port)
    clinician = Clinician.objects.filter(resource__unit__name="Riverside").select_related("resource").first()
    if clinician is None:
        return
    door = Door(
        "127.0.0.1", real.port, token, str(VisitType.objects.get(code="follow-up").pk), str(clinician.pk),
        str(clinician.resource.unit_id),
    )  # fmt: skip
    patients = [patient_id(number) for number in range(3_000, 5_000)]
    yield contested.contest(door, patients, worker=real.pids[-1])


def _searches() -> list[Row]:
    kind = VisitType.objects.get(code="follow-up")
    site = Unit.objects.get(name="Riverside")
    start = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    asked: dict[str, Any] = {
        "visit_type": kind, "start": start, "end": start + dt.timedelta(days=_DAYS), "specialty": _SPECIALTY,
    }  # fmt: skip
    return [
        _search("a site", Wanted(units=[site.pk], **asked), 50),
        _search("the whole group", Wanted(**asked), 300),
    ]


def _search(what: str, wanted: Wanted, most: float) -> Row:
    """Wall milliseconds in process, the 95th percentile of some turns; the raw SQL is its own queries, asked alone."""
    with CaptureQueriesContext(connection) as captured:
        found = search_times(actor=_HOUSE, wanted=wanted)
    spent = sorted(_timed(lambda: search_times(actor=_HOUSE, wanted=wanted)) for _ in range(_TURNS))
    raw = sorted(_timed(lambda: _ask_alone([query["sql"] for query in captured])) for _ in range(_TURNS))
    worst, usual, least = spent[int(_TURNS * 0.95)], spent[_TURNS // 2], raw[_TURNS // 2]
    free = sum(len(opening.starts) for opening in found.openings)
    detail = (
        f"median {usual:.1f}, {usual / least:.1f} times the raw SQL it needs ({least:.1f} ms), {len(captured)} queries, "
        f"{free:,} free times of {len({one.session.clinician_id for one in found.openings})} clinicians"
    )
    return row(f"slot search over {_DAYS} days, {what}", worst, "ms", most=most, detail=detail)


def _timed(act: Any) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _ask_alone(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
