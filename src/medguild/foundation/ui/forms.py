"""Form fields of the house, and the way a refusal becomes words at a field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.money import Cents, parse_dollars, plain


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """What a field that was declared without choices lets people choose."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class RowsByLabel:
    """For fields of rows: each goes by its label; as a string a row names itself by its id, for logs."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class RowChoiceField(RowsByLabel, forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some rows."""


class NeededSometimes(forms.Field):
    """For fields that some answers need and others do not: the form's `clean` says which, the help tells people, and no
    label calls them optional."""

    says_optional = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class ChoiceNeededSometimes(NeededSometimes, forms.ChoiceField):
    """One of some choices, needed with some answers."""


class WordsNeededSometimes(NeededSometimes, forms.CharField):
    """Words, needed with some answers."""


class MoneyInput(forms.TextInput):
    """A text field with a dollar sign; phones show digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))


class MoneyField(forms.Field):
    """Dollars as typed (`12`, `$1,200.50`), cents as value. `least` and `most` are in cents."""

    widget = MoneyInput

    def __init__(self, *, least: Cents | None = None, most: Cents | None = None, **kwargs: Any) -> None:
        self.least = least
        self.most = most
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Cents | None:
        if value in self.empty_values:
            return None
        try:
            return parse_dollars(str(value))
        except ValueError:
            raise ValidationError(_("Write an amount like 25 or 25.50."), code="amount") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise ValidationError(_("Write at least $%(amount)s.") % {"amount": plain(self.least)}, code="least")
        if self.most is not None and value > self.most:
            raise ValidationError(_("Write at most $%(amount)s.") % {"amount": plain(self.most)}, code="most")


class DateField(forms.DateField):
    """A day, with the browser's own picker."""

    default_error_messages = {"invalid": gettext_lazy("Write a date like 2026-11-30.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=kwargs.pop("widget", widget), input_formats=["%Y-%m-%d", "%m/%d/%Y"], **kwargs)


class TimeField(forms.TimeField):
    """A time of day, with the browser's own picker."""

    default_error_messages = {"invalid": gettext_lazy("Write a time like 14:30.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=kwargs.pop("widget", widget), input_formats=["%H:%M", "%I:%M %p"], **kwargs)


class BirthDateField(DateField):
    """A day that is not in the future and not more than 130 years ago; typed without a calendar to page through."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        today = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
        if value > today or value < today - dt.timedelta(days=130 * 366):
            raise ValidationError(_("Check the year of birth."), code="birth_date")


def apply_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form when it names none that the form has."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


@contextmanager
def refusals(form: forms.BaseForm) -> Iterator[None]:
    """Turn a `Refusal` raised inside into an error of the form; the view then renders the form again."""
    try:
        yield
    except Refusal as refusal:
        apply_refusal(form, refusal)


def form_status(form: forms.BaseForm) -> int:
    """422 for a form that came back with errors, so that scripts can tell; 200 else."""
    return 422 if form.is_bound and form.errors else 200
