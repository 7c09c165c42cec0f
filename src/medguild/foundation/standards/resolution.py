"""Which value holds here and now: one query for all standards of a context (or of many units), kept for the length of
a request."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.core.signals import request_finished, request_started
from django.db import connection

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.standards.ports import Standard, standards
from medguild.foundation.standards.rules import (
    BadValue,
    Candidate,
    Dimension,
    Level,
    Mode,
    Value,
    from_stored,
    level_of,
    pick,
)


@dataclass(frozen=True, slots=True)
class StandardContext:
    """For what a value is asked. The visit's site decides, never the clinician's home.

    `unit_id` None asks for the group's own value. State and specialty are taken from the nearest site (or entity) above
    the unit where they are not given. `on` is the day of the service, default today.
    """

    unit_id: UUID | None = None
    state: str = ""
    specialty: str = ""
    clinician_id: UUID | None = None
    payer_id: UUID | None = None
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value and where it comes from: `level` None is the default of the declaration."""

    value: Value
    level: Level | None = None
    unit_id: UUID | None = None
    deviation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Everything on file for one context: candidates per key, and the group's marks."""

    candidates: Mapping[str, list[Candidate]] = field(default_factory=dict)
    marks: Mapping[str, Mode] = field(default_factory=dict)

    def resolve(self, standard: Standard) -> Resolved:
        terms = standard.terms(self.marks.get(standard.key))
        chosen = pick(terms, self.candidates.get(standard.key, ()))
        if chosen is None:
            return Resolved(standard.default)
        return Resolved(chosen.value, chosen.level, chosen.unit_id, chosen.deviation_id)


# Open only while a web request runs, or inside `remembered()`: a job that runs for days must not keep old values.
_memo: ContextVar[dict[StandardContext, Found] | None] = ContextVar("standards_memo", default=None)

# `{unit}` is the unit asked for: one, or each of many in turn.
_PATH = """
    path as (
        select p.ancestor_id as unit_id, p.depth from foundation_unitpath p
         where p.descendant_id = {unit} and p.period @> %(on)s::date
        union all
        select u.id, 0 from foundation_unit u where {unit}::uuid is null and u.kind = 'enterprise'),
    place as (
        select coalesce(nullif(%(state)s, ''), (
                   select coalesce(s.state, e.state) from path
                     left join foundation_site s on s.unit_id = path.unit_id
                     left join foundation_legalentity e on e.unit_id = path.unit_id
                    where s.state is not null or e.state is not null order by path.depth limit 1)) as state,
               coalesce(nullif(%(specialty)s, ''), (
                   select s.specialty from path join foundation_site s on s.unit_id = path.unit_id
                    where s.specialty <> '' order by path.depth limit 1)) as specialty)
"""
_FITS = """
      r.period @> %(on)s::date and (r.dimension = 'unit'
       or (r.dimension = 'state' and r.target = place.state)
       or (r.dimension = 'specialty' and r.target = place.specialty)
       or (r.dimension = 'clinician' and r.target = %(clinician)s)
       or (r.dimension = 'payer' and r.target = %(payer)s))
"""
_JOINED = "join path on path.unit_id = r.unit_id join foundation_unit u on u.id = r.unit_id cross join place"
_CANDIDATES = f"""
    with {_PATH}
    select r.key, r.dimension, r.target, r.value::text as value, r.unit_id, u.kind, path.depth, r.id,
           null::uuid as deviation_id
      from foundation_standardsetting r {_JOINED} where {_FITS}
    union all
    select r.key, r.dimension, r.target, r.value::text, r.unit_id, u.kind, path.depth, r.id, r.id
      from foundation_deviation r {_JOINED} where {_FITS} and r.status in ('approved', 'ended')
"""
_MARKS = """
    select m.key, 'mark', m.mode, 'null', null::uuid, '', 0, m.id, null::uuid
      from foundation_processmark m where m.period @> %(on)s::date
"""
_SELECT = f"{_CANDIDATES.format(unit='%(unit)s')} union all {_MARKS}"
_SELECT_MANY = f"""
    select asked.unit, found.*
      from unnest(%(units)s::uuid[]) asked(unit) cross join lateral ({_CANDIDATES.format(unit="asked.unit")}) found
    union all
    select null::uuid, mark.* from ({_MARKS}) mark
"""
_MARK = "mark"


def resolve(key: str, context: StandardContext) -> Resolved:
    """The value of a standard in a context. Raises LookupError for a key that nobody declared."""
    return found_for(context).resolve(standards.get(key))


def resolve_all(context: StandardContext) -> dict[str, Resolved]:
    """Every declared standard in a context, still in one query."""
    found = found_for(context)
    return {key: found.resolve(standard) for key, standard in standards.items()}


def found_for_units(unit_ids: Iterable[UUID]) -> dict[UUID, Found]:
    """What `found_for` says of each unit alone, in one question for those not asked before."""
    memo = _memo.get()
    contexts = {unit_id: StandardContext(unit_id=unit_id) for unit_id in unit_ids}
    known = {unit_id: memo[context] for unit_id, context in contexts.items() if context in memo} if memo else {}
    fresh = _load_many([unit_id for unit_id in contexts if unit_id not in known])
    if memo is not None:
        memo |= {contexts[unit_id]: found for unit_id, found in fresh.items()}
    return {unit_id: known[unit_id] if unit_id in known else fresh[unit_id] for unit_id in contexts}


def found_for(context: StandardContext) -> Found:
    memo = _memo.get()
    if memo is None:
        return _load(context)
    if context not in memo:
        memo[context] = _load(context)
    return memo[context]


@contextmanager
def remembered() -> Iterator[None]:
    """Keep what is found for the length of a block, for jobs that resolve the same context many times."""
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def forget() -> None:
    """Called by services that change a setting, so that the same request sees it."""
    memo = _memo.get()
    if memo is not None:
        memo.clear()


def _open(**_: object) -> None:
    _memo.set({})


def _close(**_: object) -> None:
    _memo.set(None)


# Both ends of a request: should an end be missed, the next beginning starts clean.
request_started.connect(_open, dispatch_uid="standards.memo")
request_finished.connect(_close, dispatch_uid="standards.memo")


Row = tuple[Any, ...]


def _load(context: StandardContext) -> Found:
    parameters = {
        "unit": context.unit_id,
        "on": context.on or today(),
        "state": context.state.upper(),
        "specialty": context.specialty,
        "clinician": str(context.clinician_id or ""),
        "payer": str(context.payer_id or ""),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, parameters)
        return _found(cursor.fetchall())


def _load_many(unit_ids: Sequence[UUID]) -> dict[UUID, Found]:
    if not unit_ids:
        return {}
    alone = dict.fromkeys(("state", "specialty", "clinician", "payer"), "")
    by_unit: dict[UUID | None, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SELECT_MANY, {"units": list(unit_ids), "on": today(), **alone})
        for unit_id, *row in cursor.fetchall():
            by_unit[unit_id].append(tuple(row))
    return {unit_id: _found([*by_unit[unit_id], *by_unit[None]]) for unit_id in unit_ids}


def _found(rows: Iterable[Row]) -> Found:
    candidates: dict[str, list[Candidate]] = defaultdict(list)
    marks: dict[str, Mode] = {}
    for key, dimension, target, stored, unit_id, kind, depth, row_id, deviation_id in rows:
        if dimension == _MARK:
            marks[key] = Mode(target)
            continue
        value = readable(key, orjson.loads(stored))
        if value is not None:
            level = level_of(Dimension(dimension), UnitKind(kind))
            candidates[key].append(Candidate(level, depth, value, unit_id, target, deviation_id, row_id))
    return Found(candidates, marks)


def readable(key: str, stored: object) -> Value | None:
    """The stored value, or None where the standard is no longer declared or has changed its kind."""
    standard = standards.find(key)
    if standard is None:
        return None
    try:
        return from_stored(standard.kind, stored)
    except BadValue:
        return None
