"""What the waiting list refuses."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict


class WaitsAlready(Conflict):
    """The patient waits for this kind of visit at this site already."""

    code = "waits_already"


class NotWaiting(Conflict):
    """The entry is closed."""

    code = "not_waiting"


class OfferGone(Conflict):
    """The offer has expired, was answered, or somebody else was quicker."""

    code = "offer_gone"


class ReadAgain(Conflict):
    """What the patient was told about their plan no longer holds."""

    code = "read_again"


class OfferedAlready(Conflict):
    """The time is offered to somebody now."""

    code = "offered_already"


class TimeGone(Conflict):
    """The time that came free is over, or taken again."""

    code = "time_gone"
