"""The form for a question from the portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.experience.portal.asking import LONGEST_QUESTION
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import offer_choices


class QuestionForm(forms.Form):
    """To which site, what; the token keeps a question that is sent twice once."""

    site = forms.TypedChoiceField(label=_("To"), coerce=UUID)
    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 5})
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "site", [(str(one.unit_id), one.unit.name) for one in sites])
