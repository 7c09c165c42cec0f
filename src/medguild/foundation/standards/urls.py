"""URLs of the standards room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.foundation.standards import deviation_views, views, workflow_views

_PATTERNS = [
    path("", views.catalogue, name="list"),
    path("map/", views.variation, name="map"),
    path("deviations/", deviation_views.deviations, name="deviations"),
    path("deviations/<uuid:deviation_id>/", deviation_views.deviation, name="deviation"),
    path("deviations/<uuid:deviation_id>/decide/", deviation_views.decide, name="decide"),
    path("workflows/", workflow_views.workflows, name="workflows"),
    path("workflows/write/", workflow_views.write, name="write"),
    path("workflows/<uuid:workflow_id>/", workflow_views.workflow, name="workflow"),
    path("workflows/<uuid:workflow_id>/rewrite/", workflow_views.rewrite, name="rewrite"),
    path("workflows/<uuid:workflow_id>/move/", workflow_views.move, name="move"),
    path("workflows/<uuid:workflow_id>/check/", workflow_views.check, name="check"),
    path("of/<str:key>/", views.show, name="show"),
    path("of/<str:key>/set/", views.set_value, name="set"),
    path("of/<str:key>/deviate/", views.deviate, name="deviate"),
    path("of/<str:key>/mark/", views.mark, name="mark"),
    path("of/<str:key>/clear/<uuid:setting_id>/", views.clear, name="clear"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("standards/", include((_PATTERNS, "standards")))]
