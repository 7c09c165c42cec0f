"""Follows the segments of a transaction through its guide and says what stands wrong, too often or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medguild.x12.check.automaton import Finding, State, Step, automaton_of
from medguild.x12.check.elements import ElementCheck
from medguild.x12.check.external import ExternalCheck
from medguild.x12.check.patterns import COMPONENT, ELEMENT
from medguild.x12.errors import IssueLog
from medguild.x12.guides.model import Guide
from medguild.x12.tokens import Segment

LABELLED = ("NM1", "REF", "DTP", "AMT")


class Walker:
    """One per transaction; `follow` passes the segments on unchanged.

    depth says how deep the loop lies that holds the segment just passed (0 is the transaction, -1: it has no place);
    opened is the name of the loop that this segment opened inside of it, or empty; late says that it stands too late
    there, while loops below may still be open.
    """

    def __init__(
        self, guide: Guide, log: IssueLog, component: str, repetition: str = "", *, alone: bool = False
    ) -> None:
        """alone: no typed reader stands behind, so unknown segments are reported here."""
        self._alone = alone
        self._kind = guide.kind
        self._log = log
        self._component = component
        self._elements = ElementCheck(log, component, repetition)
        self._external = ExternalCheck(log, guide.kind, component, repetition)
        self._automaton = automaton_of(guide)
        self._step = self._automaton.first

    @property
    def depth(self) -> int:
        return self._step.depth

    @property
    def opened(self) -> str:
        return self._step.opened

    @property
    def late(self) -> bool:
        return self._step.late

    def follow(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        """The first segment is taken for ST."""
        index_of, component, join = self._automaton.index_of, self._component, ELEMENT.join
        step = self._automaton.first
        state = step.state
        for position, segment in enumerate(segments, start=1):
            if position > 1:
                name = segment[0]
                index = index_of.get(name, 0)
                try:
                    step = state.steps[name, segment[index]]
                except LookupError:
                    step = self._automaton.step(state, segment, component) or self._unknown(state, name, position)
                state = step.state
            self._step = step
            if step.findings:
                self._say(step.findings, segment, position)
            plan = step.plan
            if plan is not None:
                matches = plan.matches
                if matches is None or not matches(join(segment).replace(component, COMPONENT)):
                    self._elements.check(segment, plan, position, step.loop)
                if step.external is not None:
                    step.external(self._external, segment, position, step.loop)
            yield segment

    def _unknown(self, state: State, name: str, position: int) -> Step:
        if self._alone:
            text = f"{name[:3]} is no segment of a {self._kind}. The file was damaged or mixed up."
            self._log.add("segment.unexpected", text, position=position, segment=name[:3])
        return Step(state)

    def _say(self, findings: Iterable[Finding], segment: Segment, position: int) -> None:
        name = segment[0]
        label = name + (f"*{segment[1][:3]}" if len(segment) > 1 and name in LABELLED else "")
        for found in findings:
            text = label + found.text if found.labelled else found.text
            self._log.add(found.rule, text, position=position, segment=found.segment, loop=found.loop)
