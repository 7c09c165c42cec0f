"""What a production house promises to browsers, and what the settings refuse to say to anybody else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = (
    "DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "FORCE_SECOND_FACTOR",
    "SECURE_REFERRER_POLICY", "ALLAUTH_TRUSTED_PROXY_COUNT", "CONTENT_SECURITY_POLICY",
)  # fmt: skip


def settings_with(state: Path, **environment: str) -> dict[str, Any]:
    """The settings as a process with this environment has them."""
    code = (
        "import json; from medguild.config import settings as s;"
        f"print(json.dumps({{name: getattr(s, name) for name in {NAMES!r}}}))"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("MEDGUILD_")}
    told = subprocess.run(
        [sys.executable, "-c", code], env={**env, "MEDGUILD_STATE": str(state), **environment},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_a_house_on_the_net_is_https_only_and_works_behind_its_proxy(tmp_path: Path) -> None:
    found = settings_with(tmp_path, MEDGUILD_SECURE="1", MEDGUILD_HOSTS="clinic.example.org, www.example.org")
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert (found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (True, True)
    assert found["ALLOWED_HOSTS"] == ["clinic.example.org", "www.example.org"]
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert found["FORCE_SECOND_FACTOR"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_by_default_it_serves_this_machine_and_believes_no_forwarded_header(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    assert not found["DEBUG"]
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SECURE_REFERRER_POLICY"] == "same-origin"
    assert "unsafe" not in json.dumps(found["CONTENT_SECURITY_POLICY"])
    assert not settings_with(tmp_path, MEDGUILD_DEMO="1")["FORCE_SECOND_FACTOR"]
