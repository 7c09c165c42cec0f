"""Rooms declare types of work and the kinds of record that work is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.rules import Clock

Text = str | Promise


@dataclass(frozen=True, slots=True)
class WorkType:
    """A kind of hand-off. `role` is proposed as the accountable role, `backup_role` as who stands in.

    `due_standard` is the key of the standard that holds the time allowed. `right` is needed, at the item's unit, to see
    and do items of this type. `categories` are the codes that an item may carry.
    """

    key: str
    label: Text
    role: Role
    due_standard: str
    backup_role: Role | None = None
    subject_types: tuple[str, ...] = ()
    categories: tuple[tuple[str, Text], ...] = ()
    right: str = WorkRight.READ
    icon: str = "checklist"
    clock: Clock = Clock.ALWAYS

    def category_label(self, code: str) -> Text:
        return dict(self.categories).get(code, code)


_CLOCK_HELP = {
    Clock.ALWAYS: _(
        "Time allowed from opening to done; afterwards the item climbs to the backup, then to the manager."
    ),
    Clock.OPEN_HOURS: _(
        "Time allowed from opening to done, in open hours of the place (days are working days); afterwards the item"
        " climbs to the backup, then to the manager."
    ),
}
work_types: Registry[WorkType] = Registry("work type")


def declare_work_type(
    key: str,
    label: Text,
    *,
    role: Role,
    due: dt.timedelta,
    backup_role: Role | None = None,
    subject_types: tuple[str, ...] = (),
    categories: tuple[tuple[str, Text], ...] = (),
    right: str = WorkRight.READ,
    icon: str = "checklist",
    clock: Clock = Clock.ALWAYS,
) -> str:
    """Make a type of work known, with the standard of its due time (`work.due.<key>`); returns the key.

    The time allowed may vary by practice, specialty and site between five minutes and ninety days. `clock` says whether
    it runs around the clock or in the open hours of the place.
    """
    due_standard = declare_standard(
        Standard(
            key=f"work.due.{key}",
            label=label,
            kind=Kind.DURATION,
            default=due,
            mode=Mode.BOUNDED,
            levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.DEPARTMENT),
            bounds=Bounds(least=dt.timedelta(minutes=5), most=dt.timedelta(days=90)),
            help=_CLOCK_HELP[clock],
            area=_("Work: time allowed"),
        )
    )
    work_type = WorkType(
        key, label, role, due_standard, backup_role, subject_types, categories, str(right), icon, clock
    )
    work_types.register(key, work_type)
    return key


@dataclass(frozen=True, slots=True)
class SubjectView:
    """How a record that work is about is called, and where it opens. `patient_id` is noted as read when shown."""

    label: str
    url: str = ""
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of record that work may be about. `view` answers for many ids in one go and leaves out those that the
    actor may not see."""

    key: str
    label: Text
    view: Callable[[Actor, Iterable[UUID]], Mapping[UUID, SubjectView]]


subject_kinds: Registry[SubjectKind] = Registry("work subject")


def declare_subject(
    key: str, label: Text, view: Callable[[Actor, Iterable[UUID]], Mapping[UUID, SubjectView]]
) -> SubjectKind:
    return subject_kinds.register(key, SubjectKind(key, label, view))
