"""The limits that hold for a clinician at each site, and what a draft breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.standards.numbers import number_in
from medguild.foundation.standards.resolution import StandardContext, found_for
from medguild.operations.scheduling.models import Session, VisitType
from medguild.operations.scheduling.template_ports import session_checks
from medguild.operations.scheduling.words import WEEKDAYS
from medguild.operations.templates.block_rules import BlockDraft
from medguild.operations.templates.blocks import drafts_of_sessions, sessions_from
from medguild.operations.templates.limit_rules import Breach, KindLimits, Limit, breaches

_STANDARDS = [limit for limit in Limit if limit is not Limit.KIND_LONGEST]


class OutsideLimits(Refusal):
    """A template outside of the group's limits; `keys` are the standards for which a deviation can be asked."""

    code = "outside_limits"

    def __init__(self, message: str, *, keys: Sequence[str]) -> None:
        super().__init__(message)
        self.keys = tuple(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class BreachWords:
    """A breach as people read it, and the standard and site for which a deviation can be asked."""

    text: str
    key: str
    unit_id: UUID


def breaches_of(blocks: Iterable[BlockDraft], *, clinician_id: UUID, on: dt.date) -> list[BreachWords]:
    """What the blocks break on a day; one query per site and one for the usual lengths."""
    drafts = list(blocks)
    limits = {unit: limits_at(unit, clinician_id=clinician_id, on=on) for unit in {one.unit_id for one in drafts}}
    kinds = VisitType.objects.in_bulk({kind for one in drafts for kind in one.visit_types})
    own = {pk: KindLimits(kind.shortest_minutes, kind.longest_minutes) for pk, kind in kinds.items()}
    names = {pk: kind.name for pk, kind in kinds.items()}
    return [
        BreachWords(words(one, names), one.limit.value if one.limit in _STANDARDS else "", one.unit_id)
        for one in breaches(drafts, limits, own)
    ]


def limits_at(unit_id: UUID, *, clinician_id: UUID, on: dt.date) -> dict[Limit, int]:
    found = found_for(StandardContext(unit_id=unit_id, clinician_id=clinician_id, on=on))
    return {limit: number_in(found, limit.value) for limit in _STANDARDS}


def refuse_outside(blocks: Collection[BlockDraft], *, clinician_id: UUID, on: dt.date) -> None:
    """Raises OutsideLimits with every breach in words."""
    found = breaches_of(blocks, clinician_id=clinician_id, on=on)
    if found:
        raise OutsideLimits(
            _("Outside of the group's limits: %(what)s Ask for a deviation, or change the blocks.")
            % {"what": " ".join(one.text for one in found)},
            keys=[one.key for one in found if one.key],
        )


def refuse_session(session: Session, on: dt.date) -> None:
    """Raises OutsideLimits where a single session breaks a limit, alone or with the others of its day."""
    held = [row for row in sessions_from(session.clinician_id, on) if row.first_day <= on]
    drafts = list(drafts_of_sessions({row.pk: row for row in [*held, session]}.values()).values())
    refuse_outside([one for one in drafts if one.weekday == session.weekday], clinician_id=session.clinician_id, on=on)


session_checks.register("templates.limits", refuse_session)


def words(breach: Breach, names: dict[UUID, str]) -> str:
    """One breach in words."""
    given = {
        "day": WEEKDAYS[breach.weekday], "found": breach.found, "allowed": breach.allowed,
        "kind": names.get(breach.visit_type_id, "") if breach.visit_type_id else "",
    }  # fmt: skip
    texts = {
        Limit.SHORTEST_VISIT: _("%(day)s: %(kind)s takes %(found)d minutes, at least %(allowed)d are allowed."),
        Limit.KIND_SHORTEST: _("%(day)s: %(kind)s takes %(found)d minutes, at least %(allowed)d are allowed."),
        Limit.KIND_LONGEST: _("%(day)s: %(kind)s takes %(found)d minutes, at most %(allowed)d are allowed."),
        Limit.LONGEST_DAY: _("%(day)s: %(found)d minutes of sessions, at most %(allowed)d are allowed."),
        Limit.DOUBLE_BOOK_SHARE: _("%(day)s: %(found)d %% of the places may be overbooked, at most %(allowed)d %%."),
    }
    return texts[breach.limit] % given
