"""The real settings with the URLs of the floor; `floor.py` takes the middleware away."""

from medguild.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
ALLOWED_HOSTS = ["*"]
