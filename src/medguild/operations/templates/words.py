"""Words for states, causes, troubles and choices."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.templates.rules import Cause, Choice, MoveStatus, PlanStatus, Trouble, VersionStatus, Why

Text = str | Promise

VERSION_WORDS: Mapping[VersionStatus, Text] = {
    VersionStatus.DRAFT: _("Draft"),
    VersionStatus.PREVIEWED: _("Previewed"),
    VersionStatus.APPLIED: _("Applied"),
    VersionStatus.SUPERSEDED: _("Superseded"),
    VersionStatus.WITHDRAWN: _("Replaced before it began"),
}
VERSION_TONES: Mapping[VersionStatus, str] = {
    VersionStatus.DRAFT: "neutral",
    VersionStatus.PREVIEWED: "info",
    VersionStatus.APPLIED: "ok",
    VersionStatus.SUPERSEDED: "neutral",
    VersionStatus.WITHDRAWN: "neutral",
}
CAUSE_WORDS: Mapping[Cause, Text] = {
    Cause.TEMPLATE: _("New version of a template"),
    Cause.ABSENCE: _("Absence"),
    Cause.CLOSURE: _("Closed day"),
}
PLAN_WORDS: Mapping[PlanStatus, Text] = {
    PlanStatus.PROPOSED: _("To be decided"),
    PlanStatus.RUNNING: _("Being moved"),
    PlanStatus.DONE: _("All settled"),
}
PLAN_TONES: Mapping[PlanStatus, str] = {
    PlanStatus.PROPOSED: "warn",
    PlanStatus.RUNNING: "busy",
    PlanStatus.DONE: "ok",
}
TROUBLE_WORDS: Mapping[Trouble, Text] = {
    Trouble.NO_SESSION: _("No session at that time any more"),
    Trouble.KIND_NOT_TAKEN: _("The session no longer takes this kind of visit"),
    Trouble.TOO_MANY: _("Fewer patients at a time than are booked"),
    Trouble.CANCELLED: _("The session is cancelled on that day"),
    Trouble.AWAY: _("The clinician is away"),
    Trouble.CLOSED: _("The site is closed"),
}
WHY_WORDS: Mapping[Why, Text] = {
    Why.SAME_PLACE: _("Same clinician, same site"),
    Why.OTHER_SITE: _("Same clinician, other site"),
    Why.COLLEAGUE: _("Colleague of the same specialty, same site"),
}
CHOICE_WORDS: Mapping[Choice, Text] = {
    Choice.NONE: _("To be decided"),
    Choice.ACCEPT: _("Move as proposed"),
    Choice.OTHER: _("Move to another time"),
    Choice.KEEP: _("Keep as overbooked"),
    Choice.BUMP: _("Put on the bump list"),
}
MOVE_WORDS: Mapping[MoveStatus, Text] = {
    MoveStatus.OPEN: _("Not settled"),
    MoveStatus.MOVED: _("Moved"),
    MoveStatus.KEPT: _("Kept"),
    MoveStatus.BUMPED: _("On the bump list"),
    MoveStatus.FAILED: _("Still to be moved"),
    MoveStatus.GONE: _("Needs nothing any more"),
}
MOVE_TONES: Mapping[MoveStatus, str] = {
    MoveStatus.OPEN: "neutral",
    MoveStatus.MOVED: "ok",
    MoveStatus.KEPT: "info",
    MoveStatus.BUMPED: "warn",
    MoveStatus.FAILED: "bad",
    MoveStatus.GONE: "neutral",
}

# Why a visit could not be moved as chosen, and what to do; by the code of the refusal.
FAILURE_WORDS: Mapping[str, Text] = {
    "network_answer_needed": _("Out of network: ask the patient, and move it from the page of the visit"),
    "not_licensed": _("The clinician lacks a licence on that day"),
    "not_privileged": _("The clinician lacks a privilege on that day"),
    "patient_state_needed": _("Ask in which state the patient will be, and move it from the page of the visit"),
    "slot_taken": _("The time was taken meanwhile"),
    "time_held": _("The time is held for something else"),
    "patient_busy": _("The patient has another visit then"),
    "outside_template": _("No session takes it at that time any more"),
    "clinician_away": _("The clinician is away then"),
    "site_closed": _("The site is closed on that day"),
}
OTHER_FAILURE: Text = _("Not possible as chosen")
