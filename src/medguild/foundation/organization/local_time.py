"""Each request runs in the time zone of the user's sites: "today" and every shown time are those of the desk."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site

_KEY = "time_zone"


class LocalTime:
    """Stands after `AccessMiddleware`, which says who asks. The zone is looked up once for a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.id is None or not hasattr(request, "session"):
            return
        kept = request.session.get(_KEY)
        if kept is None:
            kept = request.session[_KEY] = zone_of(actor)
        timezone.activate(ZoneInfo(kept))


def zone_of(actor: Actor) -> str:
    """The time zone of most of the actor's sites (of all sites for those who see everything); UTC without any."""
    scopes = list(actor.scopes.values())
    sites = Site.objects.all()
    if not any(scope.everything for scope in scopes):
        sites = sites.filter(unit_id__in={unit for scope in scopes for unit in scope.units})
    counted = Counter(sites.order_by("unit_id").values_list("time_zone", flat=True))
    return counted.most_common(1)[0][0] if counted else "UTC"


def zone_of_unit(unit_id: UUID, *, on: dt.date) -> ZoneInfo:
    """The time zone of the nearest site above the unit, else of a site below it, else UTC.

    As the tree stands that day or stood the day before, which it may still be there.
    """
    about = DateRange(on - dt.timedelta(days=1), on, "[]")
    above = Site.objects.filter(unit__paths_down__descendant_id=unit_id, unit__paths_down__period__overlap=about)
    below = Site.objects.filter(unit__paths_up__ancestor_id=unit_id, unit__paths_up__period__overlap=about)
    found = above.order_by("unit__paths_down__depth").first() or below.order_by("pk").first()
    return ZoneInfo(found.time_zone) if found else ZoneInfo("UTC")


def today_at(unit_id: UUID) -> dt.date:
    """The day it is at a unit."""
    return day_at(unit_id, now())


def day_at(unit_id: UUID, moment: dt.datetime) -> dt.date:
    """The calendar day of an instant at a unit."""
    return moment.astimezone(zone_of_unit(unit_id, on=moment.date())).date()
