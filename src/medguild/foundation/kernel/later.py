"""Large packages that few requests need."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def later(name: str) -> Any:
    """The package, loaded when it is first asked for: what is loaded at the start is memory that every web process
    keeps, and time before the first answer."""
    return import_module(name)
