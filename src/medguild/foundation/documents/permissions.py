"""Rights on stored files. Beside them, the room that owns the subject decides document by document."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, declare
from medguild.foundation.access.rules import Role


class DocumentRight(enum.StrEnum):
    READ = "documents.read"
    STORE = "documents.store"
    SIGN = "documents.sign"


declare(
    DocumentRight,
    {
        **{role: [DocumentRight.READ, DocumentRight.STORE, DocumentRight.SIGN] for role in EVERY_STAFF_ROLE},
        Role.AUDITOR: [DocumentRight.READ],
        Role.PATIENT: [DocumentRight.READ, DocumentRight.SIGN],
        Role.PROXY: [DocumentRight.READ, DocumentRight.SIGN],
    },
    emergency=[DocumentRight.READ],
)
