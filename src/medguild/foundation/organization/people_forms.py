"""Forms of people, clinicians, licences and billing identities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.forms import CodeField, StateField, UnitChoice
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import AffiliationKind, ClinicianKind, ClinicianSex
from medguild.foundation.organization.words import AFFILIATION_KINDS, CLINICIAN_KINDS, CLINICIAN_SEXES, LANGUAGES
from medguild.foundation.ui.forms import DateField


class TaxonomyField(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[0-9A-Z]{10}$", _("Write ten letters and digits."), label=_("Taxonomy code"), **kwargs)


class AffiliationForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("Works as"), choices=list(AFFILIATION_KINDS.items()), coerce=AffiliationKind)
    title = forms.CharField(label=_("Title"), max_length=100, required=False)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(units, label=_("Works at"))
        self.order_fields(["given_name", "family_name", "suffix", "email", "unit", "kind", "title", "start", "end"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("It must end after it starts."))
        return cleaned


class PersonForm(AffiliationForm):
    """A person begins with a place of work, so that somebody is answerable for the record."""

    given_name = forms.CharField(label=_("Given name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100)
    suffix = forms.CharField(label=_("Suffix"), max_length=20, required=False, help_text=_("Like MD or RN."))
    email = forms.EmailField(label=_("E-mail"), required=False)


class ClinicianForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("Kind"), choices=list(CLINICIAN_KINDS.items()), coerce=ClinicianKind)
    npi = forms.CharField(label=_("NPI"), max_length=10, help_text=_("The individual number, ten digits."))
    specialty = forms.SlugField(
        label=_("Specialty"), max_length=60, help_text=_("Small letters and underscores, like family_medicine.")
    )
    taxonomy = TaxonomyField()
    start = DateField(label=_("From"))

    def __init__(self, *args: Any, homes: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"] = UnitChoice(homes, label=_("Bookable at"))


class LicenceForm(forms.Form):
    state = StateField()
    number = forms.CharField(label=_("Number"), max_length=40)
    start = DateField(label=_("Valid from"))
    end = DateField(label=_("Expires on"))


class SpeakingForm(forms.Form):
    """What patients ask for when they choose a clinician."""

    languages = forms.MultipleChoiceField(
        label=_("Sees patients in"), required=False, choices=LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Without an interpreter."),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("Sex told to patients who ask"), required=False,
        choices=[("", _("Not said")), *((key.value, word) for key, word in CLINICIAN_SEXES.items())],
    )  # fmt: skip
    on = DateField(label=_("From this day on"))

    def clean_sex(self) -> ClinicianSex | None:
        value = self.cleaned_data["sex"]
        return ClinicianSex(value) if value else None


class BillingForm(forms.Form):
    """Numbers and addresses as they stand on claims of an entity."""

    name = forms.CharField(label=_("Billing name"), max_length=200)
    tin = forms.CharField(label=_("Tax id"), max_length=10)
    group_npi = forms.CharField(label=_("Group NPI"), max_length=10, help_text=_("The type 2 number."))
    taxonomy = TaxonomyField()
    specialty = forms.SlugField(label=_("Only for specialty"), max_length=60, required=False)
    line1 = forms.CharField(label=_("Street"), max_length=200, help_text=_("Payers refuse a post-office box here."))
    city = forms.CharField(label=_("City"), max_length=100)
    state = StateField()
    postal_code = CodeField(r"^\d{9}$", _("Claims need all nine digits."), label=_("ZIP code"))
    submitter_id = forms.CharField(label=_("Submitter id"), max_length=80)
    contact_name = forms.CharField(label=_("Contact"), max_length=60)
    contact_phone = forms.CharField(label=_("Contact phone"), max_length=20)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)

    def __init__(self, *args: Any, sites: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = UnitChoice(sites, label=_("Only for site"), required=False)
        self.order_fields(["name", "tin", "group_npi", "taxonomy", "site", "specialty"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("It must end after it starts."))
        return cleaned
