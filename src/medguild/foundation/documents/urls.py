"""URLs of documents."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.documents import views

_room = (
    [
        path("<uuid:document_id>/file", views.download, name="download"),
        path("of/patient/<uuid:subject_id>/", views.about, {"subject_type": "patient"}, name="of_patient"),
        path("of/<slug:subject_type>/<uuid:subject_id>/", views.about, name="about"),
    ],
    "documents",
)
urlpatterns = [path("documents/", include(_room))]
