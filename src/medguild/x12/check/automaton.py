"""Where a segment may stand after those before it, worked out once for every situation and then remembered.

A guide becomes an automaton that grows while files are read: a state is the open loops with the group that each has
reached, a step is one segment's name and code. Files repeat themselves, so that nearly every segment of a long file
takes a step that was taken before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from medguild.x12.check.elements import READ_TYPED, STATED, Plan, plan_of
from medguild.x12.check.external import Check, check_of
from medguild.x12.guides.model import MANY, Guide, LoopUse, Place
from medguild.x12.tokens import Segment

MOST_STATES = 4_096  # remembered at once; a file that needs more makes them anew
Key = tuple[str, str]  # name, and the code that tells its places apart; where nothing does, the name again
Counts = dict[int, int]  # by place, of the group that reading has reached; no higher than what makes a difference


@dataclass(eq=False, slots=True)
class State:
    """An open loop and, outwards, those around it."""

    loop: LoopUse
    depth: int = 0
    group: int = 0
    counts: Counts = field(default_factory=dict)
    outer: State | None = None
    steps: dict[Key, Step] = field(default_factory=dict)

    def outwards(self) -> Iterator[State]:
        state: State | None = self
        while state is not None:
            yield state
            state = state.outer


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a segment's place. labelled: the text goes on from the segment's own label."""

    rule: str
    text: str
    segment: str
    loop: str
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a segment means here: the state behind it, and how it is to be checked (plan is None: it has no place).

    depth, opened and late are those of `Walker`.
    """

    state: State
    findings: tuple[Finding, ...] = ()
    plan: Plan | None = None
    external: Check | None = None
    loop: str = ""
    depth: int = -1
    opened: str = ""
    late: bool = False


class Automaton:
    """One per guide. index_of says which element tells the places of a name apart; 0 is the name itself."""

    def __init__(self, guide: Guide) -> None:
        self.index_of: dict[str, int] = {}
        self._component_of: dict[str, int] = {}
        self._codes: dict[str, set[str]] = {}
        self._states: dict[tuple[object, ...], State] = {}
        self._learn(guide.root)
        self._stated = STATED if guide.kind in READ_TYPED else frozenset[str]()
        self.start = State(guide.root)
        self.first = Step(self.start, plan=plan_of(guide.root.trigger, self._stated), loop="HEADER", depth=0)

    def _learn(self, loop: LoopUse) -> None:
        """The names of a guide. Raises ValueError when different elements tell the places of one name apart."""
        self.index_of.setdefault(loop.trigger.name, 0)
        for name, choice in loop.choices.items():
            self.index_of.setdefault(name, 0)
            if choice.by_code:
                told_by = (choice.index, choice.component_index)
                if name in self._codes and told_by != (self.index_of[name], self._component_of[name]):
                    raise ValueError(f"{name} is told apart by different elements in one guide")
                self.index_of[name], self._component_of[name] = told_by
                self._codes.setdefault(name, set()).update(choice.by_code)
        for child in loop.children:
            if isinstance(child, LoopUse):
                self._learn(child)

    def step(self, state: State, segment: Segment, component: str) -> Step | None:
        """For a segment whose own key leads nowhere yet; None when the guide does not know its name."""
        name = segment[0]
        index = self.index_of.get(name)
        if index is None:
            return None
        code = segment[index] if index < len(segment) else ""
        if part := self._component_of.get(name, 0):
            code = (code.split(component) + [""] * part)[part - 1]
        if index and code not in self._codes[name]:
            code = ""
        step = state.steps.get((name, code))
        if step is None:
            step = state.steps[name, code] = self._step(state, name, code)
        return step

    def _step(self, state: State, name: str, code: str) -> Step:
        found = _find(state, name, code, ahead=True)
        if found is None:
            return self._misplaced(state, name, code)
        frame, place = found
        findings = _closed(state, frame.depth)
        counts = dict(frame.counts)
        if place.group > frame.group:
            findings += _missing(frame, place.group)
            counts = {}
        count = counts.get(place.at, 0) + 1
        if count == place.limit + 1:
            findings.append(_repeated(frame, place))
        counts[place.at] = min(count, 1 if place.limit == MANY else place.limit + 1)
        reached = self._state(frame.loop, frame.depth, place.group, counts, frame.outer)
        loop = place.loop.name if place.loop else "HEADER" if frame.loop.name == "ST" else frame.loop.name
        if name == "SE":
            findings += _closed(reached, -1)
        return Step(
            self._state(place.loop, frame.depth + 1, 0, {}, reached) if place.loop else reached,
            tuple(findings), plan_of(place.use, self._stated), check_of(name, code), loop, frame.depth,
            place.loop.name if place.loop else "",
        )  # fmt: skip

    def _misplaced(self, state: State, name: str, code: str) -> Step:
        found = _find(state, name, code, ahead=False)
        if found is None:
            where = state.loop.name
            text = f" is not used here (near loop {where})."
            return Step(state, (Finding("segment.place", text, name, where, labelled=True),))
        frame, place = found
        where = frame.loop.name
        text = f" stands too late; it belongs further up in loop {where}."
        findings = [Finding("segment.place", text, name, where, labelled=True)]
        if place.loop is None:
            return Step(state, tuple(findings), depth=frame.depth, late=True)
        findings += _closed(state, frame.depth)
        inside = self._state(place.loop, frame.depth + 1, 0, {}, frame)
        return Step(inside, tuple(findings), depth=frame.depth, opened=place.loop.name, late=True)

    def _state(self, loop: LoopUse, depth: int, group: int, counts: Counts, outer: State | None) -> State:
        """The same situation is the same state, however it came about."""
        key = (id(loop), group, tuple(sorted(counts.items())), outer)
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= MOST_STATES:
                self._forget()
            state = self._states[key] = State(loop, depth, group, counts, outer)
        return state

    def _forget(self) -> None:
        for state in self._states.values():
            state.steps.clear()
        self._states.clear()
        self.start.steps.clear()


def _find(state: State, name: str, code: str, *, ahead: bool) -> tuple[State, Place] | None:
    """Innermost open loop that has a place for the segment, and that place."""
    for frame in state.outwards():
        choice = frame.loop.choices.get(name)
        if choice is None:
            continue
        for place in choice.by_code.get(code, choice.otherwise):
            if (place.group >= frame.group) == ahead:
                return frame, place
    return None


def _closed(state: State, depth: int) -> list[Finding]:
    """What is missing in the loops that end when reading goes on at this depth."""
    findings: list[Finding] = []
    for frame in state.outwards():
        if frame.depth <= depth:
            break
        findings += _missing(frame, len(frame.loop.children) + 1)
    return findings


def _missing(frame: State, until: int) -> list[Finding]:
    """Required children that did not come before the group `until`."""
    findings = []
    for place in frame.loop.needed:
        if frame.group <= place.group < until and not frame.counts.get(place.at):
            what = f"Loop {place.label} ({place.use.label})" if place.loop else place.label
            text = f"{what} is required in loop {frame.loop.name} but missing before this segment."
            rule = "loop.missing" if place.loop else "segment.missing"
            findings.append(Finding(rule, text, place.use.name, place.label if place.loop else frame.loop.name))
    return findings


def _repeated(frame: State, place: Place) -> Finding:
    what = f"Loop {place.label}" if place.loop else place.label
    text = f"{what} may stand here only {place.limit} time{'s' if place.limit > 1 else ''}."
    rule = "loop.repeat" if place.loop else "segment.repeat"
    return Finding(rule, text, place.use.name, place.label if place.loop else frame.loop.name)


@lru_cache(maxsize=64)
def automaton_of(guide: Guide) -> Automaton:
    return Automaton(guide)
