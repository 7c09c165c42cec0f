"""Forms of a version: its day and name, and all of its blocks at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, TimeField, offer_choices
from medguild.operations.scheduling.held import PURPOSE_WORDS
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.week_rules import monday_of
from medguild.operations.scheduling.words import WEEKDAYS, choices
from medguild.operations.templates.block_rules import BlockDraft, HeldDraft

_MINUTES = "minutes_"
HELD_PARTS = 2


class BeginForm(forms.Form):
    start = DateField(label=_("Holds from"))
    name = forms.CharField(label=_("Name"), required=False, max_length=80)
    copy_of = forms.TypedChoiceField(label=_("Begin with the blocks of"), required=False, coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, clinicians: Iterable[Clinician], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.label()) for one in clinicians]
        offer_choices(self, "copy_of", [("", _("What holds on that day")), *named])


class VersionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    start = DateField(label=_("Holds from"))
    note = forms.CharField(label=_("Why it changes"), required=False, max_length=400)


class Offered:
    """What the blocks of one clinician may name: sites, rooms by site, kinds of visits."""

    def __init__(
        self, sites: Sequence[Site], rooms: Sequence[Resource], kinds: Sequence[VisitType], home: UUID | None = None
    ) -> None:
        self.home = str(home or "")
        self.sites = [(str(site.unit_id), site.unit.name) for site in sites]
        names = dict(self.sites)
        self.rooms = [(str(room.pk), f"{room.name} ({names.get(str(room.unit_id), '')})") for room in rooms]
        self.kinds = list(kinds)


class BlockForm(forms.Form):
    """One block in plain words. An empty new block, or one marked to go, says nothing."""

    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=list(enumerate(WEEKDAYS)))
    starts = TimeField(label=_("Begins"), required=False)
    ends = TimeField(label=_("Ends"), required=False)
    unit = forms.TypedChoiceField(label=_("Site"), coerce=UUID)
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=UUID, empty_value=None)
    every_weeks = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=53, initial=1)
    week_of = DateField(
        label=_("Counted from the week of"), required=False, help_text=_("Empty: the first week it holds.")
    )
    step_minutes = forms.IntegerField(
        label=_("A visit may begin every (minutes)"), min_value=5, max_value=240, initial=20
    )
    capacity = forms.IntegerField(label=_("Patients at a time"), min_value=1, max_value=100, initial=1)
    overbook_limit = forms.IntegerField(label=_("Overbooked patients at a time"), min_value=0, max_value=20, initial=1)
    gone = forms.BooleanField(label=_("Remove this block"), required=False)

    def __init__(
        self,
        *args: Any,
        offered: Offered,
        usual: Mapping[UUID, int] | None = None,
        existing: bool = False,
        parts: int = HELD_PARTS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parts = range(parts)
        for name in ("starts", "ends"):
            self.fields[name].required = existing
        self._inherited = set(usual or {})
        offer_choices(self, "unit", offered.sites)
        offer_choices(self, "room", [("", _("No fixed room")), *offered.rooms])
        self._usual = {kind.pk: kind.minutes for kind in offered.kinds}
        for kind in offered.kinds:
            self.fields[f"{_MINUTES}{kind.pk}"] = forms.IntegerField(
                label=kind.name, required=False, min_value=1, max_value=1440,
                help_text=gettext("Usually %(minutes)d; empty: not booked here.") % {"minutes": kind.minutes},
            )  # fmt: skip
        for number in self._parts:
            self._add_held(number, offered)

    def _add_held(self, number: int, offered: Offered) -> None:
        held = f"held{number}_"
        kinds = [(str(kind.pk), kind.name) for kind in offered.kinds]
        self.fields[f"{held}from"] = TimeField(label=_("Held from"), required=False)
        self.fields[f"{held}until"] = TimeField(label=_("Held until"), required=False)
        self.fields[f"{held}purpose"] = forms.ChoiceField(label=_("Held for"), choices=choices(PURPOSE_WORDS))
        self.fields[f"{held}ahead"] = forms.IntegerField(
            label=_("Released before"), min_value=0, max_value=999, initial=1
        )
        self.fields[f"{held}unit"] = forms.ChoiceField(
            label=_("Counted in"), choices=[("days", _("days")), ("hours", _("hours"))]
        )
        self.fields[f"{held}kinds"] = forms.MultipleChoiceField(
            label=_("Which kinds of visits"), required=False, choices=kinds, widget=forms.CheckboxSelectMultiple
        )

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in ("weekday", "starts", "ends", "unit")]

    @property
    def finer(self) -> list[forms.BoundField]:
        names = ("every_weeks", "week_of", "room", "step_minutes", "capacity", "overbook_limit")
        return [self[name] for name in names]

    @property
    def kinds(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(_MINUTES)]

    @property
    def held(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"held{number}_{name}"] for name in ("from", "until", "purpose", "ahead", "unit", "kinds")]
            for number in self._parts
        ]

    @property
    def holds_any(self) -> bool:
        return any(bool(self[f"held{number}_from"].value()) for number in self._parts)

    @property
    def is_blank(self) -> bool:
        data = self.cleaned_data
        return bool(data.get("gone")) or not (data.get("starts") or data.get("ends"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("gone"):
            self._errors = forms.utils.ErrorDict()
            return data
        if bool(data.get("starts")) != bool(data.get("ends")):
            raise ValidationError(_("Say when the block begins and when it ends."))
        for number in self._parts:
            if bool(data.get(f"held{number}_from")) != bool(data.get(f"held{number}_until")):
                raise ValidationError(_("Say from when until when the part is held."))
            named = data.get(f"held{number}_purpose") == Purpose.KINDS and data.get(f"held{number}_from")
            if named and not data.get(f"held{number}_kinds"):
                raise ValidationError(_("Choose the kinds of visits for which the part is held."))
        return data

    def draft(self) -> BlockDraft:
        """The block that the cleaned form describes."""
        data = self.cleaned_data
        return BlockDraft(
            unit_id=data["unit"], weekday=data["weekday"], start_minute=_minute(data["starts"]),
            end_minute=_minute(data["ends"]) or 1440, visit_types=self._taken(), step_minutes=data["step_minutes"],
            capacity=data["capacity"], overbook_limit=data["overbook_limit"], every_weeks=data["every_weeks"],
            anchor=monday_of(data["week_of"]) if data["week_of"] else None, room_id=data["room"],
            held=tuple(part for number in self._parts if (part := self._held(number))),
        )  # fmt: skip

    def _taken(self) -> dict[UUID, int | None]:
        found: dict[UUID, int | None] = {}
        for name, minutes in self.cleaned_data.items():
            if name.startswith(_MINUTES) and minutes:
                kind = UUID(name.removeprefix(_MINUTES))
                found[kind] = None if kind in self._inherited and minutes == self._usual[kind] else minutes
        return found

    def _held(self, number: int) -> HeldDraft | None:
        data, held = self.cleaned_data, f"held{number}_"
        if not data[f"{held}from"]:
            return None
        days = data[f"{held}unit"] == "days"
        purpose = Purpose(data[f"{held}purpose"])
        return HeldDraft(
            _minute(data[f"{held}from"]), _minute(data[f"{held}until"]) or 1440, purpose,
            tuple(UUID(one) for one in data[f"{held}kinds"]) if purpose is Purpose.KINDS else (),
            data[f"{held}ahead"] if days else None, None if days else data[f"{held}ahead"],
        )  # fmt: skip


def initial_of(block: BlockDraft, usual: Mapping[UUID, int]) -> dict[str, Any]:
    """What the form of a block begins with; `usual` are the lengths shown for kinds that take their usual time."""
    found: dict[str, Any] = {
        "weekday": block.weekday, "starts": _time(block.start_minute), "ends": _time(block.end_minute),
        "unit": str(block.unit_id), "room": str(block.room_id or ""), "every_weeks": block.every_weeks,
        "week_of": block.anchor if block.every_weeks > 1 else None, "step_minutes": block.step_minutes,
        "capacity": block.capacity, "overbook_limit": block.overbook_limit,
    }  # fmt: skip
    for kind, minutes in block.visit_types.items():
        found[f"{_MINUTES}{kind}"] = minutes or usual.get(kind)
    for number, part in enumerate(block.held):
        held = f"held{number}_"
        found |= {
            f"{held}from": _time(part.start_minute), f"{held}until": _time(part.end_minute),
            f"{held}purpose": part.purpose, f"{held}kinds": [str(kind) for kind in part.visit_types],
            f"{held}ahead": part.release_days if part.release_hours is None else part.release_hours,
            f"{held}unit": "days" if part.release_hours is None else "hours",
        }  # fmt: skip
    return found


def block_forms(
    data: Mapping[str, Any] | None, blocks: Sequence[BlockDraft], offered: Offered, *, blank: int
) -> list[BlockForm]:
    """A form for each block and some empty ones; posted ones are read by their number."""
    usual = {kind.pk: kind.minutes for kind in offered.kinds}
    posted = str(data.get("blocks", "")) if data is not None else ""
    many = len(blocks) + blank if data is None else min(int(posted) if posted.isdigit() else 0, 60)
    made = []
    for number in range(many):
        block = blocks[number] if number < len(blocks) else None
        inherited = (
            {kind: usual[kind] for kind, n in block.visit_types.items() if n is None and kind in usual} if block else {}
        )
        made.append(
            BlockForm(
                data, prefix=f"b{number}", offered=offered, usual=inherited, parts=_parts(data, number, block),
                existing=block is not None,
                initial=initial_of(block, usual) if block else {"unit": offered.home},
            )
        )  # fmt: skip
    return made


def _parts(data: Mapping[str, Any] | None, number: int, block: BlockDraft | None) -> int:
    """How many held parts the form of a block shows: at least two, and all that there are."""
    if data is None:
        return max(HELD_PARTS, len(block.held) if block else 0)
    return next(part for part in count() if f"b{number}-held{part}_from" not in data or part > 20)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60 % 24, minute % 60)
