"""Pages of charts."""

from __future__ import annotations

from django.urls import path

from medguild.operations.chart import views, views_day, views_lines

app_name = "chart"
urlpatterns = [
    path("day/", views_day.day, name="day"),
    path("<uuid:visit_id>/", views.note, name="note"),
    path("<uuid:visit_id>/begin/", views.begin, name="begin"),
    path("<uuid:visit_id>/save/", views.save, name="save"),
    path("<uuid:visit_id>/sign/", views.sign, name="sign"),
    path("<uuid:visit_id>/take-over/", views.take_over, name="take_over"),
    path("<uuid:visit_id>/co-sign/", views.cosign, name="cosign"),
    path("<uuid:visit_id>/addendum/", views.addendum, name="addendum"),
    path("<uuid:visit_id>/codes/", views.codes, name="codes"),
    path("<uuid:visit_id>/diagnoses/", views_lines.add_diagnosis, name="add_diagnosis"),
    path("<uuid:visit_id>/diagnoses/find/", views_lines.find_diagnosis, name="find_diagnosis"),
    path("<uuid:visit_id>/diagnoses/<uuid:line_id>/", views_lines.change_diagnosis, name="change_diagnosis"),
    path("<uuid:visit_id>/services/", views_lines.add_service, name="add_service"),
    path("<uuid:visit_id>/services/find/", views_lines.find_service, name="find_service"),
    path("<uuid:visit_id>/services/<uuid:line_id>/", views_lines.change_service, name="change_service"),
]
