"""Forms of networks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, RowChoiceField
from medguild.payers.networks.rules import PlanRules, Standing
from medguild.payers.networks.words import STANDINGS
from medguild.payers.payers.models import Payer, Plan

_END = _("The first day on which it no longer holds; empty when it goes on.")


class NetworkForm(forms.Form):
    payer = RowChoiceField(Payer.objects.order_by("name"), label=_("Payer"))
    name = forms.CharField(label=_("Name of the network"), max_length=200)
    start = DateField(label=_("From"))


class UseForm(forms.Form):
    """A plan that uses the network."""

    plan = RowChoiceField(Plan.objects.none(), label=_("Plan"))
    tier = forms.IntegerField(label=_("Tier"), min_value=1, max_value=5, initial=1, help_text=_("1 costs least."))
    start = DateField(label=_("From"))
    end = DateField(label=_("Until"), required=False, help_text=_END)

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """How the network lists an entity."""

    entity = RowChoiceField(Unit.objects.none(), label=_("Legal entity"))
    site = RowChoiceField(Unit.objects.none(), label=_("Site"), required=False, empty_label=_("All of its sites"))
    standing = forms.TypedChoiceField(label=_("Standing"), choices=STANDINGS, coerce=Standing)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until"), required=False, help_text=_END)

    def __init__(self, *args: Any, entities: QuerySet[Unit], sites: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class ClinicianForm(forms.Form):
    """How the network lists a clinician under an entity."""

    clinician = RowChoiceField(Clinician.objects.none(), label=_("Clinician"))
    entity = RowChoiceField(Unit.objects.none(), label=_("Legal entity"))
    standing = forms.TypedChoiceField(label=_("Standing"), choices=STANDINGS, coerce=Standing)
    open_panel = forms.BooleanField(label=_("Takes new patients"), required=False, initial=True)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until"), required=False, help_text=_END)

    def __init__(self, *args: Any, entities: QuerySet[Unit], clinicians: QuerySet[Clinician], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]
        self.fields["clinician"].queryset = clinicians  # type: ignore[attr-defined]


class EndForm(forms.Form):
    on = DateField(label=_("Until"), help_text=_("The first day on which it no longer holds."))


class TermsForm(forms.Form):
    """What a plan asks of its members."""

    needs_gatekeeper = forms.BooleanField(label=_("Members choose a primary care clinician"), required=False)
    needs_referral = forms.BooleanField(label=_("Specialists need a referral"), required=False)
    covers_outside = forms.BooleanField(label=_("Pays outside of its network too"), required=False)
    has_tiers = forms.BooleanField(label=_("Clinicians stand in tiers"), required=False)
    start = DateField(label=_("From"))

    def terms(self) -> PlanRules:
        data = self.cleaned_data
        return PlanRules(
            data["needs_gatekeeper"], data["needs_referral"], data["covers_outside"], data["has_tiers"]
        )  # fmt: skip


class CheckForm(forms.Form):
    """Is this visit in network?"""

    plan = RowChoiceField(Plan.objects.none(), label=_("Plan"))
    entity = RowChoiceField(Unit.objects.none(), label=_("Legal entity"))
    site = RowChoiceField(Unit.objects.none(), label=_("Site"))
    clinician = RowChoiceField(Clinician.objects.none(), label=_("Clinician"))
    on = DateField(label=_("Day of the visit"))
    new_patient = forms.BooleanField(label=_("New patient"), required=False)

    def __init__(
        self,
        *args: Any,
        plans: QuerySet[Plan],
        entities: QuerySet[Unit],
        sites: QuerySet[Unit],
        clinicians: QuerySet[Clinician],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"plan": plans, "entity": entities, "site": sites, "clinician": clinicians}
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
