"""Forms of prices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.ui.forms import DateField, MoneyField, RowChoiceField
from medguild.payers.payers.models import Payer
from medguild.payers.pricing.rules import ScheduleKind
from medguild.payers.pricing.words import SCHEDULE_KINDS

LARGEST_FILE = 20 * 1024 * 1024


class ScheduleForm(forms.Form):
    entity = RowChoiceField(Unit.objects.none(), label=_("Legal entity"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("For example: Charges 2027."))
    kind = forms.TypedChoiceField(label=_("For whom"), choices=SCHEDULE_KINDS, coerce=ScheduleKind)
    start = DateField(label=_("From"), help_text=_("The schedule that holds now ends on this day."))
    copy = forms.BooleanField(
        label=_("Begin with the fees of the newest schedule"), required=False, initial=True,
        help_text=_("Then change what is different, or load a file."),
    )  # fmt: skip

    def __init__(self, *args: Any, entities: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]


class ContractForm(forms.Form):
    entity = RowChoiceField(Unit.objects.none(), label=_("Legal entity"), empty_label=None)
    payer = RowChoiceField(Payer.objects.order_by("name"), label=_("Payer"))
    name = forms.CharField(label=_("Name"), max_length=200)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until"), required=False, help_text=_("The first day on which it no longer holds."))

    def __init__(self, *args: Any, entities: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]


class EndForm(forms.Form):
    end = DateField(label=_("Until"), help_text=_("The first day on which it no longer holds."))


class _CodeForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=10)
    modifier = forms.CharField(label=_("Modifier"), max_length=2, required=False)

    def fix(self) -> None:
        """The line is there: what it costs may change, what it is may not."""
        for name in ("code", "modifier"):
            self.fields[name].disabled = True


class FeeForm(_CodeForm):
    amount = MoneyField(label=_("Fee"), least=0)


class RateForm(_CodeForm):
    allowed = MoneyField(label=_("Allowed amount"), least=0, required=False)
    percent = forms.DecimalField(
        label=_("Or percent of the charge"), required=False, min_value=0, max_value=1000, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Empty: all other codes.")

    def clean_percent(self) -> int | None:
        """Basis points."""
        percent = self.cleaned_data["percent"]
        return None if percent is None else int(percent * 100)


class LoadForm(forms.Form):
    file = forms.FileField(label=_("CSV file"))
    dry_run = forms.BooleanField(label=_("Only say what would change"), required=False)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB."), code="too_large")
        content: bytes = file.read()
        return content
