"""The tabs of attendance."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.parts import Tab
from medguild.operations.attendance.permissions import AttendanceRight

_PAGES = (
    ("attendance:rates", _("Rates"), AttendanceRight.READ),
    ("attendance:sessions", _("Sessions to come"), AttendanceRight.READ),
    ("attendance:model", _("Model"), AttendanceRight.READ),
    ("attendance:fairness", _("Fairness"), AttendanceRight.AUDIT),
    ("attendance:choices", _("Proposals"), AttendanceRight.READ),
)


def page_tabs(actor: Actor, here: str) -> list[Tab]:
    return [Tab(words, reverse(name), name == here) for name, words, right in _PAGES if actor.may(right)]
