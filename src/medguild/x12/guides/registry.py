"""Which transaction a file means: by implementation guide (GS08) and transaction set (ST01)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuideName:
    """kind is the name people use ("837P", "277CA"); function is GS01; supported says that claims can be read typed."""

    kind: str
    set_id: str
    function: str
    supported: bool = False


_NAMES = (
    ("837P", "837", "HC", "X222 X222A1 X222A2", True),
    ("837I", "837", "HC", "X223 X223A1 X223A2 X223A3", True),
    ("837D", "837", "HC", "X224 X224A1 X224A2 X224A3", False),
    ("835", "835", "HP", "X221 X221A1", True),
    ("270", "270", "HS", "X279 X279A1", True),
    ("271", "271", "HB", "X279 X279A1", True),
    ("276", "276", "HR", "X212 X212E1", True),
    ("277", "277", "HN", "X212 X212E1", True),
    ("277CA", "277", "HN", "X214 X214E1 X214E2", True),
    ("278 inquiry", "278", "HI", "X215", False),
    ("278 notice", "278", "HI", "X216 X216E2", False),
    ("278", "278", "HI", "X217 X217E1 X217E2", True),
    ("999", "999", "FA", "X231 X231A1", True),
    ("834", "834", "BE", "X220 X220A1", False),
    ("820", "820", "RA", "X218 X218A1", False),
)

GUIDES: dict[tuple[str, str], GuideName] = {
    ("005010" + suffix, set_id): GuideName(kind, set_id, function, supported)
    for kind, set_id, function, suffixes, supported in _NAMES
    for suffix in suffixes.split()
}
GUIDE_CODES = frozenset(code for code, _ in GUIDES)

# when a group names no guide, the transaction is read by its set alone (and the missing guide is reported)
BY_SET = {"835": GuideName("835", "835", "HP", supported=True)}

_FUNCTIONS = {name.kind: name.function for name in GUIDES.values()}


def function_of(kind: str) -> str:
    """GS01 of a kind of transaction ("276" -> "HR")."""
    return _FUNCTIONS[kind]
