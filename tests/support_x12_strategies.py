"""Hypothesis strategies for whole transactions: what conforms to the guide, and looks like what is sent every day.

270, 271, 276 and 277 here; 837P and 835 in support_x12_records, the others in support_x12_strategies_acks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from medguild.x12.records import claim_status as answer
from medguild.x12.records import claim_status_request as ask
from medguild.x12.records import eligibility_request as inquiry
from medguild.x12.records import eligibility_response as cover
from medguild.x12.records.common import Amount, Contact, Dated, Party, Reference
from medguild.x12.records.shared import (
    BilledService,
    CodedProcedure,
    DeliveryLimit,
    Demographics,
    Header,
    Message,
    ProcedureCode,
    Rejection,
    Relationship,
    Status,
    StatusCode,
    Trace,
)
from tests.support_x12_records import addresses, cents, days, names, npis

ids = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=20)
first_names = names.map(lambda text: text[:35])
codes = st.sampled_from(["99213", "99214", "36415", "71046", "J1100"])
sexes = st.sampled_from("FM")


def few(one: Any, most: int = 2, least: int = 0) -> Any:
    return st.lists(one, min_size=least, max_size=most).map(tuple)


def maybe(one: Any, nothing: Any = None) -> Any:
    return st.just(nothing) | one


def dated(qualifier: str) -> Any:
    one = st.builds(Dated, st.just(qualifier), days)
    period = st.builds(lambda a, b: Dated(qualifier, min(a, b), max(a, b)), days, days)
    return one | period


def header(structure: str, purpose: str, kind: str = "") -> Any:
    clock = st.sampled_from(["0304", "1159", "235959"])
    return st.builds(Header, st.just(structure), st.just(purpose), ids, days, clock, st.just(kind))


def trace(kind: str, *, originator: bool = False) -> Any:
    who = st.just("9999999999") if originator else st.just("")
    return st.builds(Trace, st.just(kind), ids, who)


def organisation(role: str, qualifiers: str, identity: Any = ids) -> Any:
    return st.builds(
        lambda name, qualifier, number: Party(role, "2", name, id_qualifier=qualifier, id=number),
        names, st.sampled_from(qualifiers.split()), identity,
    )  # fmt: skip


def provider_party(role: str) -> Any:
    person = st.builds(
        lambda last, first, n: Party(role, "1", last, first, id_qualifier="XX", id=n), names, first_names, npis
    )
    return person | organisation(role, "XX", npis)


def member(role: str = "IL") -> Any:
    return st.builds(
        lambda last, first, m, n: Party(role, "1", last, first, m[:25].strip(), id_qualifier="MI", id=n),
        names, first_names, maybe(names, ""), ids,
    )  # fmt: skip


def relative(role: str) -> Any:
    return st.builds(lambda last, first: Party(role, "1", last, first), names, first_names)


PAYERS = organisation("PR", "PI XV")
demographics = st.builds(Demographics, st.just("D8"), days, sexes)
statuses = st.builds(StatusCode, st.sampled_from(["F0", "F1", "P1"]), st.sampled_from(["20", "65", "107"]))
procedures = st.builds(ProcedureCode, st.just("HC"), codes, maybe(st.just("25"), ""))
numbers = st.integers(1, 99).map(Decimal)


# 270 and 271

questions = st.builds(
    inquiry.BenefitInquiry,
    st.builds(inquiry.Question, st.sampled_from([("30",), ("30", "98"), ("1", "33", "47")]))
    | st.builds(inquiry.Question, procedure=st.builds(CodedProcedure, st.just("HC"), codes)),
    date=maybe(dated("291")),
)


def asked_person(party: Any, relationship: Relationship, least: int) -> Any:
    return st.builds(
        inquiry.InsuredPerson, party, address=maybe(addresses), demographics=maybe(demographics),
        relationship=maybe(st.just(relationship)), dates=few(dated("291"), 1), inquiries=few(questions, 3, least),
    )  # fmt: skip


SELF = Relationship("Y", "18")
CHILD = Relationship("N", "19")
asked_dependents = st.builds(
    inquiry.Dependent, few(trace("1", originator=True), 1), asked_person(relative("03"), CHILD, 1)
)
asked_subscribers = st.builds(
    inquiry.Subscriber, few(trace("1", originator=True), 1), asked_person(member(), SELF, 1)
) | st.builds(inquiry.Subscriber, st.just(()), asked_person(member(), SELF, 0), few(asked_dependents, 2, 1))
EVERY_270 = st.builds(
    inquiry.EligibilityRequest,
    header("0022", "13"),
    few(
        st.builds(
            inquiry.InformationSource,
            st.builds(inquiry.SourceName, PAYERS),
            few(
                st.builds(
                    inquiry.InformationReceiver,
                    st.builds(
                        inquiry.ReceiverName, provider_party("1P"), few(st.just(Reference("TJ", "999990001")), 1)
                    ),
                    few(asked_subscribers, 2, 1),
                ),
                1, 1,
            ),
        ),
        1, 1,
    ),
)  # fmt: skip

TYPES = st.sampled_from([("30",), ("98",), ("30", "98", "33"), ("1", "47")])
benefits = st.one_of(
    st.builds(
        cover.Benefit, st.sampled_from("16"), st.sampled_from(["", "IND"]), TYPES, st.sampled_from(["", "HM"]),
        maybe(names, ""),
    ),
    st.builds(
        cover.Benefit, st.sampled_from("BCG"), st.sampled_from(["IND", "FAM"]), TYPES,
        period=st.sampled_from(["23", "29", "27"]), amount_cents=cents, in_network=st.sampled_from("YNW"),
    ),
    st.builds(
        cover.Benefit, st.just("A"), st.just("IND"), TYPES, percent=st.sampled_from([Decimal("0.2"), Decimal("0.35")])
    ),
    st.builds(
        cover.Benefit, st.just("F"), st.just("IND"), TYPES, period=st.just("23"), quantity_qualifier=st.just("VS"),
        quantity=numbers, in_network=st.just("Y"),
    ),
)  # fmt: skip
numbers_to_call = st.builds(Contact, st.just("IC"), names, st.just((("TE", "5555550100"),)))
related = st.builds(
    cover.RelatedEntity, organisation("PR", "PI"), maybe(addresses), few(numbers_to_call, 1),
)  # fmt: skip
answers = st.builds(
    cover.BenefitAnswer,
    benefits,
    limits=few(st.builds(DeliveryLimit, st.just("VS"), numbers, st.just("MO")), 1),
    references=few(st.builds(Reference, st.just("18"), ids), 1),
    dates=few(dated("348"), 1),
    messages=few(st.builds(Message, names), 2),
    related=few(related, 1),
)
rejections = st.builds(Rejection, st.just("N"), st.sampled_from(["72", "75"]), st.just("C"))


def covered_person(party: Any, relationship: Relationship) -> Any:
    shared = {"address": maybe(addresses), "demographics": maybe(demographics)}
    found = st.builds(
        cover.InsuredPerson, party, **shared, relationship=maybe(st.just(relationship)), dates=few(dated("346"), 1),
        answers=few(answers, 4, 1),
    )  # fmt: skip
    return found | st.builds(cover.InsuredPerson, party, **shared, rejections=few(rejections, 1, 1))


covered_dependents = st.builds(
    cover.Dependent, few(trace("2", originator=True), 1), covered_person(relative("03"), CHILD)
)
covered_subscribers = st.builds(
    cover.Subscriber, few(trace("2", originator=True), 1), covered_person(member(), SELF)
) | st.builds(cover.Subscriber, st.just(()), st.builds(cover.InsuredPerson, member()), few(covered_dependents, 2, 1))
EVERY_271 = st.builds(
    cover.EligibilityResponse,
    header("0022", "11"),
    few(
        st.builds(
            cover.InformationSource,
            name=st.builds(cover.SourceName, PAYERS, few(numbers_to_call, 1)),
            receivers=few(
                st.builds(
                    cover.InformationReceiver,
                    st.builds(cover.ReceiverName, provider_party("1P")),
                    few(covered_subscribers, 2, 1),
                ),
                1, 1,
            ),
        ),
        1, 1,
    ),
)  # fmt: skip


# 276 and 277

asked_lines = st.builds(
    ask.ServiceLineInquiry,
    st.builds(ask.Service, procedures, cents, units=numbers),
    maybe(st.builds(Reference, st.just("FJ"), ids)),
    dated("472"),
)
asked_claims = st.builds(
    ask.ClaimInquiry,
    trace("1"),
    st.sampled_from([("1K",), ("EJ",), ("1K", "EJ"), ("BLT", "EJ")]).flatmap(
        lambda kinds: st.tuples(*(st.builds(Reference, st.just(kind), ids) for kind in kinds))
    ),
    maybe(st.builds(Amount, st.just("T3"), cents)),
    maybe(dated("472")),
    few(asked_lines, 2),
)
status_dependents = st.builds(
    ask.Dependent, demographics, st.builds(ask.DependentName, relative("QC")), few(asked_claims, 2, 1)
)
status_subscribers = st.builds(
    ask.Subscriber, demographics, st.builds(ask.SubscriberName, member()), few(asked_claims, 2, 1)
) | st.builds(ask.Subscriber, name=st.builds(ask.SubscriberName, member()), dependents=few(status_dependents, 2, 1))
EVERY_276 = st.builds(
    ask.ClaimStatusRequest,
    header("0010", "13"),
    few(
        st.builds(
            ask.InformationSource,
            st.builds(ask.PayerName, PAYERS),
            few(
                st.builds(
                    ask.InformationReceiver,
                    st.builds(ask.ReceiverName, organisation("41", "46")),
                    few(
                        st.builds(
                            ask.ServiceProvider,
                            few(st.builds(ask.ProviderName, provider_party("1P")), 1, 1),
                            few(status_subscribers, 2, 1),
                        ),
                        2, 1,
                    ),
                ),
                1, 1,
            ),
        ),
        1, 1,
    ),
)  # fmt: skip

claim_statuses = st.builds(
    Status, statuses, days, charge_cents=cents, paid_cents=cents, final_date=maybe(days), second=maybe(statuses),
)  # fmt: skip
line_statuses = st.builds(
    answer.ServiceLineStatus,
    st.builds(BilledService, procedures, cents, cents, units=numbers),
    few(st.builds(Status, statuses, days), 2, 1),
    maybe(st.builds(Reference, st.just("FJ"), ids)),
    dated("472"),
)
found_claims = st.builds(
    answer.ClaimStatus,
    trace("2"),
    few(claim_statuses, 2, 1),
    st.sampled_from([("1K",), ("EJ",), ("1K", "EJ")]).flatmap(
        lambda kinds: st.tuples(*(st.builds(Reference, st.just(kind), ids) for kind in kinds))
    ),
    maybe(dated("472")),
    few(line_statuses, 2),
)
found_dependents = st.builds(answer.Dependent, st.builds(answer.DependentName, relative("QC")), few(found_claims, 2, 1))
found_subscribers = st.builds(
    answer.Subscriber, st.builds(answer.SubscriberName, member()), few(found_claims, 2, 1)
) | st.builds(answer.Subscriber, st.builds(answer.SubscriberName, member()), dependents=few(found_dependents, 2, 1))
EVERY_277 = st.builds(
    answer.ClaimStatusResponse,
    header("0010", "08", "DG"),
    few(
        st.builds(
            answer.InformationSource,
            st.builds(answer.PayerName, PAYERS, maybe(numbers_to_call)),
            few(
                st.builds(
                    answer.InformationReceiver,
                    st.builds(answer.ReceiverName, organisation("41", "46")),
                    providers=few(
                        st.builds(
                            answer.ServiceProvider,
                            few(st.builds(answer.ProviderName, provider_party("1P")), 1, 1),
                            subscribers=few(found_subscribers, 2, 1),
                        ),
                        2, 1,
                    ),
                ),
                1, 1,
            ),
        ),
        1, 1,
    ),
)  # fmt: skip
