"""Damaged files: never a crash, never a hang, never less than was sent without an error."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.support import shared_data
from tests.support_x12_fuzz import fuzz, inspect

DATA = shared_data() / "x12"
FILES = (
    "own_835_reversal_correction.835", "own_835_denials_remarks.835", "own_835_two_payers_two_checks.835",
    "own_835_delims_gs_us.835", "own_835_claim_level_only.835", "own_835_capitation.835", "own_835_crlf_pretty.835",
    "stup_multiple_claims_single_check.835", "stup_secondary_payments.835", "own_837p_multi_claims_dependents.837",
    "own_837p_secondary_cob.837", "own_837p_replacement_void.837", "own_837p_lowercase_unicode.837",
    "stup_home_infusion_therapy_pharmacy_adjudicated_with_ndc_in_loop_2410.837p", "own_ta1_plus_999.edi",
)  # fmt: skip
EVERY_FILE = sorted(path.name for path in DATA.iterdir() if path.suffix != ".md" and path.stat().st_size)
PER_FILE = 20_000 // len(EVERY_FILE) + 1


@lru_cache(maxsize=50)
def original(name: str) -> bytes:
    return (DATA / name).read_bytes()


@pytest.mark.parametrize("name", EVERY_FILE)
def test_damage_is_told(name: str) -> None:
    fuzz(original(name), PER_FILE, name)


def test_enough_damage_is_done() -> None:
    assert PER_FILE * len(EVERY_FILE) >= 20_000


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
