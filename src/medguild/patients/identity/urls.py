"""Pages of identity."""

from __future__ import annotations

from django.urls import path

from medguild.patients.identity import views, views_linking

urlpatterns = [
    path("", views.patient_list, name="list"),
    path("<uuid:patient_id>/", views.patient_detail, name="detail"),
    path("<uuid:patient_id>/edit/", views.edit_patient, name="edit"),
    path("<uuid:patient_id>/timeline/", views.patient_timeline, name="timeline"),
    path("<uuid:patient_id>/readers/", views.patient_readers, name="readers"),
    path("<uuid:patient_id>/link/", views_linking.find_other, name="link_find"),
    path("<uuid:patient_id>/link/<uuid:survivor_id>/", views_linking.link, name="link"),
    path("<uuid:patient_id>/unlink/", views_linking.unlink, name="unlink"),
]
