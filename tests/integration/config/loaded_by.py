"""A WSGI application that says which process has loaded it, and which one answers."""

import json
import os
from collections.abc import Callable
from typing import Any

import django

django.setup()
LOADED_BY = os.getpid()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([LOADED_BY, os.getpid()]).encode()]
