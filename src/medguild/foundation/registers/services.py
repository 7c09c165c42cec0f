"""Keeping a register: add, change, move on, review. Every register uses these, whatever its columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.access.models import User
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import Register
from medguild.foundation.registers.rules import may_move
from medguild.foundation.registers.selectors import entries_visible
from medguild.foundation.work.services import settle

ADDED = declare_event("register.added", gettext_lazy("Entry added to a register"), icon="plus")
CHANGED = declare_event("register.changed", gettext_lazy("Entry of a register changed"), icon="pencil")
MOVED = declare_event("register.moved", gettext_lazy("Entry of a register moved on"), icon="arrow-right")
REVIEWED = declare_event("register.reviewed", gettext_lazy("Entry of a register reviewed"), icon="eye-check")

_COMMON = ("title", "owner", "review_on", "evidence", "evidence_url")


@transaction.atomic
def add_entry(
    *,
    register: Register,
    unit: Unit,
    title: str,
    by: Actor,
    owner: User | None = None,
    review_on: dt.date | None = None,
    evidence: str = "",
    evidence_url: str = "",
    at: dt.datetime | None = None,
    **values: Any,
) -> RegisterEntry:
    """Add an entry in the register's first status; `values` are the register's own columns.

    Without a review date it is looked at again after the register's usual time.
    """
    demand(by, register.manage_right, unit.pk)
    moment = at or now()
    entry = register.model(
        unit=unit, title=title.strip(), owner=owner, evidence=evidence.strip(), evidence_url=evidence_url.strip(),
        review_on=review_on or day_of(moment) + register.review_every, status=register.first_status, added_at=moment,
        **_own(register, values),
    )  # fmt: skip
    _refuse_bad(register, entry)
    entry.save(force_insert=True)
    _tell(ADDED, register, entry, by)
    return entry


@transaction.atomic
def change_entry(*, register: Register, entry_id: UUID, by: Actor, **values: Any) -> RegisterEntry:
    """Change columns of an entry. What its status demands must stay filled in."""
    entry = _locked(register, entry_id, by)
    before = _sources(register, entry)
    own = _own(register, {name: value for name, value in values.items() if name not in _COMMON})
    common = {name: values[name] for name in _COMMON if name in values}
    for name, value in (own | common).items():
        setattr(entry, name, value.strip() if isinstance(value, str) else value)
    _refuse_bad(register, entry)
    entry.save()
    for source in before - _sources(register, entry):
        settle(source=source, outcome="date changed", by=by)
    _tell(CHANGED, register, entry, by, fields=sorted(own | common))
    return entry


@transaction.atomic
def move_entry(
    *, register: Register, entry_id: UUID, to: str, by: Actor, at: dt.datetime | None = None
) -> RegisterEntry:
    """Move an entry to another status. Raises Conflict for a move that is not open, Refusal for what is missing."""
    entry = _locked(register, entry_id, by)
    if not may_move(register.moves, entry.status, to):
        raise Conflict(_("The entry cannot go there from its present status."), code="wrong_status")
    today = day_of(at or now())
    before = register.status(entry.status)
    if before.stamps and not before.stamp_stays:
        setattr(entry, before.stamps, None)
    stamp = register.status(to).stamps
    if stamp:
        setattr(entry, stamp, today)
    entry.status = to
    _refuse_bad(register, entry)
    entry.save()
    if register.status(to).closed:
        for source in _sources(register, entry):
            settle(source=source, outcome=to, by=by)
    _tell(MOVED, register, entry, by, status=to, before=before.code)
    return entry


@transaction.atomic
def review_entry(
    *, register: Register, entry_id: UUID, next_review: dt.date, by: Actor, at: dt.datetime | None = None
) -> RegisterEntry:
    """Say that an entry was looked at, and when it is looked at again; closes its reminder."""
    entry = _locked(register, entry_id, by)
    today = day_of(at or now())
    if next_review <= today:
        raise Refusal(_("Choose a review date that is still to come."), field="next_review")
    settle(source=review_source(register, entry), outcome="reviewed", by=by)
    entry.reviewed_on, entry.review_on = today, next_review
    entry.save(update_fields=["reviewed_on", "review_on"])
    _tell(REVIEWED, register, entry, by, next=next_review.isoformat())
    return entry


def review_source(register: Register, entry: RegisterEntry) -> str:
    return f"review:{register.key}:{entry.pk}:{entry.review_on}"


def deadline_source(register: Register, entry: RegisterEntry) -> str:
    return f"deadline:{register.key}:{entry.pk}:{getattr(entry, register.deadline)}"


def _sources(register: Register, entry: RegisterEntry) -> set[str]:
    """Where the reminders of an entry come from, as its dates stand."""
    return {review_source(register, entry)} | ({deadline_source(register, entry)} if register.deadline else set())


def _own(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in register.fields}
    if not set(values) <= known:
        raise TypeError(f"{register.key} has no column {sorted(set(values) - known)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _refuse_bad(register: Register, entry: RegisterEntry) -> None:
    if not entry.title:
        raise Refusal(_("Give it a title."), field="title")
    for field in register.fields:
        if field.required and getattr(entry, field.name) in ("", None):
            raise Refusal(_("Fill in: %(field)s.") % {"field": field.label}, field=field.name)
    if entry.evidence_url and not entry.evidence_url.startswith(("https://", "http://", "/")):
        raise Refusal(_("Write a link that begins with https://."), field="evidence_url")
    register.check(entry)


def _locked(register: Register, entry_id: UUID, by: Actor) -> RegisterEntry:
    if not entries_visible(by, register).filter(pk=entry_id).exists():
        raise NotVisible
    rows = register.model.objects.unscoped("the entry is visible").select_for_update()
    entry: RegisterEntry = rows.get(pk=entry_id)
    demand(by, register.manage_right, entry.unit_id)
    return entry


def _tell(event: str, register: Register, entry: RegisterEntry, by: Actor, **data: Any) -> None:
    record(
        event,
        subject=SubjectRef(register.key, entry.pk, entry.title),
        by=by,
        unit_id=entry.unit_id,
        data={"register": register.key, **data},
    )
