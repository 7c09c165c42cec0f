"""Standards of attendance: what a model must reach before it advises, and what weighs against an overbooked visit."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode
from medguild.operations.attendance.metric_rules import Bar
from medguild.operations.attendance.overbooking_rules import Prices

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Attendance")

LEAST_VISITS = declare_standard(
    Standard(
        key="attendance.least_visits", label=_("Visits to learn no-shows from"), kind=Kind.INTEGER, default=2000,
        bounds=Bounds(least=500, most=100_000), area=_AREA,
        help=_("With fewer visits in two years no probability is used for advice."),
    )
)  # fmt: skip
LEAST_MISSED = declare_standard(
    Standard(
        key="attendance.least_missed", label=_("No-shows to learn from"), kind=Kind.INTEGER, default=200,
        bounds=Bounds(least=50, most=10_000), area=_AREA,
        help=_("With fewer no-shows among them no probability is used for advice; the test needs a quarter of it."),
    )
)  # fmt: skip
LEAST_AUC = declare_standard(
    Standard(
        key="attendance.least_auc", label=_("Least AUC of a no-show model"), kind=Kind.INTEGER, default=62, unit="%",
        bounds=Bounds(least=55, most=90), area=_AREA,
        help=_("How often a missed visit must stand above a kept one, on a later period. 50 % is chance."),
    )
)  # fmt: skip
LEAST_AUC_LATER = declare_standard(
    Standard(
        key="attendance.least_auc_later", label=_("Least AUC without same-day bookings"), kind=Kind.INTEGER,
        default=56, unit="%", bounds=Bounds(least=52, most=90), area=_AREA,
        help=_("Same-day bookings are easy to tell; this is what is left without them."),
    )
)  # fmt: skip
MOST_ECE = declare_standard(
    Standard(
        key="attendance.most_calibration_error", label=_("Largest calibration error"), kind=Kind.DECIMAL,
        default=Decimal("2.5"), unit="%", bounds=Bounds(least=Decimal("0.5"), most=Decimal(10)), area=_AREA,
        help=_("By how much probabilities may differ from what happened, on average over ten groups of visits."),
    )
)  # fmt: skip
WAITING_PRICE = declare_number(
    "attendance.waiting_price", _("Price of patients' waiting"), 20, least=5, most=200, unit="%", area=_AREA,
    help=_("Waiting as long as a visit lasts, in percent of what a visit is worth."),
)  # fmt: skip
OVERTIME_PRICE = declare_number(
    "attendance.overtime_price", _("Price of overtime"), 150, least=50, most=500, unit="%", area=_AREA,
    help=_("Overtime as long as a visit lasts, in percent of what a visit is worth."),
)  # fmt: skip
LEAST_GAIN = declare_standard(
    Standard(
        key="attendance.least_gain", label=_("Least gain of overbooking"), kind=Kind.DECIMAL, default=Decimal(3),
        unit="%", mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=Decimal(1), most=Decimal(25)), area=_AREA,
        help=_("A gain below this share of the visits expected in a session is called too small to overbook for."),
    )
)  # fmt: skip
VISIT_WORTH = declare_standard(
    Standard(
        key="attendance.visit_worth", label=_("What a visit is worth"), kind=Kind.INTEGER, default=12_000,
        money=True, mode=Mode.LOCAL, levels=_LEVELS, bounds=Bounds(least=100, most=1_000_000), area=_AREA,
        help=_("Shows gains and prices in money. Estimate it from payments of usual visits."),
    )
)  # fmt: skip


def bar() -> Bar:
    """What the group asks of a model."""
    context = StandardContext()
    found = [float(str(resolve(key, context).value)) for key in
             (LEAST_VISITS, LEAST_MISSED, LEAST_AUC, LEAST_AUC_LATER, MOST_ECE)]  # fmt: skip
    return Bar(int(found[0]), int(found[1]), found[2] / 100, found[3] / 100, found[4] / 100)


def prices_at(site_id: UUID) -> tuple[Prices, int]:
    """Prices at a site, and the worth of a visit there in cents."""
    context = StandardContext(unit_id=site_id)
    found = [float(str(resolve(key, context).value)) / 100 for key in (WAITING_PRICE, OVERTIME_PRICE, LEAST_GAIN)]
    return Prices(*found), number(VISIT_WORTH, context)
