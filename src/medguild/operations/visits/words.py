"""Words for steps and states."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.rules import ArrivalState, IdentityProof, PatientPlace, VisitStatus

Text = str | Promise

STATUS_WORDS: Mapping[VisitStatus, Text] = {
    VisitStatus.ARRIVED: _("Arrived"),
    VisitStatus.ROOMED: _("In a room"),
    VisitStatus.WITH_CLINICIAN: _("With clinician"),
    VisitStatus.READY_TO_LEAVE: _("Ready to leave"),
    VisitStatus.LEFT: _("Left"),
    VisitStatus.LEFT_WITHOUT_BEING_SEEN: _("Left without being seen"),
    VisitStatus.CANCELLED: _("Arrival taken back"),
}
STATUS_ICONS: Mapping[VisitStatus, str] = {
    VisitStatus.ARRIVED: "door-enter",
    VisitStatus.ROOMED: "bed",
    VisitStatus.WITH_CLINICIAN: "stethoscope",
    VisitStatus.READY_TO_LEAVE: "clipboard-check",
    VisitStatus.LEFT: "door-exit",
    VisitStatus.LEFT_WITHOUT_BEING_SEEN: "mood-sad",
    VisitStatus.CANCELLED: "circle-x",
}
STATUS_TONES: Mapping[VisitStatus, str] = {
    VisitStatus.ARRIVED: "info",
    VisitStatus.ROOMED: "info",
    VisitStatus.WITH_CLINICIAN: "busy",
    VisitStatus.READY_TO_LEAVE: "info",
    VisitStatus.LEFT: "ok",
    VisitStatus.LEFT_WITHOUT_BEING_SEEN: "bad",
    VisitStatus.CANCELLED: "neutral",
}
ARRIVAL_WORDS: Mapping[ArrivalState, Text] = {
    ArrivalState.EXPECTED: _("Expected"),
    ArrivalState.LATE: _("Late"),
    ArrivalState.HERE: _("Here"),
    ArrivalState.LEFT: _("Left"),
    ArrivalState.NO_SHOW: _("Did not come"),
}
ARRIVAL_TONES: Mapping[ArrivalState, str] = {
    ArrivalState.EXPECTED: "neutral",
    ArrivalState.LATE: "warn",
    ArrivalState.HERE: "busy",
    ArrivalState.LEFT: "ok",
    ArrivalState.NO_SHOW: "bad",
}
PROOF_WORDS: Mapping[IdentityProof, Text] = {
    IdentityProof.PHOTO_ID: _("Photo ID seen"),
    IdentityProof.TWO_IDENTIFIERS: _("Name and birth date said by the patient"),
    IdentityProof.KNOWN: _("Known to staff"),
}
PLACE_WORDS: Mapping[PatientPlace, Text] = {
    PatientPlace.HOME: _("At home"),
    PatientPlace.ELSEWHERE: _("Somewhere else"),
}
SAID_WORDS: Mapping[str, Text] = {said.value: words for said, words in (*PROOF_WORDS.items(), *PLACE_WORDS.items())}
URGENCY_WORDS: Mapping[Urgency, Text] = {
    Urgency.URGENT: _("Urgent"),
    Urgency.SOON: _("Soon"),
    Urgency.ROUTINE: _("Routine"),
}
URGENCY_TONES: Mapping[Urgency, str] = {Urgency.URGENT: "bad", Urgency.SOON: "warn", Urgency.ROUTINE: "neutral"}
