"""URLs of the desk wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.desk.today import views

_today = ([path("", views.today, name="home")], "today")
urlpatterns: list[URLPattern | URLResolver] = [path("", include(_today))]
