"""Forms of calls: what the numbers are about, one call by hand, a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import DateField, TimeField, offer_choices
from medguild.operations.calls.hold_rules import AlertCause
from medguild.operations.calls.rules import CallFacts, CallReason, Direction
from medguild.operations.calls.words import CALL_BACK_OUTCOMES, CAUSE_CHOICES, DIRECTION_CHOICES, REASON_CHOICES
from medguild.patients.identity.rules.phones import normal_phone

PERIODS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (180, _("6 months")))
USUAL_DAYS = 30
LARGEST_FILE = 20 * 1024 * 1024


def _sites(form: forms.Form, sites: Iterable[Site], *, all_words: Any = None) -> None:
    options: list[tuple[str, Any]] = [(str(site.unit_id), site.unit.name) for site in sites]
    offer_choices(form, "site", [("", all_words), *options] if all_words else options)


class NumbersForm(forms.Form):
    """Kept in the address, so that a view can be shared."""

    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=UUID, empty_value=None)
    days = forms.TypedChoiceField(label=_("Days"), required=False, coerce=int, empty_value=None, choices=PERIODS)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _sites(self, sites, all_words=_("All sites"))
        self.fields["days"].initial = USUAL_DAYS

    @property
    def chosen_site(self) -> UUID | None:
        return self.cleaned_data.get("site") if self.is_valid() else None

    @property
    def chosen_days(self) -> int:
        return (self.cleaned_data.get("days") if self.is_valid() else None) or USUAL_DAYS


class CallForm(forms.Form):
    """One call, written down at the desk in the site's own time."""

    site = forms.ChoiceField(label=_("Site"))
    direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTION_CHOICES, initial=Direction.INBOUND)
    day = DateField(label=_("Day"))
    time = TimeField(label=_("Time"))
    phone = forms.CharField(label=_("Telephone number"), max_length=40, required=False)
    reason = forms.ChoiceField(label=_("About"), choices=REASON_CHOICES, initial=CallReason.OTHER)
    answered = forms.BooleanField(label=_("Somebody answered"), required=False, initial=True)
    wait_seconds = forms.IntegerField(
        label=_("Seconds until the answer, or until the caller hung up"), min_value=0, max_value=7_200, initial=10
    )
    hold_seconds = forms.IntegerField(
        label=_("Seconds on hold after the answer"), min_value=0, max_value=7_200, initial=0
    )
    talk_minutes = forms.IntegerField(
        label=_("Minutes of talk"), min_value=0, max_value=240, initial=2, help_text=_("With the time on hold.")
    )

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _sites(self, sites)

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except ValueError:
            raise ValidationError(_("Write a telephone number with area code, or leave it empty.")) from None

    def facts(self, zone: str) -> CallFacts:
        """The call in the zone of its site; of a valid form."""
        said = self.cleaned_data
        received = at_local(said["day"], said["time"], zone)
        waited = received + dt.timedelta(seconds=said["wait_seconds"])
        answered, inbound = said["answered"], said["direction"] == Direction.INBOUND
        return CallFacts(
            received_at=received,
            answered_at=waited if answered else None,
            ended_at=waited + dt.timedelta(minutes=said["talk_minutes"]) if answered else waited,
            direction=Direction(said["direction"]),
            reason=CallReason(said["reason"]),
            hold_seconds=said["hold_seconds"] if answered else 0,
            abandoned=inbound and not answered,
            phone=said["phone"],
        )


class ExplainForm(forms.Form):
    """Why callers waited too long."""

    cause = forms.TypedChoiceField(label=_("What was the cause?"), choices=CAUSE_CHOICES, coerce=AlertCause)
    explanation = forms.CharField(
        label=_("What happened, and what is done about it"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class CallBackForm(forms.Form):
    """What came of calling back."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=CALL_BACK_OUTCOMES)


class CallFileForm(forms.Form):
    """A CSV file of one site."""

    site = forms.ChoiceField(label=_("Site"))
    file = forms.FileField(label=_("CSV file"), allow_empty_file=True)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _sites(self, sites)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 20 MB. Split it and import the parts."))
        return file
