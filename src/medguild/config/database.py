"""Which PostgreSQL: the one that MEDGUILD_DATABASE_URL names, else the embedded one."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from medguild.config.embedded import socket_folder


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
        "OPTIONS": {"application_name": "medguild", **options},
        "TEST": {"TEMPLATE": "template0", "NAME": os.environ.get("MEDGUILD_TEST_DB") or None},
        **place,
    }


def parse_url(url: str) -> dict[str, Any]:
    """Settings from `postgresql://user:password@host:port/name?sslmode=require`. Raises WrongDatabaseUrl."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise WrongDatabaseUrl(
            "MEDGUILD_DATABASE_URL is not usable: write it like postgresql://user:password@host:5432/medguild"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    try:
        port = str(parts.port or "")
    except ValueError:
        raise WrongDatabaseUrl("MEDGUILD_DATABASE_URL is not usable: the port must be a number") from None
    return {
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def uses_embedded() -> bool:
    return not os.environ.get("MEDGUILD_DATABASE_URL")
