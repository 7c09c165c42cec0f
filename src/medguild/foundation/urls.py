"""URLs of the foundation's rooms."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
_ROOMS = ("ui", "access", "organization", "standards", "work", "documents", "codesets", "ledger", "registers", "events")
for _room in _ROOMS:
    if find_spec(f"medguild.foundation.{_room}.urls"):
        urlpatterns += import_module(f"medguild.foundation.{_room}.urls").urlpatterns
