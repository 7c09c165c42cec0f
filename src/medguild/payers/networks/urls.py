"""Pages of networks."""

from __future__ import annotations

from django.urls import path, re_path

from medguild.payers.networks import views, views_listing

urlpatterns = [
    path("networks/", views.network_list, name="networks"),
    path("networks/new/", views.new_network, name="new_network"),
    path("networks/check/", views.check, name="network_check"),
    path("networks/<uuid:network_id>/", views.network, name="network"),
    path("networks/<uuid:network_id>/plans/new/", views_listing.new_plan, name="network_plan"),
    path("networks/<uuid:network_id>/groups/new/", views_listing.new_group, name="network_group"),
    path("networks/<uuid:network_id>/clinicians/new/", views_listing.new_clinician, name="network_clinician"),
    re_path(
        r"^networks/(?P<what>plan|group|clinician)/(?P<row_id>[0-9a-f-]{36})/end/$",
        views_listing.end_listing,
        name="end_network_listing",
    ),
    path("plans/<uuid:plan_id>/terms/", views_listing.terms, name="plan_terms"),
]
