"""Who billed, treated, referred, and who is the patient."""

from __future__ import annotations

from medguild.x12.check.situational.rules import claim_rule, line_rule
from medguild.x12.records.claim import Claim, Provider, ServiceLine

SELF = "18"
ATYPICAL = frozenset(("0B", "1G", "G2", "LU"))  # numbers of providers that have no NPI
BOXES = ("PO BOX", "P O BOX", "P.O. BOX", "P.O.BOX", "LOCKBOX", "LOCK BOX")
ELSEWHERE = frozenset("21 22 23 24 31 32 33 34 51 52 53 55 56 61".split())  # places that are never the billing office
BY_PERSON = "1"


@claim_rule(
    "837.billing-npi", "error", "2010AA NM109",
    "The billing provider has no NPI. Add it (NM108 XX, NM109), or another number if the provider can have none.",
)  # fmt: skip
def billing_provider_has_no_number(claim: Claim) -> bool:
    return not claim.billing.npi and not any(r.qualifier in ATYPICAL for r in claim.billing.references)


@claim_rule(
    "837.billing-address", "error", "2010AA N301",
    "The billing provider's address is a post box. It must be a street address; put the box into the pay-to address.",
)  # fmt: skip
def billing_address_is_a_box(claim: Claim) -> bool:
    address = claim.billing.address
    return address is not None and address.line1.upper().startswith(BOXES)


@claim_rule(
    "837.pay-to", "warning", "2010AB N301",
    "The pay-to address repeats the billing address. Leave loop 2010AB out.",
)  # fmt: skip
def pay_to_repeats_billing(claim: Claim) -> bool:
    return claim.billing.pay_to is not None and claim.billing.pay_to == claim.billing.address


@claim_rule(
    "837.rendering-missing", "warning", "2310B NM109",
    "An organisation bills, but nobody is named who rendered the service. Add the rendering provider.",
)  # fmt: skip
def organisation_without_rendering(claim: Claim) -> bool:
    if claim.institutional or claim.billing.party.kind == BY_PERSON or claim.rendering:
        return False
    return not all(any(p.party.role == "82" for p in line.providers) for line in claim.lines)


@claim_rule(
    "837.rendering-same", "warning", "2310B NM109",
    "The rendering provider is the billing provider. Leave loop 2310B out.",
    about="providers",
)  # fmt: skip
def rendering_repeats_billing(claim: Claim) -> bool:
    rendering = claim.rendering
    return rendering is not None and bool(rendering.npi) and rendering.npi == claim.billing.npi


@claim_rule(
    "837.provider-number", "error", "2310 NM109",
    "A provider of the claim has neither NPI nor another number. Add the NPI.",
    about="providers",
)  # fmt: skip
def provider_without_number(claim: Claim) -> bool:
    return any(_nameless(p) for p in claim.providers if p.party.role in ("82", "DN", "P3", "DQ", "71", "72"))


def _nameless(provider: Provider) -> bool:
    return not provider.party.id and not provider.references


@claim_rule(
    "837.supervising", "warning", "2310D NM1",
    "A supervising provider is named without a rendering provider. Name who rendered the service under supervision.",
    about="providers",
)  # fmt: skip
def supervising_without_rendering(claim: Claim) -> bool:
    if claim.provider("DQ") is None or claim.rendering or claim.billing.party.kind == BY_PERSON:
        return False
    return not any(p.party.role == "82" for line in claim.lines for p in line.providers)


@claim_rule(
    "837.referring-twice", "error", "2310A NM101",
    "Two referring providers have the same role. "
    "Name one referring (DN) and, if needed, one primary care provider (P3).",
    about="providers",
)  # fmt: skip
def same_referring_role_twice(claim: Claim) -> bool:
    roles = [p.party.role for p in claim.providers if p.party.role in ("DN", "P3")]
    return len(roles) != len(set(roles))


@claim_rule(
    "837.facility", "warning", "2310C NM1",
    "The place of service is another facility, but none is named. Add the service facility (loop 2310C).",
)  # fmt: skip
def facility_not_named(claim: Claim) -> bool:
    if claim.institutional or claim.place_of_service not in ELSEWHERE or claim.provider("77"):
        return False
    return not any(p.party.role == "77" for line in claim.lines for p in line.providers)


@claim_rule(
    "837.facility-same", "warning", "2310C NM109",
    "The service facility is the billing provider. Leave loop 2310C out.",
    about="providers",
)  # fmt: skip
def facility_repeats_billing(claim: Claim) -> bool:
    facility = claim.provider("77")
    return facility is not None and bool(facility.npi) and facility.npi == claim.billing.npi


@claim_rule(
    "837.self-and-patient", "error", "2000B SBR02",
    "The subscriber is said to be the patient (SBR02 18), but a patient level follows. Remove one of the two.",
    about="patient",
)  # fmt: skip
def subscriber_and_patient(claim: Claim) -> bool:
    return claim.subscriber.relationship == SELF and claim.patient is not None


@claim_rule(
    "837.no-patient", "error", "2000B SBR02",
    "Nobody is the patient: SBR02 is not 18 and no patient level follows. "
    "Say that it is the subscriber, or add the patient.",
)  # fmt: skip
def nobody_is_patient(claim: Claim) -> bool:
    return claim.subscriber.relationship != SELF and claim.patient is None


@claim_rule(
    "837.patient-address", "error", "2010BA N301",
    "The subscriber is the patient, but has no address. Add street, city, state and ZIP code.",
)  # fmt: skip
def subscriber_without_address(claim: Claim) -> bool:
    return claim.patient is None and (claim.subscriber.address is None or not claim.subscriber.address.city)


@claim_rule(
    "837.patient-birth", "error", "2010BA DMG02",
    "The subscriber is the patient, but birth date or sex is missing. Add both.",
)  # fmt: skip
def subscriber_without_demographics(claim: Claim) -> bool:
    return claim.patient is None and (claim.subscriber.birth_date is None or not claim.subscriber.sex)


@claim_rule(
    "837.member-id", "error", "2010BA NM109",
    "The subscriber has no member number. Take it from the insurance card.",
)  # fmt: skip
def subscriber_without_number(claim: Claim) -> bool:
    return not claim.subscriber.member_id and claim.subscriber.party.is_person


@claim_rule(
    "837.group-name", "warning", "2000B SBR04",
    "Group number and group name are both sent. The name belongs only where there is no number.",
)  # fmt: skip
def group_number_and_name(claim: Claim) -> bool:
    return bool(claim.subscriber.group_number and claim.subscriber.group_name)


@line_rule(
    "837.line-rendering", "warning", "2420A NM109",
    "The line repeats the rendering provider of the claim. Name another one here only where it differs.",
    about="providers",
)  # fmt: skip
def line_rendering_repeats_claim(claim: Claim, line: ServiceLine) -> bool:
    rendering = claim.rendering
    if rendering is None or not rendering.npi:
        return False
    return any(p.party.role == "82" and p.npi == rendering.npi for p in line.providers)


@line_rule(
    "837.purchased", "error", "2420B NM1",
    "A purchased service has an amount (PS1), but nobody is named from whom it was bought (NM1*QB). Add the provider.",
    about="other",
)  # fmt: skip
def purchase_without_seller(claim: Claim, line: ServiceLine) -> bool:
    bought = any(segment[0] == "PS1" for segment in line.other)
    return bought and not any(p.party.role == "QB" for p in line.providers)
