"""The check-in list of a visit: what each step says now, and what stands in the way. Steps come from `ports`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from medguild.foundation.events.actors import named
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes
from medguild.operations.scheduling.rules import REMOTE
from medguild.operations.visits.models import CheckInMark, Visit
from medguild.operations.visits.ports import ChecklistStep, Text, VisitRef, steps_in_order
from medguild.operations.visits.rules import MarkOutcome
from medguild.operations.visits.selectors import ref_of
from medguild.operations.visits.words import SAID_WORDS


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A step with its present answer. `mark` is what a person said about it; `context` is for its fragment."""

    step: ChecklistStep
    verdict: Verdict
    mark: CheckInMark | None = None
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def skipped(self) -> bool:
        return self.mark is not None and self.mark.outcome == MarkOutcome.SKIPPED

    @property
    def applies(self) -> bool:
        return self.verdict.ok is not None

    @property
    def settled(self) -> bool:
        """Nothing is left to do here."""
        return self.verdict.ok is not False or self.skipped

    @property
    def state(self) -> str:
        """The state of a `ui.parts.Step`."""
        if self.skipped and self.verdict.ok is not True:
            return "skipped"
        if self.verdict.ok is None:
            return "skipped"
        if self.verdict.ok:
            return "done"
        return "blocked" if self.step.blocking else "todo"


def checklist(actor: Actor, visit: Visit, *, with_context: bool = False) -> list[ChecklistLine]:
    """The steps in order. The caller has checked that the actor may see the visit."""
    marks = _marks(visit)
    ref = ref_of(visit)
    lines = []
    for step in steps_in_order():
        mark = marks.get(step.key)
        verdict = _verdict(actor, step, ref, mark)
        wanted = with_context and verdict.ok is False and step.template and (not step.right or actor.may(step.right))
        lines.append(ChecklistLine(step, verdict, mark, step.context(actor, ref) if wanted else {}))
    return lines


def must_come_first(actor: Actor, visit: Visit) -> list[Text]:
    """Labels of blocking steps that are still open."""
    marks = _marks(visit)
    ref = ref_of(visit)
    blocking = [step for step in steps_in_order() if step.blocking]
    return [step.label for step in blocking if _verdict(actor, step, ref, marks.get(step.key)).ok is False]


def _marks(visit: Visit) -> dict[str, CheckInMark]:
    found = CheckInMark.objects.unscoped("the visit is visible").filter(visit=visit)
    return {mark.key: mark for mark in found}


def _verdict(actor: Actor, step: ChecklistStep, ref: VisitRef, mark: CheckInMark | None) -> Verdict:
    """A step that a person has marked done is done, whatever its source says."""
    if mark is not None and mark.outcome == MarkOutcome.DONE:
        said = f"{SAID_WORDS[mark.proof]}. " if mark.proof else ""
        return yes("marked", said + _("Marked by %(who)s") % {"who": named(mark.by_label)})
    return step.state(actor, ref)


def location_state(actor: Actor, ref: VisitRef) -> Verdict:
    """Of a remote visit alone; open until somebody says where the patient is, because payers ask for it."""
    if ref.mode not in REMOTE:
        return unknown("not_remote", _("The patient is here."))
    return no("location_open", _("Ask where the patient is now: payers tell a visit at home from one elsewhere."))


def identity_state(actor: Actor, ref: VisitRef) -> Verdict:
    """Open until somebody says how the person was known; the mark settles it."""
    return no("identity_open", _("Ask for name and birth date, or see a photo ID."))
