"""Frozen records are made slowly: `object.__setattr__` once per field. Readers make millions of them.

make_claim = maker(Claim)
make_claim(...)     # the same as Claim(...), several times faster
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields, make_dataclass
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def maker(record: Callable[P, R]) -> Callable[P, R]:
    """What makes these records, which must be slotted dataclasses without a `__post_init__` of their own.

    A draft with the same slots is filled while it is not frozen; then it becomes a record by changing its class.
    """
    kept: Any = record

    def seal(draft: Any) -> None:
        draft.__class__ = kept

    copies = [
        (f.name, f.type, field(default=f.default, default_factory=f.default_factory, kw_only=f.kw_only))
        for f in fields(kept)
    ]
    methods = {"__post_init__": seal}
    return make_dataclass(f"{kept.__name__}Draft", copies, namespace=methods, slots=True, repr=False, eq=False)
