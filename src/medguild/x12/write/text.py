"""Text that may stand in an X12 element.

Names, addresses and notes are folded: accents off, lower case up, anything the character set lacks becomes a space.
Identifiers are never changed, because the payer must send them back as they were: they are written or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from medguild.x12.errors import Unwritable
from medguild.x12.tokens import Delimiters

# X12 basic and extended character sets (005010, appendix B.1.1.2)
BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()*+,-./:;?="
EXTENDED = BASIC + "abcdefghijklmnopqrstuvwxyz%@[]_{}\\|<>#$"
_LOOKALIKES = str.maketrans({
    "ß": "SS", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l", "Þ": "TH", "þ": "th",
    "Ð": "D", "ð": "d", "Œ": "OE", "œ": "oe", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...",
})  # fmt: skip


class Charset:
    """What may be written with these delimiters. extended keeps lower case letters and the extended marks."""

    def __init__(self, delimiters: Delimiters, *, extended: bool = False) -> None:
        marks = {delimiters.element, delimiters.component, delimiters.segment, delimiters.repetition}
        allowed = "".join(c for c in (EXTENDED if extended else BASIC) if c not in marks)
        self._extended = extended
        self._allowed, self._element = allowed, delimiters.element
        self._bad = re.compile(f"[^{re.escape(allowed)}]")
        self._bad_address = re.compile(f"[^{re.escape(allowed + '@_')}]")  # e-mail and web addresses

    def plain(self, name: str, *limits: int) -> Callable[[str], object]:
        """What matches a segment of exactly these elements, each at most that long and of letters of the set.

        Unless it is `edged` such a segment is written as it is.
        """
        parts = (f"[{re.escape(self._allowed)}]{{0,{most}}}" for most in limits)
        return re.compile(re.escape(self._element).join((name, *parts))).fullmatch

    def edged(self, segment: str) -> bool:
        """Whether an element of it begins or ends with a space."""
        return f" {self._element}" in segment or f"{self._element} " in segment or segment.endswith(" ")

    def text(self, value: str, limit: int) -> str:
        """Folded text, cut to limit characters. May become empty when nothing of it can be written."""
        if not value:
            return ""
        if not self._bad.search(value) and len(value) <= limit and value == value.strip():
            return value
        value = unicodedata.normalize("NFKD", value.translate(_LOOKALIKES))
        value = "".join(c for c in value if not unicodedata.combining(c))
        if not self._extended:
            value = value.upper()
        return " ".join(self._bad.sub(" ", value).split())[:limit].rstrip()

    def name(self, value: str, limit: int, what: str) -> str:
        """Like text, but refuses a name of which nothing is left."""
        folded = self.text(value, limit)
        if value and not folded:
            raise Unwritable(f"{what} has no letter that X12 can carry; enter it in Latin letters.")
        return folded

    def identifier(self, value: str, limit: int, what: str) -> str:
        """The value unchanged. Raises Unwritable when it is too long or holds a character that cannot be written."""
        if not value:
            return ""
        if len(value) > limit:
            raise Unwritable(f"{what} has {len(value)} characters; {limit} are allowed.")
        found = self._bad.search(value)
        if found or value != value.strip():
            shown = f"'{found.group()}'" if found else "a space at its edge"
            raise Unwritable(f"{what} holds {shown}, which cannot be written into an X12 file.")
        return value

    def address(self, value: str, limit: int) -> str:
        """Telephone number, e-mail or web address: never altered except for letter case."""
        if not self._extended:
            value = value.upper()
        if len(value) > limit or self._bad_address.search(value):
            raise Unwritable("A contact number or address cannot be written into an X12 file.")
        return value
