"""Pages of group visits."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter

from medguild.operations.groups import views


class DayConverter:
    """A day in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DayConverter, "group_day")

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("<uuid:session_id>/<group_day:day>/", views.show, name="show"),
    path("<uuid:session_id>/<group_day:day>/add/<uuid:patient_id>/", views.add, name="add"),
    path("<uuid:session_id>/<group_day:day>/remove/<uuid:appointment_id>/", views.remove, name="remove"),
]
