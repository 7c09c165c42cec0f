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


class ClinicianAway(Refusal):
    """The clinician is absent or the site is closed; overbooking does not help."""

    code = "clinician_away"


class NotLicensed(Refusal):
    """The clinician may not practise in the site's state on that day."""

    code = "not_licensed"


class OverbookRefused(Refusal):
    """Overbooking lacks a reason, or the limit is reached."""

    code = "overbook_refused"


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
