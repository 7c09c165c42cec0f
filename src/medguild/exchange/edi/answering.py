"""The answer of a receiver to a file: a 999 for each group, and a TA1."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils import timezone

from medguild.x12 import ControlNumbers, Envelope, EnvelopeReader
from medguild.x12.acknowledge import acknowledge
from medguild.x12.records.acknowledgment import REJECTED


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes of the answer; none where there was nothing to answer. `rejected`: something was not taken."""

    content: bytes
    rejected: bool


def answer_to(content: bytes, controls: ControlNumbers, *, always_ta1: bool = False) -> Answered:
    """Answer a file as its receiver. Raises Unreadable."""
    out = io.BytesIO()
    answer = acknowledge(io.BytesIO(content), out, _envelope(content), controls, always_ta1=always_ta1)
    rejected = any(not note.accepted for note in answer.interchanges) or any(
        group.verdict is None or group.verdict.code == REJECTED for group in answer.groups
    )
    return Answered(out.getvalue() if answer.written is not None else b"", rejected)


def _envelope(content: bytes) -> Envelope:
    """The answer goes back: sender and receiver change places."""
    reader = EnvelopeReader(io.BytesIO(content))
    next(iter(reader), None)
    asked = reader.interchanges[0]
    return Envelope(
        sender_id=asked.receiver,
        receiver_id=asked.sender,
        created=timezone.localtime(),
        sender_qualifier=asked.receiver_qualifier or "ZZ",
        receiver_qualifier=asked.sender_qualifier or "ZZ",
        usage=asked.usage if asked.usage in ("P", "T") else "P",
        extended=True,
    )
