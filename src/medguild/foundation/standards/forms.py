"""Forms of the standards room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.standards.display import LEVEL_WORDS, MODE_WORDS, limits, role_word, shown
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import Standard, target_choices
from medguild.foundation.standards.rules import BadValue, Dimension, Kind, Level, Mode, Value, parse, stricter
from medguild.foundation.ui.forms import DateField, MoneyField

_WRONG: Mapping[str, Promise] = {
    Kind.INTEGER: _("Write a whole number."),
    Kind.DECIMAL: _("Write a number like 0.85."),
    Kind.BOOLEAN: _("Choose yes or no."),
    Kind.DURATION: _("Write a time span like 30 min, 4 h or 2 days."),
    Kind.TEXT: _("Write a value."),
    Kind.CHOICE: _("Choose one of the values offered."),
}
_EVERYBODY = Dimension.UNIT.value


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit with its kind, so that a practice and its site of the same name are told apart."""

    def label_from_instance(self, obj: Any) -> str:
        unit: Unit = obj
        return f"{unit.name} ({LEVEL_WORDS[unit.kind]})"


class ValueForm(forms.Form):
    """A value at a unit for everybody or one target. Subclasses add what else is asked."""

    right: str = StandardRight.MANAGE

    def __init__(self, *args: Any, standard: Standard, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        self.fields["unit"] = UnitChoice(units_visible(actor, self.right), label=_("Where"))
        self.fields["whom"] = forms.ChoiceField(choices=_whom(standard, actor), label=_("For whom"))
        self.fields["value"] = _value_field(standard)
        self.fields["start"] = DateField(label=_("From"), initial=now().date)

    def clean_value(self) -> Value:
        try:
            return parse(self.standard.kind, str(self.cleaned_data["value"]))
        except BadValue:
            raise ValidationError(str(_WRONG[self.standard.kind])) from None

    def values(self) -> dict[str, Any]:
        """Keywords of the service."""
        data = dict(self.cleaned_data)
        dimension, _sep, target = data.pop("whom").partition(":")
        return data | {"dimension": Dimension(dimension), "target": target}


class SetForm(ValueForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=400)


class DeviateForm(ValueForm):
    right = StandardRight.PROPOSE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("The day after the last day. A deviation lasts at most a year.")
        self.fields["end"] = DateField(label=_("Until"), help_text=help_text)
        self.fields["reason"] = forms.CharField(
            label=_("Why does this place need another value?"), widget=forms.Textarea(attrs={"rows": 3})
        )


class MarkForm(forms.Form):
    """How far a process may vary; never farther than its declaration."""

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_modes = [mode for mode in Mode if stricter(standard.mode, mode) == mode]
        self.fields["mode"] = forms.ChoiceField(
            choices=[(mode.value, MODE_WORDS[mode]) for mode in open_modes], label=_("May it vary?")
        )
        self.fields["reason"] = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
        later = today() + dt.timedelta(days=365)
        self.fields["review_on"] = DateField(label=_("Look at it again on"), initial=later)


class WorkflowForm(forms.Form):
    """A documented workflow with its first text."""

    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role_word(role)) for role in sorted(EVERY_STAFF_ROLE)]
        self.fields["unit"] = UnitChoice(units_visible(actor, StandardRight.MANAGE), label=_("Where it holds"))
        self.fields["owner_role"] = forms.ChoiceField(choices=roles, label=_("Owner"))
        self.fields["text"] = forms.CharField(
            label=_("What is done, by whom, and when"), widget=forms.Textarea(attrs={"rows": 12})
        )
        self.fields["check_question"] = forms.CharField(
            label=_("Question that shows whether it is followed"), help_text=_("A yes means that it is followed.")
        )
        self.fields["review_on"] = DateField(label=_("Look at it again on"))


class RewriteForm(forms.Form):
    text = forms.CharField(label=_("What is done, by whom, and when"), widget=forms.Textarea(attrs={"rows": 12}))
    change_note = forms.CharField(label=_("What has changed"))
    review_on = DateField(label=_("Look at it again on"))


class CheckForm(forms.Form):
    followed = forms.ChoiceField(
        label=_("Is it followed?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What is done instead"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices = units_visible(actor, StandardRight.PROPOSE, kind=UnitKind.PRACTICE)
        self.fields["unit"] = UnitChoice(practices, label=_("Practice"))


def _whom(standard: Standard, actor: Actor) -> list[Any]:
    """Everybody, then a group of choices per dimension that the standard knows."""
    offered: list[Any] = [(_EVERYBODY + ":", gettext("Everybody there"))]
    for dimension in Dimension:
        choices = target_choices.find(dimension.value)
        if dimension == Dimension.UNIT or Level(dimension.value) not in standard.order or choices is None:
            continue
        found = [(f"{dimension.value}:{target}", label) for target, label in choices(actor)]
        if found:
            offered.append((str(LEVEL_WORDS[dimension.value]), found))
    return offered


def _value_field(standard: Standard) -> forms.Field:
    text = limits(standard)
    help_text = gettext("The group's limits: %(limits)s.") % {"limits": text} if text else ""
    if standard.kind == Kind.BOOLEAN:
        return forms.ChoiceField(label=_("Value"), choices=[("yes", _("Yes")), ("no", _("No"))])
    if standard.kind == Kind.CHOICE:
        choices = [(choice, shown(standard, choice)) for choice in standard.bounds.choices]
        return forms.ChoiceField(label=_("Value"), choices=choices)
    if standard.money:
        return MoneyField(label=_("Value"), help_text=help_text)
    return forms.CharField(label=_("Value"), help_text=help_text)
