"""What the pages are about: sites, a period, a kind of visit. Kept in the address, so that a view can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import offer_choices
from medguild.operations.scheduling.models import VisitType

PERIODS = ((28, _("4 weeks")), (56, _("8 weeks")), (91, _("13 weeks")), (182, _("26 weeks")))
USUAL_DAYS = 28


class NumbersForm(forms.Form):
    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=UUID, empty_value=None)
    days = forms.TypedChoiceField(label=_("Period"), required=False, coerce=int, empty_value=None, choices=PERIODS)
    kind = forms.TypedChoiceField(label=_("Kind of visit"), required=False, coerce=UUID, empty_value=None)

    def __init__(
        self, *args: Any, sites: Iterable[Site], kinds: Sequence[VisitType] = (), usual_days: int = USUAL_DAYS,
        all_sites: bool = True, with_days: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.usual_days = usual_days
        options: list[tuple[str, Any]] = [(str(site.unit_id), site.unit.name) for site in sites]
        offer_choices(self, "site", [("", _("All sites")), *options] if all_sites else options)
        self.fields["days"].initial = usual_days
        if kinds:
            offer_choices(self, "kind", [(str(kind.pk), kind.name) for kind in kinds])
        else:
            del self.fields["kind"]
        if not with_days:
            del self.fields["days"]

    def _said(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_bound and self.is_valid() else None

    @property
    def chosen_site(self) -> UUID | None:
        found: UUID | None = self._said("site")
        return found

    @property
    def chosen_days(self) -> int:
        return self._said("days") or self.usual_days

    @property
    def chosen_kind(self) -> UUID | None:
        found: UUID | None = self._said("kind")
        return found
