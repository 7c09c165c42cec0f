"""The choice of a site on the page of times that came free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import offer_choices


class SiteForm(forms.Form):
    """The first site unless another is chosen."""

    site = forms.TypedChoiceField(label=_("Site"), coerce=UUID)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sites = {one.unit_id: one for one in sites}
        offer_choices(self, "site", [(str(pk), one.unit.name) for pk, one in self._sites.items()])

    @property
    def chosen(self) -> Site | None:
        if self.is_bound and self.is_valid():
            return self._sites[self.cleaned_data["site"]]
        return next(iter(self._sites.values()), None)
