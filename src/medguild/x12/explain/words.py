# ruff: noqa: E501  (tables of words)
"""Plain words for loops and codes: ours, short, for people who never read a guide."""

from __future__ import annotations

LOOPS: dict[str, dict[str, str]] = {
    "837": {
        "1000A": "Submitter", "1000B": "Receiver", "2000A": "Billing provider level", "2010AA": "Billing provider",
        "2010AB": "Where payments go", "2010AC": "Plan that is paid", "2000B": "Subscriber level",
        "2010BA": "Subscriber", "2010BB": "Payer", "2000C": "Patient level", "2010CA": "Patient", "2300": "Claim",
        "2310A": "Provider of the claim", "2310B": "Provider of the claim", "2310C": "Provider of the claim",
        "2310D": "Provider of the claim", "2310E": "Place or provider of the claim",
        "2310F": "Place or provider of the claim", "2320": "Another payer", "2330A": "Its subscriber",
        "2330B": "Its name", "2330C": "Provider known to it", "2330D": "Provider known to it",
        "2330E": "Provider known to it", "2330F": "Provider known to it", "2330G": "Provider known to it",
        "2330H": "Provider known to it", "2330I": "Provider known to it", "2400": "Service line", "2410": "Drug",
        "2420A": "Provider of the line", "2420B": "Provider of the line", "2420C": "Provider of the line",
        "2420D": "Provider of the line", "2420E": "Provider of the line", "2420F": "Provider of the line",
        "2420G": "Picked up at", "2420H": "Brought to", "2430": "Decision of another payer", "2440": "Form",
    },
    "835": {
        "1000A": "Payer", "1000B": "Payee", "2000": "Group of claims", "2100": "Claim payment", "2110": "Service payment",
    },
    "270": {
        "2000A": "Payer level", "2100A": "Payer", "2000B": "Asker level", "2100B": "Who asks", "2000C": "Subscriber level",
        "2100C": "Subscriber", "2110C": "Question", "2000D": "Dependant level", "2100D": "Dependant", "2110D": "Question",
    },
    "271": {
        "2000A": "Payer level", "2100A": "Payer", "2000B": "Asker level", "2100B": "Who asked", "2000C": "Subscriber level",
        "2100C": "Subscriber", "2110C": "Benefit", "2115C": "Limit of the benefit", "2120C": "Who has to do with it",
        "2000D": "Dependant level", "2100D": "Dependant", "2110D": "Benefit", "2115D": "Limit of the benefit",
        "2120D": "Who has to do with it",
    },
    "276": {
        "2000A": "Payer level", "2100A": "Payer", "2000B": "Asker level", "2100B": "Who asks", "2000C": "Provider level",
        "2100C": "Provider", "2000D": "Subscriber level", "2100D": "Subscriber", "2200D": "Claim asked about",
        "2210D": "Line asked about", "2000E": "Dependant level", "2100E": "Dependant", "2200E": "Claim asked about",
        "2210E": "Line asked about",
    },
    "277": {
        "2000A": "Payer level", "2100A": "Payer", "2200A": "Transmission", "2000B": "Receiver level",
        "2100B": "Who is answered", "2200B": "Status of the batch", "2000C": "Provider level", "2100C": "Provider",
        "2200C": "Status of the provider", "2000D": "Patient or subscriber level", "2100D": "Patient or subscriber",
        "2200D": "Claim status", "2220D": "Line status", "2000E": "Dependant level", "2100E": "Dependant",
        "2200E": "Claim status", "2220E": "Line status",
    },
    "278": {
        "2000A": "Reviewer level", "2010A": "Reviewer", "2000B": "Requester level", "2010B": "Requester",
        "2000C": "Subscriber level", "2010C": "Subscriber", "2000D": "Dependant level", "2010D": "Dependant",
        "2000E": "Event", "2010EA": "Provider of the event", "2010EB": "Place of a transport", "2000F": "Service",
        "2010F": "Provider of the service",
    },
    "999": {"2000": "Transaction answered", "2100": "Segment in error", "2110": "Element in error"},
}  # fmt: skip

ROLES = {
    "03": "dependant", "1P": "provider", "40": "receiver", "41": "submitter", "45": "drop-off place", "71": "attending",
    "72": "operating", "74": "corrected patient or subscriber", "77": "service facility", "82": "rendering",
    "85": "billing provider", "87": "pay-to address", "DK": "ordering", "DN": "referring", "DQ": "supervising",
    "FA": "facility", "GB": "other insured person", "IL": "subscriber", "P3": "primary care", "PE": "payee",
    "PR": "payer", "PW": "pick-up place", "QB": "purchased from", "QC": "patient", "SJ": "service provider",
    "TT": "claim passed on to", "X3": "reviewer", "ZZ": "other operating",
}  # fmt: skip
IDS = {
    "24": "employer id", "34": "social security number", "46": "electronic id", "FI": "tax number", "II": "health id",
    "MI": "member number", "NI": "insurer number", "PI": "payer number", "SV": "provider number", "XV": "plan id",
    "XX": "NPI",
}  # fmt: skip
GROUPS = {
    "CO": "contract, nobody owes it", "PR": "patient owes it", "OA": "other", "PI": "payer's decision",
    "CR": "correction",
}  # fmt: skip
REFERENCES = {
    "0K": "policy", "1K": "payer's claim number", "1L": "group or policy number", "2U": "payer number", "6P": "group number",
    "6R": "line number", "9A": "repriced claim", "9F": "referral", "BLT": "type of bill", "CE": "contract class",
    "D9": "clearinghouse number", "EA": "medical record", "EI": "tax number", "EJ": "patient account", "EV": "receiver",
    "F8": "payer's claim number", "FJ": "line number", "G1": "prior authorization", "G2": "provider number",
    "LU": "location", "SY": "social security number", "TJ": "tax number", "X4": "CLIA number", "XZ": "prescription",
    "Y4": "agency claim number",
}  # fmt: skip
DATES = {
    "009": "looked at", "036": "ends", "050": "received", "096": "discharged", "150": "service from", "151": "service to",
    "232": "claim from", "233": "claim to", "291": "plan", "304": "last seen", "307": "eligible", "346": "plan begins",
    "347": "plan ends", "405": "produced", "431": "first symptoms", "434": "statement period", "435": "admitted",
    "439": "accident", "454": "first treatment", "455": "last X-ray", "472": "service", "484": "last period",
    "573": "decided", "AAH": "event",
}  # fmt: skip
AMOUNTS = {
    "A8": "not covered", "AU": "covered", "B6": "allowed", "D": "other payer paid", "EAF": "patient still owes",
    "F3": "patient expected to pay", "F5": "patient paid", "I": "interest", "T": "tax", "T3": "charge",
    "YU": "accepted", "YY": "rejected",
}  # fmt: skip
CLAIM_STATUSES = {
    "1": "paid as first payer", "2": "paid as second payer", "3": "paid as third payer", "4": "denied",
    "19": "paid first, passed on", "20": "paid second, passed on", "21": "paid third, passed on", "22": "reversal",
    "23": "not ours, passed on", "25": "priced only",
}  # fmt: skip
FREQUENCIES = {"1": "original", "6": "corrected", "7": "replaces an earlier claim", "8": "voids an earlier claim"}
BENEFITS = {
    "1": "active", "6": "inactive", "A": "coinsurance", "B": "co-payment", "C": "deductible", "CB": "basis of cover",
    "D": "description", "E": "excluded", "F": "limit", "G": "out-of-pocket limit", "I": "not covered",
    "L": "primary care provider", "R": "another payer", "U": "ask there", "V": "cannot answer", "X": "facility",
    "Y": "spend-down",
}  # fmt: skip
PERIODS = {
    "21": "years", "22": "service year", "23": "calendar year", "24": "so far this year", "25": "contract",
    "26": "episode", "27": "visit", "29": "remaining", "32": "lifetime", "34": "month", "35": "week",
}  # fmt: skip
DECISIONS = {
    "A1": "certified", "A2": "certified in part", "A3": "not certified", "A4": "pended", "A6": "modified",
    "C": "cancelled", "CT": "contact the payer", "NA": "no action needed",
}  # fmt: skip
SET_VERDICTS = {
    "A": "accepted", "E": "accepted with errors", "P": "accepted in part", "R": "rejected", "M": "rejected",
    "W": "rejected", "X": "rejected",
}  # fmt: skip
STATUS_KINDS = {
    "A0": "passed on", "A1": "received", "A2": "accepted", "A3": "returned, cannot be processed", "A4": "not found",
    "A5": "split", "A6": "rejected, information missing", "A7": "rejected, information invalid",
    "A8": "rejected, information does not fit", "P0": "pending", "P1": "pending, in process", "P2": "pending, in review",
    "P3": "pending, information asked from provider", "P4": "pending, information asked from patient",
    "F0": "final", "F1": "final, paid", "F2": "final, denied", "F3": "final, revised", "F4": "final, decided",
    "R0": "information asked", "E0": "cannot answer, error in the request", "E1": "cannot answer, system",
    "D0": "not found",
}  # fmt: skip
PAYMENT_METHODS = {
    "ACH": "electronic transfer",
    "CHK": "check",
    "FWT": "wire",
    "BOP": "bank's choice",
    "NON": "no payment",
}
SEQUENCES = {"P": "first", "S": "second", "T": "third", "U": "unknown place"}
ADJUSTMENTS = {  # PLB
    "50": "late filing", "72": "refund taken note of", "90": "early payment", "CS": "adjustment", "CT": "capitation",
    "FB": "balance forward", "IR": "tax withheld", "J1": "non-reimbursable", "L6": "interest", "LE": "levy",
    "WO": "earlier overpayment taken back",
}  # fmt: skip
