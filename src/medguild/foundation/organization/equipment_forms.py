"""Forms of kinds and skills."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.forms import UnitChoice
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.ui.forms import DateField, offer_choices


class CapabilityForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("What is it?"), coerce=ResourceKind,
        choices=[
            (ResourceKind.ROOM, _("A kind of room")), (ResourceKind.EQUIPMENT, _("A kind of device")),
            (ResourceKind.STAFF, _("A skill of staff")),
        ],
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As the desk says it: procedure room."))
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short, for programs; it stays."))


class EquipForm(forms.Form):
    capability = forms.ChoiceField(label=_("Used for"))
    start = DateField(label=_("From"))
    end = DateField(
        label=_("Until, not included"), required=False, help_text=_("When a training or inspection must be renewed.")
    )

    def __init__(self, *args: Any, capabilities: Iterable[Capability], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._capabilities = {str(one.pk): one for one in capabilities}
        offer_choices(self, "capability", [(key, one.name) for key, one in self._capabilities.items()])

    def clean_capability(self) -> Capability:
        return self._capabilities[self.cleaned_data["capability"]]


class BookableForm(forms.Form):
    start = DateField(label=_("From"))

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"] = UnitChoice(
            units, label=_("Home"), help_text=_("Who manages this place keeps the skills; shifts say where they work.")
        )
        self.order_fields(["home", "start"])
