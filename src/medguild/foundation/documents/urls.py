"""URLs of documents."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.documents import views

_room = ([path("<uuid:document_id>/file", views.download, name="download")], "documents")
urlpatterns = [path("documents/", include(_room))]
