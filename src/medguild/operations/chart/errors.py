"""What charts refuse, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, NotAllowed, Refusal


class NoteIsFinal(Refusal):
    """A signed note never changes."""

    code = "note_signed"


class NoteNotSigned(Refusal):
    """An addendum needs a signed note."""

    code = "note_not_signed"


class ChangedMeanwhile(Conflict):
    """Somebody saved the note since this screen read it."""

    code = "note_changed"


class NotTheAuthor(NotAllowed):
    """Only the author signs a note."""

    code = "not_the_author"


class NotAskedToCosign(Refusal):
    """Only who supervised a service of the note co-signs it."""

    code = "not_asked_to_cosign"


class NotAClinician(NotAllowed):
    """The login belongs to nobody who may sign."""

    code = "not_a_clinician"


class NoteIncomplete(Refusal):
    """Something that a signature asks for is missing."""

    code = "note_incomplete"


class BadLine(Refusal):
    """A diagnosis or service line cannot stand so."""

    code = "bad_line"
