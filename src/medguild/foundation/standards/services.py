"""Setting the values of standards, and marking how far a process may vary."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, login_of
from medguild.foundation.access.rules import good_reason
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.standards import rules
from medguild.foundation.standards.models import ProcessMark, StandardSetting
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import Standard, standards
from medguild.foundation.standards.resolution import forget
from medguild.foundation.standards.rules import Dimension, Mode, Terms, Value
from medguild.foundation.standards.selectors import holds_here_or_below

SET = declare_event("standard.set", gettext_lazy("Standard set"), icon="adjustments")
CLEARED = declare_event("standard.cleared", gettext_lazy("Standard setting ended"), icon="adjustments")
MARKED = declare_event("standard.marked", gettext_lazy("Process marked"), icon="flag")


@transaction.atomic
def set_standard(
    *,
    key: str,
    unit: Unit,
    value: Value,
    by: Actor,
    dimension: Dimension = Dimension.UNIT,
    target: str = "",
    start: dt.date | None = None,
    end: dt.date | None = None,
    note: str = "",
) -> StandardSetting:
    """Set the value of a standard at a unit (and for a target) from a day on; what held before ends there.

    Refused where the standard may not vary at this level or the value lies outside the group's limits: propose a
    deviation instead.
    """
    demand(by, StandardRight.MANAGE, unit.pk)
    standard = known_standard(key)
    day = start or today()
    refuse_unfit(standard, value)
    level = rules.level_of(dimension, UnitKind(unit.kind))
    _refuse_not_allowed(standard, _terms(standard, day), level, value)
    same = StandardSetting.objects.unscoped("the right on the unit has been checked").filter(
        key=key, unit=unit, dimension=dimension, target=target
    )
    before = _make_room(same.select_for_update(), day)
    later = same.filter(period__startswith__gt=day).order_by("period").values_list("period", flat=True).first()
    upper = min((bound for bound in (end, later.lower if later else None) if bound), default=None)
    if upper is not None and upper <= day:
        raise Refusal(_("The value must end after it starts."), field="end")
    setting = StandardSetting.objects.create(
        key=key, unit=unit, dimension=dimension, target=target, value=rules.to_stored(value), note=note.strip(),
        period=DateRange(day, upper),
    )  # fmt: skip
    forget()
    record(
        SET,
        subject=SubjectRef("standard", setting.pk, key),
        by=by,
        unit_id=unit.pk,
        data={"key": key, "value": setting.value, "before": before, "dimension": dimension, "from": day.isoformat()},
    )
    return setting


def _make_room(same: QuerySet[Any], day: dt.date, column: str = "value") -> object:
    """End the row that holds on the day; one that began that very day is replaced. Returns what it said."""
    holding = same.filter(period__contains=day).first()
    if holding is None:
        return None
    if holding.period.lower == day:
        holding.delete()
    else:
        holding.period = DateRange(holding.period.lower, day)
        holding.save(update_fields=["period"])
    return getattr(holding, column)


@transaction.atomic
def clear_standard(*, setting_id: UUID, by: Actor, on: dt.date | None = None) -> None:
    """End a setting: from that day the next more general value holds again."""
    setting = (
        StandardSetting.objects.unscoped("the right on the unit is checked below")
        .select_for_update()
        .filter(pk=setting_id)
        .first()
    )
    if setting is None or not holds_here_or_below(by, StandardRight.READ, setting.unit_id):
        raise NotVisible
    demand(by, StandardRight.MANAGE, setting.unit_id)
    day = on or today()
    if setting.period.lower >= day:
        StandardSetting.objects.unscoped("checked above").filter(pk=setting.pk).delete()
    elif setting.period.upper is None or setting.period.upper > day:
        setting.period = DateRange(setting.period.lower, day)
        setting.save(update_fields=["period"])
    else:
        raise Refusal(_("This setting has ended already."), code="ended_already")
    forget()
    record(
        CLEARED,
        subject=SubjectRef("standard", setting.pk, setting.key),
        by=by,
        unit_id=setting.unit_id,
        data={"key": setting.key, "on": day.isoformat()},
    )


@transaction.atomic
def mark_process(
    *, key: str, mode: Mode, reason: str, review_on: dt.date, by: Actor, start: dt.date | None = None
) -> ProcessMark:
    """Say whether a process is standard, bounded or local for the group, and why. It may only tighten the declaration.

    Needs the right on the enterprise, because it binds everybody.
    """
    standard = known_standard(key)
    top = Unit.objects.filter(kind=UnitKind.ENTERPRISE).order_by("pk").first()
    demand(by, StandardRight.MANAGE, top.pk if top else None)
    day = start or today()
    if not good_reason(reason):
        raise Refusal(_("Say in a few words why."), code="reason_needed", field="reason")
    if review_on <= day:
        raise Refusal(_("Choose a review date that is still to come."), field="review_on")
    if rules.stricter(standard.mode, mode) != mode:
        raise Refusal(_("This standard may not be looser than the house allows."), code="too_loose", field="mode")
    same = ProcessMark.objects.filter(key=key).select_for_update()
    _make_room(same, day, "mode")
    mark = ProcessMark.objects.create(
        key=key, mode=mode, reason=reason.strip(), review_on=review_on, marked_by_id=login_of(by),
        period=DateRange(day, None),
    )  # fmt: skip
    forget()
    record(MARKED, subject=SubjectRef("standard", mark.pk, key), by=by, data={"key": key, "mode": mode})
    return mark


def known_standard(key: str) -> Standard:
    standard = standards.find(key)
    if standard is None:
        raise Refusal(_("There is no such standard."), code="unknown_standard", field="key")
    return standard


def _terms(standard: Standard, day: dt.date) -> Terms:
    mark = ProcessMark.objects.filter(key=standard.key, period__contains=day).first()
    return standard.terms(Mode(mark.mode) if mark else None)


def refuse_unfit(standard: Standard, value: Value) -> None:
    """A deviation may leave the limits, but never the kind or the choices."""
    if not rules.fits(standard.kind, value):
        raise Refusal(_("This value is of the wrong kind."), code="wrong_kind", field="value")
    if standard.bounds.choices and value not in standard.bounds.choices:
        raise Refusal(_("Choose one of the values offered."), code="not_a_choice", field="value")


def _refuse_not_allowed(standard: Standard, terms: Terms, level: rules.Level, value: Value) -> None:
    if level not in terms.order or not terms.may_vary_at(level):
        raise Refusal(
            _("This standard may not vary here. Propose a deviation, with a reason and an end."),
            code="deviation_needed",
            field="value",
        )
    if not terms.within_limits(value, level):
        raise Refusal(
            _("This value is outside of the group's limits. Propose a deviation, with a reason and an end."),
            code="outside_limits",
            field="value",
        )
