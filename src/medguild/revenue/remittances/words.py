"""What codes of this room are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.revenue.remittances.posting_rules import Effect
from medguild.revenue.remittances.rules import Hold, Outcome, RemittanceStatus, Unmatched

STATUS: dict[str, Promise] = {
    RemittanceStatus.POSTED: _("Posted"),
    RemittanceStatus.QUARANTINED: _("In quarantine"),
    RemittanceStatus.CONFLICT: _("Two payments with one key"),
    RemittanceStatus.SET_ASIDE: _("Set aside"),
}
TONES: dict[str, str] = {
    RemittanceStatus.POSTED: "ok",
    RemittanceStatus.QUARANTINED: "bad",
    RemittanceStatus.CONFLICT: "warn",
    RemittanceStatus.SET_ASIDE: "neutral",
}
OUTCOMES: dict[str, Promise] = {
    Outcome.POSTED: _("Posted"),
    Outcome.ALREADY_POSTED: _("Posted before; nothing changed"),
    Outcome.QUARANTINED: _("In quarantine; nothing was posted"),
    Outcome.CONFLICT: _("Another payment has the same key; a person decides"),
    Outcome.SET_ASIDE: _("Set aside before; nothing changed"),
    Outcome.REFUSED: _("For an entity where you may not post"),
}
OUTCOME_TONES: dict[str, str] = {
    Outcome.POSTED: "ok",
    Outcome.ALREADY_POSTED: "info",
    Outcome.QUARANTINED: "bad",
    Outcome.CONFLICT: "warn",
    Outcome.SET_ASIDE: "neutral",
    Outcome.REFUSED: "bad",
}
HOLDS: dict[str, Promise] = {
    Hold.UNBALANCED: _("It does not balance. Ask the payer for a corrected remittance."),
    Hold.DAMAGED: _("The file is damaged or incomplete. Ask the sender for it again."),
    Hold.VERSION: _("It is written in a version that is not read here (005010X221A1 is). Ask for that version."),
    Hold.NO_BOOKS: _("The receiving entity has no books. Open them, then check again."),
    Hold.REFUSED: _("The books refused it. Check again; if that does not help, tell an administrator."),
    Hold.SAME_KEY: _("Payer, payee, number, date and amount are those of a posted payment; the content is not."),
}
UNMATCHED: dict[str, Promise] = {
    Unmatched.NO_CLAIM: _("No claim of ours has this number"),
    Unmatched.OTHER_ENTITY: _("The claim is of another entity"),
    Unmatched.NOT_SENT: _("The claim was never sent"),
    Unmatched.UNKNOWN_PAYEE: _("The payee is not known"),
}
EFFECTS: dict[str, Promise] = {
    Effect.CONTRACTUAL: _("Contractual adjustment"),
    Effect.REDUCTION: _("Reduction after allowing"),
    Effect.WITHHOLD: _("Withheld, returnable"),
    Effect.INTEREST: _("Interest"),
    Effect.PATIENT: _("To the patient"),
    Effect.NEXT_PAYER: _("To the next payer"),
    Effect.DENIED: _("Denied: stays open, becomes work"),
    Effect.PRIOR_PAYER: _("Paid or adjusted by the prior payer"),
    Effect.PROTECTED: _("The patient may not be billed; somebody decides"),
    Effect.UNCLEAR: _("Stays open; somebody decides"),
}
CLAIM_STATUS: dict[str, Promise] = {
    "1": _("Processed as primary"),
    "2": _("Processed as secondary"),
    "3": _("Processed as tertiary"),
    "4": _("Denied"),
    "19": _("Primary, sent on to the next payer"),
    "20": _("Secondary, sent on to the next payer"),
    "21": _("Tertiary, sent on to the next payer"),
    "22": _("Reversal of an earlier payment"),
    "23": _("Not our claim, sent on"),
    "25": _("Predetermination"),
}
PROVIDER_REASONS: dict[str, Promise] = {
    "WO": _("Recoupment of an overpayment"),
    "WU": _("Recoupment, not specified"),
    "FB": _("Balance carried forward"),
    "72": _("Authorised return"),
    "OB": _("Offset for an affiliated provider"),
    "L6": _("Interest"),
    "CT": _("Capitation"),
    "E3": _("Withholding"),
}
CATEGORIES: dict[str, Promise] = {
    "appeal": _("Decision on an appeal"),
    "authorization": _("Authorisation"),
    "bundling": _("Bundled services"),
    "capitation": _("Capitation"),
    "cob": _("Wrong payer or order of payers"),
    "coding": _("Coding"),
    "contractual": _("Contract"),
    "documentation": _("Records missing"),
    "duplicate": _("Duplicate"),
    "eligibility": _("Eligibility"),
    "frequency_limit": _("Limit of units or visits"),
    "liability_wc": _("Injury: another insurer owes"),
    "medical_necessity": _("Medical necessity"),
    "missing_info": _("Information missing"),
    "non_covered": _("Not covered"),
    "other": _("Other"),
    "patient_share": _("Patient share"),
    "payment_adjustment": _("Payment mechanics"),
    "provider_enrolment": _("Enrolment of clinician or group"),
    "referral_network": _("Referral or network"),
    "timely_filing": _("Filed too late"),
}
