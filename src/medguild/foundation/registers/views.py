"""Pages of a register. Each function makes the view of one register, so that its URLs carry that register's rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import SIGNED_IN, guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.registers.forms import EntryForm, ReviewForm
from medguild.foundation.registers.listing import table_class
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import FieldKind, Register
from medguild.foundation.registers.selectors import entries_visible, entry_for, registers_visible
from medguild.foundation.registers.services import add_entry, change_entry, move_entry, review_entry
from medguild.foundation.standards.history import story
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.tables import table_response
from medguild.foundation.ui.toasts import toast

View = Callable[..., HttpResponseBase]


@guarded(SIGNED_IN)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "registers/index.html", {"registers": registers_visible(actor_of(request))})


def list_view(register: Register) -> View:
    table = table_class(register)

    @guarded(register.read_right)
    @require_GET
    def entries(request: HttpRequest) -> HttpResponseBase:
        context = {"register": register, "may_manage": actor_of(request).may(register.manage_right)}
        return table_response(
            request, table, entries_visible(actor_of(request), register), "registers/list.html", context
        )

    return entries


def show_view(register: Register) -> View:
    @guarded(register.read_right)
    @require_GET
    def show(request: HttpRequest, entry_id: UUID) -> HttpResponse:
        entry = entry_for(actor_of(request), register, entry_id)
        context = {
            "register": register,
            "entry": entry,
            "status": register.status(entry.status),
            "rows": _rows(register, entry),
            "moves": [s for s in register.statuses if s.code in register.moves.get(entry.status, frozenset())],
            "may_manage": holds_at(actor_of(request), register.manage_right, entry.unit_id),
            "review_form": ReviewForm(initial={"next_review": today() + register.review_every}),
            "moments": story(register.key, entry.pk),
        }
        return render(request, "registers/show.html", context)

    return show


def _rows(register: Register, entry: RegisterEntry) -> list[dict[str, Any]]:
    return [
        {
            "label": field.label,
            "value": getattr(entry, field.name),
            "long": field.kind == FieldKind.TEXT,
            "date": field.kind == FieldKind.DATE,
        }
        for field in register.fields
    ]


def add_view(register: Register) -> View:
    @guarded(register.manage_right)
    @require_http_methods(["GET", "POST"])
    def add(request: HttpRequest) -> HttpResponse:
        form = EntryForm(request.POST or None, register=register, actor=actor_of(request), entry=None)
        if form.is_valid():
            with refusals(form):
                entry = add_entry(register=register, by=actor_of(request), **form.cleaned_data)
                toast(request, _("Added."))
                return redirect(f"{register.key}:show", entry.pk)
        context = {"register": register, "form": form}
        return render(request, "registers/form.html", context, status=form_status(form))

    return add


def edit_view(register: Register) -> View:
    @guarded(register.manage_right)
    @require_http_methods(["GET", "POST"])
    def edit(request: HttpRequest, entry_id: UUID) -> HttpResponse:
        entry = entry_for(actor_of(request), register, entry_id)
        if not holds_at(actor_of(request), register.manage_right, entry.unit_id):
            raise NotVisible
        form = EntryForm(request.POST or None, register=register, actor=actor_of(request), entry=entry)
        if form.is_valid():
            with refusals(form):
                change_entry(register=register, entry_id=entry.pk, by=actor_of(request), **form.cleaned_data)
                toast(request, _("Saved."))
                return redirect(f"{register.key}:show", entry.pk)
        context = {"register": register, "form": form, "entry": entry}
        return render(request, "registers/form.html", context, status=form_status(form))

    return edit


def move_view(register: Register) -> View:
    @guarded(register.manage_right)
    @require_POST
    def move(request: HttpRequest, entry_id: UUID) -> HttpResponse:
        try:
            entry = move_entry(
                register=register, entry_id=entry_id, to=request.POST.get("to", ""), by=actor_of(request)
            )
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, "bad")
        else:
            toast(request, _("Now: %(status)s.") % {"status": register.status(entry.status).label})
        return redirect(f"{register.key}:show", entry_id)

    return move


def review_view(register: Register) -> View:
    @guarded(register.manage_right)
    @require_POST
    def review(request: HttpRequest, entry_id: UUID) -> HttpResponse:
        form = ReviewForm(request.POST)
        entry_for(actor_of(request), register, entry_id)
        if form.is_valid():
            with refusals(form):
                review_entry(register=register, entry_id=entry_id, by=actor_of(request), **form.cleaned_data)
                toast(request, _("Reviewed."))
        for errors in form.errors.values():
            toast(request, str(errors[0]), "bad")
        return redirect(f"{register.key}:show", entry_id)

    return review
