"""Words of series."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medguild.operations.scheduling.words import WEEKDAYS, clock_words
from medguild.operations.series.models import SeriesRule
from medguild.operations.series.rules import Act, Every, Standing

EVERY: list[tuple[str, Promise | str]] = [
    (Every.DAY.value, _("days")),
    (Every.WEEK.value, _("weeks")),
    (Every.MONTH.value, _("months")),
]
STANDINGS: dict[str, Promise | str] = {
    Standing.REGULAR.value: _("As the rule says"),
    Standing.MOVED.value: _("This one was moved"),
    Standing.GONE.value: _("Given up"),
    Standing.OVER.value: _("Over"),
}
STANDING_TONES = {"regular": "info", "moved": "warn", "gone": "neutral", "over": "ok"}
ACTS: dict[str, Promise | str] = {
    Act.STAY.value: _("stays"),
    Act.MOVE.value: _("will be moved"),
    Act.ADD.value: _("will be booked"),
    Act.DROP.value: _("will be given up"),
    Act.KEEP.value: _("is left alone"),
}
ACT_TONES = {"stay": "neutral", "move": "info", "add": "ok", "drop": "bad", "keep": "warn"}


def rule_words(rule: SeriesRule) -> str:
    """How often, on which days, at what time, as people say it."""
    words = {Every.DAY: _days, Every.WEEK: _weeks, Every.MONTH: _months}[Every(rule.every)](rule)
    return f"{words}, {clock_words(rule.minute)}"


def _days(rule: SeriesRule) -> str:
    return ngettext("every day", "every %(step)d days", rule.step) % {"step": rule.step}


def _weeks(rule: SeriesRule) -> str:
    often = ngettext("every week", "every %(step)d weeks", rule.step) % {"step": rule.step}
    days = ", ".join(str(WEEKDAYS[day]) for day in rule.weekdays or [rule.first_day.weekday()])
    return _now("%(often)s on %(days)s") % {"often": often, "days": days}


def _months(rule: SeriesRule) -> str:
    often = ngettext("every month", "every %(step)d months", rule.step) % {"step": rule.step}
    return _now("%(often)s on the %(place)s %(day)s") % {
        "often": often, "place": _place(rule.first_day), "day": WEEKDAYS[rule.first_day.weekday()],
    }  # fmt: skip


def _place(day: dt.date) -> str:
    return [_now("first"), _now("second"), _now("third"), _now("fourth"), _now("last")][(day.day - 1) // 7]
