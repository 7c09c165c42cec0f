"""Forms of the note and its lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import offer_choices
from medguild.operations.chart.lines import Part
from medguild.operations.chart.rules import MOST_UNITS, Section
from medguild.operations.chart.selectors import Staff
from medguild.operations.chart.words import SECTION_WORDS

_ROWS = {Section.REASON: 1, Section.HISTORY: 4, Section.EXAM: 4, Section.ASSESSMENT: 6}


class NoteForm(forms.Form):
    """The text; `seen` travels beside it, because saving in the background renews it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in Section:
            self.fields[section.value] = forms.CharField(
                label=SECTION_WORDS[section],  # type: ignore[arg-type]
                # A draft may have gaps; but "(optional)" at each part of a note would mislead.
                required=not self.is_bound,
                strip=False,
                widget=forms.Textarea(attrs={"rows": _ROWS[section]}),
            )

    def sections(self) -> dict[Section, str]:
        """Only what was sent: a page without a section leaves it as it is."""
        return {section: self.cleaned_data[section.value] for section in Section if section.value in self.data}


class SeenForm(forms.Form):
    seen = forms.IntegerField(min_value=1)
    page = forms.UUIDField(required=False)
    then = forms.ChoiceField(choices=[("sign", "sign")], required=False)


class DiagnosisForm(forms.Form):
    code = forms.CharField(label=_("Diagnosis"), max_length=12)


class Pieces(forms.CharField):
    """Words parted by spaces or commas, as a list."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return str(text).replace(",", " ").split()


class LineForm(forms.Form):
    """Units, modifiers and pointers of a service."""

    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS, initial=1, required=False)
    modifiers = Pieces(label=_("Modifiers"), required=False, max_length=20)
    pointers = forms.TypedMultipleChoiceField(
        label=_("For diagnosis"), coerce=int, required=False, choices=[(n, str(n)) for n in range(1, 13)]
    )

    def clean_units(self) -> int:
        return self.cleaned_data["units"] or 1


class ServiceForm(LineForm):
    """A service to add, with who stood in which part."""

    code = forms.CharField(label=_("Service"), max_length=12)
    performed_by = forms.ChoiceField(label=_("Done by"), required=False)
    rendering = forms.ChoiceField(label=_("Rendered by"), required=False)
    supervising = forms.ChoiceField(label=_("Supervised by"), required=False)
    ordering = forms.ChoiceField(label=_("Ordered by"), required=False)
    referring_name = forms.CharField(label=_("Referred by, name"), required=False, max_length=120)
    referring_npi = forms.CharField(label=_("Referred by, NPI"), required=False, max_length=10)

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clinicians = {str(one.pk): one for one in staff.clinicians}
        self._persons = {str(one.pk): one for one in staff.persons}
        choices = [("", "–"), *((key, one.label()) for key, one in self._clinicians.items())]
        for name in ("rendering", "supervising", "ordering"):
            offer_choices(self, name, choices)
        persons = [("", "–"), *((key, one.label()) for key, one in self._persons.items())]
        offer_choices(self, "performed_by", persons)

    def part(self) -> Part:
        said = self.cleaned_data
        return Part(
            performed_by=self._persons.get(said["performed_by"]),
            rendering=self._clinicians.get(said["rendering"]),
            supervising=self._clinicians.get(said["supervising"]),
            ordering=self._clinicians.get(said["ordering"]),
            referring_name=said["referring_name"],
            referring_npi=said["referring_npi"],
        )


class AddendumForm(forms.Form):
    text = forms.CharField(label=_("Addendum"), widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000)
