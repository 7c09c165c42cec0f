"""Forms of group visits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import offer_choices
from medguild.operations.groups.selectors import GroupDay
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.words import CANCEL_WORDS, choices, clock_words


class AddForm(forms.Form):
    """Which time of the group, and as which kind of visit."""

    start = forms.ChoiceField(label=_("Time"))
    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)

    def __init__(self, *args: Any, group: GroupDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._times = {one.start.isoformat(): one.start for one in group.times if one.free}
        first, step = group.session.start_minute, group.session.step_minutes
        labels = {one.start: clock_words(first + step * number) for number, one in enumerate(group.times)}
        offer_choices(self, "start", [(value, labels[start]) for value, start in self._times.items()])
        self._types = {kind.visit_type_id: kind.visit_type for kind in group.session.visit_types.all()}
        offer_choices(self, "visit_type", [(str(pk), one.name) for pk, one in self._types.items()])

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"start": self._times[data["start"]], "visit_type": self._types[data["visit_type"]]}


class RemoveForm(forms.Form):
    reason = forms.TypedChoiceField(label=_("Why"), choices=choices(CANCEL_WORDS), coerce=CancelReason)
