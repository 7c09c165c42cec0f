"""One segment as one plain sentence. What has no sentence is shown element by element."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from medguild.x12.amounts import money, parse_cents
from medguild.x12.errors import X12ValueError
from medguild.x12.explain import words
from medguild.x12.tokens import Delimiters, Segment

Sentence = Callable[[list[str], Delimiters], str]
CAS_STEP = 3


def sentence(segment: Segment, marks: Delimiters) -> str:
    """Empty for segments that only structure the file."""
    say = SENTENCES.get(segment[0])
    padded = segment + [""] * 25
    if say:
        return say(padded, marks)
    values = ", ".join(f"{at:02d} {value}" for at, value in enumerate(segment[1:], start=1) if value)
    return f"{segment[0]}: {values}" if values else segment[0]


def day(text: str) -> str:
    """20260131 -> 2026-01-31; ranges too; anything else unchanged."""
    first, dash, last = text.partition("-")
    if dash:
        return f"{day(first)} to {day(last)}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def _money(text: str) -> str:
    try:
        return money(parse_cents(text))
    except X12ValueError:
        return text


def _word(table: Mapping[str, str], code: str) -> str:
    return f"{table[code]} ({code})" if code in table else code


def _parts(text: str, marks: Delimiters) -> list[str]:
    return [*text.split(marks.component), *[""] * 10]


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _repeated(text: str, marks: Delimiters) -> str:
    return text.replace(marks.repetition, ", ") if marks.repetition else text


def _procedure(text: str, marks: Delimiters) -> str:
    parts = _parts(text, marks)
    modifiers = " ".join(part for part in parts[2:6] if part)
    return _listed(f"{parts[1]}" + (f" with {modifiers}" if modifiers else ""), parts[6])


def _party(s: list[str], marks: Delimiters) -> str:
    name = " ".join(part for part in (s[6], s[4], s[5], s[3], s[7]) if part) or "no name"
    number = f"{words.IDS.get(s[8], s[8])} {s[9]}" if s[9] else ""
    return f"{words.ROLES.get(s[1], s[1]).capitalize()}: {_listed(name, number)}"


def _entity(s: list[str], marks: Delimiters) -> str:
    number = f"{words.IDS.get(s[3], s[3])} {s[4]}" if s[4] else ""
    return f"{words.ROLES.get(s[1], s[1]).capitalize()}: {_listed(s[2], number)}"


def _contact(s: list[str], marks: Delimiters) -> str:
    numbers = [s[at + 1] for at in (3, 5, 7) if s[at + 1]]
    return f"Contact: {_listed(s[2], *numbers)}"


def _claim(s: list[str], marks: Delimiters) -> str:
    place = _parts(s[5], marks)
    return (
        f"Claim {s[1]}: charge {_money(s[2])}, place of service {place[0]}, "
        f"{words.FREQUENCIES.get(place[2], 'frequency ' + place[2])}"
    )


def _claim_payment(s: list[str], marks: Delimiters) -> str:
    owed = f", patient owes {_money(s[5])}" if s[5] else ""
    number = f", payer's number {s[7]}" if s[7] else ""
    status = words.CLAIM_STATUSES.get(s[2], f"status {s[2]}")
    return f"Claim {s[1]}: {status}, charge {_money(s[3])}, paid {_money(s[4])}{owed}{number}"


def _service_payment(s: list[str], marks: Delimiters) -> str:
    billed = f", billed as {_procedure(s[6], marks)}" if s[6] else ""
    paid = f", paid {_money(s[3])}" if s[3] else ""
    return f"Service {_procedure(s[1], marks)}: charge {_money(s[2])}{paid}{billed}"


def _adjustments(s: list[str], marks: Delimiters) -> str:
    reasons = [f"{_money(s[at + 1])} for reason {s[at]}" for at in range(2, 20, CAS_STEP) if s[at]]
    return f"Adjusted ({words.GROUPS.get(s[1], s[1])}): {'; '.join(reasons)}"


def _provider_adjustments(s: list[str], marks: Delimiters) -> str:
    found = []
    for at in range(3, 15, 2):
        reason, reference = _parts(s[at], marks)[:2]
        if reason:
            said = words.ADJUSTMENTS.get(reason, f"reason {reason}")
            found.append(_listed(f"{_money(s[at + 1])} {said}", reference and f"reference {reference}"))
    return f"Taken from (or, if negative, added to) the payment: {'; '.join(found)}"


def _payment(s: list[str], marks: Delimiters) -> str:
    method = words.PAYMENT_METHODS.get(s[4], s[4])
    return f"Payment of {_money(s[2])} by {method} on {day(s[16])}"


def _service(s: list[str], marks: Delimiters) -> str:
    pointers = [p for p in _parts(s[7], marks) if p]
    units = f"{s[4]} minutes" if s[3] == "MJ" else f"{s[4]} times"
    for_what = f", for diagnosis {', '.join(pointers)}" if pointers else ""
    return f"Service {_procedure(s[1], marks)}: charge {_money(s[2])}, {units}{for_what}"


def _institutional_service(s: list[str], marks: Delimiters) -> str:
    procedure = f", {_procedure(s[2], marks)}" if s[2] else ""
    return f"Revenue code {s[1]}{procedure}: charge {_money(s[3])}, {s[5]} times"


def _diagnoses(s: list[str], marks: Delimiters) -> str:
    found = [
        _listed(f"{parts[1]} ({parts[0]})", day(parts[3])) for parts in (_parts(e, marks) for e in s[1:]) if parts[0]
    ]
    return f"Codes: {'; '.join(found)}"


def _subscriber(s: list[str], marks: Delimiters) -> str:
    place = f"Pays {words.SEQUENCES.get(s[1], s[1])}"
    group = f"group {s[3]}" if s[3] else ""
    return _listed(place, "the subscriber is the patient" if s[2] == "18" else "", group, s[4], s[9] and f"kind {s[9]}")


def _benefit(s: list[str], marks: Delimiters) -> str:
    what = words.BENEFITS.get(s[1], f"information {s[1]}")
    services = _repeated(s[3], marks)
    amount = _money(s[7]) if s[7] else ""
    share = f"{float(s[8]):.0%}" if s[8].replace(".", "", 1).isdigit() else s[8]
    network = {"Y": "in network", "N": "out of network", "W": "in and out of network"}.get(s[12], "")
    period = words.PERIODS.get(s[6], s[6])
    return "Benefit: " + _listed(what, amount, share, period, s[5], services and f"service types {services}", network)


def _status(s: list[str], marks: Delimiters) -> str:
    found = []
    for at in (1, 10, 11):
        category, status, entity = _parts(s[at], marks)[:3]
        if category:
            found.append(_listed(_word(words.STATUS_KINDS, category), f"status {status}", entity and f"about {entity}"))
    amounts = _listed(s[4] and f"charge {_money(s[4])}", s[5] and f"paid {_money(s[5])}")
    return f"Status: {_listed('; '.join(found), day(s[2]), amounts, s[12])}"


def _question(s: list[str], marks: Delimiters) -> str:
    services = f"service types {_repeated(s[1], marks)}" if s[1] else ""
    return f"Asks about {_listed(services, _procedure(s[2], marks) if s[2] else '')}"


def _review(s: list[str], marks: Delimiters) -> str:
    said = _listed(f"category {s[1]}", s[2] and f"certification {s[2]}", s[3] and f"service type {s[3]}")
    return f"Asks for review: {said}"


def _decision(s: list[str], marks: Delimiters) -> str:
    decided = words.DECISIONS.get(s[1], s[1])
    return f"Decision: {_listed(decided, s[2] and f'number {s[2]}', s[3] and f'reason {s[3]}')}"


def _interchange_note(s: list[str], marks: Delimiters) -> str:
    note = f", note {s[5]}" if s[5] != "000" else ""
    return f"Interchange {s[1]} is {words.SET_VERDICTS.get(s[4], s[4])}{note}"


SENTENCES: dict[str, Sentence] = {
    "ST": lambda s, m: f"Transaction {s[2]}",
    "SE": lambda s, m: "",
    "HL": lambda s, m: "",
    "LS": lambda s, m: "",
    "LE": lambda s, m: "",
    "BHT": lambda s, m: f"Batch {s[3]}, made on {day(s[4])}",
    "BPR": _payment,
    "TRN": lambda s, m: f"Trace number {s[2]}" + (f" of {s[3]}" if s[3] else ""),
    "CUR": lambda s, m: f"Currency {s[2]}",
    "DTM": lambda s, m: f"{words.DATES.get(s[1], 'Date ' + s[1]).capitalize()}: {day(s[2])}",
    "DTP": lambda s, m: f"{words.DATES.get(s[1], 'Date ' + s[1]).capitalize()}: {day(s[3])}",
    "N1": _entity,
    "NM1": _party,
    "N3": lambda s, m: f"Address: {_listed(s[1], s[2])}",
    "N4": lambda s, m: f"Place: {_listed(s[1], ' '.join(p for p in (s[2], s[3]) if p), s[4])}",
    "PER": _contact,
    "REF": lambda s, m: f"{words.REFERENCES.get(s[1], 'Reference ' + s[1]).capitalize()}: {s[2]}",
    "AMT": lambda s, m: f"{words.AMOUNTS.get(s[1], 'Amount ' + s[1]).capitalize()}: {_money(s[2])}",
    "QTY": lambda s, m: f"Quantity {s[1]}: {s[2]}",
    "DMG": lambda s, m: f"Born {day(s[2])}" + ({"F": ", female", "M": ", male"}.get(s[3], "")),
    "PRV": lambda s, m: f"Specialty {s[3]}",
    "PAT": lambda s, m: f"Relationship to the subscriber: code {s[1]}" if s[1] else "Facts about the patient",
    "SBR": _subscriber,
    "CLM": _claim,
    "HI": _diagnoses,
    "LX": lambda s, m: f"Line {s[1]}",
    "SV1": _service,
    "SV2": _institutional_service,
    "SVD": lambda s, m: f"Payer {s[1]} paid {_money(s[2])} for {_procedure(s[3], m)}",
    "CAS": _adjustments,
    "LIN": lambda s, m: f"Drug code {s[3]}",
    "CTP": lambda s, m: f"Quantity of the drug: {s[4]} {s[5]}",
    "NTE": lambda s, m: f"Note: {s[2]}",
    "CLP": _claim_payment,
    "SVC": _service_payment,
    "LQ": lambda s, m: f"Remark code {s[2]}",
    "PLB": _provider_adjustments,
    "EB": _benefit,
    "EQ": _question,
    "MSG": lambda s, m: f"Message: {s[1]}",
    "AAA": lambda s, m: f"Rejected: reason {s[3]}, what to do next: {s[4]}",
    "STC": _status,
    "UM": _review,
    "HCR": _decision,
    "AK1": lambda s, m: f"About group {s[2]} ({s[1]}, {s[3]})",
    "AK2": lambda s, m: f"Transaction {s[2]} ({s[1]})",
    "IK3": lambda s, m: f"Segment {s[1]} at position {s[2]}: error {s[4]}",
    "IK4": lambda s, m: f"Element {s[1]}: error {s[3]}",
    "CTX": lambda s, m: f"In {' '.join(p for p in _parts(s[1], m) if p)}",
    "IK5": lambda s, m: f"The transaction is {words.SET_VERDICTS.get(s[1], s[1])}",
    "AK9": lambda s, m: f"The group is {words.SET_VERDICTS.get(s[1], s[1])}: {s[4]} of {s[3]} transactions accepted",
    "TA1": _interchange_note,
}  # fmt: skip
