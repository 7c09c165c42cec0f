"""What forms of wished visits have in common: which kind, where, with whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import offer_choices
from medguild.operations.scheduling.models import VisitType

# The first of the alphabet is nobody's wish: who does not choose is asked, not booked for it.
CHOOSE_KIND = _("Choose a kind of visit")


class WishForm(forms.Form):
    """A kind of visit at a site, with a clinician or with any."""

    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)
    site = forms.TypedChoiceField(label=_("Site"), coerce=UUID)
    clinician = forms.TypedChoiceField(label=_("Clinician"), required=False, coerce=UUID, empty_value=None)

    def __init__(
        self,
        *args: Any,
        visit_types: Iterable[VisitType],
        sites: Iterable[Site],
        clinicians: Iterable[Clinician],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.visit_types = {one.pk: one for one in visit_types}
        self.sites = {one.unit_id: one for one in sites}
        self.clinicians = {one.pk: one for one in clinicians}
        kinds = [(str(pk), one.name) for pk, one in self.visit_types.items()]
        offer_choices(self, "visit_type", [("", CHOOSE_KIND), *kinds])
        offer_choices(self, "site", [(str(pk), one.unit.name) for pk, one in self.sites.items()])
        people = [(str(pk), one.label()) for pk, one in self.clinicians.items()]
        offer_choices(self, "clinician", [("", _("Any clinician")), *people])

    def chosen(self) -> dict[str, Any]:
        """Rows for the service."""
        data = self.cleaned_data
        return {
            "visit_type": self.visit_types[data["visit_type"]],
            "site": self.sites[data["site"]],
            "clinician": self.clinicians.get(data["clinician"]),
        }
