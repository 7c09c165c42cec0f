"""URLs of the experience wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/", include("medguild.experience.portal.urls")),
    path("messages/", include("medguild.experience.outreach.urls")),
    path("complaints/", include("medguild.experience.feedback.urls")),
]
