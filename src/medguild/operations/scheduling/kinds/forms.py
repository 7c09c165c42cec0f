"""Forms of a kind of visit: what it is, how it is planned, what it needs, how long it takes for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.words import specialty_words
from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.scheduling.kinds.rules import STAFF_BOOKERS, Door
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import LONGEST_PADDING, MOST_NEEDED, Mode, PatientKind
from medguild.operations.scheduling.words import DOOR_WORDS, MODE_WORDS, PATIENT_KIND_WORDS, choices

COLOURS = (
    ("blue", _("Blue")), ("green", _("Green")), ("orange", _("Orange")), ("purple", _("Purple")), ("red", _("Red")),
    ("teal", _("Teal")),
)  # fmt: skip
_BOOKERS = [
    *((door.value, DOOR_WORDS[door]) for door in Door),
    *((role.value, role_words(role)) for role in STAFF_BOOKERS),
]
_NUMBER = "number_"
TERMS = ("prep_minutes", "clean_up_minutes", "pads_clinician", "shortest_minutes", "longest_minutes", "booked_by")
PLANNED = ("minutes", *TERMS[:-1])
BOOKED = ("patient_kind", "booked_by", "active")
_KIND = (
    "owner", "code", "name", "modes", "specialty", "colour", "needs_room", "minutes", "patient_kind", "active",
)  # fmt: skip


class VisitTypeForm(forms.Form):
    owner = forms.ChoiceField(label=_("Holds at"), help_text=_("With everything that stands below it."))
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short, for programs; never shown to patients."))
    name = forms.CharField(label=_("Name"), max_length=80)
    modes = forms.MultipleChoiceField(
        label=_("How"), choices=choices(MODE_WORDS), widget=forms.CheckboxSelectMultiple, initial=[Mode.IN_PERSON],
        help_text=_("An e-consult takes the clinician's time, but no room and no time of the patient."),
    )  # fmt: skip
    specialty = forms.CharField(label=_("Specialty"), required=False, max_length=60)
    colour = forms.ChoiceField(label=_("Colour"), choices=COLOURS)
    needs_room = forms.BooleanField(label=_("Needs a room"), required=False, initial=True)
    minutes = forms.IntegerField(label=_("Usual length in minutes"), min_value=5, max_value=1440)
    shortest_minutes = forms.IntegerField(
        label=_("Never shorter than (minutes)"), required=False, min_value=1, max_value=1440,
        help_text=_("Templates and bookings below it are refused, unless a deviation was approved."),
    )  # fmt: skip
    longest_minutes = forms.IntegerField(
        label=_("Never longer than (minutes)"), required=False, min_value=1, max_value=1440
    )
    prep_minutes = forms.IntegerField(
        label=_("Preparing before it (minutes)"), min_value=0, max_value=LONGEST_PADDING, initial=0,
        help_text=_("Room, devices and staff are taken for it; the patient is not."),
    )  # fmt: skip
    clean_up_minutes = forms.IntegerField(
        label=_("Cleaning up after it (minutes)"), min_value=0, max_value=LONGEST_PADDING, initial=0
    )
    pads_clinician = forms.BooleanField(
        label=_("Preparing and cleaning up take the clinician's time as well"), required=False
    )
    patient_kind = forms.ChoiceField(label=_("For"), choices=choices(PATIENT_KIND_WORDS))
    booked_by = forms.MultipleChoiceField(
        label=_("Booked by"), choices=_BOOKERS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: everybody who may book visits."),
    )  # fmt: skip
    active = forms.BooleanField(label=_("May be booked"), required=False, initial=True)
    only_during = forms.MultipleChoiceField(
        label=_("Taken only during the visit itself"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Not while it is prepared and cleaned up after."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, owners: Iterable[Unit], capabilities: Iterable[Capability] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {str(unit.pk): unit for unit in owners}
        _offer(self, "owner", [(key, unit.name) for key, unit in self._owners.items()])
        self._capabilities = {str(one.pk): one for one in capabilities}
        _offer(self, "only_during", [(key, one.name) for key, one in self._capabilities.items()])
        self.fields["room_kind"] = forms.ChoiceField(label=_("Kind of room"), required=False)
        rooms = [(key, one.name) for key, one in self._capabilities.items() if one.kind == "room"]
        _offer(self, "room_kind", rooms, _now("Any room"))
        for key, one in self._capabilities.items():
            if one.kind != "room":
                self.fields[_NUMBER + key] = forms.IntegerField(
                    label=one.name, required=False, min_value=0, max_value=MOST_NEEDED,
                    help_text=_now("Device") if one.kind == "equipment" else _now("Staff with this skill"),
                )  # fmt: skip

    @property
    def described(self) -> list[forms.BoundField]:
        """What it is."""
        rest = {
            *PLANNED,
            *BOOKED,
            "only_during",
            "room_kind",
            *(name for name in self.fields if name.startswith(_NUMBER)),
        }
        return [self[name] for name in self.fields if name not in rest]

    @property
    def planned(self) -> list[forms.BoundField]:
        """How long it takes."""
        return [self[name] for name in PLANNED]

    @property
    def booked(self) -> list[forms.BoundField]:
        """By whom and for whom it is booked."""
        return [self[name] for name in BOOKED]

    @property
    def needed(self) -> list[forms.BoundField]:
        """How many of which devices and skills."""
        return [self["room_kind"], *(self[name] for name in self.fields if name.startswith(_NUMBER))]

    def clean_owner(self) -> Unit:
        return self._owners[self.cleaned_data["owner"]]

    def clean_modes(self) -> tuple[Mode, ...]:
        return tuple(Mode(mode) for mode in self.cleaned_data["modes"])

    def clean_patient_kind(self) -> PatientKind:
        return PatientKind(self.cleaned_data["patient_kind"])

    def kind(self) -> dict[str, Any]:
        """What `record_visit_type` takes."""
        data = self.cleaned_data
        return {name: data[name] for name in _KIND} | {"terms": Terms(**{name: data[name] for name in TERMS})}

    def needs(self) -> dict[Capability, Needed]:
        """What `set_needs` takes."""
        data = self.cleaned_data
        numbers = {
            name.removeprefix(_NUMBER): value for name, value in data.items() if name.startswith(_NUMBER) and value
        }
        if data["room_kind"]:
            numbers[data["room_kind"]] = 1
        only = set(data["only_during"])
        return {self._capabilities[key]: Needed(number, key not in only) for key, number in numbers.items()}


def initial_of_visit_type(kind: VisitType) -> dict[str, Any]:
    """What the form of a kind of visit begins with."""
    values = {name: getattr(kind, name) for name in VisitTypeForm.base_fields if name not in ("owner", "only_during")}
    needs = list(kind.needs.select_related("capability"))
    values |= {f"{_NUMBER}{need.capability_id}": need.count for need in needs if need.capability.kind != "room"}
    room = next((str(need.capability_id) for need in needs if need.capability.kind == "room"), "")
    only = [str(need.capability_id) for need in needs if not need.padded]
    return values | {"owner": str(kind.owner_id), "room_kind": room, "only_during": only}


class LengthForm(forms.Form):
    """How long a kind of visit takes somewhere, in a specialty or with somebody."""

    specialty = forms.ChoiceField(label=_("In the specialty"), required=False)
    unit = forms.TypedChoiceField(label=_("At"), required=False, coerce=UUID, empty_value=None)
    clinician = forms.TypedChoiceField(label=_("With"), required=False, coerce=UUID, empty_value=None)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440)
    start = DateField(label=_("From"), help_text=_("Visits that are booked keep their length."))

    def __init__(
        self,
        *args: Any,
        units: Iterable[Unit],
        clinicians: Iterable[Clinician],
        specialties: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._units = {unit.pk: unit for unit in units}
        self._clinicians = {one.pk: one for one in clinicians}
        named = [(one, specialty_words(one)) for one in sorted({one for one in specialties if one})]
        _offer(self, "specialty", named, _now("Any specialty"))
        _offer(self, "unit", [(str(pk), one.name) for pk, one in self._units.items()], _now("Everywhere"))
        _offer(self, "clinician", [(str(pk), one.label()) for pk, one in self._clinicians.items()], _now("Everybody"))

    def clean_unit(self) -> Unit | None:
        return self._units.get(self.cleaned_data["unit"])

    def clean_clinician(self) -> Clinician | None:
        return self._clinicians.get(self.cleaned_data["clinician"])

    def clean_start(self) -> dt.date:
        day: dt.date = self.cleaned_data["start"]
        if day < today():
            raise forms.ValidationError(_now("This day is over. Choose a day from today on."), code="in_the_past")
        return day


def _offer(form: forms.Form, name: str, options: list[tuple[str, str]], empty: str = "") -> None:
    """Fill a choice; `empty` is what nothing chosen means."""
    offer_choices(form, name, [("", empty), *options] if empty else options)
