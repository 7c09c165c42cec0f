"""A register is declared; list, form, detail, filter, export, review reminder, rights and events come from here."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.ui.ports.menu import Area

Text = str | Promise
Check = Callable[[Any], None]


class FieldKind(enum.StrEnum):
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class RegisterField:
    """A column that a register adds to the common ones. `listed` shows it in the list; `required` in the form."""

    name: str
    label: Text
    kind: FieldKind = FieldKind.LINE
    help: Text = ""
    required: bool = False
    listed: bool = False
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterStatus:
    """A state of an entry. `closed` ends reminders. `stamps` names a date column that holds the day of arrival; it is
    cleared on leaving unless `stamp_stays`. `verb` is what the button says that leads there."""

    code: str
    label: Text
    tone: str = "neutral"
    closed: bool = False
    stamps: str = ""
    stamp_stays: bool = False
    verb: Text = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A list that the group must keep.

    `check(entry)` raises a Refusal where an entry would break a rule of its status; it runs before every write, beside
    the model's constraints. `deadline` names a date column whose passing is reminded of, as a due review is.
    Entries of units above are seen by those below, who cannot change them.
    """

    key: str
    model: type[RegisterEntry]
    label: Text
    one: Text
    purpose: Text
    read_right: str
    manage_right: str
    fields: tuple[RegisterField, ...]
    statuses: tuple[RegisterStatus, ...]
    moves: Mapping[str, frozenset[str]]
    review_role: Role
    area: Area
    order: int = 100
    icon: str = "list-details"
    review_every: dt.timedelta = dt.timedelta(days=365)
    deadline: str = ""
    check: Check = field(default=lambda entry: None)

    @property
    def first_status(self) -> str:
        return self.statuses[0].code

    @property
    def closed(self) -> list[str]:
        return [status.code for status in self.statuses if status.closed]

    @property
    def review_work_type(self) -> str:
        return f"{self.key}.review"

    def status(self, code: str) -> RegisterStatus:
        return next(status for status in self.statuses if status.code == code)


registers: Registry[Register] = Registry("register")
