"""Words for kinds, outcomes and problems of calls."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.calls.csv_rules import RowProblem
from medguild.operations.calls.hold_rules import AlertCause
from medguild.operations.calls.rules import CallProblem, CallReason, Direction, Outcome

Text = str | Promise

DIRECTIONS: Mapping[str, Text] = {Direction.INBOUND: _("Came in"), Direction.OUTBOUND: _("Went out")}
REASONS: Mapping[str, Text] = {
    CallReason.APPOINTMENT: _("Appointment"),
    CallReason.REFILL: _("Refill"),
    CallReason.RESULT: _("Result"),
    CallReason.REFERRAL: _("Referral"),
    CallReason.BILLING: _("Bill"),
    CallReason.CLINICAL: _("Symptom or advice"),
    CallReason.OTHER: _("Other"),
}
OUTCOMES: Mapping[str, Text] = {
    Outcome.ANSWERED: _("Answered"),
    Outcome.ABANDONED: _("Abandoned"),
    Outcome.HUNG_UP: _("Hung up at once"),
    Outcome.MISSED: _("Not answered"),
}
CAUSES: Mapping[str, Text] = {
    AlertCause.STAFF_MISSING: _("Somebody was missing"),
    AlertCause.STAFF_ELSEWHERE: _("Everybody was busy elsewhere"),
    AlertCause.MORE_CALLS: _("More calls than usual"),
    AlertCause.LONG_CALLS: _("Calls that took long"),
    AlertCause.SYSTEM: _("Telephone or computer trouble"),
    AlertCause.OTHER: _("Something else"),
}
CAUSE_CHOICES = [(cause.value, CAUSES[cause]) for cause in AlertCause]
OUTCOME_TONES: Mapping[str, str] = {
    Outcome.ANSWERED: "ok",
    Outcome.ABANDONED: "bad",
    Outcome.HUNG_UP: "neutral",
    Outcome.MISSED: "warn",
}
PROBLEMS: Mapping[str, Text] = {
    CallProblem.ENDS_EARLY: _("The call ends before it begins. Check both times."),
    CallProblem.ANSWERED_OUT_OF_CALL: _("The answer lies outside the call. Check the times."),
    CallProblem.HOLD_TOO_LONG: _(
        "The time on hold is longer than the talk. Give the seconds on hold after the answer."
    ),
    CallProblem.ABANDONED_AND_ANSWERED: _("A call is either abandoned or answered. Leave one of them empty."),
    CallProblem.ABANDONED_OUTBOUND: _("Only a call that came in can be abandoned."),
    CallProblem.IN_THE_FUTURE: _("The call lies in the future. Check the date and the time zone."),
    RowProblem.MISSING: _("This cell must not be empty."),
    RowProblem.TIME_FORM: _("Write the time as 2026-11-30 09:15:00, with or without an offset such as -08:00."),
    RowProblem.SECONDS_FORM: _("Write seconds as a whole number, or minutes and seconds as 1:30."),
    RowProblem.FLAG_FORM: _("Write yes or no."),
    RowProblem.DIRECTION_FORM: _("Write inbound or outbound."),
    RowProblem.PHONE_FORM: _("This is no telephone number. Write ten digits, or leave it empty."),
    RowProblem.TOO_LONG: _("This text is too long; 200 characters are the most."),
    RowProblem.SAME_ID: _("An earlier line of the file has the same call id."),
}
REASON_CHOICES = [(reason.value, REASONS[reason]) for reason in CallReason]
DIRECTION_CHOICES = [(direction.value, DIRECTIONS[direction]) for direction in Direction]
OUTCOME_CHOICES = [(outcome.value, OUTCOMES[outcome]) for outcome in Outcome]
CALL_BACK_OUTCOMES = [
    ("reached", _("Reached")),
    ("left_message", _("Left a message")),
    ("no_answer", _("No answer; it stays open")),
]
