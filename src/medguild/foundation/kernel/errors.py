"""Errors that a person or a caller is told about, in words that say what to do."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that the house refuses. `message` is shown to the user and never carries patient data.

    `code` is stable for machines; `field` names the form field to which the message belongs. `more` is what programs
    are told besides: names and values that JSON can say.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field
        self.more: dict[str, object] = {}


class NotVisible(Refusal):
    """The record does not exist for this actor; the same answer whether it exists or not."""

    code = "not_found"

    def __init__(self, message: str = "There is no such record, or you may not see it.") -> None:
        super().__init__(message)


class NotAllowed(Refusal):
    """The actor lacks the right for this act."""

    code = "not_allowed"


class Conflict(Refusal):
    """Somebody else was first, or the record has moved on since it was read."""

    code = "conflict"
