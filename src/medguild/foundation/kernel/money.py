"""Money is integer cents; a sum that is shared is shared exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence

Cents = int

_AMOUNT = re.compile(r"^\s*(-)?\s*\$?\s*(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d{0,2}))?\s*$")


def parse_dollars(text: str) -> Cents:
    """Cents of an amount as a person types it: `12`, `12.5`, `$1,200.00`, `-3.10`. Raises ValueError."""
    match = _AMOUNT.match(text)
    if match is None or not (match[2] or match[3]):
        raise ValueError("Write an amount like 25 or 25.50.")
    whole = int((match[2] or "0").replace(",", ""))
    cents = whole * 100 + int((match[3] or "").ljust(2, "0"))
    return -cents if match[1] else cents


def dollars(cents: Cents) -> str:
    """`-1234567` as `-$12,345.67`."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}${whole:,}.{rest:02d}"


def plain(cents: Cents) -> str:
    """`-1234567` as `-12345.67`, for files and machines."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def split(total: Cents, weights: Sequence[int]) -> list[Cents]:
    """Share `total` by `weights` so that the parts sum to it exactly (largest remainder; ties to the earlier part).

    Weights are non-negative integers with a positive sum; raises ValueError otherwise.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative and not all zero")
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))
    for i in by_remainder[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
