"""All URLs: each wing brings its own."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from medguild.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
for _app in settings.FIRST_PARTY_APPS:
    _wing = _app.removeprefix("medguild.").split(".")[0]
    if _wing != "config" and (settings.PACKAGE / _wing / "urls.py").exists():
        urlpatterns += import_module(f"medguild.{_wing}.urls").urlpatterns
