"""From bytes to segments: whatever the delimiters, line breaks and encodings."""

from __future__ import annotations

import contextlib
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medguild.x12.errors import IssueLog, Unreadable
from medguild.x12.tokens import Delimiters, Tokenizer, parse_isa
from tests.support import shared_data
from tests.support_x12 import read_transactions, read_with_issues

DATA = shared_data() / "x12"
PLAIN = (DATA / "own_835_reversal_correction.835").read_bytes()
CLAIMS = (DATA / "own_837p_multi_claims_dependents.837").read_bytes()


def segments(data: bytes, chunk: int = 1 << 16) -> tuple[list[list[str]], list[str]]:
    log = IssueLog()
    found = list(Tokenizer(io.BytesIO(data), log, chunk))
    return found, [issue.rule for issue in log]


EXPECTED = segments(PLAIN)[0]


@pytest.mark.parametrize("break_", [b"~\n", b"~\r\n", b"~\r", b"~\n\n", b"~ ", b"~\r\n    "])
def test_line_breaks_and_indents_after_the_terminator(break_: bytes) -> None:
    assert segments(PLAIN.replace(b"~", break_))[0] == EXPECTED


@pytest.mark.parametrize("terminator", [b"\n", b"\r", b"\r\n", b"'", b"\x1e", b"|", b"\\"])
def test_other_terminators(terminator: bytes) -> None:
    found, rules = segments(PLAIN.replace(b"~", terminator))
    assert found == EXPECTED
    assert rules == []


@pytest.mark.parametrize("width", [80, 79, 64, 104, 105, 106, 107, 41])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_wrapped_files(width: int, newline: bytes) -> None:
    wrapped = newline.join(PLAIN[at : at + width] for at in range(0, len(PLAIN), width)) + newline
    assert segments(wrapped)[0] == EXPECTED
    assert read_transactions(wrapped) == read_transactions(PLAIN)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 50, 107, 1000])
def test_any_chunk_size_reads_the_same(chunk: int) -> None:
    twice = PLAIN + b"\r\n" + CLAIMS
    assert segments(twice, chunk) == segments(twice)


def test_byte_order_mark_and_blank_lines() -> None:
    assert segments(b"\xef\xbb\xbf\r\n\r\n" + PLAIN + b"\r\n\r\n\x1a")[0] == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("chunk", [1, 1 << 16])
def test_letters_beyond_ascii(encoding: str, chunk: int) -> None:
    data = PLAIN.decode().replace("SAMPLE", "NUÑEZ").encode(encoding)
    found, _ = segments(data, chunk)
    assert any("NUÑEZ" in element for segment in found for element in segment)


def test_isa_inside_names_starts_nothing() -> None:
    data = PLAIN.replace(b"SAMPLE", b"ISA").replace(b"CASEY", b"LISA").replace(b"BENCH HEALTH", b"ISA HEALTH")
    found, rules = segments(data)
    assert len(found) == len(EXPECTED)
    assert rules == []


def test_interchanges_with_different_delimiters_in_one_file() -> None:
    other = CLAIMS.replace(b"*", b"|").replace(b":", b"<").replace(b"~", b"\n")
    found, rules = read_with_issues(PLAIN + other + PLAIN.replace(b"000000001", b"000000003"))
    assert [type(t).__name__ for t in found] == ["Remittance", "ClaimTransaction", "Remittance"]
    assert rules == ["isa.duplicate"]


def test_joined_files_without_a_last_terminator() -> None:
    first = PLAIN.rstrip(b"~")
    found, rules = segments(first + b"\r\n\xef\xbb\xbf" + PLAIN)
    assert found == EXPECTED * 2
    assert rules == []


def test_a_letter_in_isa11_is_no_separator() -> None:
    letter = PLAIN.replace(b"*^*00501", b"*U*00501")
    delimiters, _, _ = parse_isa(letter.decode())
    assert delimiters == Delimiters("*", "", ":", "~")
    assert segments(letter)[0][1:] == EXPECTED[1:]


def test_short_isa_elements_are_read() -> None:
    short = PLAIN.replace(b"*00*          *00*", b"*00**00*", 1)
    delimiters, isa, _ = parse_isa(short.decode())
    assert delimiters.segment == "~"
    assert isa[2] == ""
    assert "isa.elements" in read_with_issues(short)[1]


def test_empty_segments_are_told() -> None:
    found, rules = segments(PLAIN.replace(b"~LX", b"~~LX").replace(b"~TRN", b"~  ~TRN"))
    assert found == EXPECTED
    assert rules == ["segment.empty", "segment.empty"]


def test_text_before_the_first_interchange_is_told() -> None:
    found, rules = segments(b"Subject: your file VISA card\r\n\r\n" + PLAIN)
    assert found == EXPECTED
    assert rules == ["file.leading"]


def test_a_damaged_segment_name_is_told() -> None:
    found, rules = segments(PLAIN.replace(b"~LX*", b"~l?*"))
    assert len(found) == len(EXPECTED)
    assert rules == ["segment.id"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xef\xbb\xbf", b"   \r\n", b"hello", b"UNA:+.? 'UNB+UNOA", b"ISA", b"ISA*00*", b"%PDF-1.7" + b"x" * 9000,
        b"ISAAC NEWTON", PLAIN[:80], PLAIN[:104], PLAIN[:105], PLAIN.replace(b"*T*:~", b"*T*:A", 1),
        PLAIN.replace(b"*T*:~", b"*T**~", 1), PLAIN.decode().encode("utf-16"), b"\x00" * 300,
    ],
)  # fmt: skip
def test_what_is_no_x12_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        segments(data)
    assert refused.value.text
    assert refused.value.rule in ("file.empty", "file.not-x12", "isa.delimiters")


def test_a_file_without_terminators_stops() -> None:
    found, rules = segments(PLAIN[:106] + b"GS*HP" + b"*A" * 600_000)
    assert len(found) == 1
    assert rules == ["file.truncated"]


def test_a_cut_last_segment_is_told() -> None:
    assert segments(PLAIN[:-40])[1] == ["file.truncated"]


def test_memory_stays_flat(tmp_path: Path) -> None:
    big = tmp_path / "big.835"
    head, claims = PLAIN.split(b"LX*1~")[0], PLAIN.split(b"LX*1~")[1].split(b"SE*")[0]
    with big.open("wb") as out:
        out.write(head)
        for _ in range(8000):
            out.write(b"LX*1~" + claims)
    size = big.stat().st_size
    assert size > 3_500_000
    tracemalloc.start()
    with big.open("rb") as stream:
        count = sum(1 for _ in Tokenizer(stream, IssueLog()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 8000
    assert peak < 2_000_000


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_garbage_never_crashes(tail: bytes) -> None:
    for data in (tail, PLAIN[:106] + tail):
        with contextlib.suppress(Unreadable):
            segments(data, 64)
