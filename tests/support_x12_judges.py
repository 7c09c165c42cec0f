"""Two independent judges of X12 files, and how their verdicts are set beside ours.

pyx12 follows the guides' maps (SNIP 1 and 2, some of 4). x12sdk fills models, so it knows less of the envelope and more
of what belongs together. Both know things wrongly; each known false verdict stands in `FALSE` with its reason.
"""

from __future__ import annotations

import io
import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from x12sdk.io import X12ModelReader

from medguild.x12 import CountingNumbers, batches, inspect_stream, write_claims, write_remittances
from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.transactions import read_records, write_records
from medguild.x12.read.files import claim_transactions
from medguild.x12.records.remittance import Remittance
from medguild.x12.report import FileReport
from medguild.x12.write.claim import write_institutional_claims
from tests.support_x12 import ENVELOPE, pyx12_errors, read_transactions
from tests.support_x12_records import CLAIM_HEADER

EXAMPLES = int(os.environ.get("MEDGUILD_JUDGE_EXAMPLES", "50"))
PYX12, X12SDK = "pyx12", "x12sdk"
JUDGES: dict[str, tuple[str, ...]] = {
    "837P": (PYX12, X12SDK),
    "837I": (PYX12, X12SDK),
    "835": (PYX12, X12SDK),
    "270": (X12SDK,),
    "271": (X12SDK,),
    "276": (X12SDK,),
    "277": (X12SDK,),
    "277CA": (PYX12,),
    "999": (PYX12,),
    "278": (),
}
SNIP_2, SNIP_3 = 2, 3


# writing and reading, whatever the set


def write(kind: str, found: list[Any]) -> bytes:
    """found: claims of an 837, whole records of every other set."""
    out = io.BytesIO()
    if kind == "837P":
        write_claims(out, list(batches(CLAIM_HEADER, found)), ENVELOPE, CountingNumbers())
    elif kind == "837I":
        write_institutional_claims(out, list(batches(CLAIM_HEADER, found)), ENVELOPE, CountingNumbers())
    elif kind == "835":
        write_remittances(out, found, ENVELOPE, CountingNumbers())
    else:
        write_records(out, kind, found, ENVELOPE, CountingNumbers())
    return out.getvalue()


def read(kind: str, data: bytes) -> list[Any]:
    if kind in BOUND:
        return [record for _, record in read_records(io.BytesIO(data), kind)]
    if kind == "835":
        found = [one for one in read_transactions(data) if isinstance(one, Remittance)]
        return [replace(one, header=replace(one.header, control="")) for one in found]
    return [claim for reader in claim_transactions(io.BytesIO(data)) for claim in reader]


# one random fault


def mutate(data: bytes, rng: random.Random) -> tuple[bytes, str]:
    """The file with one fault of form, and what was done. Counts are put right again, so that they hide nothing."""
    segments = data.decode().split("~")[:-1]
    start = next(at for at, segment in enumerate(segments) if segment.startswith("ST*"))
    end = next(at for at, segment in enumerate(segments) if segment.startswith("SE*"))
    at = rng.randrange(start + 1, end)
    elements = segments[at].split("*")
    name = elements[0]
    what = rng.choice(list(FAULTS))
    if what in ("drop", "double", "swap"):
        FAULTS[what](segments, at, rng)
        end = next(n for n, segment in enumerate(segments) if n > start and segment.startswith("SE*"))
        _recount(segments, start, end)
    elif what == "envelope":
        name = FAULTS[what](segments, at, rng)
    else:
        name += f"{FAULTS[what](segments, at, rng):02d}"
    return ("~".join(segments) + "~").encode(), f"{what} {name}"


def _recount(segments: list[str], start: int, end: int) -> None:
    _, _, control = segments[end].split("*")
    segments[end] = f"SE*{end - start + 1}*{control}"


def _drop(segments: list[str], at: int, rng: random.Random) -> Any:
    del segments[at]


def _double(segments: list[str], at: int, rng: random.Random) -> Any:
    segments.insert(at, segments[at])


def _swap(segments: list[str], at: int, rng: random.Random) -> Any:
    other = at + 1 if not segments[at + 1].startswith("SE*") else at - 1
    if not segments[other].startswith("ST*"):
        segments[at], segments[other] = segments[other], segments[at]


def _element(change: Callable[[str], str]) -> Callable[[list[str], int, random.Random], Any]:
    def apply(segments: list[str], at: int, rng: random.Random) -> Any:
        elements = segments[at].split("*")
        filled = [n for n, element in enumerate(elements) if n and element]
        number = rng.choice(filled)
        elements[number] = change(elements[number])
        while elements[-1] == "":
            elements.pop()
        segments[at] = "*".join(elements)
        return number

    return apply


def _more(segments: list[str], at: int, rng: random.Random) -> Any:
    elements = segments[at].split("*")
    segments[at] += "*" * rng.choice([1, 1, 3, 20]) + "X"
    return len(elements)


def _envelope(segments: list[str], at: int, rng: random.Random) -> Any:
    """A wrong count or control number in a trailer."""
    trailers = [n for n, segment in enumerate(segments) if segment[:3] in ("SE*", "GE*", "IEA")]
    at = rng.choice(trailers)
    elements = segments[at].split("*")
    number = rng.choice([1, 2])
    elements[number] = str(int(elements[number]) + 1).zfill(len(elements[number]))
    segments[at] = "*".join(elements)
    return f"{elements[0]}{number:02d}"


FAULTS: dict[str, Callable[[list[str], int, random.Random], Any]] = {
    "drop": _drop,
    "double": _double,
    "swap": _swap,
    "empty": _element(lambda text: ""),
    "code": _element(lambda text: "QQ"),
    "number": _element(lambda text: "X1"),
    "long": _element(lambda text: text + "9" * 90),
    "date": _element(lambda text: text[:4] + "13" + text[6:] if len(text) >= 8 else text + "9"),
    "more": _more,
    "envelope": _envelope,
}


# verdicts


def inspected(data: bytes) -> FileReport:
    return inspect_stream(io.BytesIO(data), "judged")


def our_errors(data: bytes, most: int = SNIP_2) -> list[str]:
    """Rule, loop and element of everything that is wrong up to that SNIP level, on every level of the file."""
    report = inspected(data)
    issues = list(report.issues)
    for interchange in report.interchanges:
        issues += interchange.issues
        for group in interchange.groups:
            issues += group.issues
            issues += [issue for transaction in group.transactions for issue in transaction.issues]
    return [f"{i.rule} {i.loop} {i.element or i.segment}" for i in issues if i.level <= most and i.is_error]


# x12sdk knows each set under one name
SDK_GUIDES = {b"005010X222A1": b"005010X222A2", b"005010X223A2": b"005010X223A3"}


def sdk_errors(data: bytes) -> list[str]:
    """What x12sdk has against a file; empty when it fills a model for each transaction."""
    for ours, theirs in SDK_GUIDES.items():
        data = data.replace(ours, theirs)
    expected = len(re.findall(rb"(?:^|~)\s*ST\*", data))
    try:
        with X12ModelReader(data.decode("ascii")) as reader:
            found = sum(1 for _ in reader.models())
    except ValidationError as refused:
        return [f"{_place(one['loc'])} {one['msg']}" for one in refused.errors()]
    except Exception as refused:  # noqa: BLE001  (it raises whatever its parsers raise)
        return [f"{type(refused).__name__} {str(refused)[:200]}"]
    return [] if found == expected else [f"{found} of {expected} transactions"]


def _place(path: tuple[str | int, ...]) -> str:
    return ".".join(part for part in path if isinstance(part, str))


ASK: dict[str, Callable[[bytes], list[str]]] = {PYX12: pyx12_errors, X12SDK: sdk_errors}


@dataclass(frozen=True)
class FalseVerdict:
    """One thing that a judge knows wrongly.

    Where it refuses: theirs is a pattern of what it says. Where it accepts: ours is a pattern of what we found and
    it did not. kinds are empty for all sets.
    """

    judge: str
    reason: str
    kinds: tuple[str, ...] = ()
    theirs: str = ""
    ours: str = ""


FALSE = (
    # pyx12 refuses
    FalseVerdict(
        PYX12, "it takes one PLB segment only; the guide has any number", ("835",), theirs="Loop FOOTER exceeded"
    ),
    FalseVerdict(
        PYX12, "it calls a pointer to a missing diagnosis a wrong code; for us that is 837.pointer (SNIP 4)",
        theirs=r"Diagnosis Code Pointer",
    ),
    FalseVerdict(
        PYX12, "claim status codes are SNIP 5 for us, and only a warning: the list grows",
        theirs=r"Health Care Claim Status Code",
    ),
    FalseVerdict(PYX12, "states are SNIP 5 for us, and in an 835 only a warning", theirs=r"State.* Code \(N402\)"),
    FalseVerdict(
        PYX12, "2010BA and 2010BB are one loop of the standard, so they may come in any order", ("837P", "837I"),
        theirs=r'Mandatory loop "(Subscriber|Payer) Name" .* missing',
    ),
    FalseVerdict(
        PYX12, "a line of a 277CA may have several STC; it takes one", ("277CA",), theirs="Segment STC exceeded"
    ),
    FalseVerdict(
        PYX12, "a billing provider of a 277CA may have three further numbers; it takes one", ("277CA",),
        theirs="Segment REF exceeded",
    ),
    # pyx12 accepts
    FalseVerdict(
        PYX12, "when a loop is opened twice in a row, it does not look at what the first one lacks",
        ours=r"(segment|loop)\.missing|value\.amount .* (SV102|SVC02)",
    ),
    FalseVerdict(PYX12, "it counts the service lines of an 837P only", ("837I",), ours=r"837\.lx"),
    FalseVerdict(PYX12, "it takes a fraction of a cent for money", ours=r"value\.amount"),
    # x12sdk refuses
    FalseVerdict(
        X12SDK, "DMG03 may be U in a claim", ("837P", "837I"), theirs=r"gender_code Input should be 'F' or 'M'"
    ),
    FalseVerdict(
        X12SDK, "a second PLB is no list in its model", ("835",), theirs=r"plb_segment Input should be a valid"
    ),
    FalseVerdict(
        X12SDK, "SBR09 is situational", ("837P", "837I"), theirs=r"claim_filing_indicator_code Field required",
    ),
    FalseVerdict(
        X12SDK, "loops that come more than once are no list in its model: 2100C, 2120C", ("276", "277", "271"),
        theirs=r"loop_21[02]0[cd]\.nm1_segment Input should be a valid",
    ),
    FalseVerdict(X12SDK, "service types are SNIP 5 for us, and only a warning", ("271",), theirs="service_type_code"),
    FalseVerdict(
        X12SDK, "a claim may name two who referred (2310A); its model is no list", ("837P",),
        theirs=r"loop_2310a\.nm1_segment Input should be a valid",
    ),
    FalseVerdict(
        X12SDK, "NM103 is situational in an 835, and in a 270 and 271", ("835", "270", "271"),
        theirs=r"name_last_or_organization_name Input should be a valid string",
    ),
    FalseVerdict(
        X12SDK, "EQ01 may be absent where EQ02 asks; its list also lacks codes", ("270",),
        theirs=r"service_type_code|'NoneType' object is not subscriptable|KeyError",
    ),
    FalseVerdict(X12SDK, "EB09 is a code (VS), not a number", ("271",), theirs=r"quantity_qualifier"),
    FalseVerdict(X12SDK, "it lists the providers' AAA03 for people too", ("271",), theirs=r"reject_reason_code"),
    FalseVerdict(
        X12SDK, "it loses segments: the second line of a claim, PER in 2100A, what follows LS", ("271", "276", "277"),
        theirs=r"SE segment count",
    ),
    FalseVerdict(
        X12SDK, "it knows one kind of NTE in an 837I; NTE*ADD is the other", ("837I",), theirs="note_reference_code"
    ),
    FalseVerdict(X12SDK, "REF*G2 of a referring provider is missing", ("837I",), theirs="loop_2310f.ref_segment"),
    FalseVerdict(X12SDK, "a line of a stay may cover days (RD8)", ("837I",), theirs=r"loop_2400.dtp_segment"),
    FalseVerdict(X12SDK, "NM104 is situational: not everybody has two names", theirs="name_first is required"),
    FalseVerdict(
        X12SDK, "2010BA and 2010BB are one loop of the standard, so they may come in any order", ("837P", "837I"),
        theirs=r"loop_2010b[ab] Field required",
    ),
    FalseVerdict(
        X12SDK, "2100C and 2100D of a 270 take two DTP; its model is no list", ("270",),
        theirs=r"loop_2100[cd]\.dtp_segment Input should be a valid",
    ),
    # x12sdk accepts
    FalseVerdict(X12SDK, "it balances claims, not what another payer did with a line", ours=r"837\.cob-"),
    FalseVerdict(X12SDK, "it balances claims, not their lines, nor the payment", ("835",), ours=r"835\.(line|total)"),
    FalseVerdict(X12SDK, "it makes elements optional that the guide requires", ours=r"element\.(missing|relation)"),
    FalseVerdict(X12SDK, "it passes over elements that its model does not have", ours=r"element\.(unused|extra)"),
    FalseVerdict(X12SDK, "it throws the envelope away unread, and SE02 too", ours=r"^(isa|gs|st)\.(control|count)"),
    FalseVerdict(
        X12SDK, "it knows no lengths of codes and numbers", ours=r"element\.(long|short)|value\.\w+|element\.type"
    ),
    FalseVerdict(
        X12SDK, "it collects segments by name, so it sees neither order nor repeats",
        ours=r"segment\.(place|repeat|missing)|loop\.\w+|hl\.\w+|837\.lx",
    ),
    FalseVerdict(X12SDK, "it does not look into composites, nor at most qualifiers", ours=r"element\.code"),
)  # fmt: skip


def unknown_refusals(judge: str, kind: str, theirs: list[str]) -> list[str]:
    """What the judge says that no known false verdict explains."""
    known = [one.theirs for one in FALSE if one.judge == judge and one.theirs and kind in (one.kinds or (kind,))]
    return [text for text in theirs if not any(re.search(pattern, text) for pattern in known)]


def unknown_acceptances(judge: str, kind: str, ours: list[str]) -> list[str]:
    """What we found and the judge did not, and no known false verdict explains."""
    known = [one.ours for one in FALSE if one.judge == judge and one.ours and kind in (one.kinds or (kind,))]
    return [text for text in ours if not any(re.search(pattern, text) for pattern in known)]


def disagreement(judge: str, kind: str, data: bytes) -> str:
    """Empty when the judge and we agree, or differ for a known reason.

    x12sdk balances claims too, so our SNIP 3 counts beside it.
    """
    ours, theirs = our_errors(data, SNIP_3 if judge == X12SDK else SNIP_2), ASK[judge](data)
    if theirs and not ours:
        unknown = unknown_refusals(judge, kind, theirs)
        return f"{judge} refuses: {unknown[0]}" if unknown else ""
    if ours and not theirs:
        unknown = unknown_acceptances(judge, kind, ours)
        return f"{judge} accepts what we refuse: {unknown[0]}" if unknown and len(unknown) == len(ours) else ""
    return ""
