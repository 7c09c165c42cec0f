"""The real settings without middleware."""

from medguild.config.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.floor"
ALLOWED_HOSTS = ["*"]
