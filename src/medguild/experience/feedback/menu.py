"""Where complaints stand in the menu and on the patient's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.permissions import FeedbackRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.patients.identity.ports import PatientAct, acts

register(
    MenuEntry(
        area=Area.EXPERIENCE, label=_("Complaints"), url_name="feedback:list", permission=FeedbackRight.READ, order=10,
        icon="message-report", keywords=_("feedback unhappy grievance"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.EXPERIENCE, label=_("Write down a complaint"), url_name="feedback:receive",
        permission=FeedbackRight.RECEIVE, order=20, icon="message", keywords=_("feedback unhappy grievance"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.EXPERIENCE, label=_("Ratings of visits"), url_name="feedback:ratings", permission=FeedbackRight.READ,
        order=15, icon="message", keywords=_("survey satisfaction experience score"),
    )
)  # fmt: skip
acts.register(
    "complaint",
    PatientAct(
        _("Write down a complaint"), "feedback:receive_for", FeedbackRight.RECEIVE, icon="message-report", order=90
    ),
)
