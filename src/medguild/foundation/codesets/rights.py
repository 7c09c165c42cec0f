"""Who may load and withdraw editions; looking codes up is for everybody signed in."""

from __future__ import annotations

import enum


class CodeSetRight(enum.StrEnum):
    MANAGE = "codesets.manage"
