"""States of versions and of planned moves, and the words' keys of what is wrong and what is proposed. Pure."""

from __future__ import annotations

import enum


class VersionStatus(enum.StrEnum):
    """A version of a clinician's template. Applied and superseded ones held, hold or will hold on their days."""

    DRAFT = "draft"
    PREVIEWED = "previewed"
    APPLIED = "applied"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"  # applied for a day to come, and replaced before that day


IN_FORCE = frozenset({VersionStatus.APPLIED, VersionStatus.SUPERSEDED})
OPEN_STATES = frozenset({VersionStatus.DRAFT, VersionStatus.PREVIEWED})


class Cause(enum.StrEnum):
    """Why visits must move."""

    TEMPLATE = "template"
    ABSENCE = "absence"
    CLOSURE = "closure"


class PlanStatus(enum.StrEnum):
    """`PROPOSED`: people choose. `RUNNING`: the chosen moves are carried out, one by one. `DONE`: none is left open."""

    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"


class Trouble(enum.StrEnum):
    """Why a booked visit cannot stay as it is."""

    NO_SESSION = "no_session"
    KIND_NOT_TAKEN = "kind_not_taken"
    TOO_MANY = "too_many"
    CANCELLED = "cancelled"
    AWAY = "away"
    CLOSED = "closed"


class Why(enum.StrEnum):
    """What speaks for a proposed time."""

    SAME_PLACE = "same_place"
    OTHER_SITE = "other_site"
    COLLEAGUE = "colleague"


class Choice(enum.StrEnum):
    """What is to become of a visit; `ACCEPT` takes the proposal, `OTHER` a time that somebody picked."""

    NONE = ""
    ACCEPT = "accept"
    OTHER = "other"
    KEEP = "keep"
    BUMP = "bump"


MOVING = frozenset({Choice.ACCEPT, Choice.OTHER})


class MoveStatus(enum.StrEnum):
    """`FAILED` is still to be moved; `GONE` needs nothing any more (cancelled, moved by somebody else, seen)."""

    OPEN = "open"
    MOVED = "moved"
    KEPT = "kept"
    BUMPED = "bumped"
    FAILED = "failed"
    GONE = "gone"


LEFT = frozenset({MoveStatus.OPEN, MoveStatus.FAILED})
