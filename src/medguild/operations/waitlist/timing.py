"""When the words of an offer go out, and until when they may be answered: not at night, counted from the sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.organization.models import Site
from medguild.operations.waitlist.rules import offer_lasts
from medguild.patients.preferences.rules import Reach, first_instant, own_quiet
from medguild.patients.preferences.selectors import reaches_of
from medguild.patients.preferences.standards import quiet_at

SHORTEST_THINKING = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Window:
    """From the sending to the last moment for an answer."""

    sends_at: dt.datetime
    expires_at: dt.datetime


def windows(
    patient_ids: Iterable[UUID], *, site: Site, start: dt.datetime, usual: dt.timedelta, at: dt.datetime
) -> Mapping[UUID, Window]:
    """For each patient who can be asked about a start in time; who can not is left out.

    In quiet hours of the site, or of the patient's own, an offer waits until they end. It may be thought over for the
    usual time from then on, but never beyond half of what is left until the start.
    """
    ids = list(patient_ids)
    house, reaches = quiet_at(site.unit_id), reaches_of(ids)
    found = {one: _window(house, reaches.get(one, Reach()), site, start, usual, at) for one in ids}
    return {one: window for one, window in found.items() if window is not None}


def _window(
    house: tuple[int, int], reach: Reach, site: Site, start: dt.datetime, usual: dt.timedelta, at: dt.datetime
) -> Window | None:
    sends = first_instant(at, site.time_zone, [house, *own_quiet(reach)])
    if sends is None:
        return None
    lasts = offer_lasts(start - sends, usual=usual)
    return Window(sends, sends + lasts) if lasts >= SHORTEST_THINKING else None
