"""Links for people without a login: signed, so that each opens one record alone and none can be guessed."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from medguild.foundation.kernel.errors import NotVisible

_SEPARATOR = "."


def token_for(purpose: str, record_id: UUID) -> str:
    """A token for one record and one purpose; it never changes, so what it opens must judge whether it still may."""
    return signing.Signer(salt=purpose, sep=_SEPARATOR).sign(record_id.hex)


def record_of(purpose: str, token: str) -> UUID:
    """The id in a token that we made for this purpose. Raises NotVisible for every other."""
    try:
        return UUID(signing.Signer(salt=purpose, sep=_SEPARATOR).unsign(token))
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
