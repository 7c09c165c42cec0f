"""Pages of the numbers of access."""

from __future__ import annotations

from django.urls import path

from medguild.operations.demand import views

app_name = "demand"
urlpatterns = [
    path("", views.access, name="access"),
    path("visits/", views.visits, name="visits"),
    path("samples/", views.sample_list, name="samples"),
]
