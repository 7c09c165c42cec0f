"""Pages of group visits."""

from __future__ import annotations

from django.urls import path

from medguild.operations.groups import views

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("<uuid:session_id>/<str:day>/", views.show, name="show"),
    path("<uuid:session_id>/<str:day>/add/<uuid:patient_id>/", views.add, name="add"),
    path("<uuid:session_id>/<str:day>/remove/<uuid:appointment_id>/", views.remove, name="remove"),
]
