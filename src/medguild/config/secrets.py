"""The signing key: from the environment, else made once and kept readable by its owner alone."""

from __future__ import annotations

import os
import secrets

from medguild.config.state import STATE


def secret_key() -> str:
    given = os.environ.get("MEDGUILD_SECRET_KEY")
    if given:
        return given
    path = STATE / "secret_key"
    if path.exists():
        return path.read_text()
    STATE.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
