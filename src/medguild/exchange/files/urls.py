"""Pages of the doors for files."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.exchange.files import views, views_reading

_pages = (
    [
        path("inspect/", views_reading.inspect, name="inspect"),
        path("inspect/answer/<int:which>/", views_reading.answer, name="answer"),
        path("inspect/report/<int:which>/", views_reading.report, name="report"),
        path("inspect/compare/<int:which>/", views_reading.compare_with, name="compare"),
        path("quarantine/", views.quarantine, name="quarantine"),
        path("quarantine/<uuid:file_id>/", views.show, name="file"),
        path("quarantine/<uuid:file_id>/look-again/", views.look_again, name="look_again"),
        path("quarantine/<uuid:file_id>/discard/", views.discard, name="discard"),
        path("quarantine/<uuid:file_id>/import/", views.import_now, name="import_now"),
        path("quarantine/<uuid:file_id>/answer/", views.file_answer, name="file_answer"),
        path("quarantine/<uuid:file_id>/report/", views.file_report, name="file_report"),
    ],
    "edi",
)
urlpatterns: list[URLPattern | URLResolver] = [path("edi/", include(_pages))]
