"""Forms of logins, grants, tokens, emergency access."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.access.words import STAFF_ROLES
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Person
from medguild.foundation.ui.forms import DateField


class PlaceChoice(forms.TypedChoiceField):
    """One of the units given; the value is the unit."""

    def __init__(self, units: Iterable[Unit], **kwargs: Any) -> None:
        held = {str(unit.pk): unit for unit in units}
        choices = [("", ""), *((key, unit.name) for key, unit in held.items())]
        super().__init__(choices=choices, coerce=held.get, empty_value=None, **kwargs)


class PersonChoice(forms.TypedChoiceField):
    def __init__(self, people: Iterable[Person], **kwargs: Any) -> None:
        held = {str(person.pk): person for person in people}
        choices = [("", _("Nobody of the directory")), *((key, person.label()) for key, person in held.items())]
        super().__init__(choices=choices, coerce=held.get, empty_value=None, required=False, **kwargs)


class _AtUnit(forms.Form):
    role = forms.TypedChoiceField(label=_("Role"), choices=STAFF_ROLES, coerce=Role)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = PlaceChoice(units, label=_("At"), help_text=_("With everything that stands below it."))


class InviteForm(_AtUnit):
    email = forms.EmailField(label=_("E-mail"))
    display_name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonChoice(people, label=_("Person"))
        self.order_fields(["email", "display_name", "person", "role", "unit", "language"])


class GrantForm(_AtUnit):
    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["role", "unit", "start", "end", "reason"])


class EndGrantForm(forms.Form):
    on = DateField(label=_("The first day without it"))


class LinkForm(forms.Form):
    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonChoice(people, label=_("Person"))


class TokenForm(_AtUnit):
    name = forms.CharField(label=_("For what program"), max_length=100)
    days = forms.IntegerField(label=_("Lasts how many days"), min_value=1, max_value=730, initial=90)

    def __init__(self, *args: Any, rights: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=_("Only these rights"), choices=[(right, right) for right in rights], required=False,
            widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all rights of the role."),
        )  # fmt: skip
        self.order_fields(["name", "role", "unit", "days", "scopes"])

    def lasts(self) -> dt.timedelta:
        return dt.timedelta(days=self.cleaned_data["days"])


class GlassForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need this record now?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your reason is kept and read by a reviewer."),
    )  # fmt: skip


class ReviewForm(forms.Form):
    finding = forms.CharField(
        label=_("What did you find?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Was the access needed? What follows?"),
    )  # fmt: skip


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
