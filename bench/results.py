"""One line of the table: what was measured, and whether it keeps its target."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def row(
    what: str, value: float, unit: str, *, most: float | None = None, least: float | None = None, detail: str = ""
) -> Row:
    """A result; `ok` is None where nothing is asked of it."""
    ok, target = None, ""
    if most is not None:
        ok, target = value <= most, f"at most {most:g}"
    if least is not None:
        ok, target = value >= least, f"at least {least:g}"
    return {"what": what, "value": round(value, 3), "unit": unit, "ok": ok, "target": target, "detail": detail}
