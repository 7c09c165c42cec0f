"""Words of the calendar, for pages and for its script."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.operations.calendar.rules import TimeState
from medguild.operations.scheduling.rules import AppointmentStatus, Mode
from medguild.operations.scheduling.words import MODE_WORDS, STATUS_WORDS

Text = str | Promise

VIEWS: Mapping[str, Text] = {
    "clinicians": gettext_lazy("Day by clinician"),
    "rooms": gettext_lazy("Day by room"),
    "week": gettext_lazy("Week"),
}
STATUS_ICONS: Mapping[AppointmentStatus, str] = {
    AppointmentStatus.BOOKED: "calendar-event",
    AppointmentStatus.ARRIVED: "door-enter",
    AppointmentStatus.FULFILLED: "circle-check",
    AppointmentStatus.CANCELLED: "calendar-off",
    AppointmentStatus.NO_SHOW: "user-off",
}


def words_for_script() -> dict[str, object]:
    """What the script shows, in the language of the page."""
    return {
        "status": {status.value: str(words) for status, words in STATUS_WORDS.items()},
        "icons": {status.value: icon for status, icon in STATUS_ICONS.items()},
        "mode": {mode.value: str(words) for mode, words in MODE_WORDS.items() if mode is not Mode.IN_PERSON},
        "state": {
            TimeState.HELD.value: _("Held"),
            TimeState.OFF.value: _("Off"),
            TimeState.CLOSED.value: _("Closed"),
        },
        "overbooked": _("Overbooked"),
        "interpreter": _("Interpreter"),
        "booking": _("Somebody is booking this"),
        "own_booking": _("You are booking this"),
        "next_day": _("Next day with sessions"),
        "no_room": _("No room yet"),
        "everybody": _("All clinicians"),
        "every_specialty": _("All specialties"),
        "every_room": _("All rooms"),
        "live": _("Live"),
        "stopped": _("Not up to date. Trying again."),
        "one_changed": _("1 visit changed"),
        "many_changed": _("{count} visits changed"),
        "failed": _("That did not work. Nothing was changed; try again."),
    }
