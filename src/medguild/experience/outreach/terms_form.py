"""The form for reminders of a kind of visit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.rules import LONGEST_LEAD
from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.scheduling.models import VisitType


class TermsForm(forms.Form):
    """Of which visits, how many hours before, from when."""

    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)
    first_hours = forms.IntegerField(
        label=_("First reminder, hours before"), min_value=0, max_value=LONGEST_LEAD, help_text=_("0: none.")
    )
    last_hours = forms.IntegerField(
        label=_("Last reminder, hours before"), min_value=0, max_value=LONGEST_LEAD, help_text=_("0: none.")
    )
    start = DateField(label=_("From"))

    def __init__(self, *args: Any, visit_types: Iterable[VisitType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._types = {one.pk: one for one in visit_types}
        options = [(str(pk), one.name) for pk, one in self._types.items()]
        offer_choices(self, "visit_type", options)

    def chosen(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = self.cleaned_data
        return {**data, "visit_type": self._types[data["visit_type"]]}
