"""Answers about what the actor may not see: yes, no or unknown, with a reason; never rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` is None where the house does not know; `code` is stable, `reason` is shown to people."""

    ok: bool | None
    code: str
    reason: str

    def __bool__(self) -> bool:
        return self.ok is True


def yes(code: str = "ok", reason: str = "") -> Verdict:
    return Verdict(True, code, reason)


def no(code: str, reason: str) -> Verdict:
    return Verdict(False, code, reason)


def unknown(code: str, reason: str) -> Verdict:
    return Verdict(None, code, reason)
