"""Files are known by what they are, and named so that no name can do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.documents.rules import EXTENSIONS, MediaType, clean_filename, sniff

ISA = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n...", MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n...", MediaType.PNG),
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
        (ISA + b"GS*HP~", MediaType.X12),
        (b"\r\n" + ISA, MediaType.X12),
        (ISA.replace(b"*", b"\x1d"), MediaType.X12),
        (ISA + b"N1*PR*Caf\xe9 Sant\xe9~", MediaType.X12),
        (ISA.replace(b"SENDER", b"SE\xd1OR\xe1"), MediaType.X12),
        (b"\xef\xbb\xbf" + ISA, MediaType.X12),
        (b"code,label\nA,b\n", MediaType.CSV),
        (b"\xef\xbb\xbfname;born\nX;1980", MediaType.CSV),
        ("name,city\nJos\u00e9,Le\u00f3n\n".encode(), MediaType.CSV),
        (b"name,born", MediaType.CSV),
    ],
)
def test_known_kinds_are_recognised(content: bytes, expected: MediaType) -> None:
    assert sniff(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 an executable",
        b"PK\x03\x04 an archive",
        b"<html><script>alert(1),2</script></html>",
        b"just some words",
        b"a,b\n\x00\x01\x02",
        b"\xff\xfe\x00a,b",
        b"ISA*00*short,~",
        b"ISAAC,NEWTON\n1,2",
        b"a,b\nno second column\n",
    ],
)
def test_other_kinds_are_not(content: bytes) -> None:
    assert sniff(content) is None


def test_a_character_cut_in_two_at_the_edge_is_forgiven() -> None:
    table = ("a,b\n" + "\u00e9," * 3000).encode()
    assert sniff(table) == MediaType.CSV
    assert sniff(b"x" + table) == MediaType.CSV


@given(st.binary(max_size=6000))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    assert sniff(content) in (None, *MediaType)


@given(st.text(max_size=300), st.sampled_from(list(MediaType)))
def test_a_clean_name_is_safe_and_short(name: str, media_type: MediaType) -> None:
    clean = clean_filename(name, media_type)
    assert clean
    assert len(clean) <= 130
    assert not set(clean) & set('/\\:*?"<>|\r\n\x00')
    assert not clean.startswith((".", " "))
    assert "." in clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\card.PDF", "card.PDF"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ('a"b\r\nX-Evil: 1', "a_b_X-Evil_ 1.pdf"),
    ],
)
def test_names_lose_what_could_do_harm(name: str, clean: str) -> None:
    assert clean_filename(name, MediaType.PDF) == clean


def test_every_type_has_an_ending() -> None:
    assert set(EXTENSIONS) == set(MediaType)
