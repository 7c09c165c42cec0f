"""A pytest plugin that puts `bench.twins` before all other middleware; it is loaded before Django is set up."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect


@pytest.fixture(autouse=True, scope="session")
def _twins() -> None:
    expect.set_options(timeout=60_000)  # every request is made six times
    settings.MIDDLEWARE = ["bench.twins.Twins", *settings.MIDDLEWARE]
