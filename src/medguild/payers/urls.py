"""URLs of the payers wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.payers.networks.urls import urlpatterns as network_urls
from medguild.payers.payers.urls import urlpatterns as payer_urls
from medguild.payers.pricing.urls import urlpatterns as pricing_urls
from medguild.payers.remote.urls import urlpatterns as remote_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("payers/", include(([*remote_urls, *pricing_urls, *network_urls, *payer_urls], "payers"))),
]
