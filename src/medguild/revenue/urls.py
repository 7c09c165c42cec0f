"""URLs of the revenue wing's rooms."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
for _room in ("charges", "claims", "receipts", "remittances", "statements", "numbers"):
    if find_spec(f"medguild.revenue.{_room}.urls"):
        urlpatterns += import_module(f"medguild.revenue.{_room}.urls").urlpatterns
