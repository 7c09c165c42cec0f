"""Words of attendance for people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.attendance.choice_rules import Choice
from medguild.operations.attendance.fairness_rules import Dimension, Flag
from medguild.operations.attendance.metric_rules import Shortfall
from medguild.operations.attendance.numbers import By
from medguild.operations.attendance.rules import Feature, Stage
from medguild.operations.attendance.session_advice import Verdict

Words = str | Promise

STAGES: Mapping[str, Words] = {
    Stage.BOOKING: _("when booked"),
    Stage.DAY_BEFORE: _("the day before"),
}
CHOICE_WORDS: Mapping[str, Words] = {
    Choice.FIRST: _("First proposal"),
    Choice.LATER: _("Another proposal"),
    Choice.OTHER: _("Time of one's own"),
}
FEATURES: Mapping[Feature, Words] = {
    Feature.LEAD: _("time between booking and visit"),
    Feature.WEEKDAY: _("day of the week"),
    Feature.HOUR: _("time of day"),
    Feature.VISIT_TYPE: _("kind of visit"),
    Feature.FIRST: _("first visit or known patient"),
    Feature.MODE: _("in person, by video or telephone"),
    Feature.EARLIER: _("own earlier visits kept or missed"),
    Feature.AGE: _("age"),
    Feature.CONFIRMED: _("confirmed by the patient"),
    Feature.REMINDED: _("reminded"),
}
SHORTFALLS: Mapping[str, Words] = {
    Shortfall.FEW_VISITS: _("There are too few visits to learn from."),
    Shortfall.FEW_MISSED: _("There are too few no-shows to learn from or to test on."),
    Shortfall.WEAK: _("It tells missed from kept visits too badly."),
    Shortfall.WEAK_LATER: _("Without same-day bookings it tells missed from kept visits too badly."),
    Shortfall.NOT_CALIBRATED: _("Its probabilities differ too much from what happened."),
    Shortfall.NO_BETTER_THAN_RATE: _("It foretells no better than the average rate alone."),
    Shortfall.NO_BETTER_THAN_LEAD: _("It foretells no better than the lead time alone."),
}
VERDICTS: Mapping[Verdict, tuple[str, Words]] = {
    Verdict.PAYS: ("info", _("One more visit may pay")),
    Verdict.SMALL: ("neutral", _("No overbooking: the gain is small")),
    Verdict.NONE: ("neutral", _("No overbooking: it would cost more than it gains")),
    Verdict.FREE_TIME: ("ok", _("No overbooking: there is free time")),
    Verdict.LIMIT: ("warn", _("No overbooking: the limit is reached")),
    Verdict.FEW: ("neutral", _("Too few visits to tell")),
    Verdict.GROUP: ("neutral", _("Several are seen at once: no advice")),
}
LEAD_WORDS: Mapping[str, Words] = {
    "same_day": _("less than a day"),
    "1_2": _("1 to 2 days"),
    "3_7": _("3 to 7 days"),
    "8_14": _("8 to 14 days"),
    "15_30": _("15 to 30 days"),
    "31": _("31 days and more"),
}
WEEKDAY_WORDS: Mapping[str, Words] = {str(number + 1): name for number, name in WEEKDAYS.items()}
BY_WORDS: Mapping[By, Words] = {
    By.CLINICIAN: _("Clinician"),
    By.VISIT_TYPE: _("Kind of visit"),
    By.LEAD: _("Lead time"),
    By.SITE: _("Site"),
    By.WEEKDAY: _("Day of the week"),
}
DIMENSIONS: Mapping[str, Words] = {
    Dimension.AGE: _("Age"),
    Dimension.SEX: _("Sex on record"),
    Dimension.LANGUAGE: _("Language"),
    Dimension.PAYER: _("Kind of payer"),
}
FLAGS: Mapping[str, Words] = {
    Flag.CALIBRATION: _("probabilities are off"),
    Flag.FALSE_POSITIVES: _("more often wrongly among the highest"),
    Flag.OVERBOOKED: _("more often overbooked"),
    Flag.WAIT: _("waits longer for a visit"),
}
