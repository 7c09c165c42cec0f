"""Free times less those of clinicians who may not see the patient there on that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.slot_rules import Opening
from medguild.people.credentialing.rules import CredentialKind
from medguild.people.credentialing.spans import Span, performs, privilege_spans, treating_spans, treats


@dataclass(frozen=True, slots=True)
class Permitted:
    """Where the patient may be seen: `site_states` by site; `home_state` for remote visits, None for the site's own.

    An empty home state is one that nobody knows: then nobody may see the patient remotely.
    """

    modes: Sequence[str]
    site_states: Mapping[UUID, str]
    home_state: str | None = None
    treating: Mapping[tuple[UUID, str], Sequence[Span]] = field(default_factory=dict)
    performing: Mapping[tuple[UUID, UUID], Sequence[Span]] | None = None

    def modes_at(self, clinician_id: UUID, unit_id: UUID, day: dt.date) -> tuple[str, ...]:
        """In which of the modes the clinician may see the patient on the day; none: not at all."""
        if self.performing is not None and not performs(self.performing.get((clinician_id, unit_id), ()), day):
            return ()
        return tuple(mode for mode in self.modes if self._may(clinician_id, unit_id, day, mode))

    def steady(self, clinician_id: UUID, unit_id: UUID, first: dt.date, last: dt.date) -> bool:
        """Whether one and the same credential allows all days of a period, in one of the modes at least."""
        if self.performing is not None:
            return False
        here = self.site_states.get(unit_id, "")
        for mode in self.modes:
            remote = mode != Mode.IN_PERSON
            state = here if not remote or self.home_state is None else self.home_state
            spans = self.treating.get((clinician_id, state), ())
            if any(
                one.holds(first) and one.holds(last) and (remote or one.kind != CredentialKind.TELEHEALTH)
                for one in spans
            ):
                return True
        return False

    def _may(self, clinician_id: UUID, unit_id: UUID, day: dt.date, mode: str) -> bool:
        remote = mode != Mode.IN_PERSON
        here = self.site_states.get(unit_id, "")
        state = here if not remote or self.home_state is None else self.home_state
        return treats(self.treating.get((clinician_id, state), ()), day, remote=remote)


def permitted(
    pairs: Collection[tuple[UUID, UUID]],
    *,
    modes: Sequence[str],
    site_states: Mapping[UUID, str],
    home_state: str | None,
    privilege_id: UUID | None,
    start: dt.date,
    end: dt.date,
) -> Permitted:
    """What decides for these pairs of clinician and site in the half-open period: one query, two with a privilege."""
    clinicians = {clinician_id for clinician_id, _ in pairs}
    units = {unit_id for _, unit_id in pairs}
    states = {site_states.get(unit_id, "") for unit_id in units} | ({home_state} if home_state else set())
    performing = (
        privilege_spans(clinicians, privilege_id, units, start=start, end=end) if privilege_id is not None else None
    )
    return Permitted(
        modes, site_states, home_state, treating_spans(clinicians, states, start=start, end=end), performing
    )


def permitted_only(openings: Iterable[Opening], by: Permitted) -> list[Opening]:
    """Openings (by day) of clinicians who may see the patient in one of the modes at least."""
    found = list(openings)
    if not found:
        return []
    first, last = found[0].day, found[-1].day
    steady: dict[tuple[UUID, UUID], bool] = {}
    kept = []
    for opening in found:
        pair = (opening.session.clinician_id, opening.session.unit_id)
        always = steady.get(pair)
        if always is None:
            always = steady[pair] = by.steady(*pair, first, last)
        if always or by.modes_at(*pair, opening.day):
            kept.append(opening)
    return kept
