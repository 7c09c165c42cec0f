"""What the findings of the edits say, and what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.revenue.claims.rules import ClaimStatus, Frequency

FINDINGS: dict[str, Promise] = {
    "billing_npi_invalid": _("The group's NPI is wrong: correct the billing identity."),
    "billing_tin_invalid": _("The tax id is wrong: correct the billing identity."),
    "billing_zip_nine_digits": _("The billing address needs a nine-digit ZIP code."),
    "rendering_npi_invalid": _("The clinician's NPI is wrong: correct the clinician's record."),
    "referring_npi_invalid": _("The NPI of the referring clinician is wrong: correct it on the charge."),
    "member_id_missing": _("The member id is missing: add it to the coverage."),
    "not_covered_on_date": _("The coverage did not hold on the day of service: choose the one that did."),
    "payer_id_missing": _("The payer has no payer id: add it to the payer."),
    "patient_name_missing": _("The patient's name is incomplete."),
    "patient_birth_date_missing": _("The patient's birth date is missing."),
    "patient_address_missing": _("The patient's address is incomplete: street, city and state are needed."),
    "patient_zip_invalid": _("The patient's ZIP code must have five or nine digits."),
    "patient_sex_unknown": _("The patient's sex is sent as unknown; some payers refuse that."),
    "subscriber_name_missing": _("The subscriber's name is incomplete: complete the coverage."),
    "diagnosis_missing": _("No diagnosis: the note must name one."),
    "too_many_diagnoses": _("More than twelve diagnoses: split the claim."),
    "diagnosis_not_valid_on_date": _("This diagnosis code is not valid on the day of service."),
    "no_lines": _("The claim has no services."),
    "too_many_lines": _("More than fifty services: split the claim."),
    "pointer_missing": _("The service points to no diagnosis."),
    "pointer_to_nothing": _("The service points to a diagnosis that is not on the claim."),
    "line_without_fee": _("The service has no charge: add the fee to the fee schedule."),
    "service_in_future": _("The day of service has not come yet."),
    "duplicate_service": _("The same service is on another claim of this day; add a modifier or take one off."),
    "place_of_service_invalid": _("The site has no valid place-of-service code."),
    "remote_rule_missing": _(
        "It is not on file how this payer wants such remote visits billed: add its rule, then check again."
    ),
    "remote_not_paid": _(
        "This payer does not pay such remote visits: take the claim back, and ask the patient or correct the rule."
    ),
    "patient_place_assumed": _(
        "Nobody said where the patient was during the remote visit: the claim says at home. Correct it if not."
    ),
    "patient_place_differs": _(
        "The claim says another place than was said at check-in for this remote visit. Correct one of them."
    ),
    "remote_modifiers_full": _(
        "The service has four modifiers already: there is no room for what the payer asks of remote visits."
    ),
    "payer_control_missing": _(
        "The payer's number of the first claim is missing; without it a new claim would be filed."
    ),
}

STATUS: dict[str, Promise] = {
    ClaimStatus.DRAFT: _("Draft"),
    ClaimStatus.EDIT_FAILED: _("To be mended"),
    ClaimStatus.READY: _("Ready to send"),
    ClaimStatus.SENT: _("Sent"),
    ClaimStatus.PAID: _("Paid"),
    ClaimStatus.PARTLY_PAID: _("Partly paid"),
    ClaimStatus.DENIED: _("Denied"),
    ClaimStatus.VOID: _("Void"),
}
TONES: dict[str, str] = {
    ClaimStatus.DRAFT: "neutral",
    ClaimStatus.EDIT_FAILED: "bad",
    ClaimStatus.READY: "info",
    ClaimStatus.SENT: "busy",
    ClaimStatus.PAID: "ok",
    ClaimStatus.PARTLY_PAID: "warn",
    ClaimStatus.DENIED: "bad",
    ClaimStatus.VOID: "neutral",
}
FREQUENCIES: dict[str, Promise] = {
    Frequency.ORIGINAL: _("Original"),
    Frequency.REPLACEMENT: _("Replacement of an earlier claim"),
    Frequency.VOID: _("Void of an earlier claim"),
}
