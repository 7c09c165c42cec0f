"""Standards of the telephone, by site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number, number_in
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, found_for_units
from medguild.foundation.standards.rules import Bounds, Kind

_AREA = _("Calls")

# Defaults: 80 % within 20 to 30 s and under 5 % abandoned are what HFMA's experts give for call centres.
ANSWER_WITHIN = declare_number(
    "calls.answer_within", _("Time to answer a call"), 30, least=10, most=300, unit=_("seconds"), area=_AREA,
    help=_("A call that is answered in this time counts as answered in time."),
)  # fmt: skip
SERVICE_LEVEL = declare_number(
    "calls.service_level", _("Share of calls to answer in time"), 80, least=50, most=100, unit="%", area=_AREA,
    help=_("Of all calls that came in, how many are to be answered in time."),
)  # fmt: skip
ABANDONMENT = declare_number(
    "calls.abandonment", _("Highest share of abandoned calls"), 5, least=1, most=25, unit="%", area=_AREA,
    help=_("More callers than this hang up while they wait: too few people answer."),
)  # fmt: skip
SHORT_ABANDON = declare_standard(
    Standard(
        key="calls.short_abandon", label=_("Hang-ups that do not count"), kind=Kind.INTEGER, default=5,
        help=_("Whoever hangs up sooner than this dialled wrong; the call is not counted as abandoned."),
        unit=_("seconds"), bounds=Bounds(least=0, most=30), area=_AREA,
    )
)  # fmt: skip
HOLD_LIMIT = declare_number(
    "calls.hold_limit", _("Longest wait of a caller"), 180, least=30, most=900, unit=_("seconds"), area=_AREA,
    help=_("Before the answer or on hold. Longer waits raise an alert, and are explained by whoever manages."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Targets:
    """Seconds to answer, share to answer in time (%), highest abandonment (%), seconds of hang-ups not counted."""

    answer_within: int
    service_level: int
    abandonment: int
    short_abandon: int


_KEYS = (ANSWER_WITHIN, SERVICE_LEVEL, ABANDONMENT, SHORT_ABANDON)


def targets_at(site_id: UUID) -> Targets:
    return targets_of([site_id])[site_id]


def targets_of(site_ids: Iterable[UUID]) -> Mapping[UUID, Targets]:
    """The targets of each site; one question for all."""
    found = found_for_units(site_ids)
    return {site_id: Targets(*(number_in(held, key) for key in _KEYS)) for site_id, held in found.items()}


def hold_limit(site_id: UUID) -> int:
    """Seconds that a caller may wait."""
    return number(HOLD_LIMIT, StandardContext(unit_id=site_id))
