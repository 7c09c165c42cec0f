"""The form of who pays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.ui.forms import offer_choices
from medguild.patients.accounts.rules import Guarantor, GuarantorRelation
from medguild.patients.accounts.words import RELATIONS
from medguild.patients.identity.fields import TypedDateField
from medguild.patients.identity.rules.phones import normal_phone
from medguild.patients.identity.words import PROBLEMS


class GuarantorForm(forms.Form):
    """`relation` and `guarantor()`; None when the patient pays."""

    relation = forms.TypedChoiceField(
        label=gettext_lazy("Who pays?"),
        choices=RELATIONS,
        coerce=GuarantorRelation,
        initial=GuarantorRelation.SELF.value,
        help_text=gettext_lazy("For a child: the parent or guardian."),
    )
    family_name = forms.CharField(label=gettext_lazy("Family name of who pays"), max_length=100, required=False)
    given_name = forms.CharField(label=gettext_lazy("Given name of who pays"), max_length=100, required=False)
    organization = forms.CharField(
        label=gettext_lazy("Or an organisation"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("An employer, for example."),
    )
    birth_date = TypedDateField(label=gettext_lazy("Birth date of who pays"), birth=True, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone of who pays"), max_length=40, required=False)
    line1 = forms.CharField(label=gettext_lazy("Street of who pays"), max_length=200, required=False)
    city = forms.CharField(label=gettext_lazy("City of who pays"), max_length=100, required=False)
    state = forms.RegexField(r"^[A-Za-z]{2}$", label=gettext_lazy("State of who pays"), required=False)
    postal_code = forms.RegexField(r"^\d{5}(-?\d{4})?$", label=gettext_lazy("ZIP code of who pays"), required=False)

    @property
    def somebody_else(self) -> bool:
        """Whether the part about another person has something in it, or something wrong."""
        others = set(self.fields) - {"relation", "entity"}
        return self.is_bound and any(name in self.errors or self[name].value() for name in others)

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except ValueError:
            raise ValidationError(str(PROBLEMS["phone_form"]), code="phone_form") from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors or values["relation"] is GuarantorRelation.SELF:
            return values
        guarantor = self.guarantor()
        if guarantor is None or not guarantor.named:
            self.add_error("family_name", _("Write either both names of the person who pays, or an organisation."))
        return values

    def guarantor(self) -> Guarantor | None:
        values = self.cleaned_data
        if values["relation"] is GuarantorRelation.SELF:
            return None
        names = (
            "family_name", "given_name", "organization", "birth_date", "phone", "line1", "city", "state", "postal_code",
        )  # fmt: skip
        return Guarantor(**{name: values[name] for name in names})


class AccountForm(GuarantorForm):
    """A new account of an entity that the actor works for."""

    entity = forms.ChoiceField(label=gettext_lazy("Entity"))

    field_order = ("entity",)

    def __init__(self, *args: Any, entities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "entity", entities)
