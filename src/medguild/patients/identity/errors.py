"""Named errors of the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.patients.identity.rules.likeness import Reason
from medguild.patients.identity.rules.person import Problem
from medguild.patients.identity.words import PROBLEMS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same person, which the actor may see; `patient` is a model row."""

    patient: Any
    reasons: tuple[Reason, ...]

    @property
    def id(self) -> UUID:
        found: UUID = self.patient.pk
        return found


class PossibleDuplicate(Refusal):
    """Somebody on file may be this person. `candidates` are those that the actor may see; there may be others."""

    code = "possible_duplicate"

    def __init__(self, candidates: Sequence[Candidate], *, hidden: bool) -> None:
        message = _(
            "This person may be on file already. Compare, then open that record or say that it is another person."
        )
        if hidden:
            message = _(
                "This person may be on file already, in a record that you may not open. Ask your practice manager."
            )
        super().__init__(message)
        self.candidates = list(candidates)
        self.hidden = hidden


class WrongPatientDetails(Refusal):
    """Details that cannot be kept; `problems` names every field, the message is about the first."""

    code = "wrong_details"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(str(PROBLEMS[first.code]), code=first.code, field=first.field)
        self.problems = list(problems)


class ChangedMeanwhile(Conflict):
    """The record was changed after it was read."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this record while you were typing. Look at it again, then save."))
