"""Forms of promises and messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.models import User
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.promises.rules import Answered, Channel, PromiseKind
from medguild.operations.promises.words import ANSWERED, CHANNELS, KINDS


def _choose(form: forms.Form, name: str, options: list[tuple[str, Any]]) -> None:
    offer_choices(form, name, options)


class PromiseForm(forms.Form):
    """What was promised, by whom it is kept, until when."""

    kind = forms.TypedChoiceField(label=_("What was promised?"), choices=list(KINDS.items()), coerce=PromiseKind)
    what = forms.CharField(label=_("In a few words"), max_length=300)
    owner = forms.ChoiceField(label=_("Who keeps it"), required=False)
    due_on = DateField(label=_("Until"), required=False, help_text=_("Empty: the time that is usual for its kind."))

    def __init__(self, *args: Any, users: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.pk): user for user in users}
        named = [(pk, user.label()) for pk, user in self.users.items()]
        _choose(self, "owner", [("", _("Whoever answers for it")), *named])

    def chosen(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "what": data["what"],
            "owner": self.users.get(data["owner"]),
            "due_on": data["due_on"],
        }


class InquiryForm(forms.Form):
    """A message that came in by a way that tells us nothing by itself."""

    site = forms.ChoiceField(label=_("Site"))
    channel = forms.TypedChoiceField(
        label=_("How it came"), choices=list(CHANNELS.items()), coerce=Channel, initial=Channel.EMAIL
    )
    sender = forms.CharField(
        label=_("From"), required=False, max_length=200, help_text=_("Name, number or address as it stands there.")
    )
    text = forms.CharField(label=_("What it says"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    urgent = forms.BooleanField(label=_("Urgent"), required=False)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "site", [(str(site.unit_id), site.unit.name) for site in sites])


class AnswerForm(forms.Form):
    how = forms.TypedChoiceField(label=_("How was it answered?"), choices=list(ANSWERED.items()), coerce=Answered)
    answer = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where a portal message is answered the same way, the patient reads this."),
    )
