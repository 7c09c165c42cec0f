"""What attendance tells the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.ports import declare_event

TRAINED = declare_event("attendance.model_trained", _("No-show model trained"), icon="chart-dots")
CHOSEN = declare_event("appointment.time_chosen", _("Time chosen among proposals"), icon="list-check")
OWN_TIME = declare_event("appointment.own_time_chosen", _("Time of one's own chosen"), icon="calendar-time")
