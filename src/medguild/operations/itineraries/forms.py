"""Forms of days with several visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.itineraries.models import Campus
from medguild.operations.itineraries.rules import Place
from medguild.operations.itineraries.services import Wanted
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.wish_forms import CHOOSE_KIND

MOST = 5


class DayForm(forms.Form):
    """Which visits, on which campus, from when."""

    campus = forms.TypedChoiceField(label=_("Campus"), coerce=UUID)
    start = DateField(label=_("From"))

    def __init__(
        self, *args: Any, campuses: Iterable[Campus], visit_types: Iterable[VisitType], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._campuses = {one.pk: one for one in campuses}
        self._types = {one.pk: one for one in visit_types}
        offer_choices(self, "campus", [(str(pk), one.name) for pk, one in self._campuses.items()])
        kinds = [(str(pk), one.name) for pk, one in self._types.items()]
        for number in range(1, MOST + 1):
            self.fields[f"visit_{number}"] = forms.TypedChoiceField(
                label=_("Visit %(number)d") % {"number": number}, coerce=UUID, empty_value=None,
                required=number <= 2, choices=[("", CHOOSE_KIND if number <= 2 else _("None")), *kinds],
            )  # fmt: skip
            if number > 1:
                self.fields[f"follows_{number}"] = forms.BooleanField(
                    label=_("Visit %(number)d only after the one before") % {"number": number}, required=False
                )  # fmt: skip

    def wanted(self) -> list[Wanted]:
        data = self.cleaned_data
        return [
            Wanted(self._types[data[f"visit_{number}"]], bool(data.get(f"follows_{number}")))
            for number in range(1, MOST + 1)
            if data.get(f"visit_{number}")
        ]

    @property
    def campus_chosen(self) -> Campus:
        return self._campuses[self.cleaned_data["campus"]]


class PickForm(forms.Form):
    """A day that was chosen: its visits as `type|clinician|site|start|follows`, and the id of the day to be."""

    token = forms.UUIDField()
    campus = forms.UUIDField()

    def picks(self) -> list[tuple[UUID, UUID, UUID, dt.datetime, bool]]:
        """Raises ValidationError for what no page of ours has posted."""
        found = []
        for text in self.data.getlist("pick"):  # type: ignore[attr-defined]
            try:
                kind, clinician, site, start, follows = text.split("|")
                moment = dt.datetime.fromisoformat(start)
                if moment.tzinfo is None:
                    raise ValueError
                found.append((UUID(kind), UUID(clinician), UUID(site), moment, follows == "1"))
            except ValueError:
                raise ValidationError(_("Choose one of the days offered."), code="pick") from None
        return found


class CampusForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)


class PlaceForm(forms.Form):
    """Where a site stands on the plan."""

    site = forms.TypedChoiceField(label=_("Site"), coerce=UUID)
    building = forms.CharField(label=_("Building"), max_length=60, required=False)
    east = forms.IntegerField(label=_("Metres east"), min_value=0, max_value=5000)
    south = forms.IntegerField(label=_("Metres south"), min_value=0, max_value=5000)

    def __init__(self, *args: Any, sites: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {one.unit_id: one for one in sites}
        offer_choices(self, "site", [(str(pk), one.unit.name) for pk, one in self.sites.items()])

    def place(self) -> Place:
        return Place(self.cleaned_data["east"], self.cleaned_data["south"])
