"""What codes of this room are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.revenue.remittances.posting_rules import Effect
from medguild.revenue.remittances.rules import DenialOutcome, Hold, Outcome, RemittanceStatus, Unmatched

STATUS: dict[str, Promise] = {
    RemittanceStatus.POSTED: _("Posted"),
    RemittanceStatus.QUARANTINED: _("In quarantine"),
    RemittanceStatus.CONFLICT: _("To be decided"),
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
DENIAL_OUTCOMES: dict[str, Promise] = {
    "": _("Settled"),
    DenialOutcome.DECIDED_ANEW: _("The payer decided anew"),
    DenialOutcome.RESUBMITTED: _("Answered by a new claim"),
    DenialOutcome.WRITTEN_OFF: _("Written off"),
    DenialOutcome.TO_PATIENT: _("Asked of the patient"),
    DenialOutcome.CLOSED: _("Closed"),
}
# What usually helps, per category; the first step of whoever takes the work.
FIRST_STEPS: dict[str, Promise] = {
    "appeal": _("Read the payer's letter about the appeal; the next level has its own deadline."),
    "authorization": _("Ask for approval after the fact, or send the claim again with the approval number."),
    "bundling": _("See whether a modifier tells that the service stood apart; if so, send the claim again with it."),
    "capitation": _("The plan pays per member: check that it was the right plan, then write the amount off."),
    "cob": _("Ask the patient which plan pays first, mend the order of the coverages, bill the right payer."),
    "coding": _("Check code, modifiers and diagnoses against the note, and send the corrected claim."),
    "contractual": _("Compare with the contract; if the payer is wrong, ask for it to be decided anew."),
    "documentation": _("Send the records that the payer asks for."),
    "duplicate": _("Look for the first claim: if it was paid, write this one off; if not, send it as a replacement."),
    "eligibility": _("Check the coverage on the day of service; bill the plan that held, or ask the patient."),
    "frequency_limit": _("Check units and dates; if they are right, ask for an exception with the records."),
    "liability_wc": _("Ask the patient about the accident, and bill the insurer that answers for it."),
    "medical_necessity": _("Check that the diagnosis supports the service; correct it, or appeal with the note."),
    "missing_info": _("The remark says what is missing: add it and send the corrected claim."),
    "non_covered": _("Check the plan's terms; if the patient signed for it, the patient may owe it."),
    "provider_enrolment": _("Ask whether clinician and group were enrolled on that day; mend it, then bill again."),
    "referral_network": _("Find the referral, add its number, and send the claim again."),
    "timely_filing": _("Send proof that the claim was sent in time; without it the amount is lost."),
}
FIRST_STEP = _("Read the reason, then decide below.")
