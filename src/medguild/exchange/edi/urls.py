"""Pages of the doors for files."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.exchange.edi import views

_pages = ([path("inspect/", views.inspect, name="inspect")], "edi")
urlpatterns: list[URLPattern | URLResolver] = [path("edi/", include(_pages))]
