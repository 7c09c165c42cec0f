"""URLs of the exchange wing."""

from __future__ import annotations

from medguild.exchange.files.urls import urlpatterns

__all__ = ["urlpatterns"]
