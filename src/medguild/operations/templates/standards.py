"""Limits of the group on templates, and how far they may vary. Outside of them needs an approved deviation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.CLINICIAN)
_AREA = _("Templates")

SHORTEST_VISIT = declare_standard(
    Standard(
        key="templates.shortest_visit", label=_("Shortest planned visit"), kind=Kind.INTEGER, default=10,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=10, most=60), unit=_("minutes"), area=_AREA,
        help=_("A template may not plan less time for any kind of visit."),
    )
)  # fmt: skip
LONGEST_DAY = declare_standard(
    Standard(
        key="templates.longest_day", label=_("Longest day of a clinician"), kind=Kind.INTEGER, default=600,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=60, most=600), unit=_("minutes"), area=_AREA,
        help=_("All sessions of a clinician on one day together, at all sites."),
    )
)  # fmt: skip
DOUBLE_BOOK_SHARE = declare_standard(
    Standard(
        key="templates.double_book_share", label=_("Places for overbooking"), kind=Kind.INTEGER, default=200,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=200), unit=_("%"), area=_AREA,
        help=_("Overbooked patients at a time, as a part of the patients planned at a time."),
    )
)  # fmt: skip
