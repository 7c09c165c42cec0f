"""Damaged files: never a crash, never a hang, never less than was sent without an error."""

from __future__ import annotations

import io
import random
import time
from functools import lru_cache

import pytest

from medguild.x12 import Unreadable, inspect_stream
from medguild.x12.report import FileReport
from tests.support import shared_data

DATA = shared_data() / "x12"
FILES = (
    "own_835_reversal_correction.835", "own_835_denials_remarks.835", "own_835_two_payers_two_checks.835",
    "own_835_delims_gs_us.835", "own_835_claim_level_only.835", "own_835_capitation.835", "own_835_crlf_pretty.835",
    "stup_multiple_claims_single_check.835", "stup_secondary_payments.835", "own_837p_multi_claims_dependents.837",
    "own_837p_secondary_cob.837", "own_837p_replacement_void.837", "own_837p_lowercase_unicode.837",
    "stup_home_infusion_therapy_pharmacy_adjudicated_with_ndc_in_loop_2410.837p", "own_ta1_plus_999.edi",
)  # fmt: skip
PER_FILE = 140
SLOWEST = 1.0


@lru_cache(maxsize=50)
def original(name: str) -> bytes:
    return (DATA / name).read_bytes()


def inspect(data: bytes) -> FileReport:
    return inspect_stream(io.BytesIO(data), "mutant")


def size(report: FileReport) -> tuple[int, int, int]:
    transactions = report.transactions
    return len(transactions), sum(t.claims for t in transactions), sum(t.services for t in transactions)


def mutate(data: bytes, rng: random.Random) -> bytes:
    element, terminator = data[3:4], data[105:106]
    at = rng.randrange(len(data))
    kind = rng.randrange(12)
    if kind == 0:
        return data[:at] + data[at + 1 :]
    if kind == 1:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + bytes([rng.randrange(256)]) + data[at:]
    if kind == 3:
        return data[:at]
    if kind == 4:
        return data[:at] + data[at + rng.randrange(1, 200) :]
    if kind == 5:
        return (
            data[:at] + rng.choice([b"ISA", b"~", b"*", b":", b"IEA*1*1~", b"\n", b"ST*835*9~", b"SE*1*1~"]) + data[at:]
        )
    if kind == 6:
        return data[:at] + data[rng.randrange(len(data)) :]
    segments = data.split(terminator)
    one, two = rng.randrange(len(segments)), rng.randrange(len(segments))
    if kind == 7:
        del segments[one]
    elif kind == 8:
        segments.insert(two, segments[one])
    elif kind == 9:
        segments[one], segments[two] = segments[two], segments[one]
    elif kind == 10:
        parts = segments[one].split(element)
        del parts[rng.randrange(len(parts))]
        segments[one] = element.join(parts)
    else:
        parts = segments[one].split(element)
        parts[0] = rng.choice([b"CAS", b"SVC", b"CLP", b"LX", b"HL", b"CLM", b"NM1", b"XX", b"", b"SE", b"GE"])
        segments[one] = element.join(parts)
    return terminator.join(segments)


@pytest.mark.parametrize("name", FILES)
def test_damage_is_told(name: str) -> None:
    data = original(name)
    whole = inspect(data)
    assert whole.ok or "stup" in name
    expected = size(whole)
    rng = random.Random(name)
    for number in range(PER_FILE):
        mutant = mutate(data, rng)
        begun = time.perf_counter()
        try:
            report = inspect(mutant)
        except Unreadable:
            pytest.fail("inspect raised")
        assert time.perf_counter() - begun < SLOWEST
        if any(now < before for now, before in zip(size(report), expected, strict=True)):
            assert not report.ok, (number, mutant)


def test_a_file_cut_at_every_byte_is_told() -> None:
    data = original("own_835_reversal_correction.835")
    for at in range(len(data) - 1):
        report = inspect(data[:at])
        assert not report.ok, at


def test_every_segment_lost_or_doubled_is_told() -> None:
    for name in FILES[:-1]:
        data = original(name)
        terminator = data[105:106]
        segments = data.split(terminator)
        for at, segment in enumerate(segments):
            if not segment.strip():
                continue
            lost = terminator.join(segments[:at] + segments[at + 1 :])
            doubled = terminator.join([*segments[: at + 1], *segments[at:]])
            assert not inspect(lost).ok, (name, segment)
            if not segment.lstrip().startswith((b"TA1",)):
                assert not inspect(doubled).ok, (name, segment)


def test_a_huge_claim_ends_in_an_error_not_in_memory() -> None:
    data = original("own_835_claim_level_only.835").decode()
    head, tail = data.split("NM1*QC", 1)
    report = inspect((head + "REF*EA*1~" * 100_500 + "NM1*QC" + tail).encode())
    assert not report.ok
    claims = original("own_837p_bad_npi.837").decode()
    head, tail = claims.split("HI*", 1)
    assert not inspect((head + "REF*EA*1~" * 100_500 + "HI*" + tail).encode()).ok
