"""Where the waiting list stands in the menu, and on the patient's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.ports import PatientAct, acts

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Waiting list"),
        url_name="waitlist:list",
        permission=SchedulingRight.READ,
        order=18,
        icon="hourglass",
        keywords=_("wait earlier cancellation offer"),
    )
)
acts.register(
    "wait_for_time",
    PatientAct(_("Put on the waiting list"), "waitlist:add", SchedulingRight.BOOK, icon="hourglass", order=12),
)
