"""What is told about a CSV file that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.csv_tables import FileProblem, UnreadableTable
from medguild.foundation.kernel.errors import Refusal

_PROBLEMS: Mapping[FileProblem, Promise] = {
    FileProblem.EMPTY: _("The file is empty."),
    FileProblem.NOT_TEXT: _("The file is not a CSV file in UTF-8. Save it as “CSV UTF-8” and try again."),
    FileProblem.COLUMNS_MISSING: _("The first line lacks these columns: %(columns)s."),
    FileProblem.COLUMN_TWICE: _("Two columns hold the same thing; keep one: %(columns)s."),
    FileProblem.NOT_CSV: _("The file cannot be read as CSV; look for a quotation mark that is not closed."),
}


def refuse_table(wrong: UnreadableTable, *, code: str, field: str = "file") -> Refusal:
    """The refusal that says what to do about the file."""
    return Refusal(str(_PROBLEMS[wrong.problem]) % {"columns": ", ".join(wrong.columns)}, code=code, field=field)
