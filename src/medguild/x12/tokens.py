"""From bytes to segments, in chunks.

A segment is a plain list of strings: its name, then its elements. Newlines may stand anywhere (as the terminator, after
it, or every 80 columns), the text may be UTF-8 or Latin-1, and every interchange brings its own delimiters.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from medguild.x12.errors import IssueLog, Unreadable

Segment = list[str]

CHUNK = 1 << 16
MAX_SEGMENT = 1 << 20  # a longer run without a terminator is a broken file
LEADING = 1 << 12  # how far a first ISA is searched
ISA_SEPARATORS = 16
ISA_LIMIT = 200  # an ISA has 106 characters; a little slack for wrapped and badly padded ones
BLANK = " \t\r\n"
INK_FREE = BLANK + "\x00\x1a\ufeff"  # also the end mark of old systems and a byte order mark between joined files

# segment names of the 005010 sets that a medical group meets; anything else takes the slow road
NAMES = frozenset(
    "ISA GS ST SE GE IEA TA1 AAA ACT AK1 AK2 AK9 AMT BGN BHT BPR CAS CL1 CLM CLP CN1 COB CR1 CR2 CR3 CR4 CR5 CR6 CR7 "
    "CR8 CRC CTP CTX CUR DMG DN1 DN2 DSB DTM DTP EB EC EQ FRM HCP HCR HD HI HL HLH HSD ICM IDC III IK3 IK4 IK5 INS K3 "
    "LE LIN LQ LS LUI LX MEA MIA MOA MPI MSG N1 N2 N3 N4 NM1 NTE OI PAT PER PLA PLB PRV PS1 PWK QTY RDM REF SBR STC "
    "SV1 SV2 SV3 SV5 SVC SVD TOO TRN TS2 TS3 UM VEH".split()
)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """repetition is empty when ISA11 is a letter or digit, as partners from version 4010 still send it."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    segment: str = "~"


def parse_isa(text: str) -> tuple[Delimiters, Segment, int]:
    """Delimiters, ISA segment and the length it takes in `text`, which must begin with ``ISA``. Raises Unreadable.

    The delimiters are found by counting separators, so short or long elements do no harm; newlines before ISA16 are
    wrapping and count for nothing.
    """
    element = text[3:4]
    if not element or element.isalnum() or element in " \r\n":
        raise Unreadable("isa.delimiters", "The character after ISA cannot be an element separator.")
    at = 3
    for _ in range(ISA_SEPARATORS - 1):
        at = text.find(element, at + 1, ISA_LIMIT)
        if at < 0:
            raise Unreadable(
                "isa.delimiters", "The interchange header (ISA) is cut or damaged; ask for the file again."
            )
    end = at + 1
    while text[end : end + 1] in ("\r", "\n"):
        end += 1  # wrapped right before ISA16
    component = text[end : end + 1]
    end += 1
    terminator = text[end : end + 1]
    if terminator in ("\r", "\n"):
        after = text[end:].lstrip("\r\n")[:1]
        if after and not after.isalnum() and after not in " \t":
            end = text.index(after, end)  # wrapped between ISA16 and the terminator
            terminator = after
    segment = text[:end].replace("\r", "").replace("\n", "").split(element)
    repetition = segment[11]
    used = (element, component, terminator)
    bad = not terminator or len(set(used)) < 3 or any(c.isalnum() or c == " " for c in used)
    if bad or any("GS" + element in part for part in segment):
        raise Unreadable("isa.delimiters", "The delimiters in the interchange header (ISA) cannot be used.")
    if len(repetition) != 1 or repetition.isalnum() or repetition == " " or repetition in used:
        repetition = ""
    return Delimiters(element, repetition, component, terminator), segment, end + 1


class Tokenizer:
    """Yields segments of a binary stream. `position` is the number of the segment yielded last (first is 1).

    `log` receives what is wrong with single segments; whoever reads envelopes points it at the one that is open.
    """

    def __init__(self, stream: BinaryIO, log: IssueLog, chunk: int = CHUNK) -> None:
        self.log = log
        self.position = 0
        self.delimiters = Delimiters()
        self.truncated = False
        self._text = self._tail = ""  # read and not yet split; what follows the last terminator of the file
        self._stream = stream
        self._chunk = chunk
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._latin1 = False

    def __iter__(self) -> Iterator[Segment]:
        names = NAMES
        self._text = self._first_isa()
        while self._text:
            self._fill()
            self.delimiters, isa, end = parse_isa(self._text)
            self._text = self._text[end:]
            self.position += 1
            yield isa
            element = self.delimiters.element
            for parts in self._body():
                for part in parts:
                    segment = part.split(element)
                    if segment[0] not in names:
                        segment = self._odd(part)
                        if not segment:
                            continue
                    self.position += 1
                    yield segment
            yield from self._rest()

    def _fill(self) -> None:
        """Enough text for an ISA, if there is as much."""
        while len(self._text) < ISA_LIMIT * 2:
            more = self._read()
            if not more:
                return
            self._text += more

    def _body(self) -> Iterator[list[str]]:
        """Segments up to the next ISA, as many at a time as were read; leaves the text from there on in `_text`."""
        terminator, wrapping = self.delimiters.segment, self._wrapping()
        while True:
            text = self._text
            cut = self._next_isa(text, terminator)
            edge = cut if cut >= 0 else text.rfind(terminator) + 1
            body, self._text = text[:edge], text[edge:]
            if cut > 0 and not body.rstrip(INK_FREE).endswith(terminator):
                body = body.rstrip(INK_FREE) + terminator
            for newline in wrapping:
                if newline in body:
                    body = body.replace(newline, "")
            yield body.split(terminator)[:-1]
            if cut >= 0:
                return
            if len(self._text) > MAX_SEGMENT:
                self._say("file.truncated", "No segment terminator in a million characters; ask for the file again.")
                self.truncated = True
                self._text = ""
                return
            more = self._read()
            if not more:
                break
            self._text += more
        self._tail, self._text = self._text, ""

    def _wrapping(self) -> list[str]:
        return [c for c in "\r\n" if c != self.delimiters.segment]

    def _rest(self) -> Iterator[Segment]:
        """The last segment when the file does not end with a terminator."""
        text = self._tail
        for newline in self._wrapping():
            text = text.replace(newline, "")
        text = text.strip(INK_FREE)
        if not text:
            return
        segment = text.split(self.delimiters.element)
        self.position += 1
        if segment[0] == "IEA" and len(segment) == 3 and segment[2]:
            self._say("segment.unterminated", "The last segment has no terminator.")
        else:
            self.truncated = True
            self._say("file.truncated", "The file ends in the middle of a segment; ask the sender for the whole file.")
        yield segment

    def _odd(self, part: str) -> Segment:
        """A segment with a name that is not in the table: indented, blank, unknown or broken."""
        text = part.strip(INK_FREE)
        if not text:
            if part or self.delimiters.segment not in ("\r", "\n"):
                self.log.add(
                    "segment.empty",
                    "There is an empty segment; it was skipped.",
                    position=self.position + 1 - self.log.base,
                )
            return []
        segment = text.split(self.delimiters.element)
        name = segment[0]
        if not (name.isascii() and name.isalnum() and name.isupper() and 2 <= len(name) <= 3):
            self.position += 1
            self._say("segment.id", "A segment has no valid name; the file was damaged or cut.")
            self.position -= 1
        return segment

    def _say(self, rule: str, text: str, segment: str = "") -> None:
        self.log.add(rule, text, position=self.position - self.log.base, segment=segment)

    def _next_isa(self, text: str, terminator: str) -> int:
        """Where the next interchange starts, or -1. "ISA" inside a name or an element is none."""
        at = text.find("ISA")
        while at >= 0:
            after = text[at + 3 : at + 4]
            if after and not after.isalnum() and after != " ":
                before = text[text.rfind(terminator, 0, at) + 1 : at]
                ink = before.strip(INK_FREE)
                if not ink or (ink.startswith("IEA") and before[-1] in "\r\n\ufeff"):
                    return at
            at = text.find("ISA", at + 3)
        return -1

    def _first_isa(self) -> str:
        text = self._read().lstrip(INK_FREE)
        while len(text) < LEADING:
            more = self._read()
            if not more:
                break
            text = (text + more).lstrip(INK_FREE)
        if not text:
            raise Unreadable("file.empty", "The file is empty.")
        at = text.find("ISA", 0, LEADING)
        while at > 0 and (text[at - 1].isalnum() or text[at + 3 : at + 4].isalnum()):
            at = text.find("ISA", at + 3, LEADING)
        if at < 0:
            raise Unreadable("file.not-x12", "This is no X12 file: it does not begin with an interchange header (ISA).")
        if at:
            self.log.add("file.leading", "Text before the first interchange was skipped.", position=1)
        return text[at:]

    def _read(self) -> str:
        """Next piece of text; empty only at the end of the stream."""
        while data := self._stream.read(self._chunk):
            text = self._decode(data, final=False)
            if text:
                return text
        return self._decode(b"", final=True)

    def _decode(self, data: bytes, *, final: bool) -> str:
        if self._latin1:
            return data.decode("latin-1")
        try:
            return self._utf8.decode(data, final)
        except UnicodeDecodeError:
            self._latin1 = True
            return (self._utf8.getstate()[0] + data).decode("latin-1")
