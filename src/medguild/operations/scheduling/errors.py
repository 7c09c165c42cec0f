"""What scheduling refuses, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class SlotTaken(Conflict):
    """Somebody else has the time: the clinician, the room or a lane is not free."""

    code = "slot_taken"


class PatientBusy(Conflict):
    """The patient has another visit at that time."""

    code = "patient_busy"


class OutsideTemplate(Refusal):
    """No session of the clinician takes this visit type at that time."""

    code = "outside_template"


class TimeHeld(Refusal):
    """The time is held for a purpose until shortly before; whoever may overbook may use it with a reason."""

    code = "time_held"


class ClinicianAway(Refusal):
    """The clinician is absent or the site is closed; overbooking does not help."""

    code = "clinician_away"


class ClinicianMayNot(Refusal):
    """The clinician may not see the patient on that day, for the reason told; somebody else may."""

    code = "clinician_may_not"


class NotLicensed(ClinicianMayNot):
    """No licence, compact or registration reaches the state where the patient is on that day."""

    code = "not_licensed"


class NotPrivileged(ClinicianMayNot):
    """The kind of visit asks for a privilege that the clinician does not hold at the site on that day."""

    code = "not_privileged"


class PatientStateNeeded(ClinicianMayNot):
    """A remote visit needs to know in which state the patient will be."""

    code = "patient_state_needed"


class NetworkAnswerNeeded(Refusal):
    """The visit is out of network, and nobody has said what the patient answered; the message is what to tell them."""

    code = "network_answer_needed"


class KindReserved(Refusal):
    """This kind of visit is booked by other roles, or through other doors."""

    code = "kind_reserved"


class NotForPatient(Refusal):
    """The kind of visit is for new patients and this one is established, or the other way round."""

    code = "not_for_patient"


class TooShort(Refusal):
    """The visit would be shorter than the group's minimum for its kind, and no deviation allows it."""

    code = "too_short"


class OverbookRefused(Refusal):
    """Overbooking lacks a reason, or the limit is reached."""

    code = "overbook_refused"


class OutsideHours(Refusal):
    """The time lies outside of all sessions of the site on the day; said to be meant, it can be overbooked."""

    code = "outside_hours"


class OtherGroup(Refusal):
    """The patient's record belongs to another sharing circle than the site."""

    code = "other_group"


class HoldGone(Conflict):
    """The hold has expired or belongs to somebody else."""

    code = "hold_gone"


class WrongMove(Conflict):
    """The appointment's state does not allow this step."""

    code = "wrong_move"


class ChangedMeanwhile(Conflict):
    """The appointment was changed after it was read."""

    code = "changed_meanwhile"


class SessionOverlaps(Refusal):
    """The clinician has another session at that time of the week."""

    code = "session_overlaps"
