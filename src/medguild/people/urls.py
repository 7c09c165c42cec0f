"""URLs of the people wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.people.credentialing.urls import urlpatterns as credentialing_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/credentials/", include((credentialing_urls, "credentialing"))),
]
