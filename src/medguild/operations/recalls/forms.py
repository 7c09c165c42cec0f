"""Forms of recalls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.recalls.rules import CloseReason, Outcome, Way
from medguild.operations.recalls.words import CLOSE_REASONS, OUTCOMES, SPOKEN, WAYS
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.wish_forms import CHOOSE_KIND, WishForm

LARGEST_FILE = 5 * 1024 * 1024
_MONTHS = ((3, _("3 months")), (6, _("6 months")), (12, _("a year")), (24, _("2 years")), (36, _("3 years")),
           (60, _("5 years")), (120, _("10 years")))  # fmt: skip


class RecallForm(WishForm):
    """For what somebody is to come again."""

    due_on = DateField(label=_("Due on or after"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the desk; it does not stand in messages."),
    )  # fmt: skip

    def chosen(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = self.cleaned_data
        return {**super().chosen(), "due_on": data["due_on"], "note": data["note"]}


class ContactForm(forms.Form):
    """What was tried, and what came of it."""

    way = forms.TypedChoiceField(label=_("How"), choices=list(WAYS.items()), coerce=Way, initial=Way.PHONE)
    outcome = forms.TypedChoiceField(
        label=_("What came of it"), coerce=Outcome,
        choices=[("", _("Choose what came of it")), *((one.value, OUTCOMES[one.value]) for one in SPOKEN)],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class CloseForm(forms.Form):
    """Why nobody is to come any more: nothing is proposed, it cannot be undone."""

    reason = forms.TypedChoiceField(
        label=_("Why"), choices=[("", _("Choose a reason")), *CLOSE_REASONS.items()], coerce=CloseReason
    )


class PutOffForm(forms.Form):
    """Due on a later day."""

    due_on = DateField(label=_("Due on or after"))

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day <= today():
            raise ValidationError(_("Choose a day after today."))
        return day


class RuleForm(forms.Form):
    """After which kind of visit which other is due, and when."""

    unit = forms.TypedChoiceField(label=_("Where"), coerce=UUID)
    after_type = forms.TypedChoiceField(label=_("After"), coerce=UUID)
    due_type = forms.TypedChoiceField(label=_("Due is"), coerce=UUID)
    months = forms.TypedChoiceField(label=_("In"), choices=_MONTHS, coerce=int, initial=12)

    def __init__(
        self, *args: Any, units: Iterable[Unit], visit_types: Iterable[VisitType], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.units = {one.pk: one for one in units}
        self.visit_types = {one.pk: one for one in visit_types}
        offer_choices(self, "unit", [(str(pk), one.name) for pk, one in self.units.items()])
        kinds = [("", CHOOSE_KIND), *((str(pk), one.name) for pk, one in self.visit_types.items())]
        offer_choices(self, "after_type", kinds)
        offer_choices(self, "due_type", kinds)

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "unit": self.units[data["unit"]],
            "after": self.visit_types[data["after_type"]],
            "due": self.visit_types[data["due_type"]],
            "months": data["months"],
        }


class RecallFileForm(forms.Form):
    """A CSV file of one site."""

    site = forms.ChoiceField(label=_("Site"))
    file = forms.FileField(label=_("CSV file"), allow_empty_file=True)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "site", [(str(site.unit_id), site.unit.name) for site in sites])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 5 MB. Split it and import the parts."))
        return file
