"""Forms of claims."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import LineCorrection

_BETWEEN = re.compile(r"[\s,;]+")


class CorrectForm(forms.Form):
    """Diagnoses of a claim that was not sent, and modifiers and pointers of each of its services."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    diagnoses = forms.CharField(
        label=_("Diagnoses"), max_length=200, help_text=_("In order, the main one first, like: J06.9, I10")
    )

    place_of_service = forms.RegexField(
        r"^[0-9]{2}$", label=_("Place of service"), required=False,
        help_text=_("Two digits; empty for the site's. Of a remote visit 10 when the patient was at home, else 02."),
    )  # fmt: skip

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_of_service"].initial = claim.place_of_service
        self._lines = list(claim.lines.all())
        self.fields["seen"].initial = claim.revision
        self.fields["diagnoses"].initial = ", ".join(claim.diagnoses)
        for line in self._lines:
            what = {"number": line.number, "code": line.code}
            self.fields[f"modifiers_{line.number}"] = forms.CharField(
                label=_("Line %(number)s, %(code)s: modifiers") % what, required=False, max_length=20,
                initial=" ".join(line.modifiers),
            )  # fmt: skip
            self.fields[f"pointers_{line.number}"] = forms.RegexField(
                regex=r"^[\d\s,]+$", label=_("Line %(number)s: points to diagnoses") % what, max_length=20,
                initial=", ".join(map(str, line.pointers)),
                help_text=_("Numbers of up to four of the diagnoses above, like: 1, 2"),
            )  # fmt: skip

    def corrections(self) -> dict[str, Any]:
        """What `correct_claim` takes."""
        said = self.cleaned_data
        return {
            "seen": said["seen"],
            "place_of_service": said["place_of_service"],
            "diagnoses": _BETWEEN.split(said["diagnoses"]),
            "lines": {
                line.pk: LineCorrection(
                    _BETWEEN.split(said[f"modifiers_{line.number}"]),
                    [int(one) for one in _BETWEEN.split(said[f"pointers_{line.number}"]) if one],
                )
                for line in self._lines
            },
        }
