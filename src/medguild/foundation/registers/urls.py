"""URLs of every register kept in this room; other rooms list `register_urls(...)` of theirs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.foundation.registers import views
from medguild.foundation.registers.kept import REGULATIONS, TECHNOLOGY
from medguild.foundation.registers.ports import Register


def register_urls(register: Register) -> URLResolver:
    """The pages of one register, named `<key>:list`, `:add`, `:show`, `:edit`, `:move`, `:review`."""
    patterns = [
        path("", views.list_view(register), name="list"),
        path("add/", views.add_view(register), name="add"),
        path("<uuid:entry_id>/", views.show_view(register), name="show"),
        path("<uuid:entry_id>/edit/", views.edit_view(register), name="edit"),
        path("<uuid:entry_id>/move/", views.move_view(register), name="move"),
        path("<uuid:entry_id>/review/", views.review_view(register), name="review"),
    ]
    return path(f"registers/{register.key}/", include((patterns, register.key)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("registers/", include(([path("", views.index, name="index")], "registers"))),
    register_urls(REGULATIONS),
    register_urls(TECHNOLOGY),
]
