"""Forms of the bump list."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.operations.bumps.rules import Contact
from medguild.operations.bumps.words import CONTACTS


class ContactForm(forms.Form):
    """What came of a call."""

    outcome = forms.TypedChoiceField(
        label=_("What came of it"), choices=[("", _("Choose what came of it")), *CONTACTS], coerce=Contact
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)


class BumpForm(forms.Form):
    """Why a visit cannot be kept."""

    reason = forms.CharField(
        label=_("Why can this visit not be kept?"), max_length=200,
        help_text=_("People are told this, such as: clinician on leave. No patient data."),
    )  # fmt: skip


class TimeForm(forms.Form):
    """A proposed time that was pressed."""

    slot = forms.CharField(max_length=200)

    def clean_slot(self) -> tuple[dt.datetime, UUID, UUID]:
        try:
            start, clinician, site = self.cleaned_data["slot"].split("|")
            moment = dt.datetime.fromisoformat(start)
            if moment.tzinfo is None:
                raise ValueError
            return moment, UUID(clinician), UUID(site)
        except ValueError:
            raise ValidationError(_("Choose one of the times offered."), code="slot") from None
