"""What a page tells the browser about the session: when idleness ends it, and whose it is, without naming anybody."""

from __future__ import annotations

import base64
from typing import Any

from django.utils.crypto import salted_hmac


def user_tag(user_id: Any) -> str:
    """Tells a page of one user from that of another in the same browser; says nothing about the user."""
    return salted_hmac("medguild.session.tag", str(user_id), algorithm="sha256").hexdigest()[:16]


def typing_key(user_id: Any) -> str:
    """Key (AES-256, base64) with which a tab locks what was typed; only given to the user it belongs to."""
    digest = salted_hmac("medguild.session.typed", str(user_id), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
