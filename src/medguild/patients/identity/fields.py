"""Form fields for what people type about people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import today
from medguild.patients.identity.rules.dates import parse_date, possible_birth_date
from medguild.patients.identity.words import PROBLEMS


class TypedDateField(forms.CharField):
    """A date typed in one of the usual ways; quicker than a picker for dates long ago. Gives a date or None."""

    def __init__(self, *, birth: bool = False, **kwargs: Any) -> None:
        self.birth = birth
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs.update({"placeholder": _("MM/DD/YYYY"), "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%m/%d/%Y") if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        this_day = today()
        try:
            day = parse_date(text, today=this_day)
        except ValueError:
            raise ValidationError(str(PROBLEMS["date_form"]), code="date_form") from None
        if self.birth and not possible_birth_date(day, today=this_day):
            raise ValidationError(str(PROBLEMS["birth_date_impossible"]), code="birth_date_impossible")
        return day
