"""Words of prices."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.payers.pricing.file_rules import RowError
from medguild.payers.pricing.rules import ScheduleKind

SCHEDULE_KINDS = [
    (ScheduleKind.STANDARD.value, gettext_lazy("Standard charges")),
    (ScheduleKind.SELF_PAY.value, gettext_lazy("Patients who pay themselves")),
]
_ROW_ERRORS = {
    "not_utf8": gettext_lazy("The file is not UTF-8 text. Save it as “CSV UTF-8”."),
    "not_csv": gettext_lazy("The file is not a readable CSV."),
    "no_rows": gettext_lazy("The file has no prices below its header."),
    "column_missing": gettext_lazy("The column “%(cell)s” is missing."),
    "column_twice": gettext_lazy("The column “%(cell)s” stands there twice."),
    "too_many_rows": gettext_lazy("The file has more than %(cell)s rows; split it."),
    "code": gettext_lazy("“%(cell)s” is no procedure code: 2 to 10 letters and digits."),
    "modifier": gettext_lazy("“%(cell)s” is no modifier: two letters or digits."),
    "amount": gettext_lazy("“%(cell)s” is no amount. Write 25 or 25.50."),
    "negative": gettext_lazy("“%(cell)s” is negative."),
    "percent": gettext_lazy("“%(cell)s” is no percentage from 0 to 1000 with two decimals."),
    "one_of_both": gettext_lazy("Give either an amount or a percentage."),
    "twice": gettext_lazy("This code and modifier stand already in line %(cell)s."),
}


def row_error(error: RowError) -> str:
    """`Line 3: ...`."""
    words = str(_ROW_ERRORS[error.code]) % {"cell": error.cell[:40]}
    return _("Line %(line)d: %(words)s") % {"line": error.line, "words": words}
