"""What causes, doors, leads and resources are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.demand.late_rules import Cause
from medguild.operations.demand.rules import Filler, Lead
from medguild.operations.scheduling.rules import Origin

Text = str | Promise

CAUSES: Mapping[Cause, Text] = {
    Cause.TEMPLATE: _("Slot too short"),
    Cause.OVERBOOKING: _("More visits than slots"),
    Cause.VISIT_MIX: _("Long visits"),
    Cause.DOCUMENTATION: _("Notes between visits"),
    Cause.PATIENT: _("Patient late"),
    Cause.STAFF: _("Waiting for a room"),
    Cause.CLINICIAN_OTHER: _("Clinician, not known why"),
}
CAUSE_HELP: Mapping[Cause, Text] = {
    Cause.TEMPLATE: _("This kind of visit usually takes longer than its slot: lengthen the slot."),
    Cause.OVERBOOKING: _("Overbooked visits and walk-ins stood before: plan time for them."),
    Cause.VISIT_MIX: _("Single visits took longer than their kind usually does: book by reason, not by habit."),
    Cause.DOCUMENTATION: _("Notes were written while the next patient was ready: a scribe, or time at the end."),
    Cause.PATIENT: _("Patients arrived after their time: reminders with directions, earlier arrival times."),
    Cause.STAFF: _("Patients were here but not brought to a room: staff or rooms were missing."),
    Cause.CLINICIAN_OTHER: _("All were ready and the clinician was not: ask why."),
}
LEADS: Mapping[Lead, Text] = {
    Lead.UNDER_A_DAY: _("Less than a day before"),
    Lead.ONE_TO_THREE: _("One to three days before"),
    Lead.THREE_TO_SEVEN: _("Three to seven days before"),
    Lead.OVER_A_WEEK: _("More than a week before"),
}
FILLERS: Mapping[Filler, Text] = {
    Filler.WAITLIST: _("From the waiting list"),
    Filler.PORTAL: _("By patients online"),
    Filler.DESK: _("By the desk"),
}
DOORS: Mapping[str, Text] = {
    Origin.STAFF.value: _("Staff"),
    Origin.API.value: _("Another program"),
    Origin.PORTAL.value: _("Patients online"),
    Origin.IMPORT.value: _("Import"),
}
