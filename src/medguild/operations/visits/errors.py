"""What visits refuse, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class MovedAlready(Conflict):
    """Another screen changed the visit since this one was drawn."""

    code = "visit_moved_already"


class WrongStep(Refusal):
    """The step does not follow from where the patient is."""

    code = "visit_wrong_step"


class OpenVisitExists(Conflict):
    """The patient is here already."""

    code = "visit_open_already"


class NotYetTheDay(Refusal):
    """The appointment is on a day to come."""

    code = "visit_not_yet"


class ChecklistOpen(Refusal):
    """A step of the check-in list that must come first is still open."""

    code = "check_in_open"


class RoomInUse(Conflict):
    """Somebody is in the room."""

    code = "room_in_use"


class TooLateToUndo(Refusal):
    """The step is no longer fresh."""

    code = "undo_too_late"
