"""Pages of calls."""

from __future__ import annotations

from django.urls import path

from medguild.operations.calls import views

app_name = "calls"
urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("list/", views.call_list, name="list"),
    path("new/", views.add, name="add"),
    path("import/", views.import_file, name="import"),
    path("<uuid:call_id>/", views.show, name="show"),
]
