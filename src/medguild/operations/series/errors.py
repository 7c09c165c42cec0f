"""What series refuse."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class NothingToBook(Refusal):
    """A series without a single visit."""

    code = "nothing_to_book"


class NotAll(Conflict):
    """One of the visits can no longer be booked as chosen; nothing was changed. `number` says which."""

    code = "not_all_bookable"

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


class MadeAlready(Conflict):
    """The page was sent twice."""

    code = "made_already"
