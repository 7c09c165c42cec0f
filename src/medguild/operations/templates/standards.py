"""Limits of the group on templates, and how far they may vary. Outside of them needs an approved deviation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number
from medguild.foundation.standards.rules import Level

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.CLINICIAN)
_AREA = _("Templates")

SHORTEST_VISIT = declare_number(
    "templates.shortest_visit", _("Shortest planned visit"), 10, least=10, most=60, unit=_("minutes"), area=_AREA,
    levels=_LEVELS,
    help=_("A template may not plan less time for any kind of visit."),
)  # fmt: skip
LONGEST_DAY = declare_number(
    "templates.longest_day", _("Longest day of a clinician"), 600, least=60, most=600, unit=_("minutes"), area=_AREA,
    levels=_LEVELS,
    help=_("All sessions of a clinician on one day together, at all sites."),
)  # fmt: skip
DOUBLE_BOOK_SHARE = declare_number(
    "templates.double_book_share", _("Places for overbooking"), 200, least=0, most=200, unit=_("%"), area=_AREA,
    levels=_LEVELS,
    help=_("Overbooked patients at a time, as a part of the patients planned at a time."),
)  # fmt: skip
