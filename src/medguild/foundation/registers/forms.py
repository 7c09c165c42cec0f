"""The form of an entry, built from the register's declaration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.models import User
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import FieldKind, Register, RegisterField
from medguild.foundation.registers.selectors import possible_owners
from medguild.foundation.ui.forms import DateField


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        unit: Unit = obj
        return unit.label()


class UserChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        user: User = obj
        return user.label()


class EntryForm(forms.Form):
    """Common fields; those of the register are put between title and owner."""

    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(
        self, *args: Any, register: Register, actor: Actor, entry: RegisterEntry | None, **kwargs: Any
    ) -> None:
        if entry is not None:
            names = ["title", "owner", "review_on", "evidence", "evidence_url", *(f.name for f in register.fields)]
            kwargs["initial"] = {name: getattr(entry, name) for name in names}
        super().__init__(*args, **kwargs)
        if entry is None:
            units = units_visible(actor, register.manage_right)
            self.fields["unit"] = UnitChoice(units, label=_("Unit"), help_text=_("Units below see the entry too."))
        for declared in register.fields:
            self.fields[declared.name] = form_field(declared)
        self.fields["owner"] = UserChoice(possible_owners(actor, register), label=_("Owner"), required=False)
        self.fields["review_on"] = DateField(label=_("Look at it again on"), required=entry is not None)
        self.fields["evidence"] = forms.CharField(
            label=_("Evidence"), help_text=_("How we can show it."), required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields["evidence_url"] = forms.CharField(label=_("Link to the evidence"), required=False)


def form_field(declared: RegisterField) -> forms.Field:
    common: dict[str, Any] = {"label": declared.label, "help_text": declared.help, "required": declared.required}
    if declared.kind == FieldKind.DATE:
        return DateField(**common)
    if declared.kind == FieldKind.CHOICE:
        return forms.ChoiceField(choices=[("", "–"), *declared.choices], **common)
    if declared.kind == FieldKind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **common)
    return forms.CharField(max_length=400, **common)


class ReviewForm(forms.Form):
    next_review = DateField(label=_("Look at it again on"))
