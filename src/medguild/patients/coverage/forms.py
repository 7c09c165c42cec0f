"""The form of a coverage, as the card tells it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.forms import offer_choices
from medguild.patients.coverage.cards import Side
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import Rank, Subscriber, SubscriberRelation
from medguild.patients.coverage.words import RANKS, RELATIONS
from medguild.patients.identity.fields import TypedDateField
from medguild.patients.identity.rules.sex import Sex
from medguild.patients.identity.words import SEXES
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.payers.selectors import payers, plans

PICTURES = "image/png,image/jpeg,application/pdf"
_Choices = list[tuple[str | Promise, Any]]


@dataclass(frozen=True, slots=True)
class Cover:
    """Who covers: a payer, and the plan when the card names one."""

    payer: Payer
    plan: Plan | None


def cover_choices(day: dt.date) -> tuple[_Choices, dict[str, Cover]]:
    """Payers in force with their plans as choices, grouped by payer, and what each choice means."""
    meaning: dict[str, Cover] = {}
    groups: dict[UUID, list[tuple[str, str]]] = {}
    for payer in payers(on=day).exclude(kind="self_pay"):
        meaning[f"payer:{payer.pk}"] = Cover(payer, None)
        groups[payer.pk] = [(f"payer:{payer.pk}", _("%(payer)s, any plan") % {"payer": payer.name})]
    for plan in plans(on=day):
        if plan.payer_id in groups:
            meaning[f"plan:{plan.pk}"] = Cover(plan.payer, plan)
            groups[plan.payer_id].append((f"plan:{plan.pk}", f"{plan.payer.name}: {plan.name}"))
    choices: _Choices = [("", _("Choose"))]
    choices += [(meaning[entries[0][0]].payer.name, entries) for entries in groups.values()]
    return choices, meaning


class CoverageForm(forms.Form):
    """`given()` has the arguments of the services; `cards()` the pictures."""

    cover = forms.ChoiceField(label=gettext_lazy("Payer and plan"))
    member_id = forms.CharField(label=gettext_lazy("Member id"), max_length=80)
    group_number = forms.CharField(label=gettext_lazy("Group number"), max_length=80, required=False)
    rank = forms.TypedChoiceField(label=gettext_lazy("Pays"), choices=RANKS, coerce=Rank, initial=Rank.PRIMARY.value)
    start = TypedDateField(label=gettext_lazy("Covers from"))
    end = TypedDateField(label=gettext_lazy("Covers until"), required=False)
    relation = forms.TypedChoiceField(
        label=gettext_lazy("Patient is the policy holder's"),
        choices=RELATIONS,
        coerce=SubscriberRelation,
        initial=SubscriberRelation.SELF.value,
    )
    subscriber_family_name = forms.CharField(
        label=gettext_lazy("Policy holder's family name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Only when the patient is not the policy holder."),
    )
    subscriber_given_name = forms.CharField(
        label=gettext_lazy("Policy holder's given name"), max_length=100, required=False
    )
    subscriber_birth_date = TypedDateField(label=gettext_lazy("Policy holder's birth date"), birth=True, required=False)
    subscriber_sex = forms.TypedChoiceField(
        label=gettext_lazy("Policy holder's sex"), choices=SEXES, coerce=Sex, required=False, initial=Sex.UNKNOWN.value
    )
    subscriber_line1 = forms.CharField(label=gettext_lazy("Policy holder's street"), max_length=200, required=False)
    subscriber_city = forms.CharField(label=gettext_lazy("Policy holder's city"), max_length=100, required=False)
    subscriber_state = forms.RegexField(r"^[A-Za-z]{2}$", label=gettext_lazy("Policy holder's state"), required=False)
    subscriber_postal_code = forms.RegexField(
        r"^\d{5}(-?\d{4})?$", label=gettext_lazy("Policy holder's ZIP code"), required=False
    )
    front = forms.FileField(
        label=gettext_lazy("Card, front"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES})
    )
    back = forms.FileField(
        label=gettext_lazy("Card, back"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices, self._meaning = cover_choices(today())
        offer_choices(self, "cover", choices)

    @classmethod
    def of(cls, coverage: Coverage, data: Any = None, files: Any = None) -> CoverageForm:
        """The form of an existing coverage; its payer stays, its plan may be corrected."""
        cover = f"plan:{coverage.plan_id}" if coverage.plan_id else f"payer:{coverage.payer_id}"
        told = (name for name in cls.base_fields if name not in ("cover", "start", "end", *Side))
        initial = {name: getattr(coverage, name) for name in told}
        form = cls(
            data,
            files,
            initial={**initial, "cover": cover, "start": coverage.period.lower, "end": coverage.period.upper},
        )
        form._only_payer(coverage)
        return form

    def _only_payer(self, coverage: Coverage) -> None:
        held = {key: cover for key, cover in self._meaning.items() if cover.payer.pk == coverage.payer_id}
        held.setdefault(f"payer:{coverage.payer_id}", Cover(coverage.payer, None))
        if coverage.plan is not None:
            held.setdefault(f"plan:{coverage.plan_id}", Cover(coverage.payer, coverage.plan))
        self._meaning = held
        words = [(key, cover.plan.name if cover.plan else cover.payer.name) for key, cover in held.items()]
        offer_choices(self, "cover", words)

    @property
    def somebody_else(self) -> bool:
        """Whether the policy holder's part has something in it, or something wrong."""
        others = (name for name in self.fields if name.startswith("subscriber_") and name != "subscriber_sex")
        return any(name in self.errors or self[name].value() for name in others)

    def chosen(self) -> Cover:
        return self._meaning[self.cleaned_data["cover"]]

    def given(self) -> dict[str, Any]:
        """Arguments of `add_coverage` besides patient, payer and actor."""
        values = self.cleaned_data
        subscriber = Subscriber(
            family_name=values["subscriber_family_name"],
            given_name=values["subscriber_given_name"],
            birth_date=values["subscriber_birth_date"],
            sex=values["subscriber_sex"] or Sex.UNKNOWN,
            line1=values["subscriber_line1"],
            city=values["subscriber_city"],
            state=values["subscriber_state"],
            postal_code=values["subscriber_postal_code"],
        )
        return {
            "plan": self.chosen().plan,
            "member_id": values["member_id"],
            "group_number": values["group_number"],
            "rank": values["rank"],
            "relation": values["relation"],
            "subscriber": None if values["relation"] is SubscriberRelation.SELF else subscriber,
            "start": values["start"],
            "end": values["end"],
        }

    def cards(self) -> dict[Side, UploadedFile[bytes]]:
        return {side: self.cleaned_data[side.value] for side in Side if self.cleaned_data.get(side.value)}


class NewCoverageForm(CoverageForm):
    """Another card for a patient on file."""

    replaces = forms.BooleanField(
        label=gettext_lazy("Replaces the present one of this rank"),
        required=False,
        help_text=gettext_lazy("The present one then ends the day before this one begins."),
    )

    def given(self) -> dict[str, Any]:
        return {**super().given(), "replaces": self.cleaned_data["replaces"]}


class EndForm(forms.Form):
    end = TypedDateField(
        label=gettext_lazy("No longer covers from"), help_text=gettext_lazy("The day after the last covered day.")
    )
