"""Words of recalls."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.recalls.csv_rules import RowProblem
from medguild.operations.recalls.rules import CloseReason, Origin, Outcome, RecallStatus, Way

Text = str | Promise

STATUSES: Mapping[str, Text] = {
    RecallStatus.DUE.value: _("Due"),
    RecallStatus.CONTACTED.value: _("Told"),
    RecallStatus.BOOKED.value: _("Booked"),
    RecallStatus.DECLINED.value: _("Declined"),
    RecallStatus.CLOSED.value: _("Closed"),
}
STATUS_TONES = {"due": "warn", "contacted": "busy", "booked": "ok", "declined": "neutral", "closed": "neutral"}
ORIGINS: Mapping[str, Text] = {
    Origin.HAND.value: _("By hand"),
    Origin.VISIT.value: _("From a visit"),
    Origin.RULE.value: _("By a rule"),
    Origin.IMPORT.value: _("From a file"),
}
WAYS: Mapping[str, Text] = {
    Way.PHONE.value: _("Telephone"),
    Way.TEXT.value: _("Text message"),
    Way.EMAIL.value: _("E-mail"),
    Way.LETTER.value: _("Letter"),
    Way.IN_PERSON.value: _("In person"),
}
OUTCOMES: Mapping[str, Text] = {
    Outcome.WILL_BOOK.value: _("Will book"),
    Outcome.CALL_ME.value: _("Wants to be called"),
    Outcome.VOICEMAIL.value: _("Left a message"),
    Outcome.NO_ANSWER.value: _("No answer"),
    Outcome.WRONG_NUMBER.value: _("Wrong number"),
    Outcome.DECLINED.value: _("Does not want the visit"),
    Outcome.SENT.value: _("Sent"),
    Outcome.NOT_SENT.value: _("Could not be sent"),
}
CLOSE_REASONS: Mapping[str, Text] = {
    CloseReason.PATIENT_DECLINES.value: _("The patient does not want it"),
    CloseReason.SEEN_ELSEWHERE.value: _("Seen elsewhere"),
    CloseReason.NOT_NEEDED.value: _("No longer needed"),
    CloseReason.UNREACHABLE.value: _("Cannot be reached"),
    CloseReason.MOVED_AWAY.value: _("Has moved away"),
    CloseReason.DECEASED.value: _("Has died"),
    CloseReason.WRITTEN_BY_MISTAKE.value: _("Written by mistake"),
}
NUMBERS: Mapping[str, Text] = {
    "coming": _("Due in the coming 30 days"),
    "due": _("Due now"),
    "overdue": _("Due for 30 days or longer"),
    "past": _("Fell due in the last 90 days"),
    "reached": _("Reached, of the last 90 days"),
    "booked": _("Booked, of the last 90 days"),
}
# What a person at the desk may say; the house writes its own messages.
SPOKEN = (
    Outcome.WILL_BOOK, Outcome.VOICEMAIL, Outcome.NO_ANSWER, Outcome.WRONG_NUMBER, Outcome.DECLINED, Outcome.SENT,
)  # fmt: skip
PROBLEMS: Mapping[str, Text] = {
    RowProblem.MISSING: _("This cell must not be empty."),
    RowProblem.DAY_FORM: _("Write the day as 2026-11-30."),
    RowProblem.TOO_LONG: _("This text is too long; 500 characters are the most."),
    RowProblem.PATIENT_UNKNOWN: _("Nobody of yours has this record number."),
    RowProblem.TYPE_UNKNOWN: _("There is no kind of visit with this code here."),
    RowProblem.DUE_ALREADY: _("This patient is due for such a visit already."),
}
