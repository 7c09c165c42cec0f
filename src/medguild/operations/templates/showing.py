"""Versions and previews as their pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.held import PURPOSE_WORDS, release_words
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.slot_rules import Opening, iso_starts
from medguild.operations.scheduling.words import WEEKDAYS, Text, clock_words
from medguild.operations.templates.block_rules import BlockDraft
from medguild.operations.templates.models import TemplateVersion
from medguild.operations.templates.rules import OPEN_STATES, VersionStatus
from medguild.operations.templates.words import VERSION_TONES, VERSION_WORDS


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block in plain words."""

    day: Text
    hours: str
    site: str
    weeks: str
    kinds: list[str]
    held: list[str]


@dataclass(frozen=True, slots=True)
class WeekColumn:
    weekday: Text
    lines: list[BlockLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of sites and kinds of visits, read once."""

    sites: Mapping[UUID, str]
    kinds: Mapping[UUID, VisitType]

    @classmethod
    def of(cls, blocks: Iterable[BlockDraft]) -> Names:
        drafts = list(blocks)
        units = Unit.objects.in_bulk({one.unit_id for one in drafts})
        kinds = VisitType.objects.in_bulk({kind for one in drafts for kind in one.visit_types})
        return cls({pk: unit.name for pk, unit in units.items()}, kinds)


def week_of(blocks: Sequence[BlockDraft]) -> list[WeekColumn]:
    """The week picture: Monday to Sunday."""
    names = Names.of(blocks)
    ordered = sorted(blocks, key=lambda one: (one.weekday, one.start_minute))
    return [
        WeekColumn(name, [line_of(one, names) for one in ordered if one.weekday == number])
        for number, name in enumerate(WEEKDAYS)
    ]


def line_of(block: BlockDraft, names: Names) -> BlockLine:
    kinds = sorted(
        (names.kinds[kind].name, minutes or names.kinds[kind].minutes) for kind, minutes in block.visit_types.items()
    )
    return BlockLine(
        day=WEEKDAYS[block.weekday],
        hours=f"{clock_words(block.start_minute)}–{clock_words(block.end_minute)}",
        site=names.sites.get(block.unit_id, ""),
        weeks="" if block.every_weeks == 1 else _("every %(n)d weeks") % {"n": block.every_weeks},
        kinds=[_("%(name)s, %(minutes)d min") % {"name": name, "minutes": minutes} for name, minutes in kinds],
        held=[
            _("%(start)s–%(end)s held for %(purpose)s, %(release)s")
            % {
                "start": clock_words(part.start_minute), "end": clock_words(part.end_minute),
                "purpose": PURPOSE_WORDS[Purpose(part.purpose)],
                "release": release_words(part.release_days, part.release_hours),
            }
            for part in block.held
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionLine:
    row: TemplateVersion
    words: Text
    tone: str
    open: bool
    holds_now: bool


def version_line(row: TemplateVersion, today: dt.date) -> VersionLine:
    status = VersionStatus(row.status)
    applied = status in (VersionStatus.APPLIED, VersionStatus.SUPERSEDED)
    words: Text = VERSION_WORDS[status]
    if status is VersionStatus.APPLIED and row.period.lower > today:
        words = _("Applied, begins later")
    if status is VersionStatus.SUPERSEDED and today in row.period:
        words = _("Holds until the next begins")
    return VersionLine(row, words, VERSION_TONES[status], status in OPEN_STATES, applied and today in row.period)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A kind of visit in a window: free times gained and lost."""

    kind: str
    cells: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class DayRow:
    day: dt.date
    gained: int
    lost: int
    kinds: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class EffectShown:
    """The numbers of a preview. `minutes`: days, before, after, difference; `hours` the same in words."""

    minutes: list[tuple[int, int, int, int]]
    hours: list[tuple[int, str, str, str]]
    windows: list[int]
    kinds: list[WindowRow]
    days: list[DayRow]
    affected: int
    proposed: int


def _hours(minutes: int) -> str:
    return f"{minutes / 60:,.1f}"


def _more_or_less(minutes: int) -> str:
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}" if minutes < 0 else ""
    return f"{sign}{_hours(abs(minutes))}"


def effect_of(version: TemplateVersion) -> EffectShown | None:
    """What the last preview said; None before the first."""
    effect: dict[str, Any] = version.effect
    if not effect:
        return None
    ids = {kind for one in [*effect["windows"], *effect["days"]] for kind in one["kinds"]}
    names = {str(pk): kind.name for pk, kind in VisitType.objects.in_bulk([UUID(one) for one in ids]).items()}
    windows = effect["windows"]
    minutes = [
        (one["days"], one["minutes_before"], one["minutes_after"], one["minutes_after"] - one["minutes_before"])
        for one in windows
    ]
    return EffectShown(
        minutes=minutes,
        hours=[(days, _hours(before), _hours(after), _more_or_less(more)) for days, before, after, more in minutes],
        windows=[one["days"] for one in windows],
        kinds=[
            WindowRow(names[kind], [tuple(one["kinds"].get(kind, (0, 0))) for one in windows])
            for kind in sorted(ids, key=lambda one: names.get(one, ""))
            if kind in names
        ],
        days=[
            DayRow(
                dt.date.fromisoformat(one["day"]),
                sum(gained for gained, _lost in one["kinds"].values()),
                sum(lost for _gained, lost in one["kinds"].values()),
                sorted((names.get(kind, ""), gained, lost) for kind, (gained, lost) in one["kinds"].items()),
            )
            for one in effect["days"]
        ],
        affected=effect["affected"],
        proposed=effect["proposed"],
    )


@dataclass(frozen=True, slots=True)
class Time:
    """One button: `value` is what it posts, `label` the wall-clock time."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TimesOf:
    """Free times of a clinician at a site on a day."""

    clinician_id: UUID
    clinician: str
    site_id: UUID
    site: str
    minutes: int
    times: list[Time]


@dataclass(frozen=True, slots=True)
class DayTimes:
    day: dt.date
    offers: list[TimesOf]

    @property
    def count(self) -> int:
        return sum(len(offer.times) for offer in self.offers)


def times_by_day(openings: Sequence[Opening]) -> list[DayTimes]:
    """Free times by day, then by clinician and site."""
    people = Clinician.objects.select_related("person").in_bulk({one.session.clinician_id for one in openings})
    sites = Unit.objects.in_bulk({one.session.unit_id for one in openings})
    days: dict[dt.date, dict[tuple[UUID, UUID], TimesOf]] = {}
    for one in openings:
        who, where = one.session.clinician_id, one.session.unit_id
        offer = days.setdefault(one.day, {}).setdefault(
            (who, where), TimesOf(who, people[who].label(), where, sites[where].name, one.session.minutes, [])
        )
        offer.times.extend(
            Time(text, clock_words(int(text[11:13]) * 60 + int(text[14:16]))) for text in iso_starts(one)
        )
    return [DayTimes(day, list(offers.values())) for day, offers in sorted(days.items())]


def summary_of(effect: EffectShown) -> str:
    """One sentence on top of the page."""
    _days, _before, _after, minutes = effect.minutes[1]
    hours = round(abs(minutes) / 60, 1)
    if minutes == 0:
        first = _("As many hours in the first four weeks as before.")
    else:
        text = _("%(hours)s hours more in the first four weeks.") if minutes > 0 else _(
            "%(hours)s hours fewer in the first four weeks."
        )  # fmt: skip
        first = text % {"hours": hours}
    second = ngettext("%(count)d visit must move.", "%(count)d visits must move.", effect.affected)
    return f"{first} {second % {'count': effect.affected}}"
