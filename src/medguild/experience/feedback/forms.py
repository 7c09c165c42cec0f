"""Forms of complaints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.rules import Category, Channel, Severity
from medguild.experience.feedback.words import CATEGORY_CHOICES, CHANNEL_CHOICES, SEVERITY_CHOICES
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import DateField, offer_choices

LONGEST = 5_000


class ComplaintForm(forms.Form):
    """What somebody was not content with."""

    site = forms.ChoiceField(label=_("Site"))
    received_on = DateField(label=_("Received on"))
    channel = forms.TypedChoiceField(label=_("How it came"), choices=CHANNEL_CHOICES, coerce=Channel)
    category = forms.TypedChoiceField(label=_("About"), choices=CATEGORY_CHOICES, coerce=Category)
    severity = forms.TypedChoiceField(
        label=_("Weight"),
        choices=SEVERITY_CHOICES,
        coerce=Severity,
        initial=Severity.MODERATE,
        help_text=_("Serious: harm, discrimination, privacy, or something that an authority may hear of."),
    )
    text = forms.CharField(
        label=_("What they said"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In their own words, without judging."),
    )  # fmt: skip

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(site.unit_id), site.unit.name) for site in sites]
        offer_choices(self, "site", options)


class ResolveForm(forms.Form):
    resolution = forms.CharField(
        label=_("What was done"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was mended, and what the person was told."),
    )  # fmt: skip
