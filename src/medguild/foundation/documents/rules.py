"""What may be stored, and how it is recognised by its first bytes. Pure."""

from __future__ import annotations

import enum
import re
import unicodedata

LARGEST = 20 * 1024 * 1024
SNIFFED = 4096
_LONGEST_NAME = 120


class DocumentKind(enum.StrEnum):
    """Why the document is kept; rooms above choose the nearest."""

    CARD = "card"
    CONSENT = "consent"
    LETTER = "letter"
    STATEMENT = "statement"
    RECEIPT = "receipt"
    CLINICAL = "clinical"
    CONTRACT = "contract"
    CREDENTIAL = "credential"
    POLICY = "policy"
    REMITTANCE = "remittance"
    CLAIM_FILE = "claim_file"
    EVIDENCE = "evidence"
    OTHER = "other"


class MediaType(enum.StrEnum):
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    CSV = "text/csv"
    X12 = "application/edi-x12"
    BINARY = "application/octet-stream"  # kept as it came; never recognised, and never shown by a browser


EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.CSV: "csv",
    MediaType.X12: "x12",
    MediaType.BINARY: "bin",
}
_MAGIC = (
    (b"%PDF-", MediaType.PDF),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_SHORTEST_ISA = 106


def sniff(content: bytes) -> MediaType | None:
    """The media type by what the content is, not by what its name says; None where it is none of the known."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    head = content[:SNIFFED]
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"ISA"):
        # X12 names no encoding and may use any separators: its form alone tells, and its bytes are kept as they are.
        stripped = head.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf").lstrip(" \r\n\t")
        return MediaType.X12 if _is_interchange(stripped) else None
    text = _as_text(head)
    if text is None:
        return None
    stripped = text.lstrip("\ufeff \r\n\t")
    return MediaType.CSV if _is_table(stripped, whole=len(content) <= SNIFFED) else None


def _as_text(head: bytes) -> str | None:
    """UTF-8 text without control characters; a character cut in two at the end is forgiven."""
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode("utf-8") if cut else head.decode("utf-8")
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _is_interchange(text: str) -> bool:
    """The ISA segment has a fixed length of 106 characters and sixteen elements (X12.5)."""
    if len(text) < _SHORTEST_ISA or text[3].isalnum():
        return False
    return text[:_SHORTEST_ISA].count(text[3]) == 16


def _is_table(text: str, *, whole: bool) -> bool:
    """At least two columns, named in the first line, and as many separators in the second."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not whole and len(lines) > 1:
        lines.pop()
    if not lines or lines[0].lstrip().startswith("<"):
        return False
    separator = max(",;\t|", key=lines[0].count)
    count = lines[0].count(separator)
    if count == 0:
        return False
    return len(lines) == 1 or lines[1].count(separator) >= 1


def clean_filename(name: str, media_type: MediaType) -> str:
    """A file name without path or control characters, not too long, with the ending of its type."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = _UNSAFE.sub("_", base).strip(" .")
    ending = EXTENSIONS[media_type]
    known = f".{ending}"
    if stem.lower().endswith((known, ".jpeg", ".edi", ".835", ".837", ".txt")):
        return stem[-_LONGEST_NAME:]
    return f"{stem[:_LONGEST_NAME] or 'document'}{known}"
