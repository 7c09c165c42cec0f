"""URLs of the numbers."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.numbers import views

_room = ([path("", views.overview, name="overview"), path("<slug:key>/", views.rows, name="rows")], "numbers")
urlpatterns = [path("revenue-numbers/", include(_room))]
