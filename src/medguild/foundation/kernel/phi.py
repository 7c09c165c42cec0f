"""Classes of patient data; every model declares one for each of its fields that carries some."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Phi(enum.StrEnum):
    """`IDENTIFIER` names the person, `CLINICAL` tells of health, `FINANCIAL` of money, `LINK` points to a record."""

    IDENTIFIER = "identifier"
    CLINICAL = "clinical"
    FINANCIAL = "financial"
    LINK = "link"


NO_PHI: Mapping[str, Phi] = MappingProxyType({})
