"""What ISA and GS may say: codes, dates, times and numbers of interchange and group headers (005010, appendix C)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time

from medguild.x12.tokens import Segment

QUALIFIERS = frozenset(("01", "14", "20", "27", "28", "29", "30", "33", "ZZ"))
VERSION_LENGTH = 5
GROUP_CONTROL = 9
GROUP_NAME = range(2, 16)

Check = Callable[[str], bool]


def _one_of(*codes: str) -> Check:
    return frozenset(codes).__contains__


def is_day(text: str) -> bool:
    """YYMMDD or CCYYMMDD."""
    if len(text) not in (6, 8) or not (text.isascii() and text.isdigit()):
        return False
    whole = text if len(text) == 8 else f"20{text}"
    try:
        date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """HHMM, HHMMSS, HHMMSSD or HHMMSSDD."""
    if len(text) not in (4, 6, 7, 8) or not (text.isascii() and text.isdigit()):
        return False
    try:
        time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0))
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_filled(text: str) -> bool:
    return bool(text.strip())


# element -> what it must be, and how that is said
_ISA: dict[int, tuple[Check, str]] = {
    1: (_one_of("00", "01", "02", "03", "04", "05", "06"), "is no qualifier of an authorization; use 00"),
    3: (_one_of("00", "01", "02", "03", "04", "05", "06", "07", "08"), "is no qualifier of a password; use 00"),
    5: (QUALIFIERS.__contains__, "is no qualifier of a sender; use ZZ when the id was agreed upon"),
    6: (_is_filled, "names no sender; write the id that was agreed upon"),
    7: (QUALIFIERS.__contains__, "is no qualifier of a receiver; use ZZ when the id was agreed upon"),
    8: (_is_filled, "names no receiver; write the id that was agreed upon"),
    9: (lambda text: len(text) == 6 and is_day(text), "is no date; write YYMMDD"),
    10: (lambda text: len(text) == 4 and is_time(text), "is no time; write HHMM"),
    12: (lambda text: _is_number(text) and len(text) == VERSION_LENGTH, "is no version; write 00501"),
    13: (_is_number, "is no control number; write nine digits"),
    14: (_one_of("0", "1"), "does not say whether an answer is wanted; write 0 or 1"),
    15: (_one_of("P", "T"), "does not say whether this is a test; write P or T"),
}
_GS: dict[int, tuple[Check, str]] = {
    2: (lambda text: len(text) in GROUP_NAME, "names no sender; write the code agreed upon (2 to 15 characters)"),
    3: (lambda text: len(text) in GROUP_NAME, "names no receiver; write the code agreed upon (2 to 15 characters)"),
    4: (lambda text: len(text) == 8 and is_day(text), "is no date; write CCYYMMDD"),
    5: (is_time, "is no time; write HHMM"),
    6: (lambda text: _is_number(text) and len(text) <= GROUP_CONTROL, "is no control number; write one to nine digits"),
    7: (_one_of("X"), "is not X, which says that the version is one of X12"),
}  # fmt: skip


def wrong_values(segment: Segment) -> Iterator[tuple[str, str]]:
    """Element and what is wrong with it, for an ISA or GS. The values themselves are not repeated."""
    name = segment[0]
    for number, (fits, said) in (_ISA if name == "ISA" else _GS).items():
        value = segment[number] if number < len(segment) else ""
        if not fits(value.strip() if name == "GS" else value):
            yield f"{name}{number:02d}", said
