"""URLs of the patients wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.patients.accounts.urls import urlpatterns as accounts
from medguild.patients.consent.urls import urlpatterns as consent
from medguild.patients.coverage.urls import urlpatterns as coverage
from medguild.patients.identity.urls import urlpatterns as identity
from medguild.patients.preferences.urls import urlpatterns as preferences
from medguild.patients.registration.urls import urlpatterns as registration

_rooms = [*registration, *preferences, *consent, *coverage, *accounts, *identity]
urlpatterns: list[URLPattern | URLResolver] = [path("patients/", include((_rooms, "patients")))]
