"""URLs of the design system."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.ui import gallery, views

_patterns = [
    path("palette/", views.palette, name="palette"),
    path("seek/", views.seek, name="seek"),
    path("filters/save/", views.keep_filter, name="save_filter"),
    path("filters/<uuid:filter_id>/delete/", views.drop_filter, name="forget_filter"),
    path("gallery/", gallery.show, name="gallery"),
    path("gallery/board/", gallery.move, name="gallery_board"),
    path("gallery/toast/", gallery.say, name="gallery_toast"),
]
urlpatterns = [path("ui/", include((_patterns, "ui")))]
