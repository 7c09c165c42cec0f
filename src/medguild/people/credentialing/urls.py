"""Pages of credentials."""

from __future__ import annotations

from django.urls import path, re_path

from medguild.people.credentialing import views, views_keeping

urlpatterns = [
    path("", views.credential_list, name="list"),
    path("compacts/", views.compact_list, name="compacts"),
    path("compacts/new/", views_keeping.new_compact, name="new_compact"),
    path("compacts/<uuid:compact_id>/", views_keeping.compact, name="compact"),
    path("privileges/", views.privilege_types, name="privilege_types"),
    path("<uuid:clinician_id>/", views.clinician, name="clinician"),
    path("<uuid:clinician_id>/compact/", views_keeping.compact_privilege, name="compact_privilege"),
    path("<uuid:clinician_id>/telehealth/", views_keeping.telehealth, name="telehealth"),
    path("<uuid:clinician_id>/privilege/", views_keeping.privilege, name="privilege"),
    re_path(r"^(?P<what>compact|telehealth|privilege)/(?P<row_id>[0-9a-f-]{36})/end/$", views_keeping.end, name="end"),
]
