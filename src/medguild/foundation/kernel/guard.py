"""Every URL says who may open it and whose data it shows; the middleware of `access` holds it to that.

Stands in the kernel because rooms below `access` (ui, events) have pages too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest

_View = TypeVar("_View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
NO_READS = ""
NOTED = "noted"


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a URL asks: a right, SIGNED_IN or PUBLIC.

    `reads` declares patient data: the URL argument that holds the patient's id, or NOTED where the view names the
    patients through `note_reads`. `keeps_alive` is False for polls, which must not hold an idle session open.
    """

    right: str
    reads: str = NO_READS
    keeps_alive: bool = True


def guarded(right: str, *, reads: str = NO_READS, keeps_alive: bool = True) -> Callable[[_View], _View]:
    """Attach the access rule to a view function (or the result of `as_view()`)."""

    def attach(view: _View) -> _View:
        view.access_rule = AccessRule(right, reads, keeps_alive)  # type: ignore[attr-defined]
        return view

    return attach


def note_reads(request: HttpRequest, patient_ids: Iterable[UUID]) -> None:
    """Say whose data the answer shows; written as one event after the view."""
    noted: set[UUID] = request.__dict__.setdefault("noted_reads", set())
    noted.update(patient_ids)
