"""Forms of units, sites, relations and circles. Choices of units are given by the view, scoped to the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import EntityKind, RelationKind, ResourceKind, UnitKind
from medguild.foundation.organization.words import ENTITY_KINDS, RELATION_KINDS, RESOURCE_KINDS, UNIT_KINDS
from medguild.foundation.ui.forms import DateField

ZONES = [(zone, zone) for zone in sorted(available_timezones()) if zone.startswith(("America/", "US/", "Pacific/"))]


class CodeField(forms.CharField):
    """A code of a fixed form, kept in capitals without hyphens; `words` say what to write."""

    def __init__(self, pattern: str, words: Any, **kwargs: Any) -> None:
        super().__init__(validators=[RegexValidator(pattern, words)], **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("-", "").upper()


class StateField(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[A-Z]{2}$", _("Write two letters, like OR."), label=_("State"), **kwargs)


class UnitChoice(forms.TypedChoiceField):
    """One of the units given; the value is the unit."""

    def __init__(self, units: Iterable[Unit], **kwargs: Any) -> None:
        held = {str(unit.pk): unit for unit in units}
        choices = [(key, f"{unit.name} ({UNIT_KINDS[UnitKind(unit.kind)]})") for key, unit in held.items()]
        super().__init__(choices=[("", "")] + choices, coerce=held.get, empty_value=None, **kwargs)


class UnitForm(forms.Form):
    """A new unit below another; the kind follows from the parent's."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(
        label=_("Short name"), max_length=60, required=False, help_text=_("Shown where there is little room.")
    )
    start = DateField(label=_("Opens on"))


class MoveForm(forms.Form):
    on = DateField(label=_("From this day on"))

    def __init__(self, *args: Any, parents: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = UnitChoice(parents, label=_("Stands under"))
        self.order_fields(["to", "on"])


class EndForm(forms.Form):
    """The day on which something no longer holds."""

    on = DateField(label=_("The first day without it"))


class LegalForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("Kind"), choices=list(ENTITY_KINDS.items()), coerce=EntityKind)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200)
    ein = forms.CharField(label=_("Tax id (EIN)"), max_length=10, help_text=_("Nine digits, like 12-3456789."))
    state = StateField()


class SiteForm(forms.Form):
    line1 = forms.CharField(label=_("Street"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=100)
    state = StateField()
    postal_code = CodeField(r"^\d{5}(\d{4})?$", _("Write five or nine digits."), label=_("ZIP code"))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="America/New_York")
    place_of_service = forms.RegexField(
        r"^\d{2}$", label=_("Place of service"), initial="11", help_text=_("Two digits; 11 is an office.")
    )
    specialty = forms.CharField(label=_("Specialty"), max_length=60, required=False)


class RelationForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("Relation"), choices=list(RELATION_KINDS.items()), coerce=RelationKind)
    percent = forms.DecimalField(
        label=_("Share in percent"), required=False, min_value=0, max_value=100, decimal_places=2,
        help_text=_("Only for ownership."),
    )  # fmt: skip
    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)

    def __init__(self, *args: Any, targets: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"] = UnitChoice(targets, label=_("With"))
        self.order_fields(["kind", "target", "percent", "start", "end"])


class ThingForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("Kind"),
        choices=[(kind, RESOURCE_KINDS[kind]) for kind in (ResourceKind.ROOM, ResourceKind.EQUIPMENT)],
        coerce=ResourceKind,
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    capacity = forms.IntegerField(label=_("Used by how many at once"), min_value=1, max_value=50, initial=1)
    start = DateField(label=_("From"))


class SplitForm(forms.Form):
    """A percentage for each practice; together 100."""

    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)

    def __init__(self, *args: Any, practices: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practices = practices
        for practice in practices:
            self.fields[f"share_{practice.pk}"] = forms.DecimalField(
                label=practice.name,
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                help_text=_("Percent"),
            )

    def shares(self) -> dict[UUID, int]:
        """Basis points for each practice with a share."""
        given = {practice.pk: self.cleaned_data.get(f"share_{practice.pk}") for practice in self.practices}
        return {pk: int(percent * 100) for pk, percent in given.items() if percent}


class ClosureForm(forms.Form):
    day = DateField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CircleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    basis = forms.CharField(
        label=_("Basis"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why these entities may share charts: one covered entity, affiliated, or an arrangement."),
    )  # fmt: skip
    start = DateField(label=_("From"))

    def __init__(self, *args: Any, entities: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {str(unit.pk): unit for unit in entities}
        self.fields["entities"] = forms.TypedMultipleChoiceField(
            label=_("Entities"), choices=[(key, unit.name) for key, unit in held.items()], coerce=held.get,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


class JoinForm(forms.Form):
    start = DateField(label=_("From"))
    end = DateField(label=_("Until (not including)"), required=False)

    def __init__(self, *args: Any, entities: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {str(unit.pk): unit for unit in entities}
        self.fields["entity"] = forms.TypedChoiceField(
            label=_("Entity"), choices=[("", ""), *((key, unit.name) for key, unit in held.items())], coerce=held.get
        )
        self.order_fields(["entity", "start", "end"])


class OnForm(forms.Form):
    """The day that a page shows; today where none is given."""

    on = DateField(label=_("As of"), required=False)

    def day(self, today: dt.date) -> dt.date:
        return (self.cleaned_data.get("on") if self.is_valid() else None) or today
