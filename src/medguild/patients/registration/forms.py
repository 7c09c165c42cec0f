"""The registration form: several small forms on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui.forms import offer_choices
from medguild.patients.accounts.forms import GuarantorForm
from medguild.patients.consent.permissions import ConsentRight
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.words import CONSENT_KINDS, DECISIONS
from medguild.patients.coverage.forms import CoverageForm
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.identity.forms import PersonForm
from medguild.patients.identity.permissions import PatientsRight

_ASKED = (ConsentKind.TREATMENT, ConsentKind.PRIVACY_NOTICE, ConsentKind.COMMUNICATION)
_NEEDED_WITH_COVER = ("cover", "member_id", "start", "rank", "relation")


class RegistrationForm(PersonForm):
    """The person, and where they are registered."""

    unit = forms.TypedChoiceField(label=_("Registered at"), coerce=UUID)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.pk), unit.name) for unit in places(actor)]
        offer_choices(self, "unit", choices)


def places(actor: Actor) -> list[Unit]:
    """Sites where the actor may register; units of any kind for those who hold the right nowhere on a site."""
    sites = list(units_visible(actor, PatientsRight.REGISTER, kind=UnitKind.SITE))
    return sites or list(units_visible(actor, PatientsRight.REGISTER, kind=UnitKind.ENTITY))


class FirstCoverageForm(CoverageForm):
    """The card shown at registration; nothing is needed when no payer is chosen."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"start": today()}, **kwargs)
        for name in _NEEDED_WITH_COVER:
            self.fields[name].required = False

    @property
    def filled(self) -> bool:
        return bool(self.cleaned_data.get("cover"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("cover"):
            for name in _NEEDED_WITH_COVER:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        elif values.get("member_id"):
            self.add_error("cover", _("Choose the payer of this member id."))
        return values


class ConsentsForm(forms.Form):
    """One question per kind; "not asked" leaves it open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(CONSENT_KINDS)
        for kind in _ASKED:
            self.fields[kind.value] = forms.ChoiceField(
                label=str(words[kind.value]), choices=[("", _("Not asked")), *DECISIONS], required=False
            )

    def decisions(self) -> dict[ConsentKind, Decision]:
        return {ConsentKind(name): Decision(value) for name, value in self.cleaned_data.items() if value}


class Page:
    """The forms of the page; `coverage` and `consents` are there for those who may keep them."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        data, files = request.POST or None, request.FILES or None
        self.person = RegistrationForm(data, actor=actor)
        self.guarantor = GuarantorForm(data, prefix="guarantor")
        self.coverage = FirstCoverageForm(data, files, prefix="coverage") if actor.may(CoverageRight.MANAGE) else None
        self.consents = ConsentsForm(data, prefix="consent") if actor.may(ConsentRight.RECORD) else None

    @property
    def forms(self) -> list[forms.Form]:
        return [form for form in (self.person, self.guarantor, self.coverage, self.consents) if form is not None]

    def is_valid(self) -> bool:
        """Every form is asked, so that all that is wrong is shown together."""
        return all([form.is_valid() for form in self.forms])  # noqa: C419

    @property
    def wrong(self) -> bool:
        return any(form.is_bound and form.errors for form in self.forms)
