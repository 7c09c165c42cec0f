"""The form on messages in the own record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.experience.portal.messages import Wishes
from medguild.foundation.organization.words import LANGUAGES
from medguild.foundation.ui.forms import offer_choices
from medguild.patients.preferences.forms import ReachForm, initial_of


class MessagesForm(ReachForm):
    """Whether, how, in which language, and when not."""

    agrees = forms.BooleanField(label=_("I agree to messages about visits"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Messages come in English or Spanish; another language is told to the clinic."),
    )  # fmt: skip

    field_order = ["agrees", "channels", "language"]

    def __init__(self, *args: Any, held: Wishes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**initial_of(held.reach), "agrees": held.agrees, "language": held.language}
        known: Any = self.fields["channels"]
        offer_choices(self, "channels", [choice for choice in known.choices if choice[0]])
        known.required = True
        spoken = [*LANGUAGES] if held.language in dict(LANGUAGES) else [*LANGUAGES, (held.language, held.language)]
        offer_choices(self, "language", spoken)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**super().given(), "agrees": data["agrees"], "language": data["language"]}
