"""Which PostgreSQL: the one that MEDGUILD_DATABASE_URL names, else the embedded one."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from medguild.config.embedded import socket_folder

_UNUSABLE = "medguild: MEDGUILD_DATABASE_URL is not usable"
_HOW_TO_WRITE = f"{_UNUSABLE}: write it like postgresql://user:password@host:5432/medguild"
_PATIENCE = 10  # seconds, for a host that does not answer at all


class WrongDatabaseUrl(SystemExit):
    """The URL cannot be used; the message says what to write."""


def database_settings() -> dict[str, Any]:
    """Django's settings of the one database."""
    url = os.environ.get("MEDGUILD_DATABASE_URL", "")
    embedded = {"NAME": "medguild", "USER": "postgres", "HOST": str(socket_folder())}
    place: dict[str, Any] = parse_url(url) if url else embedded
    options: dict[str, Any] = place.pop("OPTIONS", {})
    return {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        # The threshold lets hot statements stay prepared (kernel/sql.py); others are bound by the client as ever.
        "OPTIONS": {"application_name": "medguild", "prepare_threshold": 5, **options},
        "TEST": {"TEMPLATE": "template0", "NAME": os.environ.get("MEDGUILD_TEST_DB") or None},
        **place,
    }


def parse_url(url: str) -> dict[str, Any]:
    """Settings from `postgresql://user:password@host:port/name?sslmode=require`. Raises WrongDatabaseUrl."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise WrongDatabaseUrl(_HOW_TO_WRITE) from None
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise WrongDatabaseUrl(_HOW_TO_WRITE)
    options: dict[str, Any] = {"connect_timeout": _PATIENCE, **dict(parse_qsl(parts.query))}
    host = options.pop("host", None) or parts.hostname or ""
    try:
        port = str(parts.port or "")
    except ValueError:
        raise WrongDatabaseUrl(f"{_UNUSABLE}: the port must be a number up to 65535") from None
    return {
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def what_to_do(reason: str) -> str:
    """Advice for a server that said no, from what it said."""
    said = reason.lower()
    if 'database "' in said and "does not exist" in said:
        return "make that database first (createdb), or write another name"
    if "password" in said or "authentication" in said or 'role "' in said:
        return "check user and password"
    if "invalid" in said and ("option" in said or "value" in said):
        return "check what stands after '?'"
    return "check host and port, and that the server runs"


def uses_embedded() -> bool:
    return not os.environ.get("MEDGUILD_DATABASE_URL")
