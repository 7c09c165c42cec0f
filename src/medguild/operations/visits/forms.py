"""Forms of arrivals and of the visit."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import offer_choices
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.rules import BOARD_STEPS, IdentityProof, MarkOutcome, PatientPlace, VisitStatus
from medguild.operations.visits.words import PROOF_WORDS, SAID_WORDS, STATUS_WORDS, URGENCY_WORDS

_TARGETS = [*BOARD_STEPS[1:], VisitStatus.LEFT, VisitStatus.LEFT_WITHOUT_BEING_SEEN]


class MoveForm(forms.Form):
    """Which step comes next; `seen` is the revision on the screen."""

    to = forms.ChoiceField(choices=[(step.value, STATUS_WORDS[step]) for step in _TARGETS])
    seen = forms.IntegerField(min_value=1)
    room = forms.UUIDField(required=False)
    back = forms.ChoiceField(choices=[("board", "board"), ("visit", "visit"), ("day", "day")], required=False)


class SeenForm(forms.Form):
    seen = forms.IntegerField(min_value=1, required=False)


def _proof(value: str) -> IdentityProof | PatientPlace:
    return PatientPlace(value) if value in list(PatientPlace) else IdentityProof(value)


class MarkForm(forms.Form):
    """What is said about a step of the check-in list."""

    outcome = forms.ChoiceField(choices=[(outcome.value, outcome.value) for outcome in MarkOutcome])
    proof = forms.TypedChoiceField(
        label=_("What was said"),
        choices=[("", ""), *SAID_WORDS.items()],
        coerce=_proof,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(label=_("Why is it left out?"), max_length=300, required=False)


class WalkInForm(forms.Form):
    """Somebody comes without an appointment."""

    clinician = forms.ChoiceField(label=_("Clinician"))
    reason = forms.CharField(label=_("Why has the patient come?"), max_length=300)
    urgency = forms.TypedChoiceField(
        label=_("How urgent"),
        choices=[(urgency.value, words) for urgency, words in URGENCY_WORDS.items()],
        coerce=Urgency,
        empty_value=Urgency.ROUTINE,
        required=False,
        initial=Urgency.ROUTINE,
        help_text=_("It decides who is called in first."),
    )
    identity = forms.ChoiceField(
        label=_("How do you know who this is?"),
        choices=[("", _("Ask later")), *((proof.value, words) for proof, words in PROOF_WORDS.items())],
        required=False,
    )

    def __init__(self, *args: object, clinicians: Iterable[Clinician], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer_choices(self, "clinician", [(str(one.pk), one.label()) for one in clinicians])

    def clean_identity(self) -> IdentityProof | None:
        value = self.cleaned_data["identity"]
        return IdentityProof(value) if value else None
